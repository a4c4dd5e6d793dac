"""Pages, pictures and QR codes that phones open."""

import io

import segno
from fastapi import APIRouter, Request, Response

from wecom_sim.control.deps import Sim
from wecom_sim.errors import ActionError

router = APIRouter(include_in_schema=False)


@router.get("/qr/{config_id}.png")
async def qr_picture(sim: Sim, request: Request, config_id: str) -> Response:
    """The picture behind `qr_code`; its content is the link that the phone page opens."""
    if config_id not in sim.ways.rows:
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
