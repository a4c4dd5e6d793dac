"""Pages, pictures and QR codes that phones open."""

import io
from pathlib import Path

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wecom_sim.control.deps import Sim
from wecom_sim.errors import ActionError
from wecom_sim.phone import codes
from wecom_sim.phone.sidebar import frame_origins

HERE = Path(__file__).parent
# Pictures may come from anywhere: a link card names its own. Everything else is ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' http: https: data:; "
    "media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TITLES = {
    "zh": {"home": "模拟手机", "customer": "客户手机", "scan": "扫一扫", "staff": "员工手机"},
    "en": {"home": "Simulated phone", "customer": "Customer's phone", "scan": "Scan", "staff": "Staff phone"},
}

router = APIRouter(include_in_schema=False)
_shell = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True).get_template("shell.html")


class Static(StaticFiles):
    """Files that browsers ask about again each time: a new version shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer


static = Static(directory=HERE / "static")


def page(request: Request, name: str, ident: str = "", frames: list[str] | None = None) -> HTMLResponse:
    """`frames`: origins whose pages this page may show beside a chat; None = it frames nothing."""
    lang = "en" if request.query_params.get("lang") == "en" else "zh"
    html = _shell.render(page=name, ident=ident, lang=lang, title=TITLES[lang][name], frames=" ".join(frames or []))
    policy = POLICY if frames is None else " ".join([POLICY + "; frame-src 'self'", *frames])
    return HTMLResponse(html, headers={"content-security-policy": policy, "x-content-type-options": "nosniff"})


@router.get("/", include_in_schema=False)
async def root() -> RedirectResponse:
    """Whoever types the bare address wants to hold a phone."""
    return RedirectResponse("/phone")


@router.get("/phone")
async def home_page(request: Request) -> HTMLResponse:
    return page(request, "home")


@router.get("/phone/customer/{external_userid}")
async def customer_page(request: Request, external_userid: str) -> HTMLResponse:
    return page(request, "customer", external_userid)


@router.get("/phone/scan/{config_id}")
async def scan_page(request: Request, config_id: str) -> HTMLResponse:
    return page(request, "scan", config_id)


@router.get("/phone/staff/{userid}")
async def staff_page(sim: Sim, request: Request, userid: str) -> HTMLResponse:
    return page(request, "staff", userid, frame_origins(sim))


@router.get("/kf/{token}")
async def service_page(request: Request, token: str) -> HTMLResponse:
    """The link that kf/add_contact_way makes."""
    return page(request, "scan", token)


@router.get("/qr/{config_id}.png")
async def qr_picture(sim: Sim, request: Request, config_id: str) -> Response:
    """The picture behind `qr_code`; its content is the link that the phone page opens."""
    if not codes.known(sim, config_id):
        raise ActionError("no_such_code", f"There is no live code {config_id}.", 404)
    base_url = request.app.state.base_url(request)
    buffer = io.BytesIO()
    segno.make(f"{base_url}/phone/scan/{config_id}", error="m").save(buffer, kind="png", scale=8, border=4)
    return Response(buffer.getvalue(), media_type="image/png")


@router.get("/pic/{picture_id}")
async def picture(sim: Sim, picture_id: str) -> Response:
    """A picture of uploadimg (permanent) or a live media_id: what the customer's chat shows."""
    row, body = sim.media.rows.get(picture_id), sim.media.body(picture_id)
    if row is None or body is None:
        raise ActionError("no_such_picture", "There is no such picture.", 404)
    return Response(body, media_type=row.content_type, headers={"x-content-type-options": "nosniff"})
