"""A page beside a chat: the JS-SDK that it loads, and what the client does for it (reference, 4.4)."""

import hashlib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import Field

from wecom_sim.company import App
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.errors import ActionError, WireError
from wecom_sim.oauth.state import TicketKind
from wecom_sim.simulator import Simulator

HERE = Path(__file__).parent
SAMPLE = "/phone/sidebar-sample"
# Framed by our own phone pages only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)

router = APIRouter(include_in_schema=False)
control = APIRouter(tags=["signing in"])
_sample = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True).get_template("sample.html")


def origin_of(url: str) -> str:
    """Scheme, host and port; empty for what is no http address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}" if parts.scheme in ("http", "https") else ""


def frame_origins(sim: Simulator) -> list[str]:
    """Where the pages of apps live: a member's phone may frame these and no others."""
    return sorted({origin_of(app.sidebar_url) for app in sim.kernel.company.apps if app.sidebar_url})


def _app(sim: Simulator, agentid: int) -> App:
    app = sim.kernel.company.app_by_agentid(agentid or sim.kernel.company.agentid)
    if app is None:
        raise ActionError("no_such_app", f"There is no app {agentid}.", 404)
    return app


# -- the script and the sample page ----------------------------------------------------------------------------------------
@router.get("/jssdk.js")
async def jssdk() -> FileResponse:
    """What pages load in place of the platform's two scripts; it defines `wx`."""
    headers = {"cross-origin-resource-policy": "cross-origin", "cache-control": "no-cache"}
    return FileResponse(HERE / "static" / "jssdk.js", media_type="text/javascript", headers=headers)


@router.get(SAMPLE)
async def sample(request: Request) -> HTMLResponse:
    lang = "en" if request.query_params.get("lang") == "en" else "zh"
    headers = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "cache-control": "no-store"}
    return HTMLResponse(_sample.render(lang=lang), headers=headers)


@router.get("/phone/api/sample-config")
async def sample_config(sim: Sim, request: Request, url: str, agentid: int = 0) -> dict[str, Any]:
    """What an app's own server would answer its page: ids and both signatures, for the sample page alone."""
    parts = urlsplit(url)
    if parts.netloc != request.url.netloc or parts.path != SAMPLE:
        raise ActionError("not_the_sample", "Only the sample page is signed here.", 422)
    app = _app(sim, agentid)
    nonce, stamp = sim.kernel.ids.text("sample_nonce", "", 16), str(sim.kernel.clock.stamp())

    def sign(kind: TicketKind) -> str:
        ticket, _ = sim.oauth.js_ticket(kind, app)
        signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={stamp}&url={url.split('#')[0]}"
        return hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324

    return {
        "corpid": sim.kernel.company.corpid, "agentid": app.agentid, "timestamp": stamp, "nonceStr": nonce,
        "jsapi": sign("jsapi"), "agent_config": sign("agent_config"),
    }  # fmt: skip


# -- what the phone asks for the page --------------------------------------------------------------------------------------
class JsConfigIn(Strict):
    """The arguments of `wx.config` (kind jsapi; then `corpid` is its appId) or `wx.agentConfig`."""

    userid: str
    kind: TicketKind
    corpid: str = Field(max_length=64)
    agentid: int = 0
    url: str = Field(max_length=4096)
    timestamp: str = Field(max_length=32)
    nonce_str: str = Field(max_length=128)
    signature: str = Field(max_length=128)


@router.post("/phone/api/js-config")
async def js_config(sim: Sim, wish: JsConfigIn) -> dict[str, Any]:
    """Verify domain and signature. `contact`: the app may call 客户联系. Refusals: wire_40013, wire_40056, wire_40093,
    wire_80001, and wire_60011 where the member is outside the app's range."""
    sim.directory.member(wish.userid)
    try:
        if wish.corpid != sim.kernel.company.corpid:
            raise WireError(40013)
        app = sim.kernel.company.app_by_agentid(wish.agentid or sim.kernel.company.agentid)
        if app is None or not app.active:
            raise WireError(40056)
        if wish.userid not in sim.directory.visible_userids(app):
            raise WireError(60011)
        answer = sim.oauth.check_js_config(
            app, wish.kind, wish.url, wish.timestamp, wish.nonce_str, wish.signature.lower()
        )
    except WireError as error:
        raise ActionError(f"wire_{error.code}", error.message, 422) from error
    return {**answer, "contact": "contact" in app.rights}


class SendIn(Strict):
    """`external_userid` or `chat_id`: where the page stands. `body`: what the JS-SDK calls by the name of `msgtype`."""

    userid: str
    external_userid: str = ""
    chat_id: str = ""
    msgtype: str
    body: dict[str, Any] = Field({})


@router.post("/phone/api/sidebar-send")
async def send(sim: Sim, wish: SendIn) -> dict[str, Any]:
    try:
        if wish.chat_id:
            return sim.sending.to_group(wish.userid, wish.chat_id, wish.msgtype, wish.body)
        return sim.sending.to_customer(wish.userid, wish.external_userid, wish.msgtype, wish.body)
    except WireError as error:
        raise ActionError(f"wire_{error.code}", error.message, 422) from error


# -- what the admin sets ---------------------------------------------------------------------------------------------------
class SidebarIn(Strict):
    """`agentid` 0 = the first app; an empty url takes the page away."""

    url: str = Field(max_length=2048)
    agentid: int = 0


@control.post("/sidebar")
async def set_sidebar(sim: Sim, wish: SidebarIn) -> dict[Literal["agentid", "sidebar_url"], Any]:
    """The page that an app shows beside chats (聊天工具栏) and as its home page."""
    if wish.url and (not origin_of(wish.url) or any(one in wish.url for one in " ;,'\"\\<>")):
        raise ActionError("bad_url", "The page must be an http:// or https:// address.", 422)
    app = _app(sim, wish.agentid)
    app.sidebar_url = wish.url
    return {"agentid": app.agentid, "sidebar_url": app.sidebar_url}
