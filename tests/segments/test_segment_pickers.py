"""What the builder offers: registered features, kinds of events, what events carry, goods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from segments_world import NOW, World
from wellspring.commerce.models import Product
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.auth import Scope
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.segments import facade
from wellspring.segments.leaves import feature

KINDS = "/api/v1/segments/event-kinds"
Clients = Callable[..., TestClient]


@pytest.fixture
def visited(platform: Platform) -> World:
    """Six customers of two stores who opened the shop; two of them long ago, one is still to come."""
    with platform.database.unit_of_work() as session:
        made = World(session)
        customers = [made.customer(f"客{n}") for n in range(6)]
        facts = []
        for n, customer in enumerate(customers):
            made.friend(customer, 0 if n < 4 else 2)
            data = {
                "page": {"name": "首页" if n < 4 else "茶器", "n": n},
                "note": f"only {n}",
                "tags": ["x"],
                "paid": True,
            }
            facts.append(EventFact(customer.id, "page_opened", NOW - timedelta(days=n), "shop", f"a{n}", data=data))
        facts.append(EventFact(customers[0].id, "old", NOW - timedelta(days=200), "shop", "b"))
        facts.append(EventFact(customers[0].id, "friend_added", NOW - timedelta(days=2), "shop", "c"))
        facts.append(EventFact(customers[0].id, "to_come", NOW + timedelta(days=2), "shop", "d"))
        record_events(session, facts)
    load_all(platform)
    return made


def test_kinds_are_those_that_happened(visited: World, app_client: Clients, query_count: Any) -> None:
    with query_count() as counted:
        kinds = app_client().get(KINDS).json()
    assert counted.n <= 9
    assert kinds == [
        {"kind": "page_opened", "name": "page_opened", "recent": 6},
        {"kind": "friend_added", "name": "添加好友", "recent": 1},
        {"kind": "old", "name": "old", "recent": 0},
    ]
    assert app_client(language="en").get(KINDS).json()[1]["name"] == "friend added"
    store = Scope(kind="store", department_id=visited.stores[1].id)
    mine = app_client(role="store_manager", scope=store).get(KINDS).json()
    assert mine == [{"kind": "page_opened", "name": "page_opened", "recent": 2}]


def test_properties_are_learned_without_telling_of_one_person(
    visited: World, app_client: Clients, query_count: Any
) -> None:
    client = app_client()
    with query_count() as counted:
        seen = client.get(f"{KINDS}/properties", params={"kind": ["page_opened", "old"]}).json()
    assert counted.n <= 9
    assert seen["sampled"] == 6
    assert seen["properties"] == [
        {"path": ["note"], "kind": "text", "seen": 6, "values": []},
        {"path": ["page", "n"], "kind": "number", "seen": 6, "values": []},
        {"path": ["page", "name"], "kind": "text", "seen": 6, "values": ["首页"]},
    ]
    store = Scope(kind="store", department_id=visited.stores[1].id)
    theirs = app_client(role="store_manager", scope=store).get(f"{KINDS}/properties", params={"kind": "page_opened"})
    assert theirs.json()["sampled"] == 2
    assert client.get(f"{KINDS}/properties", params={"kind": "' or 1=1 --"}).json() == {"sampled": 0, "properties": []}
    assert client.get(f"{KINDS}/properties").status_code == 422
    assert app_client(role="staff").get(KINDS).status_code == 403


def test_nothing_has_happened_yet(app_client: Clients) -> None:
    assert app_client().get(KINDS).json() == []
    assert app_client().get(f"{KINDS}/properties", params={"kind": "x"}).json()["sampled"] == 0


@pytest.fixture
def registered() -> Iterator[None]:
    before = dict(feature._fields)
    facade.register_feature_field(
        facade.FeatureField("test_stage", "choice", "阶段", "Stage", choices={"new": ("新客", "New")})
    )
    yield
    feature._fields.clear()
    feature._fields.update(before)


@pytest.mark.usefixtures("registered")
def test_the_catalogue_lists_features_in_the_readers_language(app_client: Clients) -> None:
    wanted = {"column": "test_stage", "kind": "choice", "name": "阶段", "choices": {"new": "新客"}}
    assert wanted in app_client().get("/api/v1/segments/catalogue").json()["features"]
    english = app_client(language="en").get("/api/v1/segments/catalogue").json()["features"]
    assert {**wanted, "name": "Stage", "choices": {"new": "New"}} in english


def test_goods_are_found_by_category_and_id(platform: Platform, app_client: Clients, query_count: Any) -> None:
    with platform.database.unit_of_work() as session:
        rows = [Product(code=f"P{n}", name=f"茶 {n}", category=f"类{n % 3}") for n in range(9)]
        session.add_all([*rows, Product(code="POST", category="邮费", kind="postage"), Product(code="X")])
        session.flush()
        ids = [row.id for row in rows[:2]]
    client = app_client()
    with query_count() as counted:
        page = client.get("/api/v1/products/categories", params={"page_size": 2}).json()
    assert counted.n <= 9
    assert page["total"] == 3
    assert page["items"] == [{"category": "类0", "products": 3}, {"category": "类1", "products": 3}]
    assert client.get("/api/v1/products/categories", params={"q": "2"}).json()["total"] == 1
    assert [row["code"] for row in client.get("/api/v1/products", params={"ids": ids}).json()["items"]] == ["P0", "P1"]
