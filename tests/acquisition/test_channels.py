"""The tree of channels and what each brought."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from acquisition_world import World
from fastapi.testclient import TestClient

from wellspring.platform.auth import Scope
from wellspring.platform.runtime import Platform

Client = Callable[..., TestClient]
PATH = "/api/v1/channels"


def make(client: TestClient, name: str, **body: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"name": name, **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def test_siblings_have_different_names_cousins_need_not(platform: Platform, app_client: Client) -> None:
    client = app_client("operator")
    stores, web = make(client, "门店"), make(client, "线上")
    make(client, "橱窗", parent_id=stores["id"])
    make(client, "橱窗", parent_id=web["id"])
    twice = client.post(PATH, json={"name": " 橱窗 ", "parent_id": web["id"]})
    assert (twice.status_code, code_of(twice)) == (409, "channel_name_taken")
    assert code_of(client.post(PATH, json={"name": "门店"})) == "channel_name_taken"
    assert client.post(PATH, json={"name": "  "}).json()["error"]["fields"].keys() == {"name"}


def test_a_circle_is_refused_also_when_two_move_at_once(platform: Platform, app_client: Client) -> None:
    client = app_client("operator")
    one = make(client, "一")
    two = make(client, "二", parent_id=one["id"])
    refused = client.patch(f"{PATH}/{one['id']}", json={"parent_id": two["id"]})
    assert (code_of(refused), list(refused.json()["error"]["fields"])) == ("channel_cycle", ["parent_id"])
    assert code_of(client.patch(f"{PATH}/{one['id']}", json={"parent_id": one["id"]})) == "channel_cycle"

    client.patch(f"{PATH}/{two['id']}", json={"parent_id": None}).raise_for_status()
    answers: list[int] = []
    moves = [(one["id"], two["id"]), (two["id"], one["id"])]

    def move(channel: int, parent: int) -> None:
        answers.append(app_client("operator").patch(f"{PATH}/{channel}", json={"parent_id": parent}).status_code)

    threads = [threading.Thread(target=move, args=pair) for pair in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 422]


def test_archive_and_its_undo(platform: Platform, app_client: Client) -> None:
    client = app_client("operator")
    root = make(client, "门店")
    leaf = make(client, "橱窗", parent_id=root["id"])
    assert code_of(client.patch(f"{PATH}/{root['id']}", json={"archived": True})) == "channel_in_use"
    client.patch(f"{PATH}/{leaf['id']}", json={"archived": True}).raise_for_status()
    assert [row["name"] for row in client.get(PATH).json()["items"]] == ["门店"]
    assert client.get(PATH, params={"archived": True}).json()["total"] == 2
    make(client, "橱窗", parent_id=root["id"])
    assert code_of(client.patch(f"{PATH}/{leaf['id']}", json={"archived": False})) == "channel_name_taken"


def test_costs_and_adds_add_up_through_the_tree(world: World) -> None:
    root = world.channel("线下", cost_fen=10_000)
    branch = world.channel("橱窗", parent_id=root, cost_fen=2_000)
    code = world.code(channel_id=branch)
    first = world.scan(code, "甲")
    world.settle()
    world.sim.customer_delete(first["userid"], first["external_userid"])
    world.advance(3 * 86400)
    world.scan(code, "乙")
    world.scan(code, "丙")
    world.settle()
    since = (world.clock.now() - timedelta(days=1)).isoformat()
    top, below = world.client.get(PATH, params={"since": since}).json()["items"]
    assert (below["own"]["adds"], below["own"]["kept"], below["own"]["period_adds"]) == (3, 2, 2)
    assert (top["own"]["adds"], top["total"]["adds"], top["total"]["period_kept"]) == (0, 3, 2)
    assert (top["total_cost_fen"], top["cost_per_add_fen"], below["cost_per_add_fen"]) == (12_000, 4_000, 667)
    assert below["path"] == "线下 / 橱窗"

    store = next(iter(world.stores.values()))
    manager = world.app_client("store_manager", Scope("store", store))
    seen = manager.get(PATH).json()["items"]
    assert [row["total"]["adds"] for row in seen] == [0, 0]
    assert seen[0]["cost_per_add_fen"] is None
    assert manager.post(PATH, json={"name": "自己的"}).status_code == 403


def test_moving_a_code_leaves_its_past_adds_where_they_were(world: World) -> None:
    old, new = world.channel("旧"), world.channel("新")
    code = world.code(channel_id=old)
    world.scan(code, "甲")
    world.settle()
    code = world.change(world.read(code["id"]), channel_id=new).json()
    world.scan(code, "乙")
    world.settle()
    counts = {row["name"]: row["own"]["adds"] for row in world.client.get(PATH).json()["items"]}
    assert (counts["旧"], counts["新"]) == (1, 1)
