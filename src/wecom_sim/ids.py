"""Ids in the shapes that the platform uses, and opaque cursors that notice tampering.

Ids are a hash of (seed, kind, running number): the same seed gives the same ids in the same order, and the running
number is kept in the state file, so that a restarted simulator never hands out an id twice.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from wecom_sim.errors import WireError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_ALPHABET)
# Two digits at once, and big numbers only every ten digits: ids are most of the work of a seeding.
_PAIRS = [_ALPHABET[low] + _ALPHABET[high] for high in range(_BASE) for low in range(_BASE)]
_TEN = _BASE**10


def _digits(value: int, count: int) -> str:
    """The `count` lowest digits of `value` in base 62, the lowest first."""
    found: list[str] = []
    pairs, base = _PAIRS, _BASE * _BASE
    for _ in range(0, count, 10):
        value, ten = divmod(value, _TEN)
        for _ in range(5):
            ten, pair = divmod(ten, base)
            found.append(pairs[pair])
    return "".join(found)[:count]


@dataclass
class IdState:
    seed: int = 1
    counters: dict[str, int] = field(default_factory=dict)


class Ids:
    def __init__(self, state: IdState | None = None) -> None:
        self.state = state or IdState()

    def digest(self, kind: str) -> bytes:
        number = self.state.counters.get(kind, 0) + 1
        self.state.counters[kind] = number
        return hashlib.sha256(f"{self.state.seed}:{kind}:{number}".encode()).digest()

    def text(self, kind: str, prefix: str, length: int) -> str:
        """`prefix` plus letters and digits, `length` characters in all."""
        value = int.from_bytes(
            self.digest(kind) + (hashlib.sha256(kind.encode()).digest() if length > 42 else b""), "big"
        )
        return prefix + _digits(value, length - len(prefix))

    def hex(self, kind: str, length: int = 32) -> str:
        return self.digest(kind).hex()[:length]

    def external_userid(self) -> str:
        return self.text("external_userid", "wm", 32)


class Cursors:
    """Cursors are signed: a changed one is refused with 50100, as is one of another query."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).digest()[:9]

    def encode(self, kind: str, position: Any) -> str:
        body = json.dumps([kind, position], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def decode(self, kind: str, cursor: str) -> Any:
        """The position, or None for an empty cursor. Raises 50100."""
        if not cursor:
            return None
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (ValueError, TypeError):
            raise WireError(50100) from None
        if not hmac.compare_digest(self._sign(raw[9:]), raw[:9]):
            raise WireError(50100)
        got_kind, position = json.loads(raw[9:])
        if got_kind != kind:
            raise WireError(50100, "cursor of another query")
        return position
