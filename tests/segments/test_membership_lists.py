"""What the page of a segment shows: people of now, moves with names, the size over time; and that scope holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from segments_world import NOW, World, orders, tree
from wellspring.people.identities import refresh_customers
from wellspring.platform.auth import Scope
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.segments import service
from wellspring.segments.membership import refresh, watching
from wellspring.segments.membership.models import SegmentMove, SegmentSize, SegmentWatch

Clients = Callable[..., TestClient]
BUYERS = tree(orders("count", ">=", 1, {"kind": "rolling", "days": 30}))


class Shop:
    """Anna is a friend of the first store, Chen of the second; both bought. Dora did not. The segment is watched."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with platform.database.unit_of_work() as session:
            self.world = World(session)
            self.anna, self.chen, self.dora = (
                self.world.customer(name, first_added_at=NOW).id for name in ("安安", "陈晨", "朵朵")
            )
            for customer, staff in ((self.anna, 0), (self.chen, 2), (self.dora, 2)):
                self.world.friend(self._customer(session, customer), staff)
            for customer in (self.anna, self.chen):
                self.world.order(self._customer(session, customer))
            refresh_customers(session, [self.anna, self.chen, self.dora])  # what the search box looks in
            self.stores = [store.id for store in self.world.stores]
            made = service.create_segment(session, platform, SYSTEM, name="买过的", definition=BUYERS)
            self.segment = made.id
            watching.watch(session, made.id, mode="continuous", every_minutes=60)
        load_all(platform)
        refresh.refresh_one(platform, self.segment)

    @staticmethod
    def _customer(session: Any, customer_id: int) -> Any:
        from wellspring.people.models import Customer

        return session.get_one(Customer, customer_id)

    def buy(self, customer_id: int) -> None:
        with self.platform.database.unit_of_work() as session:
            self.world.session = session
            self.world.order(self._customer(session, customer_id))
        load_all(self.platform)
        refresh.refresh_one(self.platform, self.segment)

    def path(self, rest: str) -> str:
        return f"/api/v1/segments/{self.segment}/{rest}"


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return Shop(platform)


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def test_people_of_now_page_by_page(shop: Shop, app_client: Clients) -> None:
    client = app_client()
    first = client.get(shop.path("people"), params={"page_size": 1}).json()
    assert (first["total"], [row["id"] for row in first["items"]]) == (2, [shop.anna])
    assert first["items"][0] == {"id": shop.anna, "name": "安安", "staff_name": "导购0", "store_name": "湖滨店"}
    assert first["as_of"] is not None
    assert names(client.get(shop.path("people"), params={"page_size": 1, "page": 2})) == ["陈晨"]
    assert names(client.get(shop.path("people"), params={"page": 9})) == []


def test_a_search_finds_names_and_nobody_outside_the_segment(shop: Shop, app_client: Clients) -> None:
    client = app_client()
    assert names(client.get(shop.path("people"), params={"q": "陈晨"})) == ["陈晨"]
    assert names(client.get(shop.path("people"), params={"q": "朵朵"})) == []
    assert names(client.get(shop.path("people"), params={"q": str(shop.anna)})) == ["安安"]
    file = client.get(shop.path("people/export"), params={"q": "陈晨"}).text.splitlines()
    assert (len(file), "陈晨" in file[1]) == (2, True)


def test_moves_with_names_newest_first(shop: Shop, app_client: Clients, clock: FixedClock) -> None:
    client = app_client()
    assert client.get(shop.path("membership/moves")).json()["total"] == 0
    shop.buy(shop.dora)
    clock.advance(timedelta(days=31))
    load_all(shop.platform)
    refresh.refresh_one(shop.platform, shop.segment)
    found = client.get(shop.path("membership/moves")).json()
    assert (found["total"], [row["entered"] for row in found["items"]]) == (4, [False, False, False, True])
    assert names(client.get(shop.path("membership/moves"), params={"entered": True})) == ["朵朵"]
    assert names(client.get(shop.path("membership/moves"), params={"sort": "at"}))[0] == "朵朵"
    assert names(client.get(shop.path("membership/moves"), params={"q": "安安"})) == ["安安"]
    early = {"until": (NOW + timedelta(days=1)).isoformat()}
    assert names(client.get(shop.path("membership/moves"), params=early)) == ["朵朵"]
    assert client.get(shop.path("membership/moves"), params={"sort": "name"}).status_code == 422
    file = client.get(shop.path("membership/moves/export"), params={"entered": True}).text.splitlines()
    assert file[0].removeprefix("\ufeff") == "时间,进出,客户编号,名字,门店,同事"
    assert file[1].endswith(f"进来,{shop.dora},朵朵,武康店,导购2")


def test_scope_is_kept(shop: Shop, app_client: Clients) -> None:
    shop.buy(shop.dora)
    store = Scope(kind="store", department_id=shop.stores[0])
    manager = app_client(role="store_manager", scope=store)
    assert names(manager.get(shop.path("people"))) == ["安安"]
    assert names(manager.get(shop.path("people"), params={"q": "陈晨"})) == []
    assert names(manager.get(shop.path("membership/moves"))) == []
    assert manager.get(shop.path("membership/moves/export")).status_code == 403
    assert names(
        app_client(role="store_manager", scope=Scope(kind="store", department_id=shop.stores[1])).get(
            shop.path("membership/moves")
        )
    ) == ["朵朵"]
    assert app_client(role="staff").get(shop.path("people")).status_code == 403


def test_the_size_goes_on_where_nothing_changed(shop: Shop, app_client: Clients, clock: FixedClock) -> None:
    local = datetime(2026, 3, 5, tzinfo=UTC) - timedelta(hours=8)
    with shop.platform.database.unit_of_work() as session:
        session.query(SegmentSize).delete()
        for ago, size, entered, left in ((40, 5, 0, 0), (3, 9, 4, 0), (3, 8, 0, 1)):
            session.add(
                SegmentSize(
                    segment_id=shop.segment, at=local - timedelta(days=ago), size=size, entered=entered, left=left
                )
            )
    points = app_client().get(shop.path("membership/sizes"), params={"span": "month"}).json()["points"]
    assert (len(points), points[0]["size"], points[-5]["size"]) == (30, 5, 5)
    assert [points[-4][key] for key in ("size", "entered", "left")] == [8, 4, 1]
    assert (points[-1]["size"], points[-1]["entered"]) == (8, 0)
    hours = app_client().get(shop.path("membership/sizes"), params={"span": "day"}).json()["points"]
    assert (len(hours), {point["size"] for point in hours}) == (24, {8})
    assert app_client().get(shop.path("membership/sizes"), params={"span": "week"}).status_code == 422


def test_what_was_never_kept_has_no_size(shop: Shop, app_client: Clients) -> None:
    client = app_client()
    other = client.post("/api/v1/segments", json={"name": "别的", "definition": BUYERS}).json()["id"]
    points = client.get(f"/api/v1/segments/{other}/membership/sizes").json()["points"]
    assert {point["size"] for point in points} == {None}
    assert client.get("/api/v1/segments/999999/membership/sizes").status_code == 404
    assert client.get("/api/v1/segments/999999/people").status_code == 404


def test_moves_stay_when_it_is_no_longer_kept(shop: Shop, app_client: Clients) -> None:
    shop.buy(shop.dora)
    client = app_client()
    assert client.delete(shop.path("membership")).status_code == 204
    assert names(client.get(shop.path("membership/moves"))) == ["朵朵"]


def test_a_quiet_segment_stays_fresh(shop: Shop, clock: FixedClock, platform: Platform) -> None:
    """Nothing changes for a while: it is still known to be right, and says so without a move or a size."""

    def known() -> tuple[datetime | None, int]:
        with platform.database.unit_of_work() as session:
            watch = session.get_one(SegmentWatch, shop.segment)
            return watch.as_of, watch.seq

    before = known()
    clock.advance(timedelta(minutes=10))
    load_all(platform)
    assert not refresh.refresh_one(platform, shop.segment)
    after = known()
    assert before[0] is not None
    assert after[0] is not None
    assert after[0] - before[0] >= timedelta(minutes=9)
    assert after[1] == before[1]
    with platform.database.unit_of_work() as session:
        assert session.query(SegmentMove).count() == 0


def test_lists_ask_a_fixed_number_of_questions(shop: Shop, app_client: Clients, query_count: Any) -> None:
    client = app_client()
    shop.buy(shop.dora)
    for path in ("people", "membership/moves"):
        client.get(shop.path(path))
        with query_count() as few:
            client.get(shop.path(path), params={"page_size": 1})
        with query_count() as many:
            client.get(shop.path(path), params={"page_size": 50})
        assert few.n == many.n, path
