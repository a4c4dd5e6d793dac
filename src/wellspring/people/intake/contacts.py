"""Customers out of facts: who they are, their relationships, tags, mobiles; one person found twice is merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.identities import (
    IdentityKey,
    NewCustomer,
    find_customers,
    make_customers,
    note_unionids,
    refresh_customers,
)
from wellspring.people.intake.facts import KIND_OF_TYPE, Fact, Taken, announce, clean, of_items
from wellspring.people.intake.lives import Placed, take_lives
from wellspring.people.intake.marks import take_mobiles, take_tags_of
from wellspring.people.merging.merge import merge_pairs
from wellspring.people.timeline import BY_WECOM, EventFact, record_events
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom


def take_facts(session: Session, platform: Platform, facts: Sequence[Fact], *, cause: str) -> list[Taken]:
    """Write down what WeCom shows, in one transaction and a fixed number of statements, whatever the number.
    Repeating it changes nothing. Facts older than what is known are dropped."""
    if not facts:
        return []
    now = platform.clock.now()
    customer_of, fresh = customers_of(session, facts, now)
    staff_ids = staff_of(session, sorted({fact.userid for fact in facts}))
    placed = [Placed(fact, staff_ids[fact.userid], customer_of[fact.external_userid]) for fact in facts]
    pending = pairs_with_open_calls(session, sorted(customer_of))
    taken = take_lives(session, placed, cause=cause, pending=pending)
    if not taken:
        return []
    take_tags_of(session, [t for t in taken if (t.fact.userid, t.fact.external_userid) not in pending], now)
    _remark_events(session, taken, now)
    pairs = take_mobiles(session, platform, taken, fresh, now)
    refresh_customers(session, sorted({t.customer_id for t in taken} - fresh))
    seen = [(fact.contact.unionid, customer_of[fact.external_userid]) for fact in facts if fact.contact.unionid]
    _merge(session, platform, taken, note_unionids(session, seen, now), pairs, now)
    return taken


_STAFF = text("select userid, id from staff_member where userid = any(:userids)")


def staff_of(session: Session, userids: list[str]) -> dict[str, int]:
    """Members the directory hides get a row by userid."""
    found = {row.userid: row.id for row in session.execute(_STAFF, {"userids": userids})}
    missing = [userid for userid in userids if userid not in found]
    if missing:
        session.execute(
            text(
                "insert into staff_member (userid, name, may_contact) select f, f, true"
                " from unnest(cast(:userids as text[])) f on conflict (userid) do nothing"
            ),
            {"userids": missing},
        )
        found |= {row.userid: row.id for row in session.execute(_STAFF, {"userids": missing})}
    return found


_ATTRIBUTES = text(
    """
    update customer c set name = f.name, avatar_url = f.avatar, gender = f.gender, kind = f.kind, company_name = f.company
    from unnest(cast(:ids as bigint[]), cast(:names as text[]), cast(:avatars as text[]), cast(:genders as bigint[]),
                cast(:kinds as text[]), cast(:companies as text[])) as f (id, name, avatar, gender, kind, company)
    where c.id = f.id and (c.name, c.avatar_url, c.gender, c.kind, c.company_name)
          is distinct from (f.name, f.avatar, f.gender, f.kind, f.company)
    """
)
_SEEN = text(
    "update identity set last_seen_at = :now where kind = 'external_userid' and source = ''"
    " and value_index = any(:values) and last_seen_at < :now - interval '1 day'"
)


def customers_of(session: Session, facts: Sequence[Fact], now: datetime) -> tuple[dict[str, int], set[int]]:
    """external_userid -> customer, with names and pictures as WeCom shows them; and which rows were made now, with
    all that these facts say of them."""
    of_contact: dict[str, list[Fact]] = {}
    for fact in facts:
        of_contact.setdefault(fact.external_userid, []).append(fact)
    ids = sorted(of_contact)
    known = find_customers(session, "external_userid", "", ids)
    unknown = [external for external in ids if external not in known]
    made, ours = make_customers(
        session, [(IdentityKey("external_userid", "", one), _new_customer(of_contact[one])) for one in unknown], now
    )
    customer_of = known | made
    rows = {customer_of[one]: of_contact[one][0].contact for one in reversed(ids) if customer_of[one] not in ours}
    if rows:
        session.execute(
            _ATTRIBUTES,
            {
                "ids": list(rows),
                "names": [clean(contact.name) for contact in rows.values()],
                "avatars": [contact.avatar for contact in rows.values()],
                "genders": [contact.gender for contact in rows.values()],
                "kinds": [KIND_OF_TYPE.get(contact.type, "wechat") for contact in rows.values()],
                "companies": [clean(contact.corp_full_name or contact.corp_name) for contact in rows.values()],
            },
        )
        session.execute(_SEEN, {"values": sorted(known), "now": now})
    return customer_of, ours


def _new_customer(facts: Sequence[Fact]) -> NewCustomer:
    contact = facts[0].contact
    return NewCustomer(
        kind=KIND_OF_TYPE.get(contact.type, "wechat"),
        name=clean(contact.name),
        avatar_url=contact.avatar,
        gender=contact.gender,
        company_name=clean(contact.corp_full_name or contact.corp_name),
        first_added_at=min(fact.added_at for fact in facts),
        texts=(clean(contact.name), *(clean(fact.follow.remark) for fact in facts)),
    )


def pairs_with_open_calls(session: Session, external_userids: Sequence[str]) -> set[tuple[str, str]]:
    """(userid, external_userid) whose tags or remark we are about to change at WeCom: what it shows of those now is
    old news."""
    rows = session.execute(
        text(
            "select payload ->> 'userid', payload ->> 'external_userid' from wecom_outbox"
            " where status in ('planned', 'sending', 'unknown') and kind in ('mark_tag', 'remark')"
            " and payload ->> 'external_userid' = any(:ids)"
        ),
        {"ids": list(external_userids)},
    )
    return {(userid, external) for userid, external in rows}


def _remark_events(session: Session, taken: Sequence[Taken], now: datetime) -> None:
    record_events(
        session,
        [
            EventFact(
                t.customer_id,
                "remark_changed",
                now,
                "wecom",
                f"remark:{t.relationship_id}:{t.fact.read_at.timestamp():.6f}",
                t.staff_id,
                {"from": t.remark_before, "to": clean(t.fact.follow.remark), "by": BY_WECOM},
            )
            for t in taken
            if t.remark_before is not None
        ],
    )


def _merge(
    session: Session,
    platform: Platform,
    taken: Sequence[Taken],
    by_unionid: list[tuple[int, int]],
    by_mobile: list[tuple[int, int]],
    now: datetime,
) -> None:
    survivors: dict[int, int] = {}
    for reason, pairs in (("unionid", by_unionid), ("mobile", by_mobile)):
        pairs = [(survivors.get(a, a), survivors.get(b, b)) for a, b in pairs]
        pairs = sorted({pair for pair in pairs if pair[0] != pair[1]})
        merged = merge_pairs(session, platform, pairs, reason=reason, actor_name=SYSTEM.name, now=now)
        survivors |= merged.survivor_of
    for t in taken:
        while t.customer_id in survivors:
            t.customer_id = survivors[t.customer_id]


def customers_sink(session: Session, platform: Platform, items: list[wecom.CustomerItem]) -> dict[str, int]:
    """Answers what callbacks had not told; nothing in the first sync, which brings what was there before."""
    taken = take_facts(session, platform, of_items(items), cause="sync")
    company = wecom.company(session)
    if company is None or company.last_full_sync_at is None:
        return {}
    return tell_corrections(session, platform, taken)


def tell_corrections(session: Session, platform: Platform, taken: Sequence[Taken]) -> dict[str, int]:
    """Announce friendships whose callback was lost; answers all that callbacks had not told, by the words of the sync."""
    for t in taken:
        if t.new_life:
            announce(session, platform, t, welcome_code=None)
    return {
        "friend_added": sum(t.new_life for t in taken),
        "remark_changed": sum(t.remark_before is not None for t in taken),
        "tag_added": sum(t.tags_put for t in taken),
        "tag_removed": sum(t.tags_taken for t in taken),
    }
