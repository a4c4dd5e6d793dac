"""Departments, staff and tags as WeCom shows them. What an operator set is never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

STAFF_STATUS = {1: "active", 2: "disabled", 4: "inactive", 5: "left"}
STORE_SUFFIX = "店"

_DEPARTMENTS = text(
    """
    insert into department (wecom_id, name, position)
    select f.wecom_id, coalesce(nullif(f.name, ''), '部门 ' || f.wecom_id), f.position
    from unnest(cast(:ids as bigint[]), cast(:names as text[]), cast(:positions as bigint[]))
         as f (wecom_id, name, position)
    on conflict (wecom_id) do update set position = excluded.position, deleted_at = null,
      name = case when excluded.name = '部门 ' || excluded.wecom_id then department.name else excluded.name end
    """
)
_PARENTS = text(
    """
    update department d set parent_id = p.id
    from unnest(cast(:ids as bigint[]), cast(:parents as bigint[])) as f (wecom_id, parent)
    left join department p on p.wecom_id = f.parent and f.parent <> f.wecom_id
    where d.wecom_id = f.wecom_id and d.parent_id is distinct from p.id
    """
)
_VANISHED = text(
    "update department set deleted_at = :now"
    " where wecom_id is not null and wecom_id <> all(:ids) and deleted_at is null"
)


def departments_sink(session: Session, platform: Platform, items: Sequence[wecom.WecomDepartment]) -> None:
    """All departments in one batch; those that are missing are gone."""
    if not items:
        return
    ids = [item.id for item in items]
    session.execute(_DEPARTMENTS, {"ids": ids, "names": [i.name for i in items], "positions": [i.order for i in items]})
    session.execute(_PARENTS, {"ids": ids, "parents": [item.parentid for item in items]})
    session.execute(_VANISHED, {"ids": ids, "now": platform.clock.now()})
    settle_organisation(session)


_PATHS = text(
    """
    with recursive tree as (
      select id, '/' || id || '/' as path from department where parent_id is null
      union all
      select d.id, t.path || d.id || '/' from department d join tree t on d.parent_id = t.id
    )
    update department d set path = t.path from tree t where t.id = d.id and d.path <> t.path
    """
)
_KINDS = text(
    """
    with judged as (
      select d.id, case
        when d.name like '%' || :suffix then 'store'
        when d.parent_id is not null and exists (
          select 1 from department s where s.path like d.path || '%' and s.id <> d.id and s.deleted_at is null
            and (s.kind_chosen and s.kind = 'store' or not s.kind_chosen and s.name like '%' || :suffix)) then 'region'
        else 'department' end as kind
      from department d where not d.kind_chosen
    )
    update department d set kind = j.kind from judged j where j.id = d.id and d.kind <> j.kind
    """
)
_STORES = text(
    """
    insert into store (department_id, code)
    select d.id, 'D' || d.id || case when exists (select 1 from store o where o.code = 'D' || d.id) then '-2' else '' end
    from department d where d.kind = 'store' and not exists (select 1 from store s where s.department_id = d.id)
    """
)
_STORE_OF_STAFF = text(
    """
    with nearest as (
      select s.id, (
        select a.id from department d join department a on d.path like a.path || '%'
        where d.id = s.department_id and a.kind = 'store' and a.deleted_at is null
        order by length(a.path) desc limit 1) as store_id
      from staff_member s
    )
    update staff_member s set store_id = n.store_id from nearest n
    where n.id = s.id and s.store_id is distinct from n.store_id
    returning s.id
    """
)


def settle_organisation(session: Session) -> None:
    """Work out what hangs on the tree: paths, kinds not chosen by an operator, stores, the store of each member.
    Relationships of members who moved are touched: their store is part of what the warehouse keeps of them."""
    session.execute(_PATHS)
    session.execute(_KINDS, {"suffix": STORE_SUFFIX})
    session.execute(_STORES)
    moved = session.scalars(_STORE_OF_STAFF).all()
    if moved:
        session.execute(text("update relationship set status = status where staff_id = any(:ids)"), {"ids": moved})


_STAFF = text(
    """
    insert into staff_member (userid, name, alias, avatar_url, position, status, department_id, left_at, synced_at)
    select f.userid, f.name, f.alias, f.avatar, f.position, f.status, d.id,
           case when f.status = 'left' then :now end, :now
    from unnest(cast(:userids as text[]), cast(:names as text[]), cast(:aliases as text[]), cast(:avatars as text[]),
                cast(:positions as text[]), cast(:statuses as text[]), cast(:departments as bigint[]))
         as f (userid, name, alias, avatar, position, status, department)
    left join department d on d.wecom_id = f.department
    order by f.userid
    on conflict (userid) do update set
      name = case when excluded.name = excluded.userid then staff_member.name else excluded.name end,
      alias = excluded.alias, avatar_url = excluded.avatar_url, status = excluded.status,
      position = coalesce(nullif(excluded.position, ''), staff_member.position),
      department_id = coalesce(excluded.department_id, staff_member.department_id),
      left_at = case when excluded.status = 'left' then coalesce(staff_member.left_at, excluded.left_at) end,
      synced_at = excluded.synced_at
    """
)
_STAFF_DEPARTMENTS = text(
    """
    insert into staff_department (staff_id, department_id)
    select s.id, d.id from unnest(cast(:userids as text[]), cast(:departments as bigint[])) as f (userid, department)
    join staff_member s on s.userid = f.userid join department d on d.wecom_id = f.department
    on conflict do nothing
    """
)
_NOT_THEIR_DEPARTMENTS = text(
    """
    delete from staff_department x using staff_member s, department d
    where x.staff_id = s.id and x.department_id = d.id and s.userid = any(:userids)
      and not exists (
        select 1 from unnest(cast(:pair_userids as text[]), cast(:departments as bigint[])) as f (userid, department)
        where f.userid = s.userid and f.department = d.wecom_id)
    """
)


def users_sink(session: Session, platform: Platform, items: Sequence[wecom.WecomUser]) -> None:
    users = list({item.userid: item for item in items}.values())
    if not users:
        return
    columns: dict[str, Any] = {
        "userids": [user.userid for user in users],
        "names": [user.name or user.userid for user in users],
        "aliases": [user.alias for user in users],
        "avatars": [user.avatar for user in users],
        "positions": [user.position for user in users],
        "statuses": [STAFF_STATUS.get(user.status, "inactive") for user in users],
        "departments": [user.main_department or (user.department or [0])[0] for user in users],
    }
    session.execute(_STAFF, {**columns, "now": platform.clock.now()})
    pairs = [(user.userid, department) for user in users for department in user.department]
    userids, departments = [userid for userid, _ in pairs], [department for _, department in pairs]
    session.execute(
        _NOT_THEIR_DEPARTMENTS,
        {"userids": sorted(set(userids)), "pair_userids": userids, "departments": departments},
    )
    session.execute(_STAFF_DEPARTMENTS, {"userids": userids, "departments": departments})
    settle_organisation(session)


def users_complete(session: Session, platform: Platform, complete: wecom.Complete) -> dict[str, int]:
    """Whoever the directory doesn't show any more has left."""
    left = session.execute(
        text(
            "update staff_member set status = 'left', left_at = coalesce(left_at, :since), may_contact = false"
            " where status <> 'left' and (synced_at is null or synced_at < :since)"
        ),
        {"since": complete.since},
    )
    return {"staff_left": int(left.rowcount)}  # type: ignore[attr-defined]


def follow_users_sink(session: Session, platform: Platform, items: Sequence[str]) -> None:
    """All members with the customer-contact right, in one batch; one the directory hides gets a row by userid."""
    session.execute(
        text(
            "insert into staff_member (userid, name, synced_at) select f, f, :now"
            " from unnest(cast(:userids as text[])) f order by f on conflict (userid) do nothing"
        ),
        {"userids": list(items), "now": platform.clock.now()},
    )
    session.execute(
        text(
            "update staff_member set may_contact = (userid = any(:userids))"
            " where may_contact <> (userid = any(:userids))"
        ),
        {"userids": list(items)},
    )


_GROUPS = text(
    """
    insert into tag_group (wecom_id, name, position)
    select * from unnest(cast(:ids as text[]), cast(:names as text[]), cast(:positions as bigint[]))
    on conflict (wecom_id) do update set name = excluded.name, position = excluded.position, deleted_at = null
    """
)
_TAGS = text(
    """
    insert into tag (group_id, wecom_id, name, position)
    select g.id, f.wecom_id, f.name, f.position
    from unnest(cast(:groups as text[]), cast(:ids as text[]), cast(:names as text[]), cast(:positions as bigint[]))
         as f (group_wecom_id, wecom_id, name, position)
    join tag_group g on g.wecom_id = f.group_wecom_id
    on conflict (wecom_id) do update set group_id = excluded.group_id, name = excluded.name,
      position = excluded.position, deleted_at = null
    """
)


def tags_sink(session: Session, platform: Platform, items: Sequence[wecom.WecomTagGroup]) -> None:
    """All groups in one batch; groups and tags that are missing are gone, and off every relationship."""
    groups = [group for group in items if not group.deleted]
    tags = [(group.group_id, tag) for group in groups for tag in group.tag if not tag.deleted]
    group_ids, tag_ids = [group.group_id for group in groups], [tag.id for _, tag in tags]
    session.execute(
        _GROUPS,
        {"ids": group_ids, "names": [g.group_name for g in groups], "positions": [g.order for g in groups]},
    )
    session.execute(
        _TAGS,
        {
            "groups": [group_id for group_id, _ in tags],
            "ids": tag_ids,
            "names": [tag.name for _, tag in tags],
            "positions": [tag.order for _, tag in tags],
        },
    )
    for table, kept in (("tag_group", group_ids), ("tag", tag_ids)):
        session.execute(
            text(
                f"update {table} set deleted_at = :now"  # noqa: S608 - two names of our own
                " where wecom_id is not null and wecom_id <> all(:kept) and deleted_at is null"
            ),
            {"now": platform.clock.now(), "kept": kept},
        )
    session.execute(
        text("delete from relationship_tag x using tag t where t.id = x.tag_id and t.deleted_at is not null")
    )
