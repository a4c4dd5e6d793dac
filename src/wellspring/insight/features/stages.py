"""Stages back to PostgreSQL: only what changed, with an event when a customer's stage became another one.

The warehouse finds the differences: `customer_wide` against `customer_stage_told`, its own note of what PostgreSQL was told.
PostgreSQL decides: a difference that it already has changes nothing there. Told is written after the commit, so a
death in between only makes the same difference come up once more.

After a full build of the wide table everybody is compared, in ranges of ids; else only those computed singly since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.insight.models import StageMark
from wellspring.people import facade as people
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.client import Row, Warehouse

log = structlog.get_logger(__name__)

RANGE = 1_000_000
"""Ids compared by one question."""
BATCH = 10_000
"""Differences written in one transaction."""
EVENT = "lifecycle_changed"
SOURCE = "insight"
MARK = "stages"

# `gone`: told of, but merged away or erased since.
_DIFFERENT = """
select w.id as id, toString(w.lifecycle_stage) as stage, toString(w.rfm_group) as rfm, 0 as gone
from (select id, lifecycle_stage, rfm_group from customer_wide where {whose}) as w
left join (select customer_id, lifecycle_stage, rfm_group from customer_stage_told final where {whose_told}) as t
  on t.customer_id = w.id
where toString(w.lifecycle_stage) != toString(t.lifecycle_stage) or toString(w.rfm_group) != toString(t.rfm_group)
union all
select customer_id, '', '', 1 from customer_stage_told final
where {whose_told} and lifecycle_stage != '' and customer_id not in (select id from customer_wide where {whose})
"""
_WANTED = "unnest(cast(:ids as bigint[]), cast(:stages as text[]), cast(:groups as text[])) as w (id, stage, rfm)"
_BEFORE = text(
    "select w.id, w.stage, s.lifecycle_stage"  # noqa: S608
    f" from {_WANTED} join customer c on c.id = w.id join customer_stage s on s.customer_id = w.id"
    " where s.lifecycle_stage <> w.stage"
)
_WRITE = text(
    "insert into customer_stage as s (customer_id, lifecycle_stage, rfm_group, changed_at)"  # noqa: S608
    f" select w.id, w.stage, w.rfm, :now from {_WANTED} join customer c on c.id = w.id order by w.id"
    " on conflict (customer_id) do update set lifecycle_stage = excluded.lifecycle_stage,"
    " rfm_group = excluded.rfm_group, changed_at = excluded.changed_at"
    " where (s.lifecycle_stage, s.rfm_group) is distinct from (excluded.lifecycle_stage, excluded.rfm_group)"
)


def tell_stages(platform: Platform) -> int:
    """Bring `customer_stage` up to date; returns how many differences there were. One caller at a time."""
    warehouse = platform.warehouse
    with platform.database.unit_of_work() as session:
        mark = session.get(StageMark, MARK)
        before = _State(mark.settled, mark.fresh, mark.fresh_rows) if mark else _State("", 0, 0)
    state = _state(warehouse)
    if not state.settled or state == before:
        return 0
    questions = _everybody(warehouse) if state.settled != before.settled else _computed_since(warehouse, before.fresh)
    found = 0
    for rows in questions:
        for start in range(0, len(rows), BATCH):
            _tell(platform, rows[start : start + BATCH])
        found += len(rows)
    with platform.database.unit_of_work() as session:
        session.merge(StageMark(name=MARK, settled=state.settled, fresh=state.fresh, fresh_rows=state.fresh_rows))
    if found:
        log.info("stages_told", differences=found)
    return found


@dataclass(frozen=True)
class _State:
    """Which build the wide table rests on ('' before the first), the newest single computation since, and how many."""

    settled: str
    fresh: int
    fresh_rows: int


def _state(warehouse: Warehouse) -> _State:
    rows = warehouse.query("select toString(_day) as day, _version as version from customer_wide_settled limit 1")
    (fresh,) = warehouse.query("select max(_version) as newest, count() as n from customer_wide_fresh")
    return _State(f"{rows[0]['day']}/{rows[0]['version']}" if rows else "", int(fresh["newest"]), int(fresh["n"]))


def _everybody(warehouse: Warehouse) -> Iterator[Sequence[Row]]:
    (ends,) = warehouse.query(
        "select min(id) as low, max(id) as high from ("
        "select id from customer_wide union all select customer_id from customer_stage_told)"
    )
    low = int(ends["low"])
    while low <= int(ends["high"]):
        bounds = "{0} >= {{low:Int64}} and {0} < {{high:Int64}}"
        yield _differences(warehouse, bounds, {"low": low, "high": low + RANGE})
        low += RANGE


def _computed_since(warehouse: Warehouse, version: int) -> Iterator[Sequence[Row]]:
    whose = "{} in (select id from customer_wide_fresh where _version >= {{version:UInt64}})"
    yield _differences(warehouse, whose, {"version": version})


def _differences(warehouse: Warehouse, whose: str, bound: dict[str, Any]) -> Sequence[Row]:
    sql = _DIFFERENT.format(whose=whose.format("id"), whose_told=whose.format("customer_id"))
    return warehouse.query(f"select * from ({sql}) order by id", bound, work="refresh")  # noqa: S608


def _tell(platform: Platform, rows: Sequence[Row]) -> None:
    now = platform.clock.now()
    with platform.database.unit_of_work() as session:
        _write(session, [row for row in rows if not row["gone"]], now)
        session.execute(
            text("delete from customer_stage where customer_id = any(:ids)"),
            {"ids": [row["id"] for row in rows if row["gone"]]},
        )
    platform.warehouse.insert(
        "customer_stage_told",
        ("customer_id", "lifecycle_stage", "rfm_group", "told_at"),
        [(row["id"], row["stage"], row["rfm"], now) for row in rows],
    )


def _write(session: Session, rows: Sequence[Row], now: datetime) -> None:
    wanted = {
        "ids": [row["id"] for row in rows],
        "stages": [row["stage"] for row in rows],
        "groups": [row["rfm"] for row in rows],
    }
    moved = session.execute(_BEFORE, wanted).all()
    session.execute(_WRITE, {**wanted, "now": now})
    people.record_events(
        session,
        [
            people.EventFact(
                customer_id=customer_id,
                kind=EVENT,
                occurred_at=now,
                source=SOURCE,
                idempotency_key=f"{customer_id}:{int(now.timestamp() * 1000)}:{after}",
                data={"from": before, "to": after, "by": "system"},
            )
            for customer_id, after, before in moved
        ],
    )
