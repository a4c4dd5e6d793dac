"""Customers who may be one person but wait for a human: a mobile that belongs to one of them is noted on others,
and was not merged by itself because too many share it, or because the rows came apart again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.lookups import customer_names
from wellspring.people.merging.undo import declare_split
from wellspring.platform.runtime import Platform


@dataclass(frozen=True)
class Duplicates:
    """`claims`: how many WeChat contacts the mobile is noted on. `customer_ids`: the owner first, then up to 20 of
    the others, leaving out whoever was declared another person."""

    identity_id: int
    mobile_masked: str
    claims: int
    owner_id: int
    customer_ids: list[int]
    names: dict[int, str]


_PAIRS = """
    select i.id as identity_id, i.customer_id as owner, r.customer_id as claimant, i.value_index
    from mobile_claim m
    join relationship r on r.id = m.relationship_id
    join identity i on i.kind = 'mobile' and i.source = '' and i.value_index = m.value_index
    where r.customer_id <> i.customer_id
      and not exists (select 1 from customer_split s
        where s.low_id = least(r.customer_id, i.customer_id) and s.high_id = greatest(r.customer_id, i.customer_id))
"""
_COUNT = text(f"select count(distinct identity_id) from ({_PAIRS}) p")  # noqa: S608 - our own text
_LIST = text(
    f"""
    with pairs as ({_PAIRS})
    select p.identity_id, p.owner, array_agg(distinct p.claimant) as claimants, i.value_sealed,
      (select count(distinct r.external_userid) from mobile_claim m join relationship r on r.id = m.relationship_id
       where m.value_index = p.value_index) as claims
    from pairs p join identity i on i.id = p.identity_id
    group by p.identity_id, p.owner, i.value_sealed, p.value_index
    order by claims, p.identity_id limit :limit offset :offset
    """  # noqa: S608 - our own text
)


def list_duplicates(session: Session, platform: Platform, *, limit: int, offset: int) -> tuple[list[Duplicates], int]:
    """One page and the total; those shared by few come first, they are likeliest one person."""
    total = session.scalar(_COUNT) or 0
    rows = session.execute(_LIST, {"limit": limit, "offset": offset}).all()
    names = customer_names(session, [c for row in rows for c in (row.owner, *row.claimants[:20])])
    return [
        Duplicates(
            row.identity_id,
            rules.mask_mobile(platform.secrets.open(row.value_sealed)),
            row.claims,
            row.owner,
            [row.owner, *row.claimants[:20]],
            {c: names.get(c, "") for c in (row.owner, *row.claimants[:20])},
        )
        for row in rows
    ], total


def dismiss_duplicates(session: Session, identity_id: int, *, now: datetime) -> int:
    """Everybody who has this mobile noted is declared another person than its owner; answers how many."""
    rows = session.execute(
        text(f"select owner, claimant from ({_PAIRS}) p where identity_id = :id"),  # noqa: S608 - our own text
        {"id": identity_id},
    ).all()
    for row in rows[:1]:
        declare_split(session, row.owner, {r.claimant for r in rows}, now)
    return len(rows)
