"""Wire: media."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from wecom_sim.errors import WireError
from wecom_sim.wire import Call, get, post


def _uploaded(call: Call) -> tuple[str, str]:
    if call.upload is None:
        raise WireError(44001, "multipart field media is missing")
    return call.upload.filename or "media", call.upload.content_type or "application/octet-stream"


@post("/cgi-bin/media/upload", source="11 media", multipart=True)
def media_upload(call: Call) -> dict[str, Any]:
    kind = call.asked("type", missing=40004)
    filename, content_type = _uploaded(call)
    row = call.sim.media.upload(kind, filename, content_type, call.upload_bytes)
    return {"type": row.type, "media_id": row.media_id, "created_at": str(row.created_at)}


@post("/cgi-bin/media/uploadimg", source="11 media", multipart=True)
def media_uploadimg(call: Call) -> dict[str, Any]:
    filename, _ = _uploaded(call)
    row = call.sim.media.upload_picture(filename, call.upload_bytes)
    return {"url": f"{call.base_url}/pic/{row.media_id}"}


@get("/cgi-bin/media/get", source="11 media")
def media_get(call: Call) -> Response:
    row = call.sim.media.usable(call.asked("media_id", missing=41006))
    body = call.sim.media.body(row.media_id)
    if body is None:
        raise WireError(40007)
    disposition = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    return Response(body, media_type=row.content_type, headers={"content-disposition": disposition})
