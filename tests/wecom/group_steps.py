"""What tests of customer groups share: groups made at the simulator, and what the product knows of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from wecom_sim.testing import Control
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import start_full_sync
from wellspring.wecom.inbox import handling

Jobs = Callable[[], None]


def move(sim: Control, clock: FixedClock, delta: timedelta) -> None:
    clock.advance(delta)
    sim.set_clock(now=clock.now().timestamp(), frozen=True)


def sync(platform: Platform, run_jobs: Jobs) -> int:
    with platform.database.unit_of_work() as session:
        run_id = start_full_sync(session, platform, SYSTEM)
    run_jobs()
    return run_id


def friends(sim: Control, userid: str, count: int) -> list[str]:
    mine = [one["external_userid"] for one in sim.export() if one["userid"] == userid and one["status"] == "friend"]
    assert len(mine) >= count
    return mine[:count]


def members_known(platform: Platform) -> dict[str, set[str]]:
    """Live groups with who is in them, as the product knows it."""
    query = text(
        "select g.chat_id, m.userid from group_chat g left join group_member m on m.group_chat_id = g.id"
        " and m.left_at is null where g.dismissed_at is null"
    )
    found: dict[str, set[str]] = {}
    with platform.database.unit_of_work() as session:
        for chat_id, userid in session.execute(query):
            found.setdefault(chat_id, set()).update([userid] if userid else [])
    return found


def members_there(sim: Control) -> dict[str, set[str]]:
    """The same as it is at WeCom."""
    return {g["chat_id"]: {m["id"] for m in g["members"]} for g in sim.groups() if not g["dismissed_at"]}


def group_events(platform: Platform, external_userid: str) -> list[tuple[str, str | None]]:
    """Kind and scene of somebody's events about groups, in the order they were recorded."""
    query = text(
        "select e.kind, e.data ->> 'scene' from event e join identity i on i.customer_id = e.customer_id"
        " where i.value_index = :one and e.kind in ('group_joined', 'group_left') order by e.id"
    )
    with platform.database.unit_of_work() as session:
        return [(kind, scene) for kind, scene in session.execute(query, {"one": external_userid})]


def waiting(platform: Platform) -> list[int]:
    with platform.database.unit_of_work() as session:
        return list(session.scalars(text("select id from wecom_inbox where status = 'pending' order by id")))


def statuses(platform: Platform) -> dict[str, int]:
    with platform.database.unit_of_work() as session:
        return dict(session.execute(text("select status, count(*) from wecom_inbox group by 1")).all())


def arrive(platform: Platform, sim: Control) -> list[int]:
    """Every callback that the simulator raised is in the inbox; answers those not handled."""
    sim.wait_for_callbacks()
    return waiting(platform)


def settle(platform: Platform, sim: Control, clock: FixedClock, *, backwards: bool = False) -> None:
    """The lag of WeCom's data passes, then everything that arrived is handled."""
    arrive(platform, sim)
    move(sim, clock, timedelta(seconds=5))
    ids = waiting(platform)
    handling.handle_many(platform, ids[::-1] if backwards else ids)


def picture(platform: Platform) -> list[Any]:
    """Groups, memberships and events about them, without what every reading changes."""
    queries = (
        "select to_jsonb(g) - 'synced_at' from group_chat g order by id",
        "select to_jsonb(m) - 'changed_xid' from group_member m order by id",
        "select to_jsonb(e) - 'changed_xid' from event e where kind like 'group%' order by id",
    )
    with platform.database.unit_of_work() as session:
        return [row for query in queries for row in session.scalars(text(query))]
