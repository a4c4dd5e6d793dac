"""Tags and mobiles that members noted on relationships."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.identities import IdentityKey, claim_identities, identity_key, touch_customers
from wellspring.people.intake.facts import Taken
from wellspring.people.settings import read_settings
from wellspring.people.timeline import BY_WECOM, EventFact, record_events
from wellspring.platform.runtime import Platform

_TAG_IDS = text("select wecom_id, id, name from tag where wecom_id = any(:ids) and deleted_at is null")
_HAVE = text("select relationship_id, tag_id from relationship_tag where relationship_id = any(:ids)")
_PUT = text(
    """
    insert into relationship_tag (relationship_id, customer_id, tag_id, source, created_at)
    select f.r, f.c, f.t, 'wecom', :now
    from unnest(cast(:r as bigint[]), cast(:c as bigint[]), cast(:t as bigint[])) as f (r, c, t)
    order by f.r, f.t on conflict (relationship_id, tag_id) do nothing
    """
)
_TAKE = text(
    "delete from relationship_tag x using unnest(cast(:r as bigint[]), cast(:t as bigint[])) as f (r, t)"
    " where x.relationship_id = f.r and x.tag_id = f.t returning x.tag_id"
)


def take_tags_of(session: Session, taken: Sequence[Taken], now: datetime) -> None:
    """Let each relationship have exactly the corp tags that WeCom shows. Changes of known relationships become
    events; the tags a new one came with are its state, not a change."""
    wanted_wecom = sorted({tag_id for t in taken for tag_id in t.fact.follow.corp_tag_ids})
    tags = {row.wecom_id: (row.id, row.name) for row in session.execute(_TAG_IDS, {"ids": wanted_wecom})}
    have: dict[int, set[int]] = {}
    for relationship_id, tag_id in session.execute(_HAVE, {"ids": [t.relationship_id for t in taken]}):
        have.setdefault(relationship_id, set()).add(tag_id)
    put: list[tuple[Taken, int]] = []
    take: list[tuple[Taken, int]] = []
    for t in taken:
        wanted = {tags[tag_id][0] for tag_id in t.fact.follow.corp_tag_ids if tag_id in tags}
        present = have.get(t.relationship_id, set())
        put += [(t, tag_id) for tag_id in sorted(wanted - present)]
        take += [(t, tag_id) for tag_id in sorted(present - wanted)]
        if not t.new:
            t.tags_put, t.tags_taken = len(wanted - present), len(present - wanted)
    if put:
        session.execute(
            _PUT,
            {
                "r": [t.relationship_id for t, _ in put],
                "c": [t.customer_id for t, _ in put],
                "t": [tag_id for _, tag_id in put],
                "now": now,
            },
        )
    if take:
        session.execute(_TAKE, {"r": [t.relationship_id for t, _ in take], "t": [tag_id for _, tag_id in take]})
    events = [("tag_added", t, tag) for t, tag in put if not t.new] + [("tag_removed", t, tag) for t, tag in take]
    names = dict(tags.values())
    names |= _names(session, {tag_id for _, tag_id in take} - names.keys())
    record_events(
        session,
        [
            EventFact(
                t.customer_id,
                kind,
                now,
                "wecom",
                f"{kind}:{t.relationship_id}:{tag_id}:{t.fact.read_at.timestamp():.6f}",
                t.staff_id,
                {"tag_id": tag_id, "tag": names.get(tag_id, ""), "by": BY_WECOM},
            )
            for kind, t, tag_id in events
        ],
    )


def _names(session: Session, tag_ids: set[int]) -> dict[int, str]:
    if not tag_ids:
        return {}
    rows = session.execute(text("select id, name from tag where id = any(:ids)"), {"ids": sorted(tag_ids)})
    return {row.id: row.name for row in rows}


_CLAIMS = text("select relationship_id, value_index from mobile_claim where relationship_id = any(:ids)")
_ADD_CLAIMS = text(
    """
    insert into mobile_claim (relationship_id, value_index)
    select f.r, f.v from unnest(cast(:r as bigint[]), cast(:v as text[])) as f (r, v) order by f.r, f.v
    on conflict do nothing
    """
)
_DROP_CLAIMS = text(
    "delete from mobile_claim m using unnest(cast(:r as bigint[]), cast(:v as text[])) as f (r, v)"
    " where m.relationship_id = f.r and m.value_index = f.v"
)
_SHARED = text(
    """
    select distinct coalesce(oc.merged_into_id, oc.id) as owner, claim.customer_id as claimant
    from unnest(cast(:v as text[])) as f (value_index)
    cross join lateral (
      select customer_id from identity where kind = 'mobile' and source = '' and value_index = f.value_index limit 1
    ) as i
    join customer oc on oc.id = i.customer_id
    cross join lateral (
      select count(distinct r.external_userid) as people
      from mobile_claim m join relationship r on r.id = m.relationship_id where m.value_index = f.value_index
    ) as claimed
    cross join lateral (
      select r.customer_id from mobile_claim m join relationship r on r.id = m.relationship_id
      where m.value_index = f.value_index and r.customer_id <> coalesce(oc.merged_into_id, oc.id)
    ) as claim
    where claimed.people <= :limit
    """
)
"""Lateral, so that few claims are looked up one by one, also while the tables grow faster than their statistics."""


def take_mobiles(
    session: Session, platform: Platform, taken: Sequence[Taken], fresh: Set[int], now: datetime
) -> list[tuple[int, int]]:
    """Note the mobiles on relationships, sealed. A mobile that nobody has becomes the customer's. Answers pairs of
    customers to merge: those who claim a mobile of somebody else, unless too many claim it."""
    keys_of: dict[int, dict[str, IdentityKey]] = {}
    for t in taken:
        for mobile in t.fact.follow.remark_mobiles:
            key = identity_key(platform, "mobile", "", mobile)
            if key is not None:
                keys_of.setdefault(t.relationship_id, {})[key.value_index] = key
    have: dict[int, set[str]] = {}
    for relationship_id, index in session.execute(_CLAIMS, {"ids": [t.relationship_id for t in taken]}):
        have.setdefault(relationship_id, set()).add(index)
    new = [
        (t, key)
        for t in taken
        for index, key in keys_of.get(t.relationship_id, {}).items()
        if index not in have.get(t.relationship_id, set())
    ]
    gone = [
        (relationship_id, index)
        for relationship_id, indexes in have.items()
        for index in indexes
        if index not in keys_of.get(relationship_id, {})
    ]
    if gone:
        session.execute(_DROP_CLAIMS, {"r": [g[0] for g in gone], "v": [g[1] for g in gone]})
    if not new:
        return []
    session.execute(_ADD_CLAIMS, {"r": [t.relationship_id for t, _ in new], "v": [key.value_index for _, key in new]})
    first = {key.value_index: (t.customer_id, key) for t, key in reversed(new)}
    made = claim_identities(session, first.values(), now)
    touch_customers(session, sorted(set(made.values()) - fresh))  # rows made now go to the warehouse anyway
    limit = read_settings(session).shared_mobile_limit
    rows = session.execute(_SHARED, {"v": sorted({key.value_index for _, key in new}), "limit": limit})
    return [(row.owner, row.claimant) for row in rows]
