"""Features over HTTP, settings that are audited, fits that are kept, stages that flow back as differences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from segments_world import NOW, World
from wellspring.insight.features import stages
from wellspring.insight.features.base import features
from wellspring.insight.features.lifetime_value.fitting import LEAST_REPEATS
from wellspring.insight.features.stages import tell_stages
from wellspring.platform.auth import Scope
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all, wide

Clients = Callable[..., TestClient]
DAY = timedelta(days=1)


class Shop:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with platform.database.unit_of_work() as session:
            world = World(session)
            self.stores = [store.id for store in world.stores]
            regular, once, never = (world.customer(name) for name in ("常", "一", "零"))
            self.ids = [regular.id, once.id, never.id]
            world.friend(regular, 0, at=NOW - 300 * DAY)
            world.friend(once, 2, at=NOW - 10 * DAY)
            for ago in (28, 38, 48, 58, 68):
                world.order(regular, at=NOW - ago * DAY, fen=20_000, store=1)
            world.order(once, at=NOW - 5 * DAY, fen=4_000, store=0)
        load_all(platform)

    def rows(self, sql: str, **bound: Any) -> list[Any]:
        with self.platform.database.unit_of_work() as session:
            return [tuple(row) for row in session.execute(text(sql), bound)]

    def stages(self) -> dict[int, str]:
        return dict(self.rows("select customer_id, lifecycle_stage from customer_stage"))

    def moved(self) -> list[Any]:
        return self.rows(
            "select customer_id, data->>'from', data->>'to' from event where kind = 'lifecycle_changed' order by id"
        )

    def order(self, customer_id: int, ago: timedelta) -> None:
        with self.platform.database.unit_of_work() as session:
            session.execute(
                text(
                    "insert into customer_order (source, number, customer_id, placed_at, total_fen, recorded_at)"
                    " select 'pos', 'x' || count(*), :who, :at, 100, :at from customer_order"
                ),
                {"who": customer_id, "at": self.platform.clock.now() - ago},
            )
        load_all(self.platform)


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return Shop(platform)


def found(client: TestClient, customer_id: int) -> dict[str, Any]:
    answer = client.get(f"/api/v1/customers/{customer_id}/features")
    assert answer.status_code == 200, answer.text
    return {row["name"]: row for row in answer.json()["features"]}


def test_the_catalogue_names_every_feature(platform: Platform, app_client: Clients) -> None:
    rows = app_client(role="staff").get("/api/v1/insight/features").json()
    assert [row["name"] for row in rows] == list(features())
    (stage,) = [row for row in rows if row["name"] == "lifecycle_stage"]
    assert [choice["value"] for choice in stage["choices"]] == ["introduction", "growth", "maturity", "decline", "lost"]
    assert stage["choices"][0] == {"value": "introduction", "zh": "引入", "en": "Introduction"}
    assert all(row["definition_zh"] and row["definition_en"] and row["source"] for row in rows)
    assert {row["group"] for row in rows} == {"buying", "rhythm", "value", "traits", "attention"}


def test_how_fresh_everybody_is(shop: Shop, app_client: Clients) -> None:
    stand = app_client(role="staff").get("/api/v1/insight/features/stand").json()
    assert (stand["day"], stand["buyers"], stand["rebuilding"]) == ("2026-03-05", 2, False)
    assert stand["as_of"] is not None
    assert stand["behind_seconds"] >= 0
    assert stand["measured_at"] is not None


def test_what_waits_is_said(shop: Shop, app_client: Clients, run_jobs: Callable[[], None]) -> None:
    client = app_client()
    assert client.get("/api/v1/insight/lifetime-value").json()["fitting"] is None
    client.post("/api/v1/insight/lifetime-value/fit").raise_for_status()
    assert client.get("/api/v1/insight/lifetime-value").json()["fitting"] == "waiting"
    run_jobs()
    after = client.get("/api/v1/insight/lifetime-value").json()
    assert (after["fitting"], after["last"]["reason"]["code"]) == (None, "TOO_FEW_CUSTOMERS")
    settings = client.get("/api/v1/insight/features/settings").json()
    client.put("/api/v1/insight/features/settings", json={**settings, "golden_days": 21}).raise_for_status()
    assert client.get("/api/v1/insight/features/stand").json()["rebuilding"] is True


def test_one_customer_in_words(shop: Shop, app_client: Clients) -> None:
    regular, once, never = shop.ids
    rows = found(app_client(), regular)
    assert (rows["orders_90d"]["value"], rows["spent_ever"]["value"], rows["recency_days"]["value"]) == (5, 100_000, 28)
    assert (rows["lifecycle_stage"]["value"], rows["lifecycle_stage"]["label"]) == ("maturity", "成熟")
    assert (rows["favourite_store"]["value"], rows["favourite_store"]["label"]) == (shop.stores[1], "武康店")
    assert (rows["reachable"]["value"], rows["reachable"]["label"]) == (1, "是")
    assert rows["p_alive"]["value"] is None
    assert rows["favourite_hour"]["label"] == f"{rows['favourite_hour']['value']}:00"
    english = found(app_client(language="en"), once)
    assert english["lifecycle_stage"]["label"] == "Growth"
    assert english["recency_days"]["title"] == "Days since the newest order"
    assert found(app_client(), never)["recency_days"]["value"] is None


def test_scope_is_kept(shop: Shop, app_client: Clients) -> None:
    regular, once, _ = shop.ids
    client = app_client(role="store_manager", scope=Scope(kind="store", department_id=shop.stores[1]))
    assert client.get(f"/api/v1/customers/{once}/features").status_code == 200
    refused = client.get(f"/api/v1/customers/{regular}/features")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "CUSTOMER_NOT_FOUND")
    assert client.get("/api/v1/customers/999999/features").status_code == 404


def test_limits_are_settings_audited_and_in_force(
    shop: Shop, app_client: Clients, run_jobs: Callable[[], None]
) -> None:
    client, regular = app_client(), shop.ids[0]
    settings = client.get("/api/v1/insight/features/settings").json()
    assert (settings["decline_from_days"], settings["lost_after_days"], settings["established_purchases"]) == (
        30,
        120,
        4,
    )
    settings["decline_from_days"] = 20
    client.put("/api/v1/insight/features/settings", json=settings).raise_for_status()
    assert found(client, regular)["lifecycle_stage"]["value"] == "decline"
    (entry,) = shop.rows("select detail from audit_entry where action = 'insight.feature.configure'")
    assert entry[0] == {"changed": {"decline_from_days": [30, 20]}}
    run_jobs()
    (row,) = shop.platform.warehouse.query(
        "select lifecycle_stage from customer_wide where id = {id:Int64}", {"id": regular}
    )
    assert row["lifecycle_stage"] == "decline"
    client.put("/api/v1/insight/features/settings", json=settings).raise_for_status()
    assert len(shop.rows("select 1 from audit_entry where action = 'insight.feature.configure'")) == 1
    assert client.put("/api/v1/insight/features/settings", json={**settings, "lost_after_days": 10}).status_code == 422
    assert client.put("/api/v1/insight/features/settings", json={**settings, "unknown": 1}).status_code == 422
    assert app_client(role="store_manager").put("/api/v1/insight/features/settings", json=settings).status_code == 403


def test_a_fit_of_too_little_is_refused_by_name(shop: Shop, app_client: Clients, run_jobs: Callable[[], None]) -> None:
    client = app_client()
    assert client.get("/api/v1/insight/lifetime-value").json()["last"] is None
    assert client.post("/api/v1/insight/lifetime-value/fit").status_code == 202
    run_jobs()
    answer = client.get("/api/v1/insight/lifetime-value").json()
    assert answer["model"] is None
    assert answer["last"]["status"] == "refused"
    assert answer["last"]["reason"]["code"] == "TOO_FEW_CUSTOMERS"
    assert "200" in answer["last"]["reason"]["text"]


def test_a_fit_is_kept_shown_and_used(platform: Platform, app_client: Clients, run_jobs: Callable[[], None]) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(text("insert into customer (name) select 'c' || g from generate_series(1, 600) g"))
        session.execute(
            text(
                "insert into customer_order (source, number, customer_id, placed_at, total_fen, recorded_at)"
                " select 'pos', c || '-' || k, c, cast(:now as timestamptz)"
                "   - make_interval(days => (360 - (c * 37) % 200) - k * (7 + (c * 13) % 50)), 1000 + (c * 97) % 5000, :now"
                " from generate_series(1, 600) c, generate_series(0, 6) k"
                " where k <= (c * 7) % 11 % 6 and (360 - (c * 37) % 200) - k * (7 + (c * 13) % 50) > 0"
            ),
            {"now": NOW},
        )
    load_all(platform)
    client = app_client()
    client.post("/api/v1/insight/lifetime-value/fit").raise_for_status()
    run_jobs()
    answer = client.get("/api/v1/insight/lifetime-value").json()
    assert answer["last"]["status"] == "fitted", answer["last"]
    model, tested = answer["model"], answer["back_test"]
    assert model["customers"] == 600
    assert model["one_time"]["alive"] is None
    assert model["one_time"]["customers"] + model["repeat"]["customers"] == 600
    assert model["repeat"]["customers"] >= LEAST_REPEATS
    assert [row["earlier"] for row in tested["rows"]] == list(range(8))
    assert sum(row["actual"] for row in tested["rows"]) == tested["actual"]
    (row,) = platform.warehouse.query(
        "select countIf(expected_purchases_365d > 0) as n, countIf(p_alive_known) as k from customer_wide"
    )
    assert row["n"] > 500
    assert row["k"] == model["repeat"]["customers"]
    shown = found(client, 1)
    assert shown["expected_purchases_90d"]["value"] > 0
    for role in ("staff", "store_manager"):
        assert app_client(role=role).get("/api/v1/insight/lifetime-value").status_code == 403


def test_a_first_stage_is_no_change_and_a_change_is_told_once(shop: Shop, clock: FixedClock) -> None:
    regular, once, never = shop.ids
    assert tell_stages(shop.platform) == 3
    assert shop.stages() == {regular: "maturity", once: "growth", never: "introduction"}
    assert shop.moved() == []
    assert tell_stages(shop.platform) == 0
    shop.order(never, timedelta(hours=1))
    assert tell_stages(shop.platform) >= 1
    assert shop.moved() == [(never, "introduction", "growth")]
    clock.advance(5 * DAY)  # nothing happens to anybody, but the regular one has been silent for 33 days
    wide.rebuild(shop.platform)
    tell_stages(shop.platform)
    assert shop.moved() == [(never, "introduction", "growth"), (regular, "maturity", "decline")]
    assert shop.stages()[regular] == "decline"
    before = shop.rows("select customer_id, changed_at from customer_stage order by 1")
    wide.rebuild(shop.platform)
    assert tell_stages(shop.platform) == 0
    assert shop.rows("select customer_id, changed_at from customer_stage order by 1") == before


def test_a_death_after_the_commit_tells_nothing_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_stages(shop.platform)
    shop.order(shop.ids[2], timedelta(hours=1))

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shop.platform.warehouse, "insert", die)
        with pytest.raises(KeyboardInterrupt):
            tell_stages(shop.platform)
    assert len(shop.moved()) == 1
    assert tell_stages(shop.platform) >= 1
    assert len(shop.moved()) == 1


def test_who_was_merged_away_has_no_stage(shop: Shop) -> None:
    tell_stages(shop.platform)
    regular, once, _ = shop.ids
    with shop.platform.database.unit_of_work() as session:
        session.execute(text("update customer set merged_into_id = :a where id = :b"), {"a": regular, "b": once})
        session.execute(
            text("update customer_order set customer_id = :a where customer_id = :b"), {"a": regular, "b": once}
        )
    load_all(shop.platform)
    tell_stages(shop.platform)
    assert once not in shop.stages()
    assert tell_stages(shop.platform) == 0


def test_batches_and_ranges_reach_everybody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "RANGE", 2)
    monkeypatch.setattr(stages, "BATCH", 1)
    assert tell_stages(shop.platform) == 3
    assert len(shop.stages()) == 3


def test_features_ask_few_questions(shop: Shop, app_client: Clients, query_count: Any) -> None:
    client = app_client()
    client.get(f"/api/v1/customers/{shop.ids[0]}/features")
    with query_count() as counted:
        client.get(f"/api/v1/customers/{shop.ids[0]}/features")
    assert counted.n <= 14
