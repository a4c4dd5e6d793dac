"""What callbacks lost is found: by the sync of the night, with a report, and for one customer on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from wecom_sim.testing import Control
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import start_full_sync
from wellspring.wecom.sync.schedule import Reconciliation, next_due, start_if_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
Jobs = Callable[[], None]


def move(sim: Control, clock: FixedClock, delta: timedelta) -> None:
    clock.advance(delta)
    sim.set_clock(now=clock.now().timestamp(), frozen=True)


def friends(platform: Platform) -> set[tuple[str, str]]:
    query = text(
        "select s.userid, r.external_userid from relationship r join staff_member s on s.id = r.staff_id"
        " where r.status in ('friend', 'lost')"
    )
    with platform.database.unit_of_work() as session:
        return {(userid, external) for userid, external in session.execute(query)}


def on_wire(sim: Control) -> set[tuple[str, str]]:
    return {(r["userid"], r["external_userid"]) for r in sim.export() if r["on_api"]}


def sync(platform: Platform, run_jobs: Jobs) -> None:
    with platform.database.unit_of_work() as session:
        start_full_sync(session, platform, SYSTEM)
    run_jobs()


def lose_some(sim: Control) -> list[dict[str, Any]]:
    """Callbacks are off: one deletion by a member, one remark. Answers the two relations."""
    pair = [r for r in sim.export() if r["on_api"]][:2]
    sim.staff_delete(pair[0]["userid"], pair[0]["external_userid"])
    sim.staff_edit(pair[1]["userid"], pair[1]["external_userid"], remark="换了称呼")
    return pair


def test_the_nightly_sync_finds_what_callbacks_lost_and_reports_it(
    connected: Platform, sim: Control, clock: FixedClock, run_jobs: Jobs, app_client: Callable[..., TestClient]
) -> None:
    sync(connected, run_jobs)
    client = app_client()
    latest = client.get("/api/v1/wecom/sync").json()["latest"]
    assert (latest["first"], latest["corrections"]) == (True, {})
    lose_some(sim)
    assert friends(connected) != on_wire(sim)
    with connected.database.unit_of_work() as session:
        assert start_if_due(session, connected) is None, "not before three in the morning"
    move(sim, clock, timedelta(hours=15, minutes=1))
    with connected.database.unit_of_work() as session:
        assert start_if_due(session, connected) is not None
        assert start_if_due(session, connected) is None, "one at a time"
    run_jobs()
    latest = client.get("/api/v1/wecom/sync").json()["latest"]
    assert (latest["kind"], latest["status"], latest["first"]) == ("scheduled", "done", False)
    assert latest["corrections"] == {"friend_removed": 1, "remark_changed": 1}
    assert friends(connected) == on_wire(sim)
    sync(connected, run_jobs)
    assert client.get("/api/v1/wecom/sync").json()["latest"]["corrections"] == {}


def test_one_customer_is_mended_on_demand(
    connected: Platform, sim: Control, clock: FixedClock, run_jobs: Jobs, app_client: Callable[..., TestClient]
) -> None:
    sync(connected, run_jobs)
    gone, edited = lose_some(sim)
    move(sim, clock, timedelta(minutes=5))
    client = app_client()

    def customer_id(external_userid: str) -> int:
        query = text("select customer_id from identity where kind = 'external_userid' and value_index = :one")
        with connected.database.unit_of_work() as session:
            return int(session.execute(query, {"one": external_userid}).scalar_one())

    address = f"/api/v1/customers/{customer_id(gone['external_userid'])}/refresh"
    assert client.post(address).json() == {"corrections": {"friend_removed": 1}}
    assert client.post(address).json() == {"corrections": {}}
    again = client.post(f"/api/v1/customers/{customer_id(edited['external_userid'])}/refresh")
    assert again.json() == {"corrections": {"remark_changed": 1}}
    assert friends(connected) == on_wire(sim)
    sim.faults({"kind": "errcode", "path": "*externalcontact/get*", "rate": 1.0, "code": 48002})
    refused = client.post(address)
    sim.faults()
    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "customer_not_refreshed")
    assert "no_right" in refused.json()["error"]["message"]


def test_the_schedule_is_set_and_switched_off(
    connected: Platform, clock: FixedClock, run_jobs: Jobs, app_client: Callable[..., TestClient]
) -> None:
    sync(connected, run_jobs)
    client = app_client()
    assert client.get("/api/v1/wecom/reconciliation").json() == {"enabled": True, "hour": 3, "every_days": 1}
    assert client.put("/api/v1/wecom/reconciliation", json={"enabled": False, "hour": 25}).status_code == 422
    client.put("/api/v1/wecom/reconciliation", json={"enabled": False}).raise_for_status()
    clock.advance(timedelta(days=3))
    with connected.database.unit_of_work() as session:
        assert start_if_due(session, connected) is None


@pytest.mark.parametrize(
    ("every_days", "last", "due"),
    [
        (1, "2026-03-05 12:00", "2026-03-06 03:00"),
        (1, "2026-03-05 01:00", "2026-03-05 03:00"),
        (1, "2026-03-05 03:00", "2026-03-06 03:00"),
        (7, "2026-03-05 01:00", "2026-03-12 03:00"),
    ],
)
def test_when_the_next_one_is_due(every_days: int, last: str, due: str) -> None:
    def at(words: str) -> datetime:
        return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)

    found = next_due(Reconciliation(every_days=every_days), at(last).astimezone(UTC), SHANGHAI)
    assert found == at(due)
