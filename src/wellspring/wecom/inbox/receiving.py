"""The road of a callback, outside the application: hundreds come in a second, and all that any of them needs is here.

No session, no permission, no request id: who calls is proved by the signature alone.
"""

from __future__ import annotations

from urllib.parse import parse_qs

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from wellspring.platform.metrics import CALLBACKS
from wellspring.platform.runtime import Platform
from wellspring.wecom.crypto import CallbackRefused
from wellspring.wecom.inbox.collector import collector_of
from wellspring.wecom.inbox.intake import MAX_BODY, Proof

log = structlog.get_logger(__name__)

PATH = "/callback/wecom"
STATUS = {"not_connected": 503, "too_large": 413, "malformed": 400}


def refused(error: CallbackRefused) -> int:
    """Count and log a refusal; answers its HTTP status."""
    CALLBACKS.labels(error.outcome).inc()
    log.warning("wecom_callback_refused", outcome=error.outcome, why=str(error))
    return STATUS.get(error.outcome, 403)


class ReceiveCallbacks:
    """Answers POST /callback/wecom with 200 and an empty body once the callback is safe; anything else makes WeCom send
    it again. Everything else goes on to the application."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self.app = app
        self.platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        status = await self._receive(scope, receive)
        headers = [(b"content-length", b"0")]
        if status == 413:
            headers.append((b"connection", b"close"))  # the rest of the body is not read
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _receive(self, scope: Scope, receive: Receive) -> int:
        try:
            body = await _body(receive)
            outcome = await collector_of(self.platform).take(proof_of(scope), body)
        except CallbackRefused as error:
            return refused(error)
        except Exception as error:
            CALLBACKS.labels("failed").inc()
            log.error("wecom_callback_failed", error=repr(error)[:300])
            return 500
        CALLBACKS.labels(outcome).inc()
        return 200


async def _body(receive: Receive) -> bytes:
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallbackRefused("malformed", "the caller hung up")
        parts += message.get("body", b"")
        if len(parts) > MAX_BODY:
            raise CallbackRefused("too_large", f"more than {MAX_BODY} bytes")
        if not message.get("more_body"):
            return bytes(parts)


def proof_of(scope: Scope) -> Proof:
    """What stands in a callback's query; empty where it is missing. Raises CallbackRefused for more than WeCom sends."""
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
    except ValueError:
        raise CallbackRefused("malformed", "the query has too many fields") from None
    first = {name: values[0] for name, values in query.items()}
    return Proof(first.get("msg_signature", ""), first.get("timestamp", ""), first.get("nonce", ""))
