"""What the sign-in rules say of a member, in pure functions.

Rules are asked in order; the first that fits decides, also when it can't be carried out: a member meant to see a store,
but in none, is refused rather than handed on to a wider rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wellspring.platform.auth import Role, Scope, ScopeKind

Unfit = Literal["no_rule", "no_store", "no_region"]
GRANTABLE = (Role.OPERATOR, Role.STORE_MANAGER, Role.STAFF, Role.OWNER, Role.ANALYST)
"""Administrators are made by hand: whoever edits the rules must not make themselves one. Integrators are machines."""


@dataclass(frozen=True)
class Place:
    """A department. `kind`: department, region, store."""

    id: int
    kind: str


@dataclass(frozen=True)
class Member:
    """`chains`: for each department of the member, the main one first, the way from it up to the top."""

    staff_id: int
    position: str
    chains: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True)
class Rule:
    """Fits members of the department and of those below it, whose position contains `position` (any case)."""

    department_id: int
    position: str
    role: Role
    scope: ScopeKind


@dataclass(frozen=True)
class Granted:
    role: Role
    scope: Scope


def first_fit(rules: Sequence[Rule], member: Member) -> int | None:
    """The index of the rule that decides."""
    return next((index for index, rule in enumerate(rules) if _chain(rule, member) is not None), None)


def decide(rules: Sequence[Rule], member: Member) -> Granted | Unfit:
    """Role and scope, or why there is none."""
    index = first_fit(rules, member)
    if index is None:
        return "no_rule"
    rule = rules[index]
    chain = _chain(rule, member) or ()
    if rule.scope == "all":
        return Granted(rule.role, Scope("all"))
    if rule.scope == "own":
        return Granted(rule.role, Scope("own", staff_id=member.staff_id))
    nearest = next((place for place in chain if place.kind == rule.scope), None)
    if nearest is None:
        return "no_store" if rule.scope == "store" else "no_region"
    return Granted(rule.role, Scope(rule.scope, department_id=nearest.id))


def _chain(rule: Rule, member: Member) -> tuple[Place, ...] | None:
    """By which of their departments the rule fits the member."""
    if rule.position.strip().lower() not in member.position.lower():
        return None
    return next((chain for chain in member.chains if any(p.id == rule.department_id for p in chain)), None)
