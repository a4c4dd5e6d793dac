"""Wire: media."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from wecom_sim.errors import WireError
from wecom_sim.wire import Call, get, is_number, post


def _uploaded(call: Call) -> tuple[str, str]:
    if call.upload is None:
        raise WireError(44001, "multipart field media is missing")
    return call.upload.filename or "media", call.upload.content_type or "application/octet-stream"


@post("/cgi-bin/media/upload", source="11 media [D 96484 2024/07]", multipart=True)
def media_upload(call: Call) -> dict[str, Any]:
    kind = call.asked("type", missing=40004)
    filename, content_type = _uploaded(call)
    row = call.sim.media.upload(kind, filename, content_type, call.upload_bytes)
    return {"type": row.type, "media_id": row.media_id, "created_at": str(row.created_at)}


@post("/cgi-bin/media/uploadimg", source="11 media [D 90454; MEM: sizes]", multipart=True)
def media_uploadimg(call: Call) -> dict[str, Any]:
    filename, _ = _uploaded(call)
    row = call.sim.media.upload_picture(filename, call.upload_bytes)
    return {"url": f"{call.base_url}/pic/{row.media_id}"}


@get("/cgi-bin/media/get", source="11 media [D 96484 2024/07]")
def media_get(call: Call) -> Response:
    row = call.sim.media.usable(call.asked("media_id", missing=41006))
    body = call.sim.media.body(row.media_id)
    if body is None:
        raise WireError(40007)
    disposition = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    return Response(body, media_type=row.content_type, headers={"content-disposition": disposition})


@post("/cgi-bin/media/upload_attachment", right="contact", source="11 media [D 96347 2025/06]", multipart=True)
def media_upload_attachment(call: Call) -> dict[str, Any]:
    kind, scene = call.asked("media_type", missing=40004), call.asked("attachment_type")
    if not is_number(scene):
        raise WireError(40058, "attachment_type")
    filename, content_type = _uploaded(call)
    row = call.sim.attachments.upload(int(scene), kind, filename, content_type, call.upload_bytes)
    return {"type": row.type, "media_id": row.media_id, "created_at": row.created_at}


@post("/cgi-bin/media/upload_by_url", source="11 media [GW 97078]")
async def media_upload_by_url(call: Call) -> dict[str, Any]:
    if call.number("scene", missing=40063) != 1:
        raise WireError(40058, "scene")
    job = call.sim.attachments.fetch(
        call.text("type", missing=40004), call.text("filename"), call.text("url"), call.text("md5"), call.sim.commit
    )
    return {"jobid": job.jobid}


@post("/cgi-bin/media/get_upload_by_url_result", source="11 media [MEM: path and answer]")
def media_upload_by_url_result(call: Call) -> dict[str, Any]:
    job = call.sim.attachments.jobs.get(call.text("jobid", missing=40063))
    if job is None:
        raise WireError(40058, "jobid")
    detail: dict[str, Any] = {"errcode": job.errcode, "errmsg": job.errmsg}
    if job.media_id:
        detail |= {"media_id": job.media_id, "created_at": str(job.created_at)}
    return {"status": job.status, "detail": detail}
