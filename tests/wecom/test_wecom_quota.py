"""The quota budget: never overdrawn by any number of processes, bulk work leaves room, a refusal closes the window."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.base import Call, Reply
from wellspring.wecom.client import Connection
from wellspring.wecom.errors import SlowDown
from wellspring.wecom.models import WecomQuotaWindow
from wellspring.wecom.quota import budget as budget_module
from wellspring.wecom.quota.budget import SharedBudget
from wellspring.wecom.quota.limits import BULK_SHARE, OWN, Limits

PATH = "externalcontact/test"


def used(platform: Platform, span: str) -> int:
    with platform.database.unit_of_work() as session:
        query = select(WecomQuotaWindow.used).where(WecomQuotaWindow.path == PATH, WecomQuotaWindow.span == span)
        return session.scalar(query) or 0


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """A day's window, so that no test falls on its edge."""
    limits = Limits({"day": 400})
    monkeypatch.setitem(OWN, PATH, limits)
    return limits


def spend_all(budget: SharedBudget, bulk: bool, count: list[int]) -> None:
    made = 0
    try:
        while True:
            budget.spend(PATH, bulk=bulk)
            made += 1
    except SlowDown:
        count.append(made)


@pytest.mark.usefixtures("limited")
def test_many_processes_together_never_overdraw_a_window(platform: Platform) -> None:
    budgets = [SharedBudget(platform.database) for _ in range(4)]
    made: list[int] = []
    threads = [threading.Thread(target=spend_all, args=(budget, False, made)) for budget in budgets * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Permits leased by a process that had them left when the window was full are lost to the others.
    assert 400 - 4 * 4 <= sum(made) <= 400
    assert used(platform, "day") <= 400


@pytest.mark.usefixtures("limited")
def test_bulk_work_leaves_room_for_what_somebody_waits_for(platform: Platform) -> None:
    sync, waiting = SharedBudget(platform.database), SharedBudget(platform.database)
    made: list[int] = []
    spend_all(sync, True, made)
    assert made == [int(400 * BULK_SHARE)]
    waiting.spend(PATH, bulk=False)
    with pytest.raises(SlowDown):
        sync.spend(PATH, bulk=True)


@pytest.mark.usefixtures("limited")
def test_what_a_lease_did_not_use_goes_back(platform: Platform) -> None:
    now = [0.0]
    budget = SharedBudget(platform.database, clock=lambda: now[0])
    for _ in range(4):  # leases of 1, 2, 4: one of the last is used
        budget.spend(PATH, bulk=False)
    assert used(platform, "day") == 7
    now[0] += budget_module.LEASE_SECONDS
    budget.spend(PATH, bulk=False)
    assert used(platform, "day") == 5


def answering(errcodes: list[int]) -> httpx.MockTransport:
    answers = iter(errcodes)
    return httpx.MockTransport(lambda _: httpx.Response(200, json={"errcode": next(answers), "errmsg": ""}))


def connection(platform: Platform, errcodes: list[int]) -> Connection:
    budget = SharedBudget(platform.database)
    return Connection(transport=answering(errcodes), budget=budget, sleep=lambda _: None)


CALL: Call[Any] = Call("POST", PATH, Reply)


def test_a_refusal_closes_the_window_for_all_processes(platform: Platform) -> None:
    first, second = connection(platform, [45009, 0]), connection(platform, [0])
    with pytest.raises(SlowDown) as refused:
        first.send(CALL)
    assert (refused.value.errcode, refused.value.seconds) == (45009, 60.0)
    with pytest.raises(SlowDown) as waiting:
        second.send(CALL)
    assert waiting.value.errcode is None
    assert 0 < waiting.value.seconds <= 60
    second.send(Call("POST", "externalcontact/other", Reply))


def test_refused_again_after_the_block_it_is_the_longer_window(platform: Platform) -> None:
    wire = connection(platform, [45009, 45009])
    seconds = []
    for _ in range(2):
        with pytest.raises(SlowDown) as refused:
            wire.send(CALL)
        seconds.append(refused.value.seconds)
        with platform.database.unit_of_work() as session:
            over = WecomQuotaWindow.blocked_until - budget_module.timedelta(seconds=61)
            session.execute(
                update(WecomQuotaWindow).where(WecomQuotaWindow.span == "minute").values(blocked_until=over)
            )
    assert seconds == [60.0, 3600.0]


@pytest.mark.usefixtures("limited")
def test_the_guilty_window_is_the_one_that_is_full_by_our_own_count(platform: Platform) -> None:
    budget = SharedBudget(platform.database)
    for _ in range(201):
        budget.spend(PATH, bulk=False)
    assert budget.closed(PATH) == 86_400
