"""The rules by themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.commerce.imports.values import read_auto, read_decimal
from wellspring.commerce.matching import Purchase, Return, match
from wellspring.commerce.reasons import REASONS
from wellspring.commerce.rules import GivenBack, NotTaken, Sale, judge, kind_of, line_amount_fen, plain

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "code", "quantity", "price", "has_buyer", "verdict"),
    [
        ("489434", "85048", 12, "6.95", True, Sale(12, 8340)),
        ("489434", "85048", 12, "6.95", False, Sale(12, 8340)),
        ("489825", "22076", 12, "0", True, Sale(12, 0)),
        ("489464", "21733", -96, "0", False, NotTaken("STOCK_ADJUSTMENT")),
        ("489659", "21350", 230, "0", False, NotTaken("STOCK_ADJUSTMENT")),
        ("C489449", "22087", -12, "2.95", True, GivenBack(12, 3540)),
        ("C496350", "M", 1, "373.57", False, NotTaken("CANCELLATION_OF_NOTHING")),
        ("A506401", "B", 1, "-53594.36", False, NotTaken("BAD_DEBT")),
        ("1001", "D", 1, "-5", True, Sale(1, -500)),
        ("1001", "85048", 1, "-5", True, NotTaken("NEGATIVE_PRICE")),
        ("497819", "TEST001", 5, "4.5", True, NotTaken("TEST_PRODUCT")),
        ("1001", "TESTER", 1, "4.5", True, Sale(1, 450)),
        ("CN2024001", "85048", 1, "4.5", True, Sale(1, 450)),
        ("1001", "85048", 0, "4.5", True, NotTaken("ZERO_QUANTITY")),
    ],
)
def test_what_a_line_is(
    number: str, code: str, quantity: int, price: str, has_buyer: bool, verdict: Sale | GivenBack | NotTaken
) -> None:
    unit = Decimal(price)
    got = judge(number, code, kind_of(code), quantity, unit, line_amount_fen(quantity, unit), has_buyer)
    assert got == verdict
    assert type(got) is type(verdict)
    if isinstance(got, NotTaken):
        assert got.reason in REASONS


def test_half_a_fen_goes_to_the_even_side() -> None:
    assert line_amount_fen(1, Decimal("0.125")) == 12
    assert line_amount_fen(1, Decimal("0.135")) == 14
    assert line_amount_fen(-1, Decimal("0.125")) == -12
    assert line_amount_fen(3, Decimal("0.001")) == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("￥12", "12"),
        ("£6.95", "6.95"),
        ("12元", "12"),
        ("(3.50)", "-3.50"),
        ("-¥3.5", "-3.5"),
        ("１２．５", "12.5"),
        ("1e3", "1E+3"),
        ("12,34", None),
        ("", None),
        ("abc", None),
        ("nan", None),
        ("1 2", None),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str | None) -> None:
    assert read_decimal(text) == (Decimal(number) if number is not None else None)


def test_dates_year_first() -> None:
    assert read_auto("2024年1月2日") == datetime(2024, 1, 2)  # noqa: DTZ001
    assert read_auto("2024/1/2 3:04") == datetime(2024, 1, 2, 3, 4)  # noqa: DTZ001
    assert read_auto("20240102030405") == datetime(2024, 1, 2, 3, 4, 5)  # noqa: DTZ001
    assert read_auto("2024-01-02T03:04:05Z") == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read_auto("02/01/2024") is None


def test_plain_decimals() -> None:
    assert [plain(Decimal(x)) for x in ("6.950000", "30", "0.000", "1E+3", "0.42")] == [
        "6.95",
        "30",
        "0",
        "1000",
        "0.42",
    ]


purchases = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20), st.integers(0, 500)), max_size=8)
returns = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20), st.integers(0, 500)), max_size=8)


@given(purchases, returns)
def test_no_purchase_is_given_back_beyond_itself(
    bought: list[tuple[int, int, int]], back: list[tuple[int, int, int]]
) -> None:
    lines = [Purchase(i, i, START + timedelta(days=day), q, fen) for i, (day, q, fen) in enumerate(bought)]
    refunds = {i: Return(i, START + timedelta(days=day), q, fen) for i, (day, q, fen) in enumerate(back)}
    given_back: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for refund_id, purchase in match(lines, refunds.values()).items():
        assert purchase.placed_at <= refunds[refund_id].refunded_at
        given_back[purchase.order_line_id][0] += refunds[refund_id].quantity
        given_back[purchase.order_line_id][1] += refunds[refund_id].amount_fen
    for line, (quantity, fen) in given_back.items():
        assert quantity <= bought[line][1]
        assert fen <= bought[line][2]


def test_the_latest_purchase_with_enough_left_is_chosen() -> None:
    days = [START + timedelta(days=n) for n in range(4)]
    lines = [Purchase(1, 11, days[0], 5, 500), Purchase(2, 12, days[1], 2, 200), Purchase(3, 13, days[3], 9, 900)]
    found = match(lines, [Return(7, days[2], 2, 200), Return(8, days[2], 2, 200), Return(9, days[2], 4, 400)])
    assert {refund: purchase.order_id for refund, purchase in found.items()} == {7: 12, 8: 11}
