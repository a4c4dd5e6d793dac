"""Callbacks about customers. `read` asks WeCom how the customer stands now; `apply` writes that down, and then what
only the callback tells: that a friendship is half, or that it ended.

A deletion belongs to the life that had begun when it was sent. Both kinds of deletion leave the same row in
whatever order they come: removed outweighs lost, the earlier time counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.announcements import FriendAdded, FriendEnded, announce_added, announce_ended
from wellspring.people.identities import IdentityKey, NewCustomer, find_customers, make_customers, refresh_customers
from wellspring.people.intake.contacts import take_facts
from wellspring.people.intake.facts import Taken, announce, of_detail
from wellspring.people.intake.lives import ENDED, Change, added_event, write_changes
from wellspring.people.models import Relationship, StaffMember
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

EVENT = "change_external_contact"
EndCause = Literal["lost", "removed", "transferred"]
WEIGHT = {"lost": 0, "removed": 1, "transferred": 2}
EVENT_OF_CAUSE = {"lost": "friend_lost", "removed": "friend_removed", "transferred": "friend_removed"}


def read_customer(platform: Platform, fields: wecom.Fields) -> wecom.CustomerDetail | None:
    """None when no member in the app's sight holds the customer any more."""
    try:
        return wecom.get_client(platform).customers.get(fields["ExternalUserID"])
    except wecom.GiveUp:
        return None


@dataclass(frozen=True)
class _Heard:
    """A callback with what WeCom showed when asked. `shown`: the pair itself is among it."""

    context: wecom.EventContext
    userid: str
    external_userid: str
    taken: list[Taken]
    shown: Taken | None
    shown_now: bool

    @property
    def session(self) -> Session:
        return self.context.session

    @property
    def platform(self) -> Platform:
        return self.context.platform


def _hear(context: wecom.EventContext, detail: wecom.CustomerDetail | None) -> _Heard:
    userid, external = context.fields["UserID"], context.fields["ExternalUserID"]
    facts = of_detail(detail, context.read_at)
    taken = take_facts(context.session, context.platform, facts, cause=context.fields.get("ChangeType", "callback"))
    shown = next((t for t in taken if t.fact.userid == userid), None)
    shown_now = any(fact.userid == userid for fact in facts)
    for t in taken:
        if (t.new_life or t.confirmed) and t is not shown:
            announce(context.session, context.platform, t, welcome_code=None)
    return _Heard(context, userid, external, taken, shown, shown_now)


def _row(heard: _Heard) -> Relationship | None:
    heard.session.expire_all()
    return heard.session.scalar(
        select(Relationship)
        .join(StaffMember, StaffMember.id == Relationship.staff_id)
        .where(StaffMember.userid == heard.userid, Relationship.external_userid == heard.external_userid)
        .with_for_update(of=Relationship, key_share=True)
    )


def _new_row(heard: _Heard, status: str, added_at: datetime) -> Relationship:
    """A relationship that WeCom doesn't show: known from the callback alone."""
    session, now = heard.session, heard.platform.clock.now()
    found = find_customers(session, "external_userid", "", [heard.external_userid])
    key = IdentityKey("external_userid", "", heard.external_userid)
    owner = found or make_customers(session, [(key, NewCustomer("wechat"))], now)[0]
    session.execute(
        text(
            "insert into staff_member (userid, name, may_contact) values (:userid, :userid, true)"
            " on conflict (userid) do nothing"
        ),
        {"userid": heard.userid},
    )
    staff_id = session.scalar(select(StaffMember.id).where(StaffMember.userid == heard.userid))
    assert staff_id is not None
    relationship = Relationship(
        customer_id=owner[heard.external_userid],
        staff_id=staff_id,
        external_userid=heard.external_userid,
        status=status,
        add_way=0,
        state=heard.context.fields.get("State", ""),
        oper_userid="",
        remark="",
        description="",
        added_at=added_at,
        ended_at=None,
        synced_at=heard.context.read_at,
    )
    session.add(relationship)
    session.flush()
    return relationship


def _announce_row(heard: _Heard, row: Relationship, *, half: bool, first: bool, read: bool = True) -> None:
    announce_added(
        heard.session,
        heard.platform,
        FriendAdded(
            row.id,
            row.customer_id,
            row.staff_id,
            row.external_userid,
            heard.userid,
            row.state or heard.context.fields.get("State", ""),
            heard.context.fields.get("WelcomeCode") or None,
            half=half,
            at=row.added_at,
            first=first,
            read=read,
        ),
    )


def apply_add(context: wecom.EventContext, detail: Any) -> None:
    """add_external_contact: they are friends (or were, when WeCom doesn't show it any more)."""
    heard = _hear(context, detail)
    row = _row(heard)
    if heard.shown_now and row is not None:
        _revive_same_second(heard, row)
        _announce_shown(heard, row)
        return
    if row is None:
        row = _new_row(heard, "friend", context.sent_at)
        _began(heard, row, None, half=False)
    elif row.status in ENDED and context.sent_at > (row.ended_at or row.added_at):
        _renew(heard, row, "friend")
    elif row.status in ENDED or row.added_at != context.sent_at:
        _began_before(heard, row, half=False)
        return
    # WeCom shows the pair no more: the member has deleted the customer since.
    _end(heard, row, "removed", context.read_at)


def _revive_same_second(heard: _Heard, row: Relationship) -> None:
    """Deleted and added again within one second of WeCom's clock: the times can't tell which was first, so the
    order of arrival does."""
    sent_at = heard.context.sent_at
    if row.status == "lost" and row.ended_at == sent_at == row.added_at:
        write_changes(heard.session, [Change(row.id, sent_at, row.status, "friend", "add_external_contact")])
        row.status, row.ended_at = "friend", None
        heard.session.flush()


def apply_half(context: wecom.EventContext, detail: Any) -> None:
    """add_half_external_contact: the customer added a member who has not confirmed yet."""
    heard = _hear(context, detail)
    row = _row(heard)
    if heard.shown_now and row is not None:
        _announce_shown(heard, row)
        return
    if row is None:
        row = _new_row(heard, "half", context.sent_at)
        _began(heard, row, None, half=True)
        _announce_row(heard, row, half=True, first=True)
        return
    life = rules.Life(row.status, row.added_at, row.ended_at)
    if row.status != "half" and rules.begins_new_life(life, context.sent_at):
        _renew(heard, row, "half")
        _announce_row(heard, row, half=True, first=True)
    else:
        _began_before(heard, row, half=True)


def begin_unread(context: wecom.EventContext, _: Any) -> None:
    """A friendship whose welcome can't wait, while WeCom can't be asked about the customer: it begins as the callback
    says, and who it is comes with the reading that is still owed."""
    heard = _Heard(context, context.fields["UserID"], context.fields["ExternalUserID"], [], None, False)
    half = context.fields.get("ChangeType") == "add_half_external_contact"
    status = "half" if half else "friend"
    row = _row(heard)
    known = row is not None and row.added_at == context.sent_at and row.status not in ENDED
    if row is None:
        row = _new_row(heard, status, context.sent_at)
        _began(heard, row, None, half=half)
    elif rules.begins_new_life(rules.Life(row.status, row.added_at, row.ended_at), context.sent_at):
        _renew(heard, row, status)
    elif not known:
        return  # over already, or confirmed with a code of its own: the reading tells
    _announce_row(heard, row, half=half, first=not known, read=False)


def _announce_shown(heard: _Heard, row: Relationship) -> None:
    """A friend whom WeCom shows: told when the life is new or now whole, or when a welcome is still owed."""
    first = heard.shown is not None and heard.shown.new_life
    confirmed = heard.shown is not None and heard.shown.confirmed
    if row.status == "friend" and (first or confirmed or heard.context.fields.get("WelcomeCode")):
        _announce_row(heard, row, half=False, first=first)


def _began_before(heard: _Heard, row: Relationship, *, half: bool) -> None:
    """The beginning of a life whose end was heard first."""
    sent_at = heard.context.sent_at
    if sent_at >= row.added_at or row.status not in ENDED:
        return
    event = added_event(row, sent_at, row.add_way, heard.context.fields.get("State", ""), half=half)
    record_events(heard.session, [event])
    if not _had_life_before(heard, row):
        row.added_at = sent_at
        heard.session.flush()
        refresh_customers(heard.session, [row.customer_id])


def _had_life_before(heard: _Heard, row: Relationship) -> bool:
    """Whether the present life's beginning is known by more than its end."""
    known = text("select 1 from relationship_change where relationship_id = :id and to_status in ('friend', 'half')")
    return heard.session.scalar(known, {"id": row.id}) is not None


def _renew(heard: _Heard, row: Relationship, status: str) -> None:
    was = row.status
    row.status, row.added_at, row.ended_at = status, heard.context.sent_at, None
    row.state = heard.context.fields.get("State", "") or row.state
    heard.session.flush()
    _began(heard, row, was, half=status == "half")


def _began(heard: _Heard, row: Relationship, was: str | None, *, half: bool) -> None:
    cause = heard.context.fields.get("ChangeType", "callback")
    write_changes(heard.session, [Change(row.id, row.added_at, was, row.status, cause)])
    record_events(heard.session, [added_event(row, row.added_at, row.add_way, row.state, half=half)])
    refresh_customers(heard.session, [row.customer_id])


def apply_lost(context: wecom.EventContext, detail: Any) -> None:
    """del_follow_user: the customer deleted the member. WeCom goes on showing the pair."""
    _apply_end(context, detail, "lost")


def apply_removed(context: wecom.EventContext, detail: Any) -> None:
    """del_external_contact: the member deleted the customer, or a transfer took the customer away."""
    _apply_end(context, detail, "transferred" if context.fields.get("Source") == "DELETE_BY_TRANSFER" else "removed")


def _apply_end(context: wecom.EventContext, detail: Any, cause: EndCause) -> None:
    heard = _hear(context, detail)
    row = _row(heard)
    if row is None:
        row = _new_row(heard, "friend", context.sent_at)
    elif context.sent_at < row.added_at and not _had_life_before(heard, row):
        row.added_at = context.sent_at  # its beginning was only guessed, from a later deletion
    still_held = cause != "lost" and heard.shown_now and row.added_at >= context.sent_at
    life = rules.Life(row.status, row.added_at, row.ended_at)
    if still_held or not rules.ends_present_life(life, context.sent_at):
        _ended_event(heard, row, cause, context.sent_at)  # of a life before the present one
    else:
        _end(heard, row, cause, context.sent_at)
    _announce_shown(heard, row)


def _ended_event(heard: _Heard, row: Relationship, cause: EndCause, at: datetime) -> bool:
    """True when it is new."""
    fact = EventFact(
        row.customer_id,
        EVENT_OF_CAUSE[cause],
        at,
        "wecom",
        f"ended:{row.id}:{cause}:{int(at.timestamp())}",
        row.staff_id,
        {"transferred": True} if cause == "transferred" else {},
    )
    return bool(record_events(heard.session, [fact]))


def _end(heard: _Heard, row: Relationship, cause: EndCause, at: datetime) -> None:
    was = row.status
    row.ended_at = min(row.ended_at or at, at)
    if was == cause or not _ended_event(heard, row, cause, at):
        heard.session.flush()
        return  # told already: by a sync, or by this same callback
    row.status = max(was, cause, key=lambda status: WEIGHT.get(status, -1))
    heard.session.flush()
    if was != row.status:
        change_cause = heard.context.fields.get("ChangeType", "callback")
        write_changes(heard.session, [Change(row.id, at, was, row.status, change_cause)])
    if was not in ENDED:
        announce_ended(
            heard.session,
            heard.platform,
            FriendEnded(row.id, row.customer_id, row.staff_id, row.external_userid, heard.userid, row.state, cause, at),
        )


def apply_edit(context: wecom.EventContext, detail: Any) -> None:
    """edit_external_contact: remark or tags changed in the client; what WeCom shows is all there is to it."""
    heard = _hear(context, detail)
    row = _row(heard)
    if row is not None:
        _announce_shown(heard, row)


def apply_transfer_fail(context: wecom.EventContext, detail: Any) -> None:
    """transfer_fail: an assigned customer was not obtained by the takeover member."""
    heard = _hear(context, detail)
    _told_event(heard, "transfer_failed", {"reason": context.fields.get("FailReason", "")})


def apply_archive_agreed(context: wecom.EventContext, detail: Any) -> None:
    """msg_audit_approved: the customer lets chats with this member be archived. It may carry the welcome code."""
    heard = _hear(context, detail)
    row = _row(heard)
    if row is not None:
        _announce_shown(heard, row)
    _told_event(heard, "archive_agreed", {})


def apply_chat_started(context: wecom.EventContext, detail: Any) -> None:
    """customer_start_chat: the first message of somebody who came by an acquisition link."""
    heard = _hear(context, detail)
    state = context.fields.get("State", "")
    _told_event(heard, "chat_started", {"state": state} if state else {})


def _told_event(heard: _Heard, kind: str, data: dict[str, Any]) -> None:
    """An event that only the callback tells; of somebody nobody knows there is nothing to tell."""
    found = find_customers(heard.session, "external_userid", "", [heard.external_userid])
    staff_id = heard.session.scalar(select(StaffMember.id).where(StaffMember.userid == heard.userid))
    sent_at = heard.context.sent_at
    key = f"{kind}:{heard.userid}:{heard.external_userid}:{int(sent_at.timestamp())}"
    for customer_id in found.values():
        record_events(heard.session, [EventFact(customer_id, kind, sent_at, "wecom", key, staff_id, data)])


def register_callbacks() -> None:
    for change_type, apply in (("add_external_contact", apply_add), ("add_half_external_contact", apply_half)):
        wecom.on_event(EVENT, change_type, read=read_customer, apply=apply, unread=begin_unread)
    for change_type, apply in (
        ("edit_external_contact", apply_edit),
        ("del_external_contact", apply_removed),
        ("del_follow_user", apply_lost),
        ("transfer_fail", apply_transfer_fail),
        ("msg_audit_approved", apply_archive_agreed),
    ):
        wecom.on_event(EVENT, change_type, read=read_customer, apply=apply)
    wecom.on_event("customer_acquisition", "customer_start_chat", read=read_customer, apply=apply_chat_started)
