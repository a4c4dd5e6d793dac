"""The full sync against the simulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wecom_helpers import Recorder, context

from wecom_sim.testing import Control
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import CustomerItem, start_full_sync
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.sync import customers, jobs, registry, run


def begin(platform: Platform) -> int:
    with platform.database.unit_of_work() as session:
        return start_full_sync(session, platform, SYSTEM)


def row_of(platform: Platform, run_id: int) -> WecomSyncRun:
    with platform.database.unit_of_work() as session:
        return session.get_one(WecomSyncRun, run_id)


def pairs(items: list[CustomerItem]) -> set[tuple[str, str]]:
    return {(item.userid, item.external_contact.external_userid) for item in items}


def on_wire(sim: Control) -> set[tuple[str, str]]:
    return {(r["userid"], r["external_userid"]) for r in sim.export() if r["on_api"]}


def test_everything_reaches_its_sink(
    connected: Platform, sim: Control, recorder: Recorder, run_jobs: Callable[[], None]
) -> None:
    recorder.keep_sync()
    run_id = begin(connected)
    assert begin(connected) == run_id, "one run at a time"
    run_jobs()
    row = row_of(connected, run_id)
    assert (row.status, row.error) == ("done", None)
    assert pairs(recorder.items["customers"]) == on_wire(sim)
    assert {user.userid for user in recorder.items["users"]} == {s["userid"] for s in sim.staff()}
    assert len(recorder.items["follow_users"]) == 12
    assert row.progress["counts"]["customers"] == len(on_wire(sim))
    assert [done.kind for done in recorder.complete][:4] == ["departments", "users", "follow_users", "tags"]
    assert recorder.complete[-1].kind == "groups"
    groups = [set(done.userids) for done in recorder.complete[4:-1]]
    assert len(groups) == customers.LANES
    assert set.union(*groups) == set(recorder.items["follow_users"])


@pytest.mark.parametrize("killed_at", range(1, 8))
def test_a_killed_run_goes_on_where_it_was(
    connected: Platform, sim: Control, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    recorder.keep_sync()
    monkeypatch.setattr(customers, "PAGES_PER_STEP", 1)
    monkeypatch.setattr(customers, "BATCH_USERS", 4)
    delivered: list[Any] = []
    true_deliver = registry.deliver

    class Killed(BaseException):
        pass

    def deliver(session: Any, platform: Platform, kind: Any, items: list[Any]) -> Any:
        corrected = true_deliver(session, platform, kind, items)
        delivered.append(kind)
        if len(delivered) == killed_at:
            raise Killed
        return corrected

    monkeypatch.setattr(run, "deliver", deliver)
    monkeypatch.setattr(customers, "deliver", deliver)
    run_id = begin(connected)
    with pytest.raises(Killed):
        jobs.run_full_sync(context(connected), run_id=run_id)
    before = row_of(connected, run_id)
    assert before.status == "running"
    jobs.run_full_sync(context(connected), run_id=run_id)
    assert row_of(connected, run_id).status == "done"
    assert pairs(recorder.items["customers"]) == on_wire(sim)
    repeated = [kind for kind in delivered if kind == "departments"]
    assert len(repeated) == (2 if killed_at == 1 else 1), "what was handed over is not read again"


def test_wecom_away_holds_the_run_and_it_goes_on(connected: Platform, sim: Control, recorder: Recorder) -> None:
    recorder.keep_sync()
    run_id = begin(connected)
    sim.faults({"kind": "errcode", "path": "*get_by_user*", "rate": 1.0, "code": -1})
    jobs.run_full_sync(context(connected), run_id=run_id)
    held = row_of(connected, run_id)
    assert held.status == "running"
    assert held.error is not None
    assert "RetryLater" in held.error
    sim.faults()
    jobs.run_full_sync(context(connected), run_id=run_id)
    assert row_of(connected, run_id).status == "done"
    assert pairs(recorder.items["customers"]) == on_wire(sim)


def test_a_missing_right_ends_the_run_with_its_name(connected: Platform, sim: Control, recorder: Recorder) -> None:
    recorder.keep_sync()
    run_id = begin(connected)
    sim.faults({"kind": "errcode", "path": "*get_follow_user_list*", "rate": 1.0, "code": 48002})
    for failures in range(jobs.TRIES):
        jobs.run_full_sync(context(connected), run_id=run_id, failures=failures)
    row = row_of(connected, run_id)
    assert row.status == "failed"
    assert (row.error or "").startswith("no_right")
