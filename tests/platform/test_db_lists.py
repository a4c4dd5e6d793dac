"""Lists go to PostgreSQL as they are, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DataError

from wellspring.platform.db import Database

TEXTS = st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, numbers=st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_texts_and_numbers_come_back_as_they_went(database: Database, texts: list[str], numbers: list[int]) -> None:
    with database.unit_of_work() as session:
        row = session.execute(
            text("select cast(:texts as text[]), cast(:numbers as bigint[])"), {"texts": texts, "numbers": numbers}
        ).one()
    assert row == (texts, numbers)


def test_what_else_lists_hold(database: Database) -> None:
    moment = datetime(2026, 3, 5, tzinfo=UTC)
    with database.unit_of_work() as session:
        row = session.execute(
            text(
                "select cast(:gaps as text[]), cast(:times as timestamptz[]), cast(:flags as boolean[]),"
                " cast(:bytes as bytea[])"
            ),
            {"gaps": ["a", None, "NULL", '"'], "times": [moment], "flags": [True], "bytes": [b"\x00\\"]},
        ).one()
    assert row == (["a", None, "NULL", '"'], [moment], [True], [b"\x00\\"])


def test_a_nul_is_refused(database: Database) -> None:
    with pytest.raises(DataError), database.unit_of_work() as session:
        session.execute(text("select cast(:texts as text[])"), {"texts": ["a\x00b", "c"]})
