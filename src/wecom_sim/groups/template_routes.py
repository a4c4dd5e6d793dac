"""Wire: group welcome templates."""

from typing import Any

from wecom_sim.content import Content, attachment_of
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/group_welcome_template/"
SOURCE = "7.4 group welcome templates [PQ 92366 2023/12/01; GW]"
KINDS = ("image", "link", "miniprogram", "file", "video")  # in the order of their priority (MEM)


def _content(call: Call) -> Content:
    """Text and the one attachment that counts. Raises 41089, 40058, 41088, 40007, 40039, 40063, 40094."""
    text = call.body.get("text")
    words = text.get("content", "") if isinstance(text, dict) else ""
    if (text is not None and not isinstance(text, dict)) or not isinstance(words, str):
        raise call.ill_typed("text")
    if len(words.encode()) > call.sim.kernel.settings.group_template_bytes:
        raise WireError(40058, "text is too long")
    kind = next((one for one in KINDS if call.body.get(one)), "")
    if not words and not kind:
        raise WireError(41089)
    return Content(words, [attachment_of(call, {"msgtype": kind, kind: call.body[kind]})] if kind else [])


def _notify(call: Call) -> bool:
    notify = call.number("notify", 1)
    if notify not in (0, 1):
        raise WireError(40058, "notify must be 0 or 1")
    return bool(notify)


@post(BASE + "add", right="contact", source=SOURCE)
def add_template(call: Call) -> dict[str, Any]:
    return {"template_id": call.sim.group_templates.add(call.app, _content(call), _notify(call)).template_id}


@post(BASE + "edit", right="contact", source=SOURCE)
def edit_template(call: Call) -> dict[str, Any]:
    row = call.sim.group_templates.own(call.app, call.text("template_id"))
    call.sim.group_templates.edit(row, _content(call))
    return {}


@post(BASE + "get", right="contact", source=SOURCE)
def get_template(call: Call) -> dict[str, Any]:
    row = call.sim.group_templates.by_id(call.text("template_id"))
    out: dict[str, Any] = {"text": {"content": row.text}} if row.text else {}
    for part in row.attachments:
        kind = part["msgtype"]
        body = part[kind]
        if kind == "image" and "media_id" in body:
            body = {"pic_url": f"{call.base_url}/pic/{body['media_id']}"}
        out[kind] = body
    return out


@post(BASE + "del", right="contact", source=SOURCE)
def del_template(call: Call) -> dict[str, Any]:
    call.sim.group_templates.drop(call.sim.group_templates.own(call.app, call.text("template_id")))
    return {}
