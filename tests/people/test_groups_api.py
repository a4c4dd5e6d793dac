"""Customer groups over HTTP: list with filters and scope, page, members, the customer's own groups, export."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from people_builders import item, organise, sync
from sqlalchemy import select

from wellspring.people.groups.intake import dismiss_group, take_groups
from wellspring.people.models import Department, GroupChat, StaffMember
from wellspring.platform.auth import Role, Scope
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.checking import verify
from wellspring.wecom import facade as wecom

MakeClient = Callable[..., TestClient]


def member(userid: str, at: datetime, **more: Any) -> wecom.WecomGroupMember:
    external = userid.startswith("wm")
    return wecom.WecomGroupMember(userid=userid, type=2 if external else 1, join_time=int(at.timestamp()), **more)


def group(chat_id: str, name: str, owner: str, at: datetime, *members: wecom.WecomGroupMember) -> wecom.WecomGroup:
    everybody = [member(owner, at), *members]
    return wecom.WecomGroup(
        chat_id=chat_id, name=name, owner=owner, create_time=int(at.timestamp()), member_list=everybody,
        member_version="v1", notice="周三会员日",
    )  # fmt: skip


def take(platform: Platform, read_at: datetime, *groups: wecom.WecomGroup, status: int | None = 0) -> None:
    with platform.database.unit_of_work() as session:
        take_groups(session, platform, [wecom.GroupItem(g.chat_id, status, g, read_at) for g in groups])


@pytest.fixture
def at(platform: Platform, clock: FixedClock) -> Callable[[float], datetime]:
    """Two stores, three groups: 湖滨老友 (amber: one friend, one stranger, colleague basil), 武康福利 (cedar), and one that was
    dismissed."""
    organise(platform)
    start = clock.now().replace(microsecond=0)

    def moment(days: float) -> datetime:
        return start + timedelta(days=days)

    sync(platform, item("wm1", "amber", moment(-90), start, name="沈若宁"))
    sync(platform, item("wm2", "cedar", moment(-80), start, name="Lena"))
    take(
        platform,
        start,
        group(
            "wr1", "湖滨老友", "amber", moment(-60),
            member("basil", moment(-50)),
            member("wm1", moment(-40), join_scene=1, invitor={"userid": "amber"}, group_nickname="若宁"),
            member("wm9", moment(-3), join_scene=3, state="window", name="路人甲"),
        ),
        group("wr2", "武康福利", "cedar", moment(-20), member("wm2", moment(-20), join_scene=2), member("wm1", moment(-9))),
        group("wr3", "旧群", "amber", moment(-70), member("wm1", moment(-70))),
    )  # fmt: skip
    with platform.database.unit_of_work() as session:
        dismiss_group(session, "wr3", at=moment(-10), read_at=start)
    return moment


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def ids(platform: Platform) -> dict[str, int]:
    with platform.database.unit_of_work() as session:
        found = {name: i for i, name in session.execute(select(Department.id, Department.name)).all()}
        found |= {userid: i for i, userid in session.execute(select(StaffMember.id, StaffMember.userid)).all()}
        found |= {chat_id: i for i, chat_id in session.execute(select(GroupChat.id, GroupChat.chat_id)).all()}
        return found


def test_the_list_searches_filters_and_sorts(
    platform: Platform, at: Callable[[float], datetime], app_client: MakeClient, query_count: Callable[[], Any]
) -> None:
    client, known = app_client(), ids(platform)

    def listed(**asked: Any) -> list[str]:
        return names(client.get("/api/v1/groups", params=asked))

    assert listed() == ["武康福利", "湖滨老友"]
    assert listed(sort="member_count") == ["武康福利", "湖滨老友"]
    assert listed(sort="-member_count") == ["湖滨老友", "武康福利"]
    assert listed(q="老友") == ["湖滨老友"]
    assert listed(q="wr2") == ["武康福利"]
    assert listed(q="100%") == []
    assert listed(status="dismissed") == ["旧群"]
    assert listed(status="owner_left") == []
    assert listed(owner_id=known["cedar"]) == ["武康福利"]
    assert listed(store_id=known["华东"]) == ["武康福利", "湖滨老友"]
    assert listed(store_id=known["湖滨店"]) == ["湖滨老友"]
    assert listed(ids=[known["wr1"], known["wr3"]]) == ["湖滨老友", "旧群"]
    assert client.get("/api/v1/groups", params={"sort": "notice"}).status_code == 422
    with query_count() as counted:
        (row,) = client.get("/api/v1/groups", params={"q": "老友"}).json()["items"]
    assert counted.n <= 6
    assert (row["owner_name"], row["store_name"], row["member_count"], row["customer_count"]) == (
        "周巧",
        "湖滨店",
        4,
        2,
    )
    take(platform, at(1), group("wr2", "武康福利", "cedar", at(-20)), status=1)
    assert listed(status="owner_left") == ["武康福利"]


def test_the_page_and_its_members(
    platform: Platform, at: Callable[[float], datetime], app_client: MakeClient, query_count: Callable[[], Any]
) -> None:
    client, known = app_client(), ids(platform)
    page = client.get(f"/api/v1/groups/{known['wr1']}").json()
    assert (page["friends"], page["joined_30_days"], page["left_30_days"]) == (1, 1, 0)
    assert page["notice"] == "周三会员日"
    address = f"/api/v1/groups/{known['wr1']}/members"
    with query_count() as counted:
        rows = client.get(address).json()["items"]
    assert counted.n <= 7
    assert [(row["kind"], row["name"], row["friend"], row["join_scene"]) for row in rows] == [
        ("staff", "陈禾", False, "unknown"),
        ("staff", "周巧", False, "unknown"),
        ("customer", "路人甲", False, "qr"),
        ("customer", "沈若宁", True, "invited"),
    ]
    assert (rows[3]["invitor_name"], rows[3]["group_nickname"], rows[2]["state"]) == ("周巧", "若宁", "window")
    assert [row["name"] for row in client.get(address, params={"kind": "customer", "q": "若"}).json()["items"]] == [
        "沈若宁"
    ]
    take(platform, at(0.1), group("wr1", "湖滨老友", "amber", at(-60), member("wm1", at(-40), join_scene=1)))
    assert [row["name"] for row in client.get(address, params={"left": True}).json()["items"]] == ["陈禾", "路人甲"]
    assert client.get("/api/v1/groups/99").status_code == 404


def test_a_customer_shows_the_groups_they_are_and_were_in(
    platform: Platform, at: Callable[[float], datetime], app_client: MakeClient
) -> None:
    client = app_client()
    (row,) = client.get("/api/v1/customers", params={"q": "wm1"}).json()["items"]
    page = client.get(f"/api/v1/customers/{row['id']}").json()
    assert [(one["name"], one["status"], one["left_at"] is None) for one in page["groups"]] == [
        ("武康福利", "normal", True),
        ("湖滨老友", "normal", True),
        ("旧群", "dismissed", False),
    ]
    timeline = client.get(f"/api/v1/customers/{row['id']}/timeline", params={"kind": ["group_joined", "group_left"]})
    assert [(one["kind"], one["data"]["group"], one["data"]["scene"]) for one in timeline.json()["items"]] == [
        ("group_joined", "武康福利", "unknown"),
        ("group_left", "旧群", "dismissed"),
        ("group_joined", "湖滨老友", "invited"),
        ("group_joined", "旧群", "unknown"),
    ]


def test_a_store_manager_sees_the_groups_of_their_store_only(
    platform: Platform, at: Callable[[float], datetime], app_client: MakeClient
) -> None:
    known = ids(platform)
    manager = app_client(Role.STORE_MANAGER, Scope("store", department_id=known["湖滨店"]))
    assert names(manager.get("/api/v1/groups")) == ["湖滨老友"]
    assert names(manager.get("/api/v1/groups", params={"store_id": known["武康店"]})) == []
    assert manager.get(f"/api/v1/groups/{known['wr2']}").status_code == 404
    assert manager.get(f"/api/v1/groups/{known['wr2']}/members").status_code == 404
    rows = manager.get(f"/api/v1/groups/{known['wr1']}/members", params={"kind": "customer"}).json()["items"]
    reachable = {row["name"]: row["customer_id"] is not None for row in rows}
    assert reachable == {"路人甲": False, "沈若宁": True}, (
        "a stranger is seen in the group, and has no page for the store"
    )
    (row,) = manager.get("/api/v1/customers", params={"q": "wm1"}).json()["items"]
    groups = manager.get(f"/api/v1/customers/{row['id']}").json()["groups"]
    assert [one["name"] for one in groups] == ["湖滨老友", "旧群"]
    lines = manager.get("/api/v1/groups/export").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2


def test_the_list_is_exported_and_noted(
    platform: Platform, at: Callable[[float], datetime], app_client: MakeClient
) -> None:
    answer = app_client().get("/api/v1/groups/export", params={"format": "xlsx", "q": "福利"})
    rows = list(load_workbook(io.BytesIO(answer.content), read_only=True).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][:5] == ("群编号", "群名", "群主", "门店", "状态")
    assert rows[1][1:7] == ("武康福利", "许知", "武康店", "正常", 3, 2)
    with platform.database.unit_of_work() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "people.group.export"))
        assert (entry.detail["rows"], entry.detail["searched"]) == (1, True)
    assert app_client(Role.STAFF, Scope("own", staff_id=1)).get("/api/v1/groups/export").status_code == 403


def test_the_warehouse_has_the_memberships_of_customers(platform: Platform, at: Callable[[float], datetime]) -> None:
    (check,) = [one for one in verify(platform) if one.table == "group_members"]
    assert check.agrees
    assert check.in_warehouse == 5
