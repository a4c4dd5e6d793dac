"""What the caps say, without any I/O: the decision for many candidates at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Purpose(StrEnum):
    """Why a customer is written to."""

    MARKETING = "marketing"
    SERVICE = "service"
    TRANSACTIONAL = "transactional"


@dataclass(frozen=True)
class Cap:
    """At most `max_touches` of the purpose per customer in `window_days` rolling days; no limit unless `enabled`."""

    purpose: Purpose
    max_touches: int
    window_days: int
    enabled: bool


DEFAULT_CAPS: Mapping[Purpose, Cap] = {
    Purpose.MARKETING: Cap(Purpose.MARKETING, max_touches=2, window_days=7, enabled=True),
    Purpose.SERVICE: Cap(Purpose.SERVICE, max_touches=7, window_days=7, enabled=False),
    Purpose.TRANSACTIONAL: Cap(Purpose.TRANSACTIONAL, max_touches=7, window_days=7, enabled=False),
}
"""In force until an operator writes another one. Service and transactional messages are exempt by purpose."""

MAX_TOUCHES_LIMIT = 100
WINDOW_DAYS_LIMIT = 366


@dataclass(frozen=True)
class Candidate:
    """One touch that somebody wants to make. `reference` names it over its whole life."""

    customer_id: int
    reference: str


@dataclass(frozen=True)
class Decisions:
    """`allowed`: references that may go out. `refused`: reference -> reason code."""

    allowed: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


def cap_reason(purpose: Purpose) -> str:
    """The reason code of a cap that is reached: CAP_MARKETING, CAP_SERVICE, CAP_TRANSACTIONAL."""
    return f"CAP_{purpose.upper()}"


def decide(cap: Cap, in_use: Mapping[int, int], held: Iterable[str], candidates: Iterable[Candidate]) -> Decisions:
    """Who may go out, in the order given: several candidates of one customer use the budget one after the other.

    `in_use`: units of the budget in use per customer, those of `held` references included. `held`: references
    that hold a unit already; they stay allowed and take no second one.
    """
    used = dict(in_use)
    holding = set(held)
    decisions = Decisions()
    for candidate in candidates:
        if candidate.reference in holding:
            decisions.allowed.add(candidate.reference)
            continue
        units = used.get(candidate.customer_id, 0)
        if cap.enabled and units >= cap.max_touches:
            decisions.refused[candidate.reference] = cap_reason(cap.purpose)
            continue
        used[candidate.customer_id] = units + 1
        holding.add(candidate.reference)
        decisions.allowed.add(candidate.reference)
    return decisions
