"""What a person sees of signing in: whose phone this is, what the app may see, a QR code on a computer's screen.

Plain links, no script: the pages do what open.weixin.qq.com and login.work.weixin.qq.com do in the client.
"""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlencode

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from wecom_sim.company import App
from wecom_sim.control.deps import Sim
from wecom_sim.errors import ActionError, WireError
from wecom_sim.oauth.state import PRIVATE_FIELDS, Scope
from wecom_sim.phone.views import staff_card
from wecom_sim.simulator import Simulator
from wecom_sim.wire import is_number

router = APIRouter(include_in_schema=False)
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
# A page of an app that stands beside a chat signs in inside the frame: our own phones may hold these pages.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
ENGLISH = re.compile(r"\s*en\b", re.IGNORECASE)
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "new": "新客户", "who": "这是谁的手机？", "agree": "同意并继续", "wants": "申请查看你的信息", "scan": "用企业微信扫码登录",
        "scanned": "扫码的是", "or": "没有第二台设备时，直接选择扫码的成员", "wrong": "打不开登录页",
        "gone": "已登录，可以关掉这一页", "nobody": "没有在职成员", "back": "换一个人", "sim": "模拟企业微信", "added": "已添加", "open": "打开客户手机",
        "avatar": "头像", "gender": "性别", "mobile": "手机号", "email": "邮箱", "biz_mail": "企业邮箱",
        "qr_code": "个人二维码", "address": "地址",
    },
    "en": {
        "new": "New customer", "who": "Whose phone is this?", "agree": "Agree and go on", "wants": "asks to see your", "scan": "Scan with WeCom to sign in",
        "scanned": "Who scanned?", "or": "Without a second device, choose the member who scans", "wrong": "The sign-in page can't open",
        "gone": "Signed in; this page can be closed", "nobody": "No member in service", "back": "Somebody else", "sim": "Simulated WeCom", "added": "Added", "open": "Open the customer's phone",
        "avatar": "Picture", "gender": "Gender", "mobile": "Mobile", "email": "E-mail", "biz_mail": "Company e-mail",
        "qr_code": "QR code", "address": "Address",
    },
}  # fmt: skip


def query_of(request: Request) -> dict[str, str]:
    """The query. Who is sent here by an app brings no `lang`: then it is what their browser asks for."""
    query = dict(request.query_params)
    if "lang" not in query and ENGLISH.match(request.headers.get("accept-language", "")):
        query["lang"] = "en"
    return query


def _language(query: Mapping[str, str]) -> str:
    return "en" if query.get("lang") == "en" else "zh"


def words(query: Mapping[str, str]) -> dict[str, str]:
    """The words of the page's language."""
    return WORDS[_language(query)]


def page(query: Mapping[str, str], status: int = 200, refresh: int = 0, **shown: Any) -> HTMLResponse:
    """One of the plain pages; `step` says which part of the template."""
    template = _templates.get_template("sign_in.html")
    html = template.render(words=words(query), lang=_language(query), refresh=refresh, **shown)
    headers = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "cache-control": "no-store"}
    return HTMLResponse(html, status, headers)


def refusal(query: Mapping[str, str], code: str, message: str, status: int) -> HTMLResponse:
    return page(query, status, step="wrong", code=code, message=message)


def _app(sim: Simulator, query: Mapping[str, str]) -> App:
    agentid = query.get("agentid", "0")
    if not is_number(agentid):
        raise WireError(40056)
    return sim.oauth.app_for(query.get("appid", ""), int(agentid), query.get("redirect_uri", ""))


def _in_client(request: Request) -> str:
    """The member on whose simulated phone a page beside a chat stands: the client asks nobody who they are."""
    framed = request.headers.get("sec-fetch-dest") == "iframe"
    return unquote(request.cookies.get("wecom-sim-member", "")) if framed else ""


def _people(sim: Simulator) -> list[dict[str, Any]]:
    return [staff_card(sim, member) for member in sim.directory.staff if member.in_service]


def _link(query: Mapping[str, str], **changes: str) -> str:
    return "?" + urlencode({**query, **changes})


@router.get("/connect/oauth2/authorize")
async def authorize(sim: Sim, request: Request) -> Response:
    """The page behind `open.weixin.qq.com/connect/oauth2/authorize`: choose the member, agree, go back."""
    query = query_of(request)
    try:
        app = _app(sim, query)
        scope = query.get("scope", "")
        if query.get("response_type") != "code" or scope not in ("snsapi_base", "snsapi_privateinfo"):
            raise WireError(40058, "response_type must be code, scope snsapi_base or snsapi_privateinfo")
        if scope == "snsapi_privateinfo" and not query.get("agentid"):
            raise WireError(41011, "snsapi_privateinfo needs agentid")
        external_userid = query.get("customer", "")
        userid = query.get("as", "") or ("" if external_userid else _in_client(request))
        fields = [one for one in query.get("fields", ",".join(PRIVATE_FIELDS)).split(",") if one]
        if not userid and not external_userid:
            people = [{**one, "href": _link(query, **{"as": one["userid"]})} for one in _people(sim)]
            return page(query, step="who", app=app, people=people, company=sim.kernel.company)
        if scope == "snsapi_privateinfo" and userid and query.get("agreed") != "1":
            return _consent(sim, query, app, userid, fields)
        location = sim.oauth.agree(
            app, query["redirect_uri"], query.get("state", ""), cast(Scope, scope),
            userid=userid, external_userid=external_userid, fields=fields,
        )  # fmt: skip
    except WireError as error:
        return refusal(query, str(error.code), error.message, 400)
    except ActionError as error:
        return refusal(query, error.code, error.message, error.status)
    return RedirectResponse(location, 302)


def _consent(sim: Simulator, query: Mapping[str, str], app: App, userid: str, fields: list[str]) -> HTMLResponse:
    """Each field is a link that turns it on or off."""
    toggles = [
        {
            "name": one,
            "on": one in fields,
            "href": _link(query, fields=",".join(sorted(set(fields) ^ {one}, key=PRIVATE_FIELDS.index))),
        }
        for one in PRIVATE_FIELDS
    ]
    member = sim.directory.member(userid)
    back = "?" + urlencode({name: value for name, value in query.items() if name not in ("as", "fields")})
    return page(
        query, step="consent", app=app, person=staff_card(sim, member), toggles=toggles,
        agree=_link(query, agreed="1"), back=back, company=sim.kernel.company,
    )  # fmt: skip


@router.get("/wwlogin/sso/login")
@router.get("/wwopen/sso/qrConnect")
async def sso(sim: Sim, request: Request) -> Response:
    """The page behind `login.work.weixin.qq.com/wwlogin/sso/login`: a QR code that waits for a member's phone."""
    query = query_of(request)
    try:
        app = _app(sim, query)
        if request.url.path.endswith("/login") and query.get("login_type") != "CorpApp":
            raise WireError(40058, "login_type must be CorpApp")
        row = sim.oauth.open_sign_in(app, query["redirect_uri"], query.get("state", ""))
    except WireError as error:
        return refusal(query, str(error.code), error.message, 400)
    lang = {"lang": query["lang"]} if "lang" in query else {}
    return RedirectResponse(f"/wwlogin/wait/{row.key}" + ("?" + urlencode(lang) if lang else ""), 302)


@router.get("/wwlogin/wait/{key}")
async def wait(sim: Sim, request: Request, key: str) -> Response:
    """The computer's screen: shows the code and asks again every two seconds."""
    query = query_of(request)
    try:
        row = sim.oauth.sign_in(key)
    except ActionError as error:
        return refusal(query, error.code, error.message, error.status)
    if row.location:
        return RedirectResponse(row.location, 302)
    people = [{**one, "href": f"/wwlogin/phone/{key}?as={one['userid']}&here=1"} for one in _people(sim)]
    app = sim.kernel.company.app_by_agentid(row.agentid)
    return page(
        query, refresh=2, step="scan", app=app, people=people, company=sim.kernel.company,
        picture=f"/wwlogin/qr/{key}.svg",
    )  # fmt: skip


@router.get("/wwlogin/qr/{key}.svg")
async def sign_in_picture(sim: Sim, request: Request, key: str) -> Response:
    sim.oauth.sign_in(key)
    buffer = io.BytesIO()
    content = f"{request.app.state.base_url(request)}/wwlogin/phone/{key}"
    segno.make(content, error="m").save(buffer, kind="svg", scale=6, border=2)
    return Response(buffer.getvalue(), media_type="image/svg+xml")


@router.get("/wwlogin/phone/{key}")
async def scanned(sim: Sim, request: Request, key: str) -> Response:
    """The phone that scanned: choose whose it is. `here`: the choice was made on the computer itself."""
    query = query_of(request)
    try:
        row = sim.oauth.sign_in(key)
        userid = query.get("as", "")
        if not userid:
            people = [{**one, "href": _link(query, **{"as": one["userid"]})} for one in _people(sim)]
            app = sim.kernel.company.app_by_agentid(row.agentid)
            return page(query, step="who", app=app, people=people, company=sim.kernel.company)
        row = sim.oauth.agree_by_phone(key, userid)
    except ActionError as error:
        return refusal(query, error.code, error.message, error.status)
    return RedirectResponse(row.location, 302) if query.get("here") else page(query, step="gone")
