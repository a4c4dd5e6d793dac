"""Which events are a customer's own doing: a click or a visit is, a message that we sent is not."""

from __future__ import annotations

_own_acts = {"friend_added"}


def register_own_act(kind: str) -> None:
    """A domain says at start that events of this kind are done by the customer. Orders count anyway."""
    _own_acts.add(kind)


def own_acts() -> frozenset[str]:
    return frozenset(_own_acts)
