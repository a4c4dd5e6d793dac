"""Seeding at any size."""

import gc
import weakref

import pytest

from wecom_sim.ids import Ids
from wecom_sim.seeding import population
from wecom_sim.seeding.population import SeedWish, seed
from wecom_sim.settings import Settings
from wecom_sim.simulator import Simulator


def seeded(customers: int, **wish: object) -> Simulator:
    sim = Simulator()
    # The same people come of the same seed at the same time only: when they came is counted back from now.
    sim.kernel.clock.freeze()
    sim.kernel.clock.set(1_790_000_000)
    seed(sim, SeedWish(customers=customers, **wish))  # type: ignore[arg-type]
    return sim


def test_ids_keep_their_values() -> None:
    """Whoever kept ids of a seed finds the same people again."""
    ids = Ids()
    assert ids.external_userid() == "wmJ3RJEVakxpKYfRn6eaDA6nmvXPVqqG"
    assert ids.text("long", "CALLBACK", 51) == "CALLBACKvQlbtBoAAjLzRz0MZocIU7gjr2VHRqsxxSjUEqbxj3Z"


def test_ten_customers() -> None:
    sim = seeded(10)
    assert len(sim.contacts.customers) == 10
    assert len(sim.directory.departments) == 1 + 1 + 2 + 3


def test_a_brand_larger_than_its_staff_gets_more_stores() -> None:
    sim = Simulator()
    sim.kernel.settings = Settings(customers_per_staff=50)
    seed(sim, SeedWish(customers=2000))
    most = max(len(held) for held in sim.contacts.of_staff.values())
    assert len(sim.directory.staff) > 13
    assert most < 50


def test_people_are_the_same_however_often() -> None:
    first, again = seeded(200, seed=9), seeded(200, seed=9)
    assert list(first.contacts.customers) == list(again.contacts.customers)
    assert list(first.contacts.relations) == list(again.contacts.relations)


def test_stores_have_groups_when_wished_and_the_people_stay_the_same() -> None:
    without, sim = seeded(600, seed=9), seeded(600, seed=9, groups_per_store=2)
    assert list(without.contacts.customers) == list(sim.contacts.customers)
    assert list(without.contacts.relations) == list(sim.contacts.relations)
    groups = sim.groups.live()
    assert len(groups) == 3 * 2
    now = sim.kernel.clock.stamp()
    for group in groups:
        friends = {r.external_userid for r in sim.contacts.of_staff[group.owner] if r.status == "friend"}
        assert {one.id for one in group.members if one.type == 2} <= friends
        assert len(group.members) > 20
        assert all(group.create_time <= one.join_time <= now for one in group.members)
    assert sim.groups.history.figures(0, now + 1)[groups[0].owner].chat_total == 2


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_are_kept_at_their_ends(share: float) -> None:
    sim = seeded(100, deleted_share=share, mobile_share=share, unionid_share=share)
    relations = list(sim.contacts.relations)
    assert {bool(one.customer_deleted_at) for one in relations} == {bool(share)}
    assert {bool(one.remark_mobiles) for one in relations} == {bool(share)}
    assert {bool(one.unionid) for one in sim.contacts.customers} == {bool(share)}


def test_a_large_population_is_let_go_when_another_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "MANY", 10)
    sim = seeded(20)
    old = weakref.ref(sim.contacts)
    sim.begin_anew(2)
    gc.collect()
    assert old() is None
