"""Acquisition's rules without any input or output. Limits are WeCom's (server API, contact way, remark, welcome)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

REMARK_CHARACTERS = 20
"""Of a customer's remark, as WeCom counts them; what is longer is cut."""
WELCOME_BYTES = 4000
"""Of the welcome text in UTF-8, placeholders filled."""
ATTACHMENTS_MAX = 9
LINK_TITLE_BYTES = 128
LINK_DESC_BYTES = 512
URL_BYTES = 2048
STAFF_MAX = 100
"""Members behind one contact way (41041)."""
WAY_REMARK_CHARACTERS = 30
STATE_CHARACTERS = 30
WELCOME_LIFE = timedelta(seconds=20)
"""A welcome code dies this long after its event."""

REMARK_PLACEHOLDERS = ("name", "channel", "code", "date")
WELCOME_PLACEHOLDERS = ("name", "staff")

NAMELESS = "朋友"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0, 1: a state may be read aloud


def new_state(choose: secrets.SystemRandom) -> str:
    """`ws` and 16 characters of 32: 80 bits, so that nobody guesses another code's state; 18 of WeCom's 30."""
    return "ws" + "".join(choose.choice(_ALPHABET) for _ in range(16))


def unknown_placeholders(template: str, known: Iterable[str]) -> list[str]:
    """Names in braces that mean nothing here, in their order: `{nmae}` must be told, not sent to a customer."""
    return [name for name in _PLACEHOLDER.findall(template) if name not in set(known)]


def fill(template: str, values: Mapping[str, str]) -> str:
    """Placeholders replaced in one pass: a customer who calls themselves `{staff}` stays `{staff}`."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group(0)), template)


def remark_of(template: str, *, name: str, channel: str, code: str, at: datetime, zone: ZoneInfo) -> str:
    """The remark for a new friend, at most 20 characters; empty when the template is. `{date}` is yymmdd."""
    values = {"name": name, "channel": channel, "code": code, "date": at.astimezone(zone).strftime("%y%m%d")}
    return fill(template, values).strip()[:REMARK_CHARACTERS].strip()


def cut_bytes(text: str, limit: int) -> str:
    """The longest beginning of `text` with at most `limit` bytes of UTF-8; never half a character."""
    return text.encode()[:limit].decode(errors="ignore")


def welcome_text(template: str, *, name: str, staff: str) -> str:
    """The text that goes out. Only an unusually long name can push it over the limit; then its end is cut. WeCom does
    not tell the name of somebody whom the member has not confirmed yet: they are NAMELESS."""
    return cut_bytes(fill(template, {"name": name or NAMELESS, "staff": staff}), WELCOME_BYTES)


def makes_cycle(parents: Mapping[int, int | None], channel_id: int, parent_id: int | None) -> bool:
    """Whether hanging the channel under `parent_id` would put it under itself."""
    seen: set[int] = set()
    while parent_id is not None and parent_id not in seen:
        if parent_id == channel_id:
            return True
        seen.add(parent_id)
        parent_id = parents.get(parent_id)
    return False


def channel_paths(channels: Iterable[tuple[int, str, int | None]]) -> dict[int, str]:
    """(id, name, parent_id) -> "root / branch / leaf" by id."""
    rows = {ident: (name, parent) for ident, name, parent in channels}
    paths: dict[int, str] = {}
    for ident in rows:
        names, at, seen = [], ident, set[int]()
        while at in rows and at not in seen:
            seen.add(at)
            name, parent = rows[at]
            names.append(name)
            at = parent if parent is not None else -1
        paths[ident] = " / ".join(reversed(names))
    return paths


@dataclass(frozen=True)
class Kept:
    """Of `adds` that are at least 30 days old, `kept` were still friends 30 days after their add."""

    adds: int
    kept: int

    @property
    def share(self) -> float | None:
        return self.kept / self.adds if self.adds else None


def contact_way(*, userids: list[str], name: str, skip_verify: bool, state: str) -> dict[str, Any]:
    """The body of a contact way. Always type 2: WeCom can't change the type later, and a code with one colleague
    today may have three tomorrow behind the same QR."""
    return {
        "type": 2,
        "scene": 2,
        "user": userids,
        "remark": name[:WAY_REMARK_CHARACTERS],
        "skip_verify": skip_verify,
        "state": state,
    }
