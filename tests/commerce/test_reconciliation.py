"""The whole file against an account of it that shares no code with the importer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from commerce_steps import Importer, scalar
from sqlalchemy import text

from wellspring.platform.db import Database
from wellspring.platform.runtime import Platform


def fen(quantity: int, price: float) -> int:
    return int((Decimal(repr(price)) * quantity * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


class Account:
    """Read with pandas, judged line by line from the words of the domain's README."""

    def __init__(self, path: Path) -> None:
        frame = pd.read_parquet(path)
        self.lines = len(frame)
        self.sold: Counter[str] = Counter()
        self.given_back: Counter[str] = Counter()
        self.money_in_file = 0
        self.not_taken = 0
        self.orders: set[str] = set()
        self.refunds: set[str] = set()
        self.order_money: Counter[str] = Counter()
        self.orders_of_nobody: set[str] = set()
        self.customers: set[int] = set()
        self.order_lines = 0
        columns = ["Invoice", "StockCode", "Quantity", "Price", "Customer ID"]
        for invoice, code, quantity, price, customer in frame[columns].itertuples(index=False):
            self._judge(str(invoice), str(code).strip().upper(), int(quantity), float(price), customer)

    def _judge(self, invoice: str, code: str, quantity: int, price: float, customer: float) -> None:
        nobody = customer != customer
        amount = fen(quantity, price)
        self.money_in_file += amount
        kind = "postage" if code in ("POST", "DOT", "C2", "C3") else "other" if code in SPECIAL_CODES else "goods"
        if (
            price < 0
            or code.startswith("TEST00")
            or (price == 0 and (nobody or quantity < 0))
            or (invoice[0] == "C" and quantity > 0)
        ):
            self.not_taken += 1
        elif quantity < 0:
            self.refunds.add(invoice)
            self.given_back[kind] -= amount
        else:
            self.orders.add(invoice)
            self.order_lines += 1
            self.sold[kind] += amount
            self.order_money[invoice] += amount
            if nobody:
                self.orders_of_nobody.add(invoice)
        if not nobody and price >= 0 and not code.startswith("TEST00"):
            self.customers.add(int(customer))


SPECIAL_CODES = {"D", "M", "S", "B", "ADJUST", "ADJUST2", "BANK CHARGES", "AMAZONFEE", "CRUK"}


def test_the_whole_file_agrees_to_the_penny(
    platform: Platform,
    database: Database,
    importer: Importer,
    whole_file: Path,
    load_warehouse: Callable[[], int],
) -> None:
    account = Account(whole_file)
    run = importer.take(whole_file)
    counts = run["counts"]
    assert run["status"] == "done", run

    assert counts["lines_in"] == account.lines == run["lines_total"]
    assert counts["lines_taken"] + counts["lines_rejected"] == account.lines
    assert counts["lines_rejected"] == account.not_taken == sum(counts["rejected"].values())
    assert scalar(database, "select count(*) from import_rejection") == account.not_taken
    assert sum(counts["taken"].values()) == counts["lines_taken"]

    sold, back = counts["money"]["sale"], counts["money"]["refund"]
    assert (sold["goods"], sold["postage"]) == (account.sold["goods"], account.sold["postage"])
    assert sold["adjustment"] + sold["fee"] == account.sold["other"]
    assert (back["goods"], back["postage"]) == (account.given_back["goods"], account.given_back["postage"])
    assert back["adjustment"] + back["fee"] == account.given_back["other"]
    assert sum(sold.values()) - sum(back.values()) + counts["rejected_fen"] == account.money_in_file

    with database.unit_of_work() as session:
        rows = session.execute(text("select number, total_fen from customer_order")).all()
        stored = {row.number: row.total_fen for row in rows}
        sums = session.execute(
            text(
                "select sum(goods_fen)::bigint, sum(postage_fen)::bigint, sum(adjustment_fen)::bigint from customer_order"
            )
        ).one()
        refunds = session.execute(
            text("select count(*), sum(goods_fen)::bigint, sum(total_fen)::bigint from refund")
        ).one()
    assert stored == dict(account.order_money)
    assert tuple(sums) == (account.sold["goods"], account.sold["postage"], account.sold["other"])
    assert refunds[0] == len(account.refunds) == counts["refunds"]["new"]
    assert refunds[1:] == (account.given_back["goods"], sum(account.given_back.values()))
    assert counts["orders"]["new"] == len(account.orders)
    assert counts["orders"]["without_customer"] == len(account.orders_of_nobody)
    assert counts["buyers"] == len(account.customers) == scalar(database, "select count(*) from customer")
    assert scalar(database, "select count(*) from order_line") == account.order_lines

    check_refunds(database, counts)
    load_warehouse()
    warehouse = platform.warehouse.query("select count() as n, sum(total_fen) as fen from orders final")[0]
    assert warehouse == {"n": len(account.orders), "fen": sum(account.sold.values())}
    lines = platform.warehouse.query("select count() as n, sum(amount_fen) as fen from order_lines final")[0]
    assert lines == {"n": account.order_lines, "fen": sum(account.sold.values())}
    assert platform.warehouse.scalar("select sum(total_fen) from refunds final") == sum(account.given_back.values())


def check_refunds(database: Database, counts: dict[str, Any]) -> None:
    """Nothing gives back more than was bought, or before it was bought, or somebody else's."""
    with database.unit_of_work() as session:
        rows = session.execute(
            text(
                """
                select ol.id, ol.quantity, ol.amount_fen, o.customer_id, o.placed_at, ol.product_id,
                  rl.quantity, rl.amount_fen, r.customer_id, r.refunded_at, rl.product_id
                from refund_line rl join refund r on r.id = rl.refund_id
                join order_line ol on ol.id = rl.order_line_id join customer_order o on o.id = ol.order_id
                """
            )
        ).all()
        unmatched = scalar(database, "select count(*) from refund_line where order_line_id is null")
    assert len(rows) == counts["refunds"]["lines_matched"] > 0
    assert unmatched == counts["refunds"]["lines_without_order"] + counts["refunds"]["lines_never_matched"]
    given: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    bought: dict[int, tuple[int, int]] = {}
    for line, quantity, amount, customer, placed, product, back, money, giver, at, returned in rows:
        assert (customer, product) == (giver, returned)
        assert placed <= at
        bought[line] = (quantity, amount)
        given[line][0] += back
        given[line][1] += money
    assert all(given[line][0] <= bought[line][0] and given[line][1] <= bought[line][1] for line in given)
