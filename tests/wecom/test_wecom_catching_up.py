"""Many edits of one member's customers are read in pages, and come to what each by itself would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from wecom_helpers import Caller, event, take_in

from wecom_sim.testing import Control
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import start_full_sync
from wellspring.wecom.inbox import catching_up, handling


def statuses(platform: Platform) -> dict[str, int]:
    with platform.database.unit_of_work() as session:
        return dict(session.execute(text("select status, count(*) from wecom_inbox group by 1")).all())


@pytest.fixture
def storm(
    connected: Platform, sim: Control, run_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, str]]:
    """One member's customers, all tagged and edited at WeCom; their callbacks are in the inbox, unhandled."""
    with connected.database.unit_of_work() as session:
        start_full_sync(session, connected, SYSTEM)
    run_jobs()
    monkeypatch.setattr(catching_up, "WORTH_WHILE", 2)
    held = [r for r in sim.export() if r["on_api"] and r["userid"] == sim.staff()[3]["userid"]]
    company = sim.company()
    caller = Caller(token=company["token"], aes_key=company["aes_key"], corp_id=company["corpid"])
    for n, relation in enumerate(held):
        sim.staff_edit(relation["userid"], relation["external_userid"], remark=f"备注{n}")
        fields = event(
            "edit_external_contact", n, UserID=relation["userid"], ExternalUserID=relation["external_userid"]
        )
        take_in(connected, *caller.delivery(fields))
    assert len(held) >= 3
    return [(relation["external_userid"], f"备注{n}") for n, relation in enumerate(held)]


def remarks(platform: Platform) -> set[tuple[str, str]]:
    query = text("select external_userid, remark from relationship where remark like '备注%'")
    with platform.database.unit_of_work() as session:
        return {(external, remark) for external, remark in session.execute(query)}


def inbox_ids(platform: Platform) -> list[int]:
    with platform.database.unit_of_work() as session:
        return list(session.scalars(text("select id from wecom_inbox order by id")))


def calls_of(sim: Control, path: str) -> int:
    return sum(one["count"] for one in sim.calls() if one["path"].endswith(path))


def test_edits_of_one_member_are_handled_together(
    connected: Platform, sim: Control, storm: list[tuple[str, str]]
) -> None:
    before = calls_of(sim, "externalcontact/get")
    handling.handle_many(connected, inbox_ids(connected)[:1])
    assert statuses(connected) == {"done": len(storm)}
    assert remarks(connected) == set(storm)
    assert calls_of(sim, "externalcontact/get") == before, "no customer was read alone"


def test_what_pages_do_not_show_has_its_own_turn(
    connected: Platform, sim: Control, storm: list[tuple[str, str]]
) -> None:
    userid = sim.staff()[3]["userid"]
    sim.staff_delete(userid, storm[0][0])
    handling.handle_many(connected, inbox_ids(connected))
    assert statuses(connected) == {"done": len(storm)}
    assert remarks(connected) == set(storm[1:])


def test_wecom_away_leaves_them_waiting(connected: Platform, sim: Control, storm: list[tuple[str, str]]) -> None:
    sim.faults({"kind": "http", "path": "*externalcontact/*", "rate": 1.0, "code": 502})
    handling.handle_many(connected, inbox_ids(connected)[:2])
    assert statuses(connected) == {"pending": len(storm)}
    sim.faults()
    handling.handle_many(connected, inbox_ids(connected)[:1])
    assert statuses(connected) == {"done": len(storm)}


def test_one_that_comes_again_meanwhile_is_read_again(
    connected: Platform, sim: Control, storm: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    true_deliver = catching_up.deliver

    def deliver(*arguments: object) -> object:
        with connected.database.unit_of_work() as other:
            other.execute(
                text("update wecom_inbox set repeats = repeats + 1 where id = (select min(id) from wecom_inbox)")
            )
        return true_deliver(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(catching_up, "deliver", deliver)
    assert catching_up.catch_up(connected, sim.staff()[3]["userid"])
    assert statuses(connected) == {"done": len(storm) - 1, "pending": 1}
