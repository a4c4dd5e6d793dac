"""Notes every wire call in the trace."""

import re
import time

from starlette.requests import Request
from starlette.responses import Response

from wecom_sim.simulator import Simulator
from wecom_sim.trace import NO_ENVELOPE, Trace
from wecom_sim.wire import dispatch

_ENVELOPE = re.compile(rb'\{"errcode":(-?\d+),"errmsg":"((?:[^"\\]|\\.)*)"')


async def dispatch_noted(sim: Simulator, request: Request, base_url: str, trace: Trace) -> Response:
    """`wire.dispatch`, with a row in the trace for what came and what went out."""
    began, broken = time.perf_counter(), False

    def cut() -> None:
        nonlocal broken
        broken = True
        request.scope["cut"]()

    answer = await dispatch(sim, request, base_url, cut)
    body = bytes(answer.body)
    envelope = _ENVELOPE.match(body)
    code, message = (int(envelope[1]), envelope[2].decode()) if envelope else (0, "")
    if broken or answer.status_code != 200:
        code, message = NO_ENVELOPE, f"HTTP {answer.status_code}"
    token = sim.auth.tokens.get(request.query_params.get("access_token", ""))
    app = sim.kernel.company.app_by_secret(token.secret) if token else None
    trace.call(
        began=began, method=request.method, path=request.url.path,
        app=app.name if app else "", errcode=code, message=message, query=request.url.query,
        # What starlette keeps of a body that was read; uploads are not kept.
        request=getattr(request, "_body", b""), response=b"" if broken else body,
    )  # fmt: skip
    return answer
