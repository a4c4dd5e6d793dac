"""The loader: exactly once in effect, whatever dies in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import Feed, staleness
from wellspring.platform.warehouse.loader import load_all

FEED = Feed(
    table="customers",
    source_table="customer",
    columns=("id", "created_at", "gender", "has_mobile", "merged_into_id"),
    select="select t.id, t.created_at, t.gender, 0::smallint, coalesce(t.merged_into_id, 0) from customer t",
)


def add_customers(platform: Platform, n: int, gender: int = 1) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(
            text("insert into customer (name, gender) select 'c' || i, :gender from generate_series(1, :n) i"),
            {"n": n, "gender": gender},
        )


def in_warehouse(platform: Platform) -> list[tuple[int, int]]:
    rows = platform.warehouse.query("select id, gender from customers order by id")
    return [(row["id"], row["gender"]) for row in rows]


def in_postgres(platform: Platform) -> list[tuple[int, int]]:
    with platform.database.unit_of_work() as session:
        return [(i, g) for i, g in session.execute(text("select id, gender from customer order by id"))]


def test_inserts_updates_and_deletions_go_over(platform: Platform) -> None:
    add_customers(platform, 50)
    assert load_all(platform, [FEED]) == 50
    with platform.database.unit_of_work() as session:
        session.execute(text("update customer set gender = 2 where id <= 10"))
        session.execute(text("delete from customer where id > 45"))
    assert load_all(platform, [FEED]) == 15
    assert in_warehouse(platform) == in_postgres(platform)
    assert load_all(platform, [FEED]) == 0


class Killed(Exception):
    pass


@pytest.mark.parametrize("moment", ["before the insert", "after the insert"])
def test_killed_in_the_middle_neither_gap_nor_double(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    add_customers(platform, 200)
    real = platform.warehouse.insert

    def dies(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        if moment == "after the insert":
            real(table, columns, rows)
        raise Killed

    monkeypatch.setattr(platform.warehouse, "insert", dies)
    with pytest.raises(Killed):
        load_all(platform, [FEED])
    monkeypatch.undo()
    with platform.database.unit_of_work() as session:
        session.execute(text("update customer set gender = 2 where id % 3 = 0"))
    load_all(platform, [FEED])
    assert in_warehouse(platform) == in_postgres(platform)
    assert platform.warehouse.scalar("select count() from customers") == 200


def test_a_transaction_that_commits_late_is_not_overtaken(platform: Platform) -> None:
    with platform.database.engine.connect() as late:
        late.execute(text("insert into customer (name) values ('late')"))
        add_customers(platform, 3)  # a higher transaction id, committed first
        load_all(platform, [FEED])
        seen_before = len(in_warehouse(platform))
        late.commit()
    load_all(platform, [FEED])
    assert seen_before == 0, "rows above the oldest open transaction must wait for it"
    assert in_warehouse(platform) == in_postgres(platform)


def test_staleness_is_unknown_until_every_feed_was_loaded(platform: Platform) -> None:
    from wellspring.platform.warehouse import feeds, load_all

    with platform.database.unit_of_work() as session:
        if feeds():
            assert staleness(session).as_of is None
    load_all(platform)
    if feeds():
        with platform.database.unit_of_work() as session:
            behind = staleness(session).behind
        assert behind is not None
        assert behind.total_seconds() < 60
