"""Killed between any two lines: whatever was under way is taken up again, nobody twice and nobody forgotten."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from outreach_world import World
from sqlalchemy import event, text

from wellspring.insight.facade import arm
from wellspring.outreach.planning import plan
from wellspring.outreach.rules import reference
from wellspring.platform.runtime import Platform


class Killed(BaseException):
    """Stands for kill -9: no handler of the product catches it."""


@contextmanager
def killed_at(platform: Platform, statement: int) -> Iterator[None]:
    """The process dies before it sends its n-th statement; what was not committed is gone."""
    seen = 0

    def on_execute(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Killed

    event.listen(platform.database.engine, "before_cursor_execute", on_execute)
    try:
        yield
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", on_execute)


def killed_again_and_again(platform: Platform, work: Callable[[], object], first: int = 1) -> int:
    """Each life is one statement longer than the last, so that in the end every point has been one to die at.
    Returns how many lives it took."""
    for life in range(first, 500):
        try:
            with killed_at(platform, life):
                work()
            return life
        except Killed:
            continue
    raise AssertionError("it never came to an end")


def everyone_exactly_once(world: World, broadcast_id: int) -> None:
    touches = world.touches(broadcast_id)
    members = [row[0] for row in world.rows(
        "select m.customer_id from segment_snapshot_member m join broadcast b using (snapshot_id) where b.id = :b order by 1",
        b=broadcast_id,
    )]  # fmt: skip
    assert [touch["assigned_customer_id"] for touch in touches] == members
    assert world.rows("select count(*) from segment_snapshot") == [(1,)]
    experiment, percent = world.rows("select experiment, control_percent from broadcast where id = :b", b=broadcast_id)[
        0
    ]
    reachable = [touch for touch in touches if touch["arm"] != "outside"]
    assert all(touch["arm"] == arm(experiment, touch["customer_id"], percent) for touch in reachable)

    assigned = [touch for touch in touches if touch["status"] != "withheld"]
    reserved = [row[0] for row in world.rows("select reference from care_reservation where state <> 'released'")]
    assert sorted(reserved) == sorted(reference(broadcast_id, one["assigned_customer_id"]) for one in assigned)

    calls = world.rows("select idempotency_key, payload from wecom_outbox where kind = 'mass_message'")
    tasks = world.rows("select staff_id, part, customers from broadcast_task where broadcast_id = :b", b=broadcast_id)
    assert {key for key, _ in calls} == {f"broadcast:{broadcast_id}:{staff_id}:{part}" for staff_id, part, _ in tasks}
    addressed = Counter((one, payload["sender"]) for _, payload in calls for one in payload["external_userids"])
    users = dict(world.rows("select id, userid from staff_member"))
    assert addressed == Counter((one["external_userid"], users[one["staff_id"]]) for one in assigned)
    assert max(addressed.values()) == 1
    assert all(one["task_id"] is not None for one in assigned)
    world.counts_hold(broadcast_id)


def submitted(world: World) -> int:
    world.lose(5)
    broadcast_id = world.draft()
    world.client().post(f"/api/v1/broadcasts/{broadcast_id}/submit").raise_for_status()
    return broadcast_id


def test_planning_killed_at_every_statement(world: World) -> None:
    broadcast_id = submitted(world)
    lives = killed_again_and_again(world.platform, lambda: plan(world.platform, broadcast_id, batch=25))
    assert lives > 20
    everyone_exactly_once(world, broadcast_id)
    world.run_jobs()
    assert len(world.sim.ledger(kind="mass_created")) == len(world.tasks(broadcast_id))
    world.sim.confirm_everything()
    killed_again_and_again(world.platform, world.reconcile)
    assert world.read(broadcast_id)["status"] == "finished"
    world.ledgers_agree(broadcast_id)
    world.counts_hold(broadcast_id)
    ended = [one for one in world.touches(broadcast_id) if one["status"] in ("delivered", "refused")]
    assert world.rows("select count(*) from event where source = 'outreach'") == [(len(ended),)]
    assert {row[0] for row in world.rows("select distinct state from care_reservation")} == {"spent"}


@pytest.mark.parametrize("statement", [8, 22, 41])
def test_planning_killed_once(world: World, statement: int) -> None:
    broadcast_id = submitted(world)
    with pytest.raises(Killed), killed_at(world.platform, statement):
        plan(world.platform, broadcast_id, batch=25)
    plan(world.platform, broadcast_id, batch=25)
    everyone_exactly_once(world, broadcast_id)


def test_two_planners_at_once(world: World) -> None:
    broadcast_id = submitted(world)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            plan(world.platform, broadcast_id, batch=10)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    everyone_exactly_once(world, broadcast_id)


def test_people_merged_after_the_snapshot_get_one_message(world: World) -> None:
    broadcast_id = submitted(world)
    # The snapshot is taken first; then two of its members turn out to be one person.
    with pytest.raises(Killed):
        _plan_until_snapshot(world, broadcast_id)
    with world.platform.database.unit_of_work() as session:
        low, high = session.execute(text("select id from customer order by id desc limit 2")).scalars().all()
        session.execute(text("update relationship set customer_id = :a where customer_id = :b"), {"a": low, "b": high})
        session.execute(text("update customer set merged_into_id = :a where id = :b"), {"a": low, "b": high})
    plan(world.platform, broadcast_id, batch=25)
    touches = {one["assigned_customer_id"]: one for one in world.touches(broadcast_id)}
    assert {touches[low]["reason"], touches[high]["reason"]} >= {"SAME_PERSON"}
    assert [one["status"] for one in (touches[low], touches[high])].count("assigned") <= 1
    everyone_exactly_once(world, broadcast_id)


def _plan_until_snapshot(world: World, broadcast_id: int) -> None:
    for statement in range(1, 100):
        try:
            with killed_at(world.platform, statement):
                plan(world.platform, broadcast_id, batch=25)
        except Killed:
            if world.rows("select snapshot_id from broadcast where id = :b", b=broadcast_id) != [(None,)]:
                raise
