"""Customers over HTTP: search in Chinese, filters, scope, mobiles, export, tags and remarks, merges."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from people_builders import customer_of, item, organise, relationship, sync
from sqlalchemy import select, text

from wellspring.people.models import Department, StaffMember, Tag
from wellspring.people.tagging import remark_settled, tags_settled
from wellspring.platform.auth import Role, Scope
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import WecomOutbox

MakeClient = Callable[..., TestClient]


@pytest.fixture
def at(platform: Platform, clock: FixedClock) -> Callable[[float], datetime]:
    """A small brand: 4 friends over 3 members of staff in 2 stores."""
    organise(platform)
    start = clock.now().replace(microsecond=0)

    def moment(days: float) -> datetime:
        return start + timedelta(days=days)

    sync(
        platform,
        item("wmone0001", "amber", moment(-30), start, name="沈若宁", remark="若宁-老客", tags=["香氛", "收银台"],
             remark_mobiles=["13800136207"], state="window"),
        item("wmone0001", "cedar", moment(-20), start, name="沈若宁"),
        item("wmtwo0002", "basil", moment(-10), start, name="小鹿妈妈", tags=["香氛"], unionid="union-2"),
        item("wmthr0003", "cedar", moment(-5), start, name="Lena Ångström", remark="阿宁"),
        item("wmfou0004", "amber", moment(-1), start, name="林"),
    )  # fmt: skip
    return moment


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def ids(platform: Platform) -> dict[str, int]:
    with platform.database.unit_of_work() as session:
        found = {name: i for i, name in session.execute(select(Department.id, Department.name)).all()}
        found |= {userid: i for i, userid in session.execute(select(StaffMember.id, StaffMember.userid)).all()}
        found |= {name: i for i, name in session.execute(select(Tag.id, Tag.name)).all()}
        return found


SEARCHES: dict[str, list[str]] = {
    "若宁": ["沈若宁"],
    "宁": ["Lena Ångström", "沈若宁"],
    "老客": ["沈若宁"],
    "沈若宁老": [],
    "妈妈": ["小鹿妈妈"],
    "lena": ["Lena Ångström"],
    "LENA ång": ["Lena Ångström"],
    "enal": [],
    "林": ["林"],
    "wmtwo0002": ["小鹿妈妈"],
    "union-2": ["小鹿妈妈"],
    "138 0013 6207": ["沈若宁"],
    "13900000000": [],
    "%": [],
    "没有这个人": [],
}


def test_search(app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client = app_client()
    found = {q: names(client.get("/api/v1/customers", params={"q": q})) for q in SEARCHES}
    assert found == SEARCHES


def test_filters_sort_and_paging(platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client, known = app_client(), ids(platform)

    def found(**params: Any) -> list[str]:
        return names(client.get("/api/v1/customers", params=params))

    assert found() == ["林", "Lena Ångström", "小鹿妈妈", "沈若宁"]
    assert found(sort="first_added_at") == ["沈若宁", "小鹿妈妈", "Lena Ångström", "林"]
    assert found(store_id=known["湖滨店"]) == ["林", "小鹿妈妈", "沈若宁"]
    assert found(staff_id=known["cedar"]) == ["Lena Ångström", "沈若宁"]
    assert found(tag_id=[known["香氛"]]) == ["小鹿妈妈", "沈若宁"]
    assert found(tag_id=[known["香氛"], known["收银台"]]) == ["沈若宁"]
    assert found(state="window") == ["沈若宁"]
    assert found(has_mobile=True) == ["沈若宁"]
    assert found(added_from=at(-11).isoformat(), added_until=at(-4).isoformat()) == ["Lena Ångström", "小鹿妈妈"]
    page = client.get("/api/v1/customers", params={"page": 2, "page_size": 3}).json()
    assert (page["total"], len(page["items"])) == (4, 1)
    assert client.get("/api/v1/customers", params={"sort": "mobile"}).status_code == 422


def test_status_is_the_best_of_the_relationships(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]
) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(text("update relationship set status = 'lost' where external_userid = 'wmone0001'"))
        session.execute(
            text(
                "update relationship set status = 'friend' where external_userid = 'wmone0001'"
                " and staff_id = (select id from staff_member where userid = 'cedar')"
            )
        )
        session.execute(text("update relationship set status = 'lost' where external_userid = 'wmfou0004'"))
    client = app_client()
    assert names(client.get("/api/v1/customers?status=lost")) == ["林"]
    assert "沈若宁" in names(client.get("/api/v1/customers?status=friend"))


def test_the_number_of_queries_does_not_grow(
    platform: Platform,
    app_client: MakeClient,
    at: Callable[[float], datetime],
    query_count: Callable[[], Any],
) -> None:
    for scope in (Scope(), Scope("store", department_id=ids(platform)["湖滨店"])):
        client = app_client(scope=scope)
        with query_count() as counted:
            assert names(client.get("/api/v1/customers"))
        assert counted.n <= 6  # two of them find out who is asking


@pytest.mark.parametrize("kind", ["own", "store", "region", "all", "nothing"])
def test_scope(
    platform: Platform,
    app_client: MakeClient,
    browser_client: MakeClient,
    at: Callable[[float], datetime],
    kind: str,
) -> None:
    known = ids(platform)
    scope, expected = {
        "own": (Scope("own", staff_id=known["cedar"]), {"沈若宁", "Lena Ångström"}),
        "store": (Scope("store", department_id=known["湖滨店"]), {"沈若宁", "小鹿妈妈", "林"}),
        "region": (Scope("region", department_id=known["华东"]), {"沈若宁", "小鹿妈妈", "林", "Lena Ångström"}),
        "all": (Scope(), {"沈若宁", "小鹿妈妈", "林", "Lena Ångström"}),
        "nothing": (Scope("store", department_id=known["总部运营"]), set()),
    }[kind]  # fmt: skip
    # A token is no member of staff: only a person's account can be cut to its own customers.
    client = browser_client(Role.ADMIN, scope) if kind == "own" else app_client(Role.ADMIN, scope)
    assert set(names(client.get("/api/v1/customers"))) == expected
    exported = client.get("/api/v1/customers/export").text
    assert {name for name in ("沈若宁", "小鹿妈妈", "林", "Lena Ångström") if name in exported} == expected
    outside = {customer_of(platform, "wmtwo0002").id, customer_of(platform, "wmthr0003").id}
    for customer_id in outside:
        seen = client.get(f"/api/v1/customers/{customer_id}")
        name = {customer_of(platform, "wmtwo0002").id: "小鹿妈妈"}.get(customer_id, "Lena Ångström")
        assert seen.status_code == (200 if name in expected else 404)
    both = client.get(f"/api/v1/customers/{customer_of(platform, 'wmone0001').id}")
    if kind in ("own", "store"):
        assert len(both.json()["relationships"]) == 1
    assert set(names(client.get("/api/v1/staff"))) == {
        "own": {"许知"}, "store": {"周巧", "陈禾"}, "region": {"周巧", "陈禾", "许知"},
        "all": {"周巧", "陈禾", "许知", "总部"}, "nothing": {"总部"},
    }[kind]  # fmt: skip
    tree = client.get("/api/v1/organisation").json()
    assert tree["friends"] == {"own": 2, "store": 3, "region": 5, "all": 5, "nothing": 0}[kind]
    stores = set(names(client.get("/api/v1/stores")))
    assert stores == {
        "own": {"武康店"}, "store": {"湖滨店"}, "region": {"湖滨店", "武康店"}, "all": {"湖滨店", "武康店"},
        "nothing": set(),
    }[kind]  # fmt: skip


def test_mobiles_are_masked_revealed_by_permission_and_audited(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]
) -> None:
    customer = customer_of(platform, "wmone0001")
    client = app_client()
    page = client.get(f"/api/v1/customers/{customer.id}").json()
    (mobile,) = [identity for identity in page["identities"] if identity["kind"] == "mobile"]
    assert mobile["value"] == "138 •••• 6207"
    url = f"/api/v1/customers/{customer.id}/identities/{mobile['id']}/reveal"
    assert client.post(url).json() == {"value": "+8613800136207"}
    analyst = app_client(Role.ANALYST)
    assert analyst.post(url).status_code == 403
    assert names(analyst.get("/api/v1/customers?q=13800136207")) == []
    assert names(client.get("/api/v1/customers?q=13800136207")) == ["沈若宁"]
    with platform.database.unit_of_work() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert "people.identity.reveal" in actions
        assert actions.count("people.customer.search_mobile") == 1
        for table in session.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all():
            rows = session.scalars(text(f"select t::text from \"{table}\" t where t::text like '%13800136207%'")).all()
            assert rows == [], table


def test_export_as_csv_and_xlsx(platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client = app_client()
    csv = client.get("/api/v1/customers/export", params={"q": "宁"})
    assert csv.text.startswith("\ufeff客户编号,")
    assert len(csv.text.strip().splitlines()) == 3
    assert "138 •••• 6207" in csv.text
    sheet = load_workbook(io.BytesIO(client.get("/api/v1/customers/export?format=xlsx").content)).active
    assert sheet is not None
    assert sheet.max_row == 5
    assert app_client(Role.STAFF).get("/api/v1/customers/export").status_code == 403
    with platform.database.unit_of_work() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "people.customer.export")).all()
        assert [entry.detail["rows"] for entry in entries] == [2, 4]


def test_tags_change_at_once_and_are_put_back_when_refused(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]
) -> None:
    client, known = app_client(), ids(platform)
    customer, row = customer_of(platform, "wmone0001"), relationship(platform, "wmone0001", "amber")
    body = {"relationship_id": row.id, "add": [known["陶器"]], "remove": [known["香氛"]]}
    planned = client.post(f"/api/v1/customers/{customer.id}/tags", json=body).json()

    def tags() -> set[str]:
        groups = client.get(f"/api/v1/customers/{customer.id}").json()["tag_groups"]
        return {tag["name"] for group in groups for tag in group["tags"]}

    assert tags() == {"陶器", "收银台"}
    assert client.post(f"/api/v1/customers/{customer.id}/tags", json=body).json() == {"outbox_id": None}
    # What WeCom still shows meanwhile is old news.
    sync(platform, item("wmone0001", "amber", at(-30), at(1), name="沈若宁", remark="若宁-老客", tags=["香氛"]))
    assert tags() == {"陶器", "收银台"}
    with platform.database.unit_of_work() as session:
        call = session.get_one(WecomOutbox, planned["outbox_id"])
        assert call.payload["add_tag"] == ["et-陶器"]
        call.status, call.error = "refused", "no_such_tag"
        session.flush()
        tags_settled(session, platform, call)
    assert tags() == {"香氛", "收银台"}
    kinds = [e["kind"] for e in client.get(f"/api/v1/customers/{customer.id}/timeline").json()["items"]]
    assert sorted(kinds[:4]) == ["tag_added", "tag_added", "tag_removed", "tag_removed"]
    other = customer_of(platform, "wmtwo0002")
    assert client.post(f"/api/v1/customers/{other.id}/tags", json=body).status_code == 404
    unknown = {"relationship_id": row.id, "add": [99999]}
    assert client.post(f"/api/v1/customers/{customer.id}/tags", json=unknown).status_code == 422


def test_remarks(platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client = app_client()
    customer, row = customer_of(platform, "wmone0001"), relationship(platform, "wmone0001", "amber")
    url = f"/api/v1/customers/{customer.id}/relationships/{row.id}"
    planned = client.patch(url, json={"remark": "爱喝桂花"}).json()
    assert names(client.get("/api/v1/customers?q=桂花")) == ["沈若宁"]
    long = client.patch(url, json={"remark": "一" * 21})
    assert long.json()["error"]["fields"] == {"remark": "备注最多 20 个字。"}
    with platform.database.unit_of_work() as session:
        call = session.get_one(WecomOutbox, planned["outbox_id"])
        assert set(call.payload) == {"userid", "external_userid", "remark"}
        call.status = "refused"
        session.flush()
        remark_settled(session, platform, call)
    assert relationship(platform, "wmone0001", "amber").remark == "若宁-老客"
    assert names(client.get("/api/v1/customers?q=桂花")) == []


def test_timeline_pages_and_kinds(platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client, customer = app_client(), customer_of(platform, "wmone0001")
    url = f"/api/v1/customers/{customer.id}/timeline"
    first = client.get(url, params={"limit": 1}).json()
    second = client.get(url, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [first["items"][0]["staff_name"], second["items"][0]["staff_name"]] == ["许知", "周巧"]
    assert second["next_cursor"] is None
    assert client.get(url, params={"kind": ["order_placed"]}).json()["items"] == []
    assert client.get(url, params={"cursor": "x"}).status_code == 422


def test_merge_by_hand_with_preview_and_undo(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]
) -> None:
    client = app_client()
    older, newer = customer_of(platform, "wmone0001").id, customer_of(platform, "wmtwo0002").id
    preview = client.get("/api/v1/customers/merges/preview", params={"one": newer, "other": older}).json()
    assert (preview["survivor"]["id"], preview["absorbed"]["id"]) == (older, newer)
    assert preview["absorbed"]["rows"]["identity"] == 2
    merged = client.post("/api/v1/customers/merges", json={"customer_ids": [newer, older]}).json()
    assert merged["id"] == older
    assert len(merged["relationships"]) == 3
    assert client.get(f"/api/v1/customers/{newer}").json()["id"] == older
    assert len(names(client.get("/api/v1/customers"))) == 3
    again = client.post("/api/v1/customers/merges", json={"customer_ids": [newer, older]})
    assert again.json()["error"]["code"] == "merge_same_person"
    (noted,) = merged["merges"]
    apart = client.post(f"/api/v1/customers/merges/{noted['id']}/undo").json()
    assert apart["id"] == newer
    assert [r["external_userid"] for r in apart["relationships"]] == ["wmtwo0002"]
    assert client.post(f"/api/v1/customers/merges/{noted['id']}/undo").status_code == 409
    preview = client.get("/api/v1/customers/merges/preview", params={"one": newer, "other": older}).json()
    assert preview["declared_split"] is True
    assert app_client(Role.STAFF).post("/api/v1/customers/merges", json={"customer_ids": [1, 2]}).status_code == 403


def test_identities_are_linked_in_batches(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]
) -> None:
    client = app_client(Role.INTEGRATOR)
    links = [
        {
            "find": {"kind": "external_userid", "value": "wmone0001"},
            "add": {"kind": "buyer_id", "source": "pos", "value": "B1"},
        },
        {"find": {"kind": "buyer_id", "source": "pos", "value": "B1"}, "add": {"kind": "member_number", "value": "0018 4271"}},
        {"find": {"kind": "buyer_id", "source": "pos", "value": "?"}, "add": {"kind": "buyer_id", "source": "x", "value": "1"}},
    ]  # fmt: skip
    outcomes = [result["outcome"] for result in client.post("/api/v1/identities", json=links).json()]
    assert outcomes == ["linked", "linked", "not_found"]
    outcomes = [result["outcome"] for result in client.post("/api/v1/identities", json=links).json()]
    assert outcomes == ["already", "already", "not_found"]
    assert names(app_client().get("/api/v1/customers", params={"q": "4271"})) == ["沈若宁"]


def test_store_settings(platform: Platform, app_client: MakeClient, at: Callable[[float], datetime]) -> None:
    client, known = app_client(), ids(platform)
    url = f"/api/v1/organisation/departments/{known['湖滨店']}"
    changed = client.patch(url, json={"code": "HB01", "city": "杭州", "latitude": 30.25, "longitude": 120.16})
    store = next(d for d in changed.json()["departments"] if d["name"] == "湖滨店")
    assert (store["store"]["code"], store["staff"], store["friends"]) == ("HB01", 2, 3)
    taken = client.patch(f"/api/v1/organisation/departments/{known['武康店']}", json={"code": "HB01"})
    assert taken.json()["error"]["code"] == "store_code_taken"
    no_store = client.patch(f"/api/v1/organisation/departments/{known['总部运营']}", json={"city": "杭州"})
    assert no_store.status_code == 422
    client.patch(url, json={"kind": "department"})
    assert relationship(platform, "wmone0001", "amber").staff_id == known["amber"]
    assert [row["store_name"] for row in client.get("/api/v1/staff?q=周巧").json()["items"]] == [None]
    assert app_client(Role.STORE_MANAGER).patch(url, json={"city": "x"}).status_code == 403


def test_the_warehouse_follows(
    platform: Platform, app_client: MakeClient, at: Callable[[float], datetime], load_warehouse: Callable[[], int]
) -> None:
    load_warehouse()
    known = ids(platform)
    rows = platform.warehouse.query("select store_id, count() as n from relationships final group by store_id")
    assert {row["store_id"]: row["n"] for row in rows} == {known["湖滨店"]: 3, known["武康店"]: 2}
    assert platform.warehouse.scalar("select sum(has_mobile) from customers final") == 1
    assert platform.warehouse.scalar("select count() from relationship_tags final") == 3
    assert platform.warehouse.scalar("select count() from events final where kind = 'friend_added'") == 5
    app_client().patch(f"/api/v1/organisation/departments/{known['湖滨店']}", json={"kind": "department"})
    app_client().post(
        "/api/v1/customers/merges",
        json={"customer_ids": [customer_of(platform, "wmone0001").id, customer_of(platform, "wmtwo0002").id]},
    )
    load_warehouse()
    assert platform.warehouse.scalar("select count() from relationships final where store_id = 0") == 3
    assert platform.warehouse.scalar("select count() from customers final where merged_into_id = 0") == 3
    assert platform.warehouse.scalar("select uniqExact(customer_id) from relationships final") == 3
