"""The home page: figures of a small world computed by hand, in scope, with what to do next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from segments_world import NOW, World
from wellspring.people.models import Event
from wellspring.platform.auth import Scope
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all

Clients = Callable[..., TestClient]
LAST_WEEK = NOW - timedelta(days=7)


def event(world: World, customer: Any, kind: str, staff: int, at: datetime) -> None:
    number = world.session.query(Event).count()
    world.session.add(
        Event(
            customer_id=customer.id,
            kind=kind,
            occurred_at=at,
            recorded_at=at,
            source="wecom",
            idempotency_key=str(number),
            staff_id=world.staff[staff].id,
            data={},
        )
    )
    world.session.flush()


@pytest.fixture
def world(platform: Platform) -> World:
    """Thursday noon in Shanghai. Store one: two friends, one of them today, one lost today; store two: a friend of a
    member who left, and one lost last week in the afternoon."""
    with platform.database.unit_of_work() as session:
        made = World(session)
        anna, bo, chen, dora, ed = (made.customer(name) for name in ("安", "博", "陈", "朵", "二"))
        made.friend(anna, 0, at=NOW - timedelta(hours=2))
        event(made, anna, "friend_added", 0, NOW - timedelta(hours=2))
        made.friend(bo, 1, at=NOW - timedelta(days=100))
        made.friend(bo, 0, at=NOW - timedelta(days=100))
        made.friend(chen, 2, at=LAST_WEEK - timedelta(hours=1))
        event(made, chen, "friend_added", 2, LAST_WEEK - timedelta(hours=1))
        made.staff[2].status = "left"
        made.friend(dora, 1, status="lost", at=NOW - timedelta(days=50), ended_at=NOW - timedelta(minutes=5))
        event(made, dora, "friend_lost", 1, NOW - timedelta(minutes=5))
        made.friend(ed, 3, status="lost", at=NOW - timedelta(days=50), ended_at=LAST_WEEK + timedelta(hours=1))
        event(made, ed, "friend_lost", 3, LAST_WEEK + timedelta(hours=1))
        made.order(anna, fen=10_000, at=NOW - timedelta(hours=1), store=0)
        back = made.order(None, fen=4_000, at=NOW - timedelta(hours=11), store=1)
        made.refund(back, at=NOW - timedelta(minutes=1), fen=1_500)
        made.order(bo, fen=7_000, at=LAST_WEEK - timedelta(minutes=1), store=0)
        made.order(bo, fen=8_000, at=LAST_WEEK + timedelta(minutes=1), store=0)
        made.order(bo, fen=99_999, at=NOW + timedelta(minutes=1), store=0)
        made.order(bo, fen=500, at=NOW - timedelta(days=1), store=None)
    load_all(platform)
    return made


def home(client: TestClient) -> Any:
    answer = client.get("/api/v1/home")
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(answer: Any) -> dict[str, Any]:
    return {figure["name"]: figure for figure in answer["figures"]}


def test_today_against_the_same_weekday_up_to_now(world: World, app_client: Clients) -> None:
    answer = home(app_client())
    found = figures(answer)
    assert list(found) == ["true_reach", "new_friends", "losses", "loss_rate", "orders", "sales"]
    assert (found["new_friends"]["value"], found["new_friends"]["compared"]) == (1, 1)
    assert (found["losses"]["value"], found["losses"]["compared"]) == (1, 0), "last week's came later in the day"
    assert found["losses"]["series"] == [0] * 6 + [1] + [0] * 6 + [1]
    assert (found["orders"]["value"], found["orders"]["compared"]) == (2, 1)
    assert (found["sales"]["value"], found["sales"]["compared"]) == (12_500, 7_000)
    assert found["sales"]["series"] == [0] * 6 + [15_000] + [0] * 5 + [500, 12_500]
    assert (found["true_reach"]["value"], found["true_reach"]["of"]) == (2, 3), (
        "the friend of who left can't be reached"
    )
    rate = found["loss_rate"]
    assert (rate["value"], rate["of"], rate["target"]) == (round(1000 * 2 / 6, 2), 6, 6)
    assert rate["series"][0] == 0
    assert answer["behind_seconds"] < 60


def test_stores_stand_side_by_side(world: World, app_client: Clients) -> None:
    one, two = home(app_client())["stores"]
    assert (one["name"], one["friends"], one["new_friends"], one["losses"]) == ("湖滨店", 2, 1, 1)
    assert (one["orders"], one["sales_fen"]) == (1, 10_000)
    assert (two["name"], two["friends"], two["new_friends"], two["losses"]) == ("武康店", 1, 0, 0)
    assert (two["orders"], two["sales_fen"], two["loss_rate"]) == (1, 2_500, 500)


def test_scope_is_kept(world: World, app_client: Clients) -> None:
    store = app_client(role="store_manager", scope=Scope(kind="store", department_id=world.stores[1].id))
    answer = home(store)
    found = figures(answer)
    assert (found["new_friends"]["value"], found["losses"]["value"]) == (0, 0)
    assert (found["true_reach"]["value"], found["true_reach"]["of"]) == (0, 1)
    assert (found["orders"]["value"], found["sales"]["value"]) == (1, 2_500)
    assert [row["name"] for row in answer["stores"]] == ["武康店"]
    nobody = home(app_client(role="store_manager", scope=Scope(kind="store")))
    assert [figure["value"] for figure in nobody["figures"]] == [0, 0, 0, None, 0, 0]
    assert nobody["stores"] == []


def test_own_customers_only(world: World, app_client: Clients, platform: Platform) -> None:
    from wellspring.insight.home.service import read_home
    from wellspring.platform.auth.actor import Actor

    with platform.database.unit_of_work() as session:
        actor = Actor("user", 1, "x", scope=Scope(kind="own", staff_id=world.staff[0].id))
        answer = read_home(session, platform, actor)
    values = {figure.name: figure.value for figure in answer.figures}
    assert (values["new_friends"], values["losses"], values["true_reach"], values["orders"]) == (1, 0, 2, 0)
    assert answer.stores == []


def test_a_day_begins_at_midnight_of_the_company(world: World, app_client: Clients, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=12, minutes=1))  # one minute past midnight in Shanghai, still Thursday in UTC
    found = figures(home(app_client()))
    assert found["new_friends"]["value"] == 0
    assert found["new_friends"]["series"][-2:] == [1, 0]
    assert found["sales"]["series"][-2] == 12_500 + 99_999


def test_a_fresh_deployment_is_told_where_to_begin(platform: Platform, app_client: Clients) -> None:
    answer = home(app_client())
    assert answer["as_of"] is None
    assert [figure["value"] for figure in answer["figures"]] == [0, 0, 0, None, 0, 0]
    steps = {step["code"]: step for step in answer["next_steps"]}
    assert steps["CONNECT_WECOM"]["link"] == "/settings/wecom"
    assert steps["IMPORT_ORDERS"]["link"] == "/commerce/imports"
    assert "MAKE_SEGMENT" not in steps, "without friends there is nobody to choose from"
    english = home(app_client(language="en"))
    assert {step["title"] for step in english["next_steps"]} >= {
        "WeCom is not connected yet",
        "There are no orders yet",
    }


def test_steps_go_when_they_are_done(world: World, app_client: Clients, platform: Platform) -> None:
    client = app_client()
    codes = [step["code"] for step in home(client)["next_steps"]]
    assert "IMPORT_ORDERS" not in codes
    assert "MAKE_SEGMENT" in codes
    leaf = {"kind": "relationship", "statuses": ["friend"]}
    definition = {"version": 1, "root": {"kind": "all", "children": [leaf]}}
    client.post("/api/v1/segments", json={"name": "好友", "definition": definition}).raise_for_status()
    assert "MAKE_SEGMENT" not in [step["code"] for step in home(client)["next_steps"]]
    with platform.database.unit_of_work() as session:
        session.execute(text("update warehouse_watermark set as_of = as_of - interval '20 minutes'"))
    (step,) = [step for step in home(client)["next_steps"] if step["code"] == "WAREHOUSE_BEHIND"]
    assert step["tone"] == "needs_you"
    assert "20 分钟" in step["title"]


def test_the_target_is_a_setting(world: World, app_client: Clients) -> None:
    client = app_client()
    client.put("/api/v1/home/settings", json={"loss_target": 4.5}).raise_for_status()
    assert figures(home(client))["loss_rate"]["target"] == 4.5
    assert client.put("/api/v1/home/settings", json={"loss_target": 0}).status_code == 422
    assert app_client(role="store_manager").put("/api/v1/home/settings", json={"loss_target": 4}).status_code == 403


def test_home_asks_few_questions(world: World, app_client: Clients, query_count: Any) -> None:
    client = app_client()
    with query_count() as counted:
        home(client)
    assert counted.n <= 20
