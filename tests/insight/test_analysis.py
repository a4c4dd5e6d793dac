"""Analyses of a small world, computed by hand; who may see them, and whose customers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from segments_world import NOW, World, orders, tree
from wellspring.acquisition.models import Channel, LiveCode
from wellspring.people.models import Customer, Event
from wellspring.platform import company_settings
from wellspring.platform.auth import Scope
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.company_settings import CompanySettings
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all

Clients = Callable[..., TestClient]
URL = "/api/v1/insight/analysis"
DAY = timedelta(days=1)


class Brand(World):
    """Friendships with their events, as the intake writes them."""

    def joined(
        self, name: str, staff: int, *, added: datetime, ended: datetime | None = None, state: str = "", way: int = 1
    ) -> Customer:
        customer = self.customer(name, first_added_at=added)
        status = "lost" if ended else "friend"
        self.friend(customer, staff, at=added, status=status, ended_at=ended, state=state, add_way=way)
        self._event(customer, "friend_added", staff, added, {"state": state, "add_way": way})
        if ended:
            self._event(customer, "friend_lost", staff, ended, {})
        return customer

    def _event(self, customer: Customer, kind: str, staff: int, at: datetime, data: dict[str, Any]) -> None:
        number = self.session.query(Event).count()
        self._add(
            Event(
                customer_id=customer.id, kind=kind, occurred_at=at, recorded_at=at, source="wecom",
                idempotency_key=f"e{number}", staff_id=self.staff[staff].id, data=data,
            )
        )  # fmt: skip


@pytest.fixture
def brand(platform: Platform) -> Brand:
    """Thursday 5 March 2026. Store one: Anna (two orders since her add), Bo (left after 3 days), Chen (one order before
    and none after the add). Store two: Dora (three orders), Ed (added yesterday), Fan (never added, one order)."""
    with platform.database.unit_of_work() as session:
        made = Brand(session)
        channel = made._add(Channel(name="橱窗"))
        made._add(LiveCode(name="湖滨收银台", channel_id=channel.id, state="lc_a"))
        anna = made.joined("安", 0, added=NOW - 60 * DAY, state="lc_a")
        made.joined("博", 0, added=NOW - 50 * DAY, ended=NOW - 47 * DAY, state="lc_a")
        chen = made.joined("陈", 1, added=NOW - 40 * DAY, way=3)
        dora = made.joined("朵", 2, added=NOW - 70 * DAY, state="other")
        ed = made.joined("二", 3, added=NOW - DAY)
        fan = made.customer("凡")
        for back in (55, 20):
            made.order(anna, fen=10_000, at=NOW - back * DAY, store=0)
        made.order(chen, fen=5_000, at=NOW - 45 * DAY)
        for back in (69, 69, 10):
            made.order(dora, fen=20_000, at=NOW - back * DAY, store=1)
        made.order(fan, fen=700, at=NOW - 3 * DAY)
        made.order(None, fen=99_999)
        made.order(ed, fen=1, at=NOW + DAY)
        made.ids = {"anna": anna.id, "dora": dora.id, "fan": fan.id}  # type: ignore[attr-defined]
    load_all(platform)
    return made


def found(client: TestClient, name: str, **asked: Any) -> Any:
    answer = client.get(f"{URL}/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["found"]


def in_store(brand: Brand, app_client: Clients, store: int, role: str = "store_manager") -> TestClient:
    return app_client(role=role, scope=Scope(kind="store", department_id=brand.stores[store].id))


def test_the_funnel_counts_who_took_every_step(brand: Brand, app_client: Clients) -> None:
    funnel = found(app_client(), "funnel")
    assert [(step["metric"], step["customers"]) for step in funnel["steps"]] == [
        ("added", 4), ("still_friends", 3), ("first_orders", 2), ("second_orders", 2), ("third_orders", 1),
    ]  # fmt: skip
    assert funnel["too_recent"] == 1, "who came yesterday can't have stayed a week"
    assert [step["of_first"] for step in funnel["steps"]] == [1, 0.75, 0.5, 0.5, 0.25]
    assert [step["of_before"] for step in funnel["steps"]] == [None, 0.75, 2 / 3, 1, 0.5]
    three_days = found(app_client(), "funnel", days=2)
    assert three_days["steps"][1]["customers"] == 4, "after two days nobody had left"
    lately = found(app_client(), "funnel", since="2026-01-20")
    assert lately["steps"][0]["customers"] == 1


def test_the_funnel_breaks_down_by_where_people_came_from(brand: Brand, app_client: Clients) -> None:
    client = app_client()
    by_state = {one["name"] or one["key"]: one["steps"] for one in found(client, "funnel", breakdown="state")["groups"]}
    assert {name: [step["customers"] for step in steps] for name, steps in by_state.items()} == {
        "湖滨收银台": [2, 1, 1, 1, 0], "没有渠道标记": [1, 1, 0, 0, 0], "other": [1, 1, 1, 1, 1],
    }  # fmt: skip
    by_store = found(client, "funnel", breakdown="store")["groups"]
    assert [(one["name"], one["steps"][0]["customers"]) for one in by_store] == [("湖滨店", 3), ("武康店", 1)]
    by_way = found(client, "funnel", breakdown="add_way")["groups"]
    assert {one["name"]: one["steps"][0]["customers"] for one in by_way} == {"扫描二维码": 3, "名片分享": 1}


def test_analyses_stay_in_the_scope(brand: Brand, app_client: Clients) -> None:
    first, second = in_store(brand, app_client, 0), in_store(brand, app_client, 1)
    everybody = app_client()
    for name, read in {
        "funnel": lambda one: one["steps"][0]["customers"] + one["too_recent"],
        "retention": lambda one: sum(cohort["size"] for cohort in one["cohorts"]),
        "repurchase": lambda one: one["buyers"],
        "rfm": lambda one: one["buyers"],
        "quadrant": lambda one: one["buyers"],
        "lifecycle": lambda one: sum(stage["after"] for stage in one["stages"]),
    }.items():
        whole, one, two = (read(found(client, name)) for client in (everybody, first, second))
        outside = {"funnel": 0, "retention": 1, "repurchase": 1, "rfm": 1, "quadrant": 1, "lifecycle": 1}[name]
        assert whole == one + two + outside, name
        assert one, name
        assert two, name
    assert found(second, "distribution", field="orders_ever")["customers"] == 2
    nobody = app_client(role="store_manager", scope=Scope(kind="store", department_id=None))
    assert found(nobody, "repurchase")["buyers"] == 0
    assert found(nobody, "distribution", field="orders_ever")["customers"] == 0


def test_a_segment_restricts_people(brand: Brand, app_client: Clients) -> None:
    client = app_client()
    body = {"name": "买过两单", "definition": tree(orders("count", ">=", 2))}
    segment = client.post("/api/v1/segments", json=body).json()["id"]
    assert [step["customers"] for step in found(client, "funnel", segment_id=segment)["steps"]] == [2, 2, 2, 2, 1]
    assert found(client, "repurchase", segment_id=segment)["repurchase_rate"] == 1
    assert found(client, "rfm", segment_id=segment)["buyers"] == 2
    mine = in_store(brand, app_client, 0)
    assert found(mine, "repurchase", segment_id=segment)["buyers"] == 1
    assert client.get(f"{URL}/rfm", params={"segment_id": 999}).status_code == 404


def test_retention_by_add_and_by_order(brand: Brand, app_client: Clients) -> None:
    by_add = found(app_client(), "retention", by="add", periods=4)
    sizes = {one["begins"]: one["size"] for one in by_add["cohorts"]}
    assert sizes == {"2025-12-01": 1, "2026-01-01": 3, "2026-02-01": 0, "2026-03-01": 1}
    january = next(one for one in by_add["cohorts"] if one["begins"] == "2026-01-01")
    assert [(cell["customers"], cell["complete"]) for cell in january["cells"]] == [(2, True), (2, True), (2, False)]
    by_order = found(app_client(), "retention", by="order", periods=4)
    december = by_order["cohorts"][0]
    assert (december["size"], [cell["customers"] for cell in december["cells"]]) == (1, [1, 0, 1, 0])
    assert by_order["average"][0] == {"after": 0, "customers": 3, "size": 3, "share": 1}
    assert found(app_client(), "retention", by="order", period="week")["cohorts"][-1]["begins"] == "2026-03-02"


def test_a_month_in_which_nobody_came_has_no_cells(platform: Platform, app_client: Clients) -> None:
    for name in ("retention", "repurchase", "funnel", "rfm", "quadrant", "lifecycle"):
        assert found(app_client(), name)
    assert found(app_client(), "distribution", field="spent_ever")["bins"] == []
    assert all(one["cells"] == [] for one in found(app_client(), "retention")["cohorts"])
    assert found(app_client(), "repurchase")["repurchase_rate"] is None


def test_overlap_counts_each_combination_once(brand: Brand, app_client: Clients) -> None:
    client = app_client()

    def segment(name: str, *leaves: dict[str, Any]) -> int:
        return int(client.post("/api/v1/segments", json={"name": name, "definition": tree(*leaves)}).json()["id"])

    bought = segment("买过", orders("count", ">=", 1))
    friends = segment("好友", {"kind": "relationship", "statuses": ["friend"]})
    big = segment("花得多", orders("sum", ">=", 15_000))
    answer = found(client, "overlap", ids=[bought, friends, big])
    parts = {tuple(one["inside"]): one["customers"] for one in answer["combinations"]}
    assert {key: n for key, n in parts.items() if n} == {
        (bought, friends, big): 2, (bought, friends): 1, (bought,): 1, (friends,): 1,
    }  # fmt: skip
    assert [one["customers"] for one in answer["segments"]] == [4, 4, 2]
    assert (answer["anywhere"], answer["everywhere"]) == (5, 2)
    mine = found(in_store(brand, app_client, 0), "overlap", ids=[bought, friends])
    assert {tuple(one["inside"]): one["customers"] for one in mine["combinations"]}[(bought, friends)] == 2
    assert client.get(f"{URL}/overlap", params={"ids": [bought]}).status_code == 422
    assert client.get(f"{URL}/overlap", params={"ids": [bought, bought]}).status_code == 422


def test_spread_of_features(brand: Brand, app_client: Clients) -> None:
    client = app_client()
    rfm = found(client, "rfm")
    assert (rfm["buyers"], rfm["never"], rfm["net_spend"]) == (4, 2, 85_700)
    assert sum(one["customers"] for one in rfm["groups"]) == sum(one["customers"] for one in rfm["cells"]) == 4
    quadrant = found(client, "quadrant")
    assert (quadrant["buyers"], quadrant["idle"], quadrant["not_drawn"]) == (4, 2, 0)
    assert sum(one["customers"] for one in quadrant["cells"]) == 4
    ordered = found(client, "distribution", field="orders_ever")
    assert [(one["low"], one["customers"]) for one in ordered["bins"]] == [(0, 2), (1, 2), (2, 1), (3, 1)]
    assert next(one["value"] for one in ordered["quantiles"] if one["level"] == 0.5) == 1
    average = found(client, "distribution", field="average_order_fen")
    assert (average["customers"], average["with_value"]) == (6, 4), "who never bought has no average, not 0"
    stages = found(client, "distribution", field="lifecycle_stage")["values"]
    assert {one["title"] for one in stages} == {"引入", "成长"}
    names = [one["name"] for one in client.get(f"{URL}/distribution/fields").json()]
    assert {"orders_ever", "spent_365d", "lifecycle_stage", "favourite_store"} <= set(names)
    for name in names:
        assert found(client, "distribution", field=name)["customers"] == 6, name


HOSTILE = ["id", "customer_id", "1 or 1", "orders_ever) from customers --", "{zone:String}", "x'"]


@pytest.mark.parametrize("field", HOSTILE)
def test_only_registered_fields_become_columns(brand: Brand, app_client: Clients, field: str) -> None:
    answer = app_client().get(f"{URL}/distribution", params={"field": field})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize("value", ["'", "2026-13", "2026-03-05'; drop table customers", "{now:Int64}"])
def test_hostile_values_are_refused(brand: Brand, app_client: Clients, value: str) -> None:
    client = app_client()
    for name, parameter in (
        ("retention", "by"), ("retention", "until"), ("funnel", "breakdown"), ("funnel", "since"), ("repurchase", "days"),
        ("lifecycle", "earlier"), ("overlap", "ids"), ("rfm", "segment_id"),
    ):  # fmt: skip
        assert client.get(f"{URL}/{name}", params={parameter: value}).status_code == 422, (name, parameter)


def test_files_say_what_their_figures_mean(brand: Brand, app_client: Clients, platform: Platform) -> None:
    client = app_client()
    text = client.get(f"{URL}/funnel/export", params={"breakdown": "store"}).text
    lines = text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("分组,被添加,满几天还是好友,加后第一单")
    assert lines[1].startswith("湖滨店,3,2,1,1,0")
    assert any(line.startswith("被添加,第一次被添加落在窗口里") for line in lines)
    english = app_client(language="en").get(f"{URL}/rfm/export").text
    assert "Net spend (yuan)" in english.splitlines()[0]
    with platform.database.unit_of_work() as session:
        company_settings.write(session, CompanySettings(currency="SGD"))
    for language in ("zh", "en"):
        assert "(SGD)" in app_client(language=language).get(f"{URL}/rfm/export").text.splitlines()[0]
    for name in ("retention", "repurchase", "rfm", "quadrant", "lifecycle"):
        answer = client.get(f"{URL}/{name}/export", params={"format": "xlsx"})
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"
    client.get(f"{URL}/distribution/export", params={"field": "orders_ever"}).raise_for_status()
    with platform.database.unit_of_work() as session:
        kept = session.scalars(
            select(AuditEntry.object_id).where(AuditEntry.action == "insight.analysis.export").order_by(AuditEntry.id)
        ).all()
    assert list(kept) == [
        "funnel", "rfm", "rfm", "rfm", "retention", "repurchase", "rfm", "quadrant", "lifecycle", "distribution-orders_ever",
    ]  # fmt: skip


def test_who_may_look(brand: Brand, app_client: Clients) -> None:
    for role, status in (("analyst", 200), ("owner", 200), ("store_manager", 200), ("staff", 403), ("integrator", 403)):
        assert app_client(role=role).get(f"{URL}/rfm").status_code == status
        assert app_client(role=role).get("/api/v1/insight/metrics").status_code == status


def test_every_figure_is_defined(brand: Brand, app_client: Clients) -> None:
    known = app_client().get("/api/v1/insight/metrics").json()
    assert len({one["name"] for one in known}) == len(known) >= 30
    for one in known:
        assert all(one[key] for key in ("title_zh", "title_en", "definition_zh", "definition_en", "formula", "source"))
    assert {"repurchase_rate", "true_reach", "sales", "order_retention"} <= {one["name"] for one in known}
