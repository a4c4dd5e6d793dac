"""The interface: what is refused beside which field, who sees what, how many queries a list takes, what is audited."""

from __future__ import annotations

import csv
import io
from typing import Any

from outreach_world import World

from wellspring.platform.auth.actor import Scope

LINK = {"kind": "link", "title": "t", "url": "https://x.cn"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "  "}, "name"),
    ({"control_percent": 51}, "control_percent"),
    ({"result_days": 0}, "result_days"),
    ({"content": {"text": "香" * 1334}}, "content.text"),
    ({"content": {"attachments": [{"kind": "image", "media_file_id": 99}]}}, "content.attachments.0.media_file_id"),
    ({"content": {"attachments": [LINK | {"title": ""}]}}, "content.attachments.0.title"),
    ({"content": {"attachments": [LINK, LINK | {"url": "x.cn"}]}}, "content.attachments.1.url"),
    ({"content": {"attachments": [LINK] * 10}}, "content.attachments"),
]


def test_wrong_input_is_named_beside_its_field(world: World) -> None:
    wish = world.wish(segment_id=world.segment())
    client = world.client()
    assert client.post("/api/v1/broadcasts", json=wish).status_code == 201
    for changes, field in WRONG:
        answer = client.post("/api/v1/broadcasts", json=wish | changes)
        assert answer.status_code == 422, answer.text
        assert list(answer.json()["error"]["fields"]) == [field]


def test_text_of_4000_bytes_is_taken_and_an_empty_one_only_as_a_draft(world: World) -> None:
    world.draft(content={"text": "香" * 1333 + "a", "attachments": []})
    empty = world.draft(content={"text": "  ", "attachments": []})
    client = world.client()
    for verb in ("rehearsal", "submit"):
        answer = client.post(f"/api/v1/broadcasts/{empty}/{verb}")
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == ["content.text"]


def test_stale_audience_is_refused_at_rehearsal_and_submission(world: World) -> None:
    broadcast_id = world.draft()
    world.rows("update warehouse_watermark set as_of = now() - interval '11 minutes' returning 1")
    client = world.client()
    for verb in ("rehearsal", "submit"):
        answer = client.post(f"/api/v1/broadcasts/{broadcast_id}/{verb}")
        assert answer.status_code == 409, answer.text
        assert answer.json()["error"]["code"] == "STALE_WAREHOUSE"
    assert world.read(broadcast_id)["status"] == "draft"


def test_submitted_broadcast_can_not_be_changed_or_deleted(world: World) -> None:
    broadcast_id = world.send()
    client = world.client()
    wish = world.wish(segment_id=world.read(broadcast_id)["segment_id"])
    assert (
        client.put(f"/api/v1/broadcasts/{broadcast_id}", json=wish).json()["error"]["code"] == "broadcast_not_a_draft"
    )
    assert client.delete(f"/api/v1/broadcasts/{broadcast_id}").status_code == 409
    draft = world.draft()
    assert client.put(f"/api/v1/broadcasts/{draft}", json=wish | {"name": "改名"}).json()["name"] == "改名"
    assert client.delete(f"/api/v1/broadcasts/{draft}").status_code == 204
    assert client.get(f"/api/v1/broadcasts/{draft}").status_code == 404


def test_store_manager_reaches_only_the_own_store(world: World) -> None:
    segment_id = world.segment()
    store, other = [row[0] for row in world.rows("select department_id from store order by 1 limit 2")]
    manager = world.client("store_manager", scope=Scope("store", department_id=store))
    neighbour = world.client("store_manager", scope=Scope("store", department_id=other))
    broadcast_id = world.draft(manager, segment_id=segment_id, control_percent=0)
    world.submit(broadcast_id, manager)
    own_staff = {row[0] for row in world.rows("select id from staff_member where store_id = :s", s=store)}
    touches = world.touches(broadcast_id)
    assert {touch["staff_id"] for touch in touches if touch["staff_id"]} <= own_staff
    friends = {row[0] for row in world.rows(
        "select r.customer_id from relationship r join staff_member s on s.id = r.staff_id where s.store_id = :s", s=store
    )}  # fmt: skip
    assert {touch["customer_id"] for touch in touches} == friends
    assert neighbour.get(f"/api/v1/broadcasts/{broadcast_id}").status_code == 404
    assert neighbour.get("/api/v1/broadcasts").json()["total"] == 0
    assert manager.get("/api/v1/broadcasts").json()["total"] == 1
    assert neighbour.get("/api/v1/outreach/tasks").json()["total"] == 0
    task_id = manager.get("/api/v1/outreach/tasks").json()["items"][0]["id"]
    assert neighbour.post(f"/api/v1/outreach/tasks/{task_id}/remind").status_code == 404

    company_wide = world.send(segment_id=segment_id, purpose="service", control_percent=0)
    assert manager.get(f"/api/v1/broadcasts/{company_wide}").status_code == 404
    seen = manager.get("/api/v1/outreach/tasks?page_size=100").json()["items"]
    assert {task["staff_id"] for task in seen} <= own_staff
    assert company_wide in {task["broadcast_id"] for task in seen}, "own staff's tasks, whoever made the broadcast"


def test_lists_take_a_fixed_number_of_queries(world: World, query_count: Any) -> None:
    segment_id = world.segment()
    client = world.client()
    broadcast_id = world.send(segment_id=segment_id)
    paths = (
        "/broadcasts",
        f"/broadcasts/{broadcast_id}/touches",
        f"/broadcasts/{broadcast_id}/tasks",
        "/outreach/tasks",
    )

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with query_count() as counted:
                assert client.get(f"/api/v1{path}?page_size=50").status_code == 200
            counts.append(counted.n)
        return counts

    queries()  # the first request of a token notes its use
    before = queries()
    for number in range(5):
        world.draft(segment_id=world.segment(name=f"人群 {number}"))
    world.send(segment_id=segment_id)
    assert queries() == before
    assert max(before) <= 10


def test_list_filters_sorts_and_searches(world: World) -> None:
    segment_id = world.segment()
    client = world.client()
    for name in ("丙", "甲", "乙"):
        world.draft(segment_id=segment_id, name=f"{name}群发")
    world.submit(world.draft(segment_id=segment_id, name="已发"))
    assert client.get("/api/v1/broadcasts?status=draft").json()["total"] == 3
    assert client.get("/api/v1/broadcasts?status=draft&status=sending").json()["total"] == 4
    assert [one["name"] for one in client.get("/api/v1/broadcasts?q=甲").json()["items"]] == ["甲群发"]
    page = client.get("/api/v1/broadcasts?sort=name&page_size=2&page=2").json()
    assert (len(page["items"]), page["total"]) == (2, 4)
    refused = client.get("/api/v1/broadcasts?sort=color")
    assert refused.status_code == 422
    assert "sort" in refused.json()["error"]["fields"]


def test_touches_are_filtered_and_their_export_is_audited(world: World) -> None:
    broadcast_id = world.send(control_percent=20)
    client = world.client("analyst")
    path = f"/api/v1/broadcasts/{broadcast_id}/touches"
    control = client.get(f"{path}?arm=control&page_size=200").json()
    assert control["total"] == world.read(broadcast_id)["counts"]["control"] > 0
    assert {one["reason"] for one in control["items"]} == {"CONTROL_GROUP"}
    assert client.get(f"{path}?reason=CONTROL_GROUP").json()["total"] == control["total"]
    name = control["items"][0]["customer_name"]
    assert client.get(path, params={"q": name}).json()["total"] >= 1
    answer = client.get(f"{path}/export?format=csv&arm=control")
    assert answer.status_code == 200
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == control["total"]
    assert {line["原因代码"] for line in lines} == {"CONTROL_GROUP"}
    assert world.rows("select count(*) from audit_entry where action = 'outreach.touches.export'") == [(1,)]
    assert world.client("store_manager").get(f"{path}/export?format=csv").status_code == 403
