"""Identities: who a value at a source belongs to; new people made from values nobody knew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.platform.runtime import Platform

KINDS = ("external_userid", "unionid", "openid", "mobile", "member_number", "buyer_id")
SOURCELESS = frozenset({"external_userid", "unionid", "mobile"})
"""Kinds whose values mean the same person wherever they are seen; their source is empty."""
SEARCHED = frozenset({"member_number"})


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """`value_index` as it stands in the table; `sealed` for kinds that are not kept in clear."""

    kind: str
    source: str
    value_index: str
    sealed: bytes | None = None


def identity_key(platform: Platform, kind: str, source: str, value: str) -> IdentityKey | None:
    """The key under which a value is kept; None when it is empty or, for a mobile, no mobile."""
    value = value.replace("\x00", "").strip()
    if kind in SOURCELESS:
        source = ""
    if kind == "mobile":
        mobile = rules.normalise_mobile(value)
        if mobile is None:
            return None
        return IdentityKey(kind, source, platform.secrets.index(mobile), platform.secrets.seal(mobile))
    return IdentityKey(kind, source, value) if value else None


_FIND = text(
    """
    select f.n, coalesce(c.merged_into_id, c.id)
    from unnest(cast(:indexes as text[])) with ordinality as f (value_index, n)
    cross join lateral (
      select customer_id from identity
      where kind = :kind and source = :source and value_index = f.value_index limit 1) as i
    join customer c on c.id = i.customer_id
    """
)
"""Lateral, so that each value is looked up however little is known of the table: in a first sync it grows faster than
its statistics, and would be read whole for every batch."""
_HOLD = text("select id, merged_into_id from customer where id = any(:ids) order by id for key share")


def find_customers(session: Session, kind: str, source: str, indexes: Sequence[str]) -> dict[str, int]:
    """value_index -> customer (the survivor), held: a merge of these rows waits until this transaction ends, so
    rows written against the answer can't miss their survivor."""
    if not indexes:
        return {}
    while True:
        # When a merge was faster, what we hold is let go before the survivors are locked: locks are only ever taken
        # in the order of ids, or two transactions could wait for each other.
        attempt = session.begin_nested()
        rows = session.execute(_FIND, {"indexes": list(indexes), "kind": kind, "source": source}).all()
        found = {indexes[n - 1]: int(customer_id) for n, customer_id in rows}
        held = session.execute(_HOLD, {"ids": list(set(found.values()))}).all()
        if all(merged is None for _, merged in held):
            attempt.commit()
            return found
        attempt.rollback()


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is known of a customer when the row is made. `texts`: what they are found by, the name included."""

    kind: str
    name: str = ""
    avatar_url: str = ""
    gender: int = 0
    company_name: str = ""
    first_added_at: datetime | None = None
    texts: tuple[str, ...] = ()


_NEW_CUSTOMERS = text(
    """
    insert into customer (kind, name, avatar_url, gender, company_name, first_added_at, search_grams, created_at)
    select f.kind, f.name, f.avatar, f.gender, f.company, f.first_added_at,
           coalesce(string_to_array(nullif(f.grams, ''), chr(31)), '{}'), :now
    from unnest(cast(:kinds as text[]), cast(:names as text[]), cast(:avatars as text[]), cast(:genders as bigint[]),
                cast(:companies as text[]), cast(:added as timestamptz[]), cast(:grams as text[])) with ordinality
         as f (kind, name, avatar, gender, company, first_added_at, grams, n)
    order by f.n returning id
    """
)


def _insert_customers(session: Session, rows: Sequence[NewCustomer], now: datetime) -> Sequence[int]:
    return session.scalars(
        _NEW_CUSTOMERS,
        {
            "kinds": [row.kind for row in rows],
            "names": [row.name for row in rows],
            "avatars": [row.avatar_url for row in rows],
            "genders": [row.gender for row in rows],
            "companies": [row.company_name for row in rows],
            "added": [row.first_added_at for row in rows],
            "grams": [chr(31).join(rules.grams(row.texts)) for row in rows],
            "now": now,
        },
    ).all()


_CLAIM = text(
    """
    insert into identity (customer_id, kind, source, value_index, value_sealed, first_seen_at, last_seen_at)
    select f.customer_id, f.kind, f.source, f.value_index, nullif(f.sealed, ''::bytea), :now, :now
    from unnest(cast(:customers as bigint[]), cast(:kinds as text[]), cast(:sources as text[]),
                cast(:indexes as text[]), cast(:sealed as bytea[])) as f (customer_id, kind, source, value_index, sealed)
    order by f.kind, f.source, f.value_index
    on conflict (kind, value_index, source) do nothing
    returning customer_id, kind, source, value_index
    """
)


def claim_identities(
    session: Session, claims: Iterable[tuple[int, IdentityKey]], now: datetime
) -> dict[tuple[str, str, str], int]:
    """Give identities that nobody has to customers. Answers the ones that were new: (kind, source, index) -> customer.
    Written in the order of their keys, so that two writers can't wait for each other."""
    wanted = list(claims)
    if not wanted:
        return {}
    rows = session.execute(
        _CLAIM,
        {
            "customers": [customer_id for customer_id, _ in wanted],
            "kinds": [key.kind for _, key in wanted],
            "sources": [key.source for _, key in wanted],
            "indexes": [key.value_index for _, key in wanted],
            "sealed": [key.sealed or b"" for _, key in wanted],
            "now": now,
        },
    ).all()
    return {(kind, source, index): int(customer_id) for customer_id, kind, source, index in rows}


def make_customers(
    session: Session, wanted: Sequence[tuple[IdentityKey, NewCustomer]], now: datetime
) -> tuple[dict[str, int], set[int]]:
    """A new customer for each key (one kind and source, distinct). Where somebody else was faster, theirs is
    answered and ours removed again. Answers value_index -> customer, and which of them are ours."""
    if not wanted:
        return {}, set()
    keys = [key for key, _ in wanted]
    ids = _insert_customers(session, [row for _, row in wanted], now)
    made = claim_identities(session, list(zip(ids, keys, strict=True)), now)
    owner = {index: customer_id for (_, _, index), customer_id in made.items()}
    ours = set(owner.values())
    if len(owner) < len(keys):
        session.execute(text("delete from customer where id = any(:ids)"), {"ids": sorted(set(ids) - ours)})
        late = [key.value_index for key in keys if key.value_index not in owner]
        owner |= find_customers(session, keys[0].kind, keys[0].source, late)
    return owner, ours


def note_unionids(session: Session, seen: Sequence[tuple[str, int]], now: datetime) -> list[tuple[int, int]]:
    """`seen`: unionids with the customer each was shown at; nobody's become that customer's. Answers pairs of customers
    that share one, the owner first."""
    holders = dict(reversed(seen))
    claims = [(customer_id, IdentityKey("unionid", "", unionid)) for unionid, customer_id in holders.items()]
    new = claim_identities(session, claims, now)
    old = [unionid for unionid in holders if ("unionid", "", unionid) not in new]
    owners = find_customers(session, "unionid", "", sorted(old)) | {index: c for (_, _, index), c in new.items()}
    return [
        (owners[unionid], customer_id)
        for unionid, customer_id in seen
        if owners.get(unionid) not in (None, customer_id)
    ]


def resolve_identities(
    session: Session,
    platform: Platform,
    kind: str,
    source: str,
    values: Iterable[str],
    *,
    create: bool,
    now: datetime,
) -> dict[str, int]:
    """value -> customer id (survivors only; held until the transaction ends). With `create`, unknown values become
    new customers. Values that can't be an identity of this kind (empty, no mobile) are not in the answer."""
    if kind in SOURCELESS:
        source = ""
    keys: dict[str, IdentityKey] = {}
    index_of: dict[str, str] = {}
    for value in values:
        key = identity_key(platform, kind, source, value)
        if key is not None:
            keys[key.value_index] = key
            index_of[value] = key.value_index
    found = find_customers(session, kind, source, sorted(keys))
    if create:
        missing = [(keys[index], NewCustomer("buyer")) for index in sorted(keys.keys() - found.keys())]
        made, _ = make_customers(session, missing, now)
        found |= made
        mark_identified(session, kind, list(made.values()))
    return {value: found[index] for value, index in index_of.items() if index in found}


def mark_identified(session: Session, kind: str, customer_ids: Sequence[int]) -> None:
    """Tell the warehouse and the search of new identities: mobiles count there, member numbers are searched."""
    if kind == "mobile" and customer_ids:
        touch_customers(session, customer_ids)
    if kind in SEARCHED and customer_ids:
        refresh_customers(session, customer_ids)


def touch_customers(session: Session, customer_ids: Sequence[int]) -> None:
    """Make the warehouse look at these rows again."""
    session.execute(
        text(
            "with held as (select id from customer where id = any(:ids) order by id for no key update)"
            " update customer c set kind = c.kind from held where c.id = held.id"
        ),
        {"ids": list(customer_ids)},
    )


_DERIVED = text(
    """
    select c.id, c.name, coalesce(r.remarks, '{}') as remarks, coalesce(n.numbers, '{}') as numbers, c.search_grams,
           c.first_added_at, r.first_added_at as wanted_added_at
    from customer c
    left join (
      select customer_id, array_agg(distinct remark) filter (where remark <> '') as remarks,
             min(added_at) as first_added_at
      from relationship where customer_id = any(:ids) group by 1) r on r.customer_id = c.id
    left join (
      select customer_id, array_agg(value_index) as numbers
      from identity where customer_id = any(:ids) and kind = 'member_number' group by 1) n on n.customer_id = c.id
    where c.id = any(:ids)
    """
)
_REFRESH = text(
    """
    update customer c
    set search_grams = coalesce(string_to_array(nullif(f.grams, ''), chr(31)), '{}'), first_added_at = f.added_at
    from unnest(cast(:ids as bigint[]), cast(:grams as text[]), cast(:added as timestamptz[]))
         as f (id, grams, added_at)
    where c.id = f.id
    """
)


def refresh_customers(session: Session, customer_ids: Sequence[int]) -> None:
    """Work out again what hangs on a customer's relationships and identities: grams, first friendship."""
    if not customer_ids:
        return
    changed = []
    for row in session.execute(_DERIVED, {"ids": list(customer_ids)}):
        grams = rules.grams([row.name, *row.remarks, *row.numbers])
        if grams != row.search_grams or row.wanted_added_at != row.first_added_at:
            changed.append((row.id, chr(31).join(grams), row.wanted_added_at))
    if changed:
        ids, grams_of, added = zip(*changed, strict=True)
        session.execute(_REFRESH, {"ids": list(ids), "grams": list(grams_of), "added": list(added)})
