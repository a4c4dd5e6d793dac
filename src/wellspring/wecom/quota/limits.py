"""How often each API may be called.

Defaults: "call frequency" of the WeCom API reference (official page of 2023-08-28): one API of a company 10,000 a minute
and 150,000 an hour; some have limits of their own. A block lasts as long as the window it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Span = Literal["minute", "hour", "day", "month"]
SPANS: tuple[Span, ...] = get_args(Span)
SECONDS: dict[Span, int] = {"minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400}

BULK_SHARE = 0.6
"""Of each window: what syncs and reconciliations may use. The rest is always there for what somebody waits for."""


@dataclass(frozen=True)
class Limits:
    """Calls a window; a span that isn't named has no limit."""

    spans: dict[Span, int]

    def share(self, span: Span, *, bulk: bool) -> int:
        """At least one call, however small the window."""
        whole = self.spans[span]
        return max(1, int(whole * BULK_SHARE)) if bulk else whole


ORDINARY = Limits({"minute": 10_000, "hour": 150_000})
OWN: dict[str, Limits] = {
    "media/uploadimg": Limits({"minute": 10_000, "day": 1_000, "month": 3_000}),
    "get_jsapi_ticket": Limits({"hour": 400}),
    "ticket/get": Limits({"hour": 100}),
    "externalcontact/add_moment_task": Limits({"minute": 10}),
}


def limits_of(path: str) -> Limits:
    return OWN.get(path, ORDINARY)
