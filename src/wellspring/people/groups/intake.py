"""Groups as WeCom shows them. The group's row is held while its memberships are written; an answer that is older than
what is known (`synced_at`) is dropped.

Everybody in a group who is no colleague becomes a customer, by their external_userid, also when nobody has added them:
they are people the brand talks to, their joining is the first fact of a history that a later friendship goes on with
under the same id, and a unionid may show that they are known from orders. Lists and figures tell them from friends as
they tell buyers whom nobody added: by having no relationship.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.groups.members import STAFF, Quit, Shown, end_members, take_members
from wellspring.people.identities import IdentityKey, NewCustomer, find_customers, make_customers, note_unionids
from wellspring.people.intake.contacts import staff_of
from wellspring.people.intake.facts import clean
from wellspring.people.merging.merge import merge_pairs
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

STATUSES = {0: "normal", 1: "owner_left", 2: "handing_over", 3: "handed_over"}
WECOM_CUSTOMER = "wo"
"""How the external_userid of somebody with a WeCom of their own begins; a WeChat user's begins with wm."""

_ENSURE = text(
    "insert into group_chat (chat_id) select f from unnest(cast(:chats as text[])) f order by f"
    " on conflict (chat_id) do nothing returning chat_id"
)
_HOLD = text(
    """
    select id, chat_id, name, owner_id, notice, dismissed_at, synced_at from group_chat where chat_id = any(:chats)
    order by id for no key update
    """
)
_UPDATE = text(
    """
    update group_chat g set name = f.name, owner_id = nullif(f.owner, 0), notice = f.notice, member_version = f.version,
      member_count = f.members, customer_count = f.customers, created_at = f.created_at, synced_at = f.read_at,
      dismissed_at = null,
      status = case when f.status <> '' then f.status
        when g.status in ('owner_left', 'handing_over') and g.owner_id is distinct from nullif(f.owner, 0)
          then 'handed_over' else g.status end
    from unnest(cast(:ids as bigint[]), cast(:names as text[]), cast(:owners as bigint[]), cast(:notices as text[]),
                cast(:versions as text[]), cast(:members as bigint[]), cast(:customers as bigint[]),
                cast(:created as timestamptz[]), cast(:read as timestamptz[]), cast(:statuses as text[]))
         as f (id, name, owner, notice, version, members, customers, created_at, read_at, status)
    where g.id = f.id
    """
)
_LISTED = text(
    """
    update group_chat g set status = f.status, synced_at = f.read_at
    from unnest(cast(:chats as text[]), cast(:statuses as text[]), cast(:read as timestamptz[]))
         as f (chat_id, status, read_at)
    where g.chat_id = f.chat_id and g.synced_at <= f.read_at
    """
)


@dataclass(frozen=True)
class _Taken:
    shown: Shown
    status: int | None
    found: bool
    changed: bool


def take_groups(
    session: Session, platform: Platform, items: Sequence[wecom.GroupItem], *, heard: Quit | None = None
) -> Counter[str]:
    """Write down what WeCom shows, in one transaction and a fixed number of statements. Repeating it changes nothing.
    `heard`: what the callback that made us look says about who left. Answers what was other than known, by the words of
    the sync."""
    latest = {item.chat_id: item for item in items}
    groups = [item.group for item in latest.values() if item.group is not None]
    customer_of = _customers_of(session, platform, groups)
    owners = staff_of(session, sorted({group.owner for group in groups if group.owner}))
    taken = _hold(session, latest, owners)
    _write(session, taken)
    _still_listed(session, [item for item in latest.values() if item.group is None])
    colleagues = _colleagues(session, [one.shown.group for one in taken])
    moves = take_members(session, [one.shown for one in taken], customer_of, colleagues, heard)
    known = [moves[one.shown.id] for one in taken if not one.found]
    return Counter(
        group_found=sum(one.found for one in taken),
        group_changed=sum(one.changed for one in taken),
        group_member_joined=sum(move.joined for move in known),
        group_member_left=sum(move.left for move in known),
    )


def _customers_of(session: Session, platform: Platform, groups: Sequence[wecom.WecomGroup]) -> dict[str, int]:
    """external_userid -> customer of everybody in these groups who is no colleague. Merges come before the groups' rows
    are held: customers are locked first, always."""
    now = platform.clock.now()
    people = {m.userid: m for group in groups for m in group.member_list if m.type != STAFF}
    found = find_customers(session, "external_userid", "", sorted(people))
    missing = [
        (IdentityKey("external_userid", "", one), _new_customer(people[one])) for one in sorted(people.keys() - found)
    ]
    made, _ = make_customers(session, missing, now)
    customer_of = found | made
    seen = [(people[one].unionid, customer_of[one]) for one in sorted(people) if people[one].unionid]
    pairs = sorted(set(note_unionids(session, seen, now))) if seen else []
    if not pairs:
        return customer_of
    merged = merge_pairs(session, platform, pairs, reason="unionid", actor_name=SYSTEM.name, now=now).survivor_of
    return {external: merged.get(customer_id, customer_id) for external, customer_id in customer_of.items()}


def _new_customer(member: wecom.WecomGroupMember) -> NewCustomer:
    name = clean(member.name)
    kind = "wecom" if member.userid.startswith(WECOM_CUSTOMER) else "wechat"
    return NewCustomer(kind=kind, name=name, texts=(name,))


def _colleagues(session: Session, groups: Sequence[wecom.WecomGroup]) -> dict[str, int]:
    userids = sorted({m.userid for group in groups for m in group.member_list if m.type == STAFF})
    rows = session.execute(text("select userid, id from staff_member where userid = any(:u)"), {"u": userids})
    return {row.userid: row.id for row in rows}


def _hold(session: Session, latest: dict[str, wecom.GroupItem], owners: dict[str, int]) -> list[_Taken]:
    chats = [item.chat_id for item in latest.values() if item.group is not None]
    if not chats:
        return []
    session.execute(_ENSURE, {"chats": chats})
    taken = []
    for row in session.execute(_HOLD, {"chats": chats}):
        item = latest[row.chat_id]
        group = item.group
        if group is None or (row.synced_at is not None and row.synced_at > item.read_at):
            continue
        owner_id = owners.get(group.owner)
        found = row.synced_at is None or row.dismissed_at is not None
        now, before = (clean(group.name), owner_id, clean(group.notice)), (row.name, row.owner_id, row.notice)
        shown = Shown(row.id, group, owner_id, item.read_at)
        taken.append(_Taken(shown, item.status, found, changed=not found and now != before))
    return taken


def _write(session: Session, taken: Sequence[_Taken]) -> None:
    if not taken:
        return
    shown = [one.shown for one in taken]
    session.execute(
        _UPDATE,
        {
            "ids": [one.id for one in shown],
            "names": [clean(one.group.name) for one in shown],
            "owners": [one.owner_id or 0 for one in shown],
            "notices": [clean(one.group.notice) for one in shown],
            "versions": [one.group.member_version for one in shown],
            "members": [len(one.group.member_list) for one in shown],
            "customers": [sum(m.type != STAFF for m in one.group.member_list) for one in shown],
            "created": [_instant(one.group.create_time) for one in shown],
            "read": [one.read_at for one in shown],
            "statuses": ["" if one.status is None else STATUSES.get(one.status, "normal") for one in taken],
        },
    )


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _still_listed(session: Session, items: Sequence[wecom.GroupItem]) -> None:
    """Groups that can't be read but are there: the end of the sync must not take them for dismissed."""
    if items:
        session.execute(
            _LISTED,
            {
                "chats": [item.chat_id for item in items],
                "statuses": [STATUSES.get(item.status or 0, "normal") for item in items],
                "read": [item.read_at for item in items],
            },
        )


_DISMISS = text(
    """
    with held as (
      select id from group_chat where chat_id = :chat_id and dismissed_at is null and synced_at <= :read_at
      order by id for no key update
    )
    update group_chat g set dismissed_at = :at, synced_at = :read_at from held where held.id = g.id
    returning g.id, g.name, g.owner_id
    """
)
_DISMISS_UNSEEN = text(
    """
    with held as (
      select g.id from group_chat g left join staff_member s on s.id = g.owner_id
      where g.dismissed_at is null and g.synced_at < :since
        and (cardinality(cast(:owners as text[])) = 0 or s.userid = any(:owners))
      order by g.id for no key update of g
    )
    update group_chat g set dismissed_at = :since, synced_at = :since from held where held.id = g.id
    returning g.id, g.name, g.owner_id
    """
)


def dismiss_group(session: Session, chat_id: str, *, at: datetime, read_at: datetime) -> None:
    """WeCom shows the group no more; a group that nobody knew stays unknown."""
    found = session.execute(_DISMISS, {"chat_id": chat_id, "at": at, "read_at": read_at}).all()
    end_members(session, {row.id: (row.name, row.owner_id) for row in found}, at)


def groups_sink(session: Session, platform: Platform, items: list[wecom.GroupItem]) -> dict[str, int]:
    """Answers what callbacks had not told; nothing in the first sync, which brings what was there before."""
    corrected = take_groups(session, platform, items)
    return corrected if _corrects(session) else {}


def groups_complete(session: Session, platform: Platform, complete: wecom.Complete) -> dict[str, int]:
    """Every group (of the owners `complete.userids`, where the company is too large to list all) was read since
    `complete.since`: the others are dismissed."""
    found = session.execute(_DISMISS_UNSEEN, {"since": complete.since, "owners": complete.userids}).all()
    end_members(session, {row.id: (row.name, row.owner_id) for row in found}, complete.since)
    return {"group_dismissed": len(found)} if _corrects(session) else {}


def _corrects(session: Session) -> bool:
    company = wecom.company(session)
    return company is not None and company.last_full_sync_at is not None
