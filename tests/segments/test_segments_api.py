"""Segments through the API: saved with versions, previewed live, explained, written down, exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text

from segments_world import NOW, World, orders, tree
from wellspring.platform.auth import Scope
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.segments import facade
from wellspring.segments.models import SegmentSnapshotMember

URL = "/api/v1/segments"
BUYERS = tree(orders("count", ">=", 1, {"kind": "rolling", "days": 30}))
Clients = Callable[..., TestClient]


@pytest.fixture
def world(platform: Platform) -> World:
    """Five customers: two friends of the first store (one bought twice), one of the second, one lost, one only a buyer."""
    with platform.database.unit_of_work() as session:
        made = World(session)
        anna, bo, chen, dora, ed = (made.customer(name, gender=1) for name in ("安", "博", "陈", "朵", "=cmd()"))
        made.friend(anna, 0, tags=(0, 1), at=NOW - timedelta(days=3))
        made.friend(bo, 1, at=NOW - timedelta(days=40))
        made.friend(chen, 2, tags=(0,), state="lc_x")
        made.friend(dora, 3, status="lost", ended_at=NOW - timedelta(days=1))
        made.order(anna, fen=5_000)
        made.order(anna, fen=20_000, at=NOW - timedelta(days=20))
        made.order(ed, fen=700, at=NOW - timedelta(days=2))
        made.order(None, fen=9_999)
        made.people = [c.id for c in (anna, bo, chen, dora, ed)]  # type: ignore[attr-defined]
    load_all(platform)
    return made


def preview(client: TestClient, definition: Any, **more: Any) -> Any:
    answer = client.post(f"{URL}/preview", json={"definition": definition, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_preview_counts_each_condition_and_shows_people(world: World, app_client: Clients) -> None:
    definition = tree(
        {"kind": "relationship", "statuses": ["friend"]},
        {
            "kind": "any",
            "children": [orders("sum", ">=", 20_000), {"kind": "tag", "match": "any", "tag_ids": [world.tags[0].id]}],
        },
    )
    answer = preview(app_client(), definition)
    assert (answer["count"], answer["total"]) == (2, 5)
    assert answer["by_leaf"] == {"root.children.0": 3, "root.children.1.children.0": 1, "root.children.1.children.1": 2}
    assert (
        "".join(piece["text"] for piece in answer["sentence"])
        == "是好友，并且（累计净消费至少 ¥200，或者有标签 香氛）的客户。"
    )
    assert {person["name"] for person in answer["sample"]} == {"安", "陈"}
    assert {person["store_name"] for person in answer["sample"]} == {"湖滨店", "武康店"}
    assert answer["freshness"]["stale"] is False
    assert answer["freshness"]["limit_minutes"] == 10
    english = preview(app_client(language="en"), definition)
    assert "".join(piece["text"] for piece in english["sentence"]).startswith("Everyone who is a friend, and (")


def test_preview_stays_in_the_callers_scope(world: World, app_client: Clients) -> None:
    everybody = tree(orders("count", ">=", 0))
    store = Scope(kind="store", department_id=world.stores[0].id)
    assert preview(app_client(), everybody)["total"] == 5
    mine = preview(app_client(role="store_manager", scope=store), everybody)
    assert (mine["count"], mine["total"]) == (2, 2)
    assert {person["name"] for person in mine["sample"]} == {"安", "博"}
    client = app_client(role="store_manager", scope=store)
    anna, chen = world.people[0], world.people[2]  # type: ignore[attr-defined]
    assert client.post(f"{URL}/explain/{anna}", json={"definition": everybody}).status_code == 200
    refused = client.post(f"{URL}/explain/{chen}", json={"definition": everybody})
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "CUSTOMER_NOT_FOUND")
    nobody = app_client(role="store_manager", scope=Scope(kind="store", department_id=None))
    assert preview(nobody, everybody)["total"] == 0


HOSTILE = ["' or 1=1 --", "\\' or 1=1 --", "{p0:String}", "x'); drop table customers; --", "%s%(x)s", "'" * 64]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_values(world: World, platform: Platform, app_client: Clients, value: str) -> None:
    leaf = {"kind": "relationship", "statuses": ["friend"], "states": ["lc_x"]}
    client = app_client()
    assert preview(client, tree(leaf))["count"] == 1
    assert preview(client, tree({**leaf, "states": [value]}))["count"] == 0
    assert platform.warehouse.scalar("select count() from customers final") == 5
    from wellspring.segments.asking import moment_of
    from wellspring.segments.compile import Reach, compile_count
    from wellspring.segments.definition import parse

    with platform.database.unit_of_work() as session:
        compiled = compile_count(parse(tree({**leaf, "states": [value]})), moment_of(session, platform), Reach())
    assert value not in compiled.sql.replace("{p0:Array(String)}", "")


def test_a_wrong_definition_names_its_field(app_client: Clients) -> None:
    client = app_client()
    wrong = tree({"kind": "tag", "match": "any", "tag_ids": []})
    for answer in (
        client.post(f"{URL}/preview", json={"definition": wrong}),
        client.post(URL, json={"name": "x", "definition": wrong}),
    ):
        assert answer.status_code == 422
        assert answer.json()["error"]["fields"] == {"root.children.0.tag_ids": "至少选 1 项。"}
    deep = "[" * 5000 + "]" * 5000
    broken = client.post(
        f"{URL}/preview", content=f'{{"definition": {deep}}}', headers={"content-type": "application/json"}
    )
    assert broken.status_code in (400, 422)


def test_a_segment_lives_with_versions(world: World, app_client: Clients) -> None:
    client = app_client()
    made = client.post(URL, json={"name": " 近期下过单 ", "definition": BUYERS}).json()
    assert (made["name"], made["version"], made["last_count"]) == ("近期下过单", 1, 2)
    url = f"{URL}/{made['id']}"
    changed = client.put(
        url, json={"name": "近期买家", "version": 1, "definition": tree(orders("count", ">=", 2))}
    ).json()
    assert (changed["version"], changed["last_count"]) == (2, 1)
    late = client.put(url, json={"name": "近期买家", "version": 1, "definition": BUYERS})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "SEGMENT_CHANGED")
    assert client.get(url).json()["definition"] == changed["definition"]
    versions = client.get(f"{url}/versions").json()
    assert [(v["version"], v["name"]) for v in versions] == [(2, "近期买家"), (1, "近期下过单")]
    assert versions[1]["sentence"] == "近 30 天下过单的客户。"
    copy = client.post(f"{url}/duplicate").json()
    assert (copy["name"], copy["version"]) == ("近期买家（副本）", 1)
    assert client.post(f"{url}/archive").json()["archived_at"]
    assert [s["name"] for s in client.get(URL).json()["items"]] == ["近期买家（副本）"]
    assert [s["name"] for s in client.get(URL, params={"status": "archived"}).json()["items"]] == ["近期买家"]
    assert client.post(f"{url}/restore").json()["archived_at"] is None
    assert client.get(URL, params={"q": "副", "sort": "name"}).json()["total"] == 1
    assert client.get(f"{URL}/999").json()["error"]["code"] == "SEGMENT_NOT_FOUND"
    for name in ("", "x" * 61, "a\x00b"):
        refused = client.post(URL, json={"name": name, "definition": BUYERS})
        assert "name" in refused.json()["error"]["fields"]


def test_the_list_asks_few_questions(world: World, app_client: Clients, query_count: Any) -> None:
    client = app_client()
    leaf = {"kind": "tag", "match": "any", "tag_ids": [world.tags[0].id]}
    friend = {
        "kind": "relationship",
        "statuses": ["friend"],
        "staff_ids": [world.staff[0].id],
        "store_ids": [world.stores[0].id],
    }
    for number in range(12):
        client.post(URL, json={"name": f"人群{number}", "definition": tree(leaf, friend)}).raise_for_status()
    with query_count() as counted:
        page = client.get(URL).json()
    assert len(page["items"]) == 12
    assert "有标签 香氛" in page["items"][0]["sentence"]
    assert counted.n <= 10
    with query_count() as counted:
        preview(client, tree(leaf, friend))
    assert counted.n <= 16


def test_explain_says_why(world: World, app_client: Clients) -> None:
    client = app_client()
    definition = tree(
        orders("sum", ">=", 10_000, {"kind": "rolling", "days": 30}),
        {"kind": "none", "children": [{"kind": "tag", "match": "any", "tag_ids": [world.tags[2].id]}]},
        {"kind": "relationship", "statuses": ["friend"]},
    )
    made = client.post(URL, json={"name": "好客户", "definition": definition}).json()
    anna, bo = world.people[:2]  # type: ignore[attr-defined]
    inside = client.post(f"{URL}/{made['id']}/explain/{anna}").json()
    assert (inside["inside"], inside["name"]) == (True, "安")
    money, none, relation = inside["root"]["children"]
    assert money["text"] == "近 30 天净消费 ¥250，最近一单 2026-03-05"
    assert (none["holds"], none["children"][0]["holds"]) == (True, False)
    assert relation["text"] == "是导购0的好友，2026-03-02 添加"
    outside = client.post(f"{URL}/{made['id']}/explain/{bo}").json()
    assert outside["inside"] is False
    assert outside["root"]["children"][0]["text"] == "近 30 天净消费 ¥0"
    english = app_client(language="en").post(f"{URL}/{made['id']}/explain/{anna}").json()
    assert english["root"]["children"][0]["text"] == "spent ¥250 in the last 30 days, last on 2026-03-05"
    assert client.post(f"{URL}/{made['id']}/explain/424242").status_code == 404


def test_explain_reads_the_truth_not_the_warehouse(world: World, platform: Platform, app_client: Clients) -> None:
    """And once the warehouse has caught up, the two agree about everybody."""
    client, bo = app_client(), world.people[1]  # type: ignore[attr-defined]
    with platform.database.unit_of_work() as session:
        session.execute(text("update customer_order set customer_id = :bo where total_fen = 700"), {"bo": bo})
    assert client.post(f"{URL}/explain/{bo}", json={"definition": BUYERS}).json()["inside"] is True
    assert {p["id"] for p in preview(client, BUYERS, sample_size=20)["sample"]} == {world.people[0], world.people[4]}  # type: ignore[attr-defined]
    load_all(platform)
    inside = {p["id"] for p in preview(client, BUYERS, sample_size=20)["sample"]}
    told = {
        person
        for person in world.people  # type: ignore[attr-defined]
        if client.post(f"{URL}/explain/{person}", json={"definition": BUYERS}).json()["inside"]
    }
    assert inside == told == {world.people[0], bo}  # type: ignore[attr-defined]


def test_a_store_is_who_works_there_now(world: World, platform: Platform, app_client: Clients) -> None:
    client, wukang = app_client(), world.stores[1].id
    definition = tree({"kind": "relationship", "statuses": ["friend"], "store_ids": [wukang]})
    assert {p["name"] for p in preview(client, definition)["sample"]} == {"陈"}
    with platform.database.unit_of_work() as session:
        session.execute(
            text("update staff_member set store_id = :store where id = :who"),
            {"store": wukang, "who": world.staff[0].id},
        )
    assert {p["name"] for p in preview(client, definition)["sample"]} == {"安", "陈"}
    anna = world.people[0]  # type: ignore[attr-defined]
    assert client.post(f"{URL}/explain/{anna}", json={"definition": definition}).json()["inside"] is True


def test_a_merged_customer_is_nobody(world: World, platform: Platform, app_client: Clients) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(
            text("update customer set merged_into_id = :to where id = :who"),
            {"to": world.people[0], "who": world.people[1]},  # type: ignore[attr-defined]
        )
    load_all(platform)
    client = app_client()
    assert preview(client, tree(orders("count", ">=", 0)))["total"] == 4
    assert client.post(f"{URL}/explain/{world.people[1]}", json={"definition": BUYERS}).status_code == 404  # type: ignore[attr-defined]


def test_a_snapshot_holds_the_people_and_refuses_a_stale_warehouse(
    world: World, platform: Platform, app_client: Clients
) -> None:
    client = app_client()
    made = client.post(URL, json={"name": "买家", "definition": BUYERS}).json()
    taken = client.post(f"{URL}/{made['id']}/snapshots")
    assert (taken.status_code, taken.json()["size"]) == (201, 2)
    with platform.database.unit_of_work() as session:
        snapshot = facade.take_snapshot(session, platform, made["id"], Scope(), SYSTEM)
        members = session.scalars(facade.snapshot_customers(snapshot.id)).all()
        assert (snapshot.size, members) == (2, [world.people[0], world.people[4]])  # type: ignore[attr-defined]
        scope = Scope(kind="own", staff_id=world.staff[0].id)
        assert facade.take_snapshot(session, platform, BUYERS, scope, SYSTEM).size == 1
        assert facade.count(session, platform, BUYERS, scope).matched == 1
        assert facade.sentence(session, BUYERS, "zh") == "近 30 天下过单的客户。"
    assert [s["size"] for s in client.get(f"{URL}/{made['id']}/snapshots").json()] == [2, 2]

    with platform.database.unit_of_work() as session:
        session.execute(text("update warehouse_watermark set as_of = as_of - interval '11 minutes'"))
        before = session.scalar(select(func.count()).select_from(SegmentSnapshotMember))
    refused = client.post(f"{URL}/{made['id']}/snapshots")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "STALE_WAREHOUSE")
    assert "11 分钟" in refused.json()["error"]["message"]
    assert client.get(f"{URL}/{made['id']}/people/export").status_code == 409
    assert preview(client, BUYERS)["freshness"]["stale"] is True
    client.put(f"{URL}/settings", json={"max_staleness_minutes": 15}).raise_for_status()
    assert client.post(f"{URL}/{made['id']}/snapshots").status_code == 201
    with platform.database.unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(SegmentSnapshotMember)) == (before or 0) + 2


def test_people_are_exported_and_the_export_is_audited(world: World, platform: Platform, app_client: Clients) -> None:
    client = app_client()
    made = client.post(URL, json={"name": "买家", "definition": BUYERS}).json()
    file = client.get(f"{URL}/{made['id']}/people/export")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "客户编号,名字,门店,同事"
    assert lines[1].endswith(",安,湖滨店,导购0")
    assert lines[2].endswith(",'=cmd(),,"), "a name that begins like a formula must not become one"
    assert app_client(role="store_manager").get(f"{URL}/{made['id']}/people/export").status_code == 403
    with platform.database.unit_of_work() as session:
        entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "segments.people.export"))
        assert entry is not None
        assert entry.detail["people"] == 2
    listed = client.get(f"{URL}/export").content.decode("utf-8-sig").splitlines()
    assert "近 30 天下过单的客户。" in listed[1]


def test_the_catalogue_describes_every_leaf(app_client: Clients) -> None:
    catalogue = app_client(language="en").get(f"{URL}/catalogue").json()
    assert [leaf["kind"] for leaf in catalogue["leaves"]][:5] == ["tag", "relationship", "group", "orders", "profile"]
    assert all(leaf["json_schema"]["additionalProperties"] is False for leaf in catalogue["leaves"])


def test_another_domain_adds_a_leaf_without_segments_knowing(world: World, platform: Platform) -> None:
    """A leaf registered from outside is parsed, compiled and judged like the built-in ones."""
    from typing import Literal

    from wellspring.segments.leaves import base

    class NameLeaf(facade.Leaf):
        kind: Literal["test_even"]

        def part(self, query: facade.Query) -> facade.Part:
            return facade.Fits(f"id % 2 = {query.integer(0)}")

        def holds(self, facts: facade.Facts, moment: facade.Moment) -> bool:
            return facts.customer["id"] % 2 == 0

        def clause(self, names: facade.Names, language: str) -> str:
            return "even"

        def evidence(self, facts: facade.Facts, moment: facade.Moment, names: facade.Names, language: str) -> str:
            return "even"

    facade.register_leaf(NameLeaf, zh="双数", en="Even")
    try:
        with platform.database.unit_of_work() as session:
            count = facade.count(session, platform, tree({"kind": "test_even"}), Scope())
        assert count.matched == sum(person % 2 == 0 for person in world.people)  # type: ignore[attr-defined]
    finally:
        base._leaves.pop("test_even")
