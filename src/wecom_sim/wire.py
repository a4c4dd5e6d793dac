"""The wire: one table of endpoints, and the road that every call takes through it.

path known? -> method -> trusted address, frequency -> token -> right -> body -> the area's rule -> envelope.
"""

import asyncio
import inspect
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from wecom_sim.company import App
from wecom_sim.errors import WireError

if TYPE_CHECKING:
    from wecom_sim.simulator import Simulator

MAX_BODY = 32 * 1024 * 1024
WRONG_JSON = "Warning: wrong json format. "


def is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,18}", text))


@dataclass
class Call:
    """One request on the wire. `app` is the app behind the token; `ip` the caller's address."""

    sim: "Simulator"
    query: Mapping[str, str]
    ip: str
    base_url: str
    token_app: App | None = None
    body: dict[str, Any] = field(default_factory=dict)
    upload: UploadFile | None = None
    upload_bytes: bytes = b""
    wrong_json: bool = False

    @property
    def app(self) -> App:
        assert self.token_app is not None
        return self.token_app

    def text(self, name: str, missing: int = 0) -> str:
        """A text parameter of the body (numbers are taken as text); `missing` is the code to refuse an empty one."""
        value = self.body.get(name)
        if value is None or value == "":
            if missing:
                raise WireError(missing, f"missing {name}")
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.ill_typed(name)
        return str(value)

    def number(self, name: str, default: int = 0, missing: int = 0) -> int:
        value = self.body.get(name)
        if value is None:
            if missing:
                raise WireError(missing, f"missing {name}")
            return default
        if isinstance(value, str) and is_number(value):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.ill_typed(name)
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.body.get(name)
        if value is None:
            return default
        if isinstance(value, bool | int):
            return bool(value)
        raise self.ill_typed(name)

    def texts(self, name: str) -> list[str]:
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.ill_typed(name)
        return list(value)

    def numbers(self, name: str) -> list[int]:
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(
            isinstance(item, int) and not isinstance(item, bool) for item in value
        ):
            raise self.ill_typed(name)
        return list(value)

    def ill_typed(self, name: str) -> WireError:
        self.wrong_json = True
        return WireError(40058, f"wrong type of {name}")

    def asked(self, name: str, missing: int = 40058) -> str:
        """A required query parameter."""
        value = self.query.get(name, "")
        if not value:
            raise WireError(missing, f"missing {name}")
        return value

    def limit(self, maximum: int, default: int) -> int:
        """The page size; out of bounds falls back to the default (PQ 93338)."""
        value = self.number("limit", default)
        return value if 1 <= value <= maximum else default


Handler = Callable[[Call], dict[str, Any] | Response | Awaitable[dict[str, Any] | Response]]


@dataclass(frozen=True)
class Endpoint:
    """`source`: section of the WeCom API reference and the tags of its evidence. `shape_only`: the answer has the right
    shape, but no rule stands behind it."""

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    token: bool
    right: str
    source: str
    multipart: bool
    shape_only: bool = False

    @property
    def area(self) -> str:
        return self.handler.__module__.split(".")[1]


ENDPOINTS: dict[str, Endpoint] = {}


def _add(endpoint: Callable[[Handler], Endpoint]) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        made = endpoint(handler)
        ENDPOINTS[made.path] = made
        return handler

    return keep


def get(
    path: str, *, token: bool = True, right: str = "", source: str, shape_only: bool = False
) -> Callable[[Handler], Handler]:
    return _add(lambda handler: Endpoint("GET", path, handler, token, right, source, False, shape_only))


def post(
    path: str, *, right: str = "", source: str, multipart: bool = False, shape_only: bool = False
) -> Callable[[Handler], Handler]:
    return _add(lambda handler: Endpoint("POST", path, handler, True, right, source, multipart, shape_only))


def envelope(sim: "Simulator", code: int, message: str, ip: str, extra: dict[str, Any] | None = None) -> bytes:
    if code:
        number = secrets.randbelow(900) + 100
        message += (
            f", hint: [{sim.kernel.clock.stamp()}_{number}_{secrets.token_hex(16)}], from ip: {ip}, "
            f"more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
        )
    return orjson.dumps({"errcode": code, "errmsg": message, **(extra or {})})


def _parse(call: Call, raw: bytes) -> None:
    """Read the body as the platform does: what can't be read counts as empty, and the answer says so."""
    if not raw:
        return
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        call.wrong_json = True
        return
    if isinstance(body, dict):
        call.body = body
    else:
        call.wrong_json = True


async def _answer(call: Call, endpoint: Endpoint, request: Request) -> dict[str, Any] | Response:
    sim = call.sim
    if request.method != endpoint.method:
        raise WireError(40058, f"use {endpoint.method}")
    if endpoint.token:
        call.token_app = sim.auth.app_of(call.query.get("access_token", ""))
    sim.auth.spend_call(endpoint.path, call.ip, call.query.get("debug") == "1")
    if endpoint.right and endpoint.right not in call.app.rights:
        raise WireError(48002, f"the app lacks the right {endpoint.right}")
    if endpoint.multipart:
        async with request.form(max_files=1) as form:
            part = form.get("media")
            if isinstance(part, UploadFile):
                call.upload = part
                call.upload_bytes = await part.read()
    elif endpoint.method == "POST":
        raw = await request.body()
        if len(raw) > MAX_BODY:
            raise WireError(40206)
        _parse(call, raw)
    result = endpoint.handler(call)
    return await result if inspect.isawaitable(result) else result


async def dispatch(sim: "Simulator", request: Request, base_url: str, cut: Callable[[], None]) -> Response:
    """Answer one call: HTTP 200 for every business error, the error in `errcode`. `cut` breaks the connection."""
    with sim.auth.one_of_many(request.url.path) as too_many:
        return await _through_faults(sim, request, base_url, cut, 45033 if too_many else 0)


async def _through_faults(
    sim: "Simulator", request: Request, base_url: str, cut: Callable[[], None], refused: int
) -> Response:
    """`refused`: the errcode that the call gets whatever it asks for, 0 = none."""
    faults = sim.faults.striking(request.url.path)
    for fault in faults:
        if fault.kind == "latency":
            await asyncio.sleep(fault.latency_ms / 1000)
        elif fault.kind == "token_revoked":
            sim.auth.revoke_all()
        elif fault.kind == "cut_before":
            cut()
            return Response(status_code=502)
        elif fault.kind == "http":
            return Response(f"HTTP {fault.code}", status_code=fault.code, media_type="text/plain")
    ordered = next((fault for fault in faults if fault.kind == "errcode"), None)
    answer = await _dispatch(sim, request, base_url, ordered.code if ordered else refused)
    if any(fault.kind == "cut_after" for fault in faults):
        cut()
    return answer


async def _dispatch(sim: "Simulator", request: Request, base_url: str, ordered_code: int) -> Response:
    path = request.url.path
    ip = request.client.host if request.client else "127.0.0.1"
    call = Call(sim, request.query_params, ip, base_url)
    endpoint = ENDPOINTS.get(path)
    code, message, extra = 0, "ok", None
    try:
        if ordered_code:
            raise WireError(ordered_code)
        if endpoint is None:
            raise WireError(48002, f"the simulator has no {path}; `wecom-sim paths` lists what it has")
        result = await _answer(call, endpoint, request)
        if isinstance(result, Response):
            sim.auth.calls[(path, 0)] += 1
            return result
        extra = result
    except WireError as error:
        code, message = error.code, error.message
    if call.wrong_json:
        message = WRONG_JSON + message
    sim.auth.calls[(path, code)] += 1
    return Response(envelope(sim, code, message, ip, extra), media_type="application/json; charset=utf-8")
