"""Other systems say which identities are one person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from wellspring.people.identities import (
    SOURCELESS,
    IdentityKey,
    claim_identities,
    find_customers,
    identity_key,
    mark_identified,
)
from wellspring.people.merging.merge import merge_pairs
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.runtime import Platform

Outcome = Literal["linked", "already", "merged", "not_found", "invalid", "declared_split"]


@dataclass(frozen=True, slots=True)
class IdentityRef:
    kind: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class LinkResult:
    """`customer_id` is the survivor; None when `find` is unknown or one of the values can't be read."""

    outcome: Outcome
    customer_id: int | None


def _keys(platform: Platform, refs: Sequence[IdentityRef]) -> list[IdentityKey | None]:
    return [identity_key(platform, ref.kind, ref.source, ref.value) for ref in refs]


def _owners(session: Session, keys: Sequence[IdentityKey | None]) -> dict[tuple[str, str, str], int]:
    by_kind: dict[tuple[str, str], set[str]] = {}
    for key in keys:
        if key is not None:
            by_kind.setdefault((key.kind, key.source), set()).add(key.value_index)
    return {
        (kind, source, index): customer_id
        for (kind, source), indexes in sorted(by_kind.items())
        for index, customer_id in find_customers(session, kind, source, sorted(indexes)).items()
    }


def _triple(key: IdentityKey) -> tuple[str, str, str]:
    return key.kind, key.source, key.value_index


def link_identities(
    session: Session, platform: Platform, links: Sequence[tuple[IdentityRef, IdentityRef]], *, now: datetime, by: str
) -> list[LinkResult]:
    """For each (find, add): the customer known as `find` also is `add`. An `add` that is somebody else's merges the
    two, unless an operator declared them two people. One result per link, in order; repeating changes nothing."""
    finds, adds = _keys(platform, [find for find, _ in links]), _keys(platform, [add for _, add in links])
    owners = _owners(session, [*finds, *adds])
    wanted: list[tuple[int, IdentityKey]] = []
    for find, add in zip(finds, adds, strict=True):
        if find and add and _triple(find) in owners and _triple(add) not in owners:
            wanted.append((owners[_triple(find)], add))
            owners[_triple(add)] = owners[_triple(find)]
    new = claim_identities(session, wanted, now)
    if len(new) < len({_triple(key) for _, key in wanted}):  # somebody else claimed one meanwhile
        owners |= _owners(session, [key for _, key in wanted if _triple(key) not in new])
    pairs = [
        (owners[_triple(find)], owners[_triple(add)])
        for find, add in zip(finds, adds, strict=True)
        if find and add and _triple(find) in owners and owners[_triple(find)] != owners[_triple(add)]
    ]
    merged = merge_pairs(session, platform, pairs, reason="link", actor_name=by, now=now)
    results = [
        _result(find, add, owners, set(new), merged.survivor_of, set(merged.refused))
        for find, add in zip(finds, adds, strict=True)
    ]
    _announce(session, platform, new, by, now)
    return results


def _result(
    find: IdentityKey | None,
    add: IdentityKey | None,
    owners: dict[tuple[str, str, str], int],
    new: set[tuple[str, str, str]],
    survivors: dict[int, int],
    refused: set[tuple[int, int]],
) -> LinkResult:
    if find is None or add is None:
        return LinkResult("invalid", None)
    if _triple(find) not in owners:
        return LinkResult("not_found", None)
    owner, other = owners[_triple(find)], owners[_triple(add)]
    survivor = survivors.get(owner, owner)
    if _triple(add) in new and survivors.get(other, other) == survivor:
        new.discard(_triple(add))
        return LinkResult("linked", survivor)
    if owner == other:
        return LinkResult("already", survivor)
    if (owner, other) in refused or survivors.get(other, other) != survivor:
        return LinkResult("declared_split", survivor)
    return LinkResult("merged", survivor)


def _announce(
    session: Session, platform: Platform, new: dict[tuple[str, str, str], int], by: str, now: datetime
) -> None:
    record_events(
        session,
        [
            EventFact(
                customer_id,
                "identity_linked",
                now,
                "people",
                f"linked:{kind}:{source}:{platform.secrets.index(index)}",
                data={"kind": kind, "source": source, "by": by},
            )
            for (kind, source, index), customer_id in new.items()
        ],
    )
    for kind in {kind for kind, _, _ in new}:
        mark_identified(session, kind, sorted({c for (k, _, _), c in new.items() if k == kind}))


__all__ = ["SOURCELESS", "IdentityRef", "LinkResult", "Outcome", "link_identities"]
