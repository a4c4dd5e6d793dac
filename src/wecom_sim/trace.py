"""The last calls and callback attempts, for the developers' page. In memory only, and without secrets."""

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from wecom_sim.callbacks.state import Callback

KEPT = 2000
NO_ENVELOPE = -1000  # in place of an errcode: the connection broke, or HTTP said no
BODY_BYTES = 8192  # shown of a body
SECRETS = (
    "access_token", "corpsecret", "provider_secret", "secret", "ticket", "user_ticket", "token", "session_key",
    "welcome_code", "WelcomeCode", "code", "response_code", "ResponseCode", "chat_key", "ChatKey", "Token",
)  # fmt: skip
_IN_JSON = re.compile(rf'("(?:{"|".join(SECRETS)})"\s*:\s*")[^"]*')
HIDDEN = "•••"


@dataclass
class TraceRow:
    """`title`: path of a call, name of an event. `at`: simulated seconds, `real` those of the machine. `ms`: how
    long it took. `message`: errmsg, or why an attempt failed. `number`: that of the event."""

    seq: int
    kind: Literal["call", "callback"]
    at: float
    real: float
    title: str
    ms: float
    app: str = ""
    method: str = ""
    errcode: int = 0
    message: str = ""
    query: str = ""
    request: bytes = b""
    response: bytes = b""
    number: int = 0
    attempt: int = 0
    outcome: Literal["answered", "delivered", "failed", "dropped", "skipped"] = "answered"
    fields: dict[str, Any] = field(default_factory=dict)


class Trace:
    """`now`: the simulated time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._rows: deque[TraceRow] = deque(maxlen=KEPT)
        self._last = 0

    def _number(self) -> int:
        self._last += 1
        return self._last

    def call(
        self, *, began: float, method: str, path: str, app: str, errcode: int, message: str, query: str,
        request: bytes, response: bytes,
    ) -> None:  # fmt: skip
        """`began`: time.perf_counter() when the call came in."""
        self._rows.append(
            TraceRow(
                self._number(), "call", self._now(), time.time(), path, (time.perf_counter() - began) * 1000, app, method,
                errcode, message, query, request[: BODY_BYTES + 1], response[: BODY_BYTES + 1],
            )
        )  # fmt: skip

    def attempt(self, row: Callback, outcome: Literal["delivered", "failed", "dropped", "skipped"], error: str, ms: float) -> None:  # fmt: skip
        """One POST of an event; or an event that got lost, or that nobody listens to."""
        self._rows.append(
            TraceRow(
                self._number(), "callback", self._now(), time.time(), row.event, ms, message=error, number=row.number,
                attempt=row.attempts, outcome=outcome, fields=row.fields,
            )
        )  # fmt: skip

    def after(self, seq: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """The newest rows above `seq`, oldest first, and the last number given out."""
        found = [row for row in self._rows if row.seq > seq][-limit:]
        return [_shown(row) for row in found], self._last

    def clear(self) -> None:
        self._rows.clear()


def _shown(row: TraceRow) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "kind": row.kind,
        "at": row.at,
        "real": row.real,
        "title": row.title,
        "ms": round(row.ms, 1),
        "app": row.app,
        "method": row.method,
        "errcode": row.errcode,
        "message": row.message,
        "query": urlencode([(k, HIDDEN if k in SECRETS else v) for k, v in parse_qsl(row.query)], safe=HIDDEN),
        "request": _text(row.request),
        "response": _text(row.response),
        "number": row.number,
        "attempt": row.attempt,
        "outcome": row.outcome,
        "fields": {name: HIDDEN if name in SECRETS else value for name, value in row.fields.items()},
    }


def _text(body: bytes) -> str:
    """A body as text without its secrets; what is no text is only measured."""
    try:
        text = body[:BODY_BYTES].decode("utf-8", errors="strict" if len(body) <= BODY_BYTES else "ignore")
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
    shown = _IN_JSON.sub(rf"\1{HIDDEN}", text)
    return shown + ("…" if len(body) > BODY_BYTES else "")
