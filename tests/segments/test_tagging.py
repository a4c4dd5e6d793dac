"""A tag on everybody of a segment: previewed, done in batches, safe to repeat, stopped, killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from segments_world import World, orders, tree
from wellspring.people.models import RelationshipTag
from wellspring.platform.auth import Scope
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.jobs import JobContext
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.segments import service
from wellspring.segments.tagging import jobs
from wellspring.segments.tagging.models import SegmentTagging
from wellspring.wecom.models import WecomOutbox

Clients = Callable[..., TestClient]
Run = Callable[[], None]
EVERYBODY = tree(orders("count", ">=", 0))


class Shop:
    """Seven customers: five friends, one of them of two members of staff, one tagged already; one lost, one a buyer only."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with platform.database.unit_of_work() as session:
            world = World(session)
            for number, tag in enumerate(world.tags):
                tag.wecom_id = f"et{number}"
            people = [world.customer(f"客户{i}") for i in range(7)]
            for number, person in enumerate(people[:5]):
                world.friend(person, 0, tags=(0,) if number == 4 else ())
            world.friend(people[0], 2)
            world.friend(people[5], 0, status="lost")
            self.tags = [tag.id for tag in world.tags]
            self.stores = [store.id for store in world.stores]
            made = service.create_segment(session, platform, SYSTEM, name="所有人", definition=EVERYBODY)
            self.path = f"/api/v1/segments/{made.id}/taggings"
        load_all(platform)

    def count(self, what: Any, *conditions: Any) -> int:
        with self.platform.database.unit_of_work() as session:
            return session.scalar(select(func.count()).select_from(what).where(*conditions)) or 0

    def tagged(self) -> int:
        return self.count(RelationshipTag, RelationshipTag.tag_id == self.tags[0])


@pytest.fixture
def shop(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(jobs, "BATCH", 2)
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0)
    return Shop(platform)


def test_previewed_done_and_repeated(shop: Shop, app_client: Clients, run_jobs: Run) -> None:
    client, body = app_client(), {"tag_id": shop.tags[0]}
    asked = client.get(f"{shop.path}/preview", params=body).json()
    assert asked == {"people": 7, "friendships": 5, "carrying": 1, "unreachable": 2}
    assert shop.tagged() == 1, "looking changes nothing"
    started = client.post(shop.path, json=body)
    assert started.status_code == 202, started.text
    again = client.post(shop.path, json=body).json()
    assert again["id"] == started.json()["id"], "the same run, not a second one"
    run_jobs()
    done = client.get(f"{shop.path}/{again['id']}").json()
    assert [done[key] for key in ("status", "total", "seen", "tagged", "tag_name")] == ["done", 7, 7, 5, "香氛"]
    assert shop.tagged() == 6
    assert shop.count(WecomOutbox, WecomOutbox.kind == "mark_tag") == 5
    client.post(shop.path, json=body)
    run_jobs()
    runs = client.get(shop.path).json()
    assert [run["tagged"] for run in runs] == [0, 5], "whoever carries it is passed over"
    assert shop.count(WecomOutbox, WecomOutbox.kind == "mark_tag") == 5
    assert shop.count(AuditEntry, AuditEntry.action == "segments.people.tag") == 2


def test_a_batch_that_dies_is_done_again_whole(shop: Shop, app_client: Clients) -> None:
    """Killed before the end of its transaction, a batch has not happened; run twice, it goes on behind itself."""
    run = app_client().post(shop.path, json={"tag_id": shop.tags[0]}).json()["id"]

    class Killed(Exception):
        pass

    def batch(*, dies: bool) -> None:
        with shop.platform.database.unit_of_work() as session:
            jobs.tag_people(JobContext(shop.platform, 1, 1, session), tagging_id=run)
            if dies:
                raise Killed

    with pytest.raises(Killed):
        batch(dies=True)
    assert (shop.tagged(), shop.count(WecomOutbox)) == (1, 0)
    for _ in range(6):
        batch(dies=False)
    assert (shop.tagged(), shop.count(WecomOutbox)) == (6, 5)
    assert shop.count(SegmentTagging, SegmentTagging.status == "done", SegmentTagging.seen == 7) == 1


def test_stopped_it_stays_stopped(shop: Shop, app_client: Clients, run_jobs: Run) -> None:
    client = app_client()
    run = client.post(shop.path, json={"tag_id": shop.tags[0]}).json()["id"]
    for _ in range(2):
        assert client.post(f"{shop.path}/{run}/cancel").json()["status"] == "cancelled"
    run_jobs()
    assert shop.tagged() == 1
    assert client.post(f"{shop.path}/999999/cancel").status_code == 404


def test_a_tag_that_is_gone_ends_it(shop: Shop, app_client: Clients, run_jobs: Run, platform: Platform) -> None:
    from wellspring.people.models import Tag

    client = app_client()
    run = client.post(shop.path, json={"tag_id": shop.tags[0]}).json()["id"]
    with platform.database.unit_of_work() as session:
        session.get_one(Tag, shop.tags[0]).deleted_at = platform.clock.now()
    run_jobs()
    ended = client.get(f"{shop.path}/{run}").json()
    assert (ended["status"], "已删除" in ended["error"]) == ("failed", True)
    assert client.get(f"{shop.path}/preview", params={"tag_id": shop.tags[0]}).status_code == 422
    assert client.post(shop.path, json={"tag_id": 999_999}).status_code == 422


def test_who_may(shop: Shop, app_client: Clients) -> None:
    body = {"tag_id": shop.tags[0]}
    for role, status in (("analyst", 403), ("store_manager", 403), ("staff", 403), ("operator", 202)):
        assert app_client(role=role).post(shop.path, json=body).status_code == status
    scoped = app_client(role="operator", scope=Scope(kind="store", department_id=shop.stores[0]))
    assert scoped.post(shop.path, json=body).status_code == 403, "everybody of a segment is more than a store"
