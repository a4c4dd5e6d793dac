"""Control: signing in, and a page in the client that sets up the JS-SDK."""

from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter

from wecom_sim.company import App
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.errors import ActionError, WireError
from wecom_sim.oauth.state import Scope, TicketKind
from wecom_sim.simulator import Simulator

router = APIRouter(tags=["signing in"])


class AuthorizeIn(Strict):
    """One of `userid` and `external_userid`. `fields`: what the member agrees to (default: all of them)."""

    redirect_uri: str
    userid: str = ""
    external_userid: str = ""
    state: str = ""
    scope: Scope = "snsapi_base"
    fields: list[str] | None = None
    agentid: int = 0


def _refused(error: WireError) -> ActionError:
    return ActionError(f"wire_{error.code}", error.message, 422)


@router.post("/authorize")
async def authorize(sim: Sim, wish: AuthorizeIn) -> dict[str, str]:
    """Somebody opens the OAuth link in the client and agrees: where the client goes then, and the code in it."""
    try:
        app = sim.oauth.app_for(sim.kernel.company.corpid, wish.agentid, wish.redirect_uri)
    except WireError as error:
        raise _refused(error) from error
    location = sim.oauth.agree(
        app, wish.redirect_uri, wish.state, wish.scope, userid=wish.userid, external_userid=wish.external_userid,
        fields=wish.fields,
    )  # fmt: skip
    return {"location": location, "code": parse_qs(urlsplit(location).query)["code"][-1]}


class JsConfigIn(Strict):
    """The arguments of `wx.config` (kind jsapi) or `wx.agentConfig` on the page `url`."""

    url: str
    timestamp: str
    nonce_str: str
    signature: str
    kind: TicketKind = "jsapi"
    agentid: int = 0


def _app(sim: Simulator, agentid: int) -> App:
    app = sim.kernel.company.app_by_agentid(agentid or sim.kernel.company.agentid)
    if app is None:
        raise ActionError("no_such_app", f"There is no app {agentid}.", 404)
    return app


@router.post("/js-config")
async def js_config(sim: Sim, wish: JsConfigIn) -> dict[str, Any]:
    """The client checks domain and signature of a page as it does for `wx.config` and `wx.agentConfig`."""
    try:
        return sim.oauth.check_js_config(
            _app(sim, wish.agentid), wish.kind, wish.url, wish.timestamp, wish.nonce_str, wish.signature
        )
    except WireError as error:
        raise _refused(error) from error


class SignInIn(Strict):
    """`key`: the part of the waiting page's address after /wwlogin/wait/."""

    key: str
    userid: str


@router.post("/sign-in")
async def sign_in(sim: Sim, wish: SignInIn) -> dict[Literal["location"], str]:
    """A member scans the QR code of a sign-in page and agrees."""
    return {"location": sim.oauth.agree_by_phone(wish.key, wish.userid).location}
