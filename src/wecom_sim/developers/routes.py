"""The developers' page, and what it asks for."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from wecom_sim.control.deps import Sim
from wecom_sim.phone.routes import Static
from wecom_sim.trace import Trace

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)
control = APIRouter(tags=["reading"])
static = Static(directory=HERE / "static")
_page = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True).get_template("developers.html")


@router.get("/developers")
async def developers_page(request: Request) -> HTMLResponse:
    html = _page.render(lang="en" if request.query_params.get("lang") == "en" else "zh")
    return HTMLResponse(html, headers={"content-security-policy": POLICY, "x-content-type-options": "nosniff"})


def _trace(request: Request) -> Trace:
    kept: Trace = request.app.state.trace
    return kept


@control.get("/trace")
async def trace(
    sim: Sim, request: Request, after: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> dict[str, Any]:
    """The newest calls and callback attempts with a number above `after`; the last 2,000 are kept, without secrets."""
    rows, last = _trace(request).after(after, limit)
    company = sim.kernel.company
    return {
        "rows": rows,
        "last": last,
        "company": company.name,
        "corpid": company.corpid,
        "callback_url": company.callback_url,
        "now": sim.kernel.clock.now(),
        "pending": len(sim.kernel.callbacks.waiting),
    }


@control.post("/trace-clear")
async def clear(request: Request) -> dict[str, bool]:
    """Forget the calls and callbacks shown on the page for developers."""
    _trace(request).clear()
    return {"cleared": True}
