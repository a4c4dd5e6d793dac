"""The condition about customer groups: counted over the warehouse, explained for one person, written in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from segments_world import NOW, World, tree
from wellspring.people.models import GroupChat, GroupMember
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all

URL = "/api/v1/segments"
Clients = Callable[..., TestClient]


@pytest.fixture
def world(platform: Platform) -> World:
    """安 is in both groups, 博 in the first by a code, 陈 has left it, 朵 is in none."""
    with platform.database.unit_of_work() as session:
        made = World(session)
        people = [made.customer(name, gender=1) for name in ("安", "博", "陈", "朵")]
        groups = [GroupChat(chat_id=f"wr{n}", name=name, synced_at=NOW) for n, name in enumerate(("老友群", "福利群"))]
        session.add_all(groups)
        session.flush()

        def join(person: int, group: int, scene: str, days: int, left_at: datetime | None = None) -> None:
            session.add(
                GroupMember(
                    group_chat_id=groups[group].id, kind="customer", userid=f"wm{person}", customer_id=people[person].id,
                    join_scene=scene, joined_at=NOW - timedelta(days=days), left_at=left_at,
                )
            )  # fmt: skip

        join(0, 0, "invited", 90)
        join(0, 1, "invited", 2)
        join(1, 0, "qr", 10)
        join(2, 0, "qr", 60, left_at=NOW - timedelta(days=1))
        made.people = [one.id for one in people]  # type: ignore[attr-defined]
        made.groups = [one.id for one in groups]  # type: ignore[attr-defined]
    load_all(platform)
    return made


def leaf(world: World, match: str, *groups: int, **more: Any) -> dict[str, Any]:
    ids = [world.groups[n] for n in groups]  # type: ignore[attr-defined]
    return {"kind": "group", "match": match, "group_ids": ids, **more}


def fitting(client: TestClient, definition: Any) -> set[str]:
    answer = client.post(f"{URL}/preview", json={"definition": definition})
    assert answer.status_code == 200, answer.text
    return {person["name"] for person in answer.json()["sample"]}


def test_who_is_in_which_group(world: World, app_client: Clients) -> None:
    client = app_client()

    def found(match: str, *groups: int, **more: Any) -> set[str]:
        return fitting(client, tree(leaf(world, match, *groups, **more)))

    assert found("any", 0) == {"安", "博"}
    assert found("all", 0, 1) == {"安"}
    assert found("none", 0, 1) == {"陈", "朵"}, "who left is in it no more"
    assert found("any", 0, scenes=["qr"]) == {"博"}
    assert found("none", 0, scenes=["qr"]) == {"安", "陈", "朵"}
    assert found("any", 0, 1, joined={"kind": "rolling", "days": 7}) == {"安"}
    answer = client.post(f"{URL}/preview", json={"definition": tree(leaf(world, "some", 0))})
    assert answer.status_code == 422
    assert "root.children.0.match" in str(answer.json()["error"]["fields"])


def test_it_says_why(world: World, app_client: Clients) -> None:
    anna, _, chen, dora = world.people  # type: ignore[attr-defined]
    definition = tree(leaf(world, "any", 0, scenes=["qr", "link"]))

    def told(person: int, language: str) -> tuple[bool, str]:
        answer = app_client(language=language).post(f"{URL}/explain/{person}", json={"definition": definition})
        verdict = answer.json()["root"]["children"][0]
        return verdict["holds"], verdict["text"]

    assert told(anna, "zh") == (False, "在群里，但入群方式或时间不符")
    assert told(chen, "zh") == (False, "已在 2026-03-04 退群")
    assert told(dora, "en") == (False, "is in none of these groups")
    definition = tree(leaf(world, "all", 0, 1))
    assert told(anna, "en") == (True, "is in 老友群 (joined 2025-12-05), 福利群 (joined 2026-03-03)")


def test_it_reads_as_a_sentence(world: World, app_client: Clients) -> None:
    definition = tree(
        leaf(world, "any", 0, 1, scenes=["qr"], joined={"kind": "rolling", "days": 30}), leaf(world, "none", 1)
    )

    def sentence(language: str) -> str:
        answer = app_client(language=language).post(f"{URL}/preview", json={"definition": definition}).json()
        return "".join(piece["text"] for piece in answer["sentence"])

    assert (
        sentence("zh")
        == "在客户群 老友群、福利群 之一（通过扫描群二维码，近 30 天入群），并且不在客户群 福利群的客户。"
    )
    assert (
        sentence("en")
        == "Everyone who is in one of the groups 老友群, 福利群 (by QR code, joined in the last 30 days),"
        " and is not in the group 福利群."
    )
