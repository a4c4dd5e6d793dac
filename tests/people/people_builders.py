"""A small brand written through the sinks, as the sync would; and callbacks applied as the inbox would."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from wellspring.people.intake import callbacks
from wellspring.people.intake.contacts import customers_sink
from wellspring.people.intake.organisation import departments_sink, follow_users_sink, tags_sink, users_sink
from wellspring.people.models import Customer, Identity, Relationship, StaffMember
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

DEPARTMENTS = [
    (1, "半山集", 0),
    (2, "总部运营", 1),
    (3, "华东", 1),
    (4, "湖滨店", 3),
    (5, "武康店", 3),
    (6, "导购组", 4),
]
STAFF = [("amber", "周巧", 4), ("basil", "陈禾", 6), ("cedar", "许知", 5), ("dill", "总部", 2)]
TAGS = {"来源": ["收银台", "橱窗"], "兴趣": ["香氛", "陶器"]}
APPLY = {
    "add_external_contact": callbacks.apply_add,
    "add_half_external_contact": callbacks.apply_half,
    "edit_external_contact": callbacks.apply_edit,
    "del_external_contact": callbacks.apply_removed,
    "del_follow_user": callbacks.apply_lost,
    "transfer_fail": callbacks.apply_transfer_fail,
    "msg_audit_approved": callbacks.apply_archive_agreed,
    "customer_start_chat": callbacks.apply_chat_started,
}


def tag_id(name: str) -> str:
    return f"et-{name}"


def departments(rows: list[tuple[int, str, int]] = DEPARTMENTS) -> list[wecom.WecomDepartment]:
    return [wecom.WecomDepartment(id=i, name=name, parentid=parent, order=100 - i) for i, name, parent in rows]


def users(rows: list[tuple[str, str, int]] = STAFF) -> list[wecom.WecomUser]:
    return [wecom.WecomUser(userid=u, name=n, department=[d], main_department=d) for u, n, d in rows]


def tag_groups(tags: dict[str, list[str]] = TAGS) -> list[wecom.WecomTagGroup]:
    return [
        wecom.WecomTagGroup(
            group_id=f"eg-{group}", group_name=group, tag=[wecom.WecomTag(id=tag_id(t), name=t) for t in names]
        )
        for group, names in tags.items()
    ]


def organise(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        departments_sink(session, platform, departments())
        users_sink(session, platform, users())
        follow_users_sink(session, platform, ["amber", "basil", "cedar"])
        tags_sink(session, platform, tag_groups())


def item(external: str, userid: str, at: datetime, read_at: datetime | None = None, **more: Any) -> wecom.CustomerItem:
    """`more`: name, unionid of the contact; remark, remark_mobiles, tags (names), state, add_way of the follow info."""
    return wecom.CustomerItem(
        userid,
        wecom.ExternalContact(
            external_userid=external, name=more.get("name", external), unionid=more.get("unionid", "")
        ),
        follow(userid, at, **more),
        read_at or at + timedelta(minutes=1),
    )


def follow(userid: str, at: datetime, **more: Any) -> wecom.FollowInfo:
    return wecom.FollowInfo(
        userid=userid,
        createtime=int(at.timestamp()),
        remark=more.get("remark", ""),
        remark_mobiles=more.get("remark_mobiles", []),
        tag_id=[tag_id(name) for name in more.get("tags", [])],
        state=more.get("state", ""),
        add_way=more.get("add_way", 1),
    )


def sync(platform: Platform, *items: wecom.CustomerItem) -> None:
    with platform.database.unit_of_work() as session:
        customers_sink(session, platform, list(items))


def detail(external: str, *follows: wecom.FollowInfo, name: str = "") -> wecom.CustomerDetail:
    return wecom.CustomerDetail(
        external_contact=wecom.ExternalContact(external_userid=external, name=name or external),
        follow_user=list(follows),
    )


def callback(
    platform: Platform,
    change: str,
    external: str,
    userid: str,
    sent_at: datetime,
    shown: wecom.CustomerDetail | None,
    read_at: datetime | None = None,
    **fields: str,
) -> None:
    with platform.database.unit_of_work() as session:
        context = wecom.EventContext(
            session=session,
            platform=platform,
            fields={"UserID": userid, "ExternalUserID": external, "ChangeType": change, **fields},
            sent_at=sent_at,
            received_at=sent_at,
            read_at=read_at or sent_at + timedelta(seconds=1),
            inbox_id=1,
        )
        APPLY[change](context, shown)


def relationship(platform: Platform, external: str, userid: str) -> Relationship:
    with platform.database.unit_of_work() as session:
        return session.scalars(
            select(Relationship)
            .join(StaffMember, StaffMember.id == Relationship.staff_id)
            .where(StaffMember.userid == userid, Relationship.external_userid == external)
        ).one()


def customer_of(platform: Platform, external: str) -> Customer:
    """The surviving row that holds this external_userid."""
    with platform.database.unit_of_work() as session:
        return session.scalars(
            select(Customer).join(Identity, Identity.customer_id == Customer.id).where(Identity.value_index == external)
        ).one()


def event_kinds(platform: Platform) -> list[str]:
    """Kinds of all events by time of occurrence."""
    with platform.database.unit_of_work() as session:
        return list(session.scalars(text("select kind from event order by occurred_at, kind")))


def picture(platform: Platform, *tables: str) -> dict[str, list[Any]]:
    """Everything in the tables but the transaction ids: to see that nothing changed."""
    found = {}
    with platform.database.unit_of_work() as session:
        for table in tables:
            rows = session.execute(text(f"select to_jsonb(t) - 'changed_xid' from {table} t order by t::text"))
            found[table] = sorted(str(row) for row in rows.scalars())
    return found
