"""Text and attachments of welcome and mass messages (reference, 5.6 and 9.1): checked, and made ready for a chat."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.wire import Call

TITLE_BYTES = {"link": 128, "miniprogram": 64}  # PQ 92137
DESCRIPTION_BYTES = 512  # PQ 92137
PICTURE_URL_BYTES = 2048  # D 92135
URL_BYTES = 1024  # XE 40039


@dataclass
class Content:
    text: str
    attachments: list[dict[str, Any]]

    def parts(self) -> list[dict[str, Any]]:
        """One entry a bubble: the text first, then the attachments in their order."""
        lines: list[dict[str, Any]] = [{"msgtype": "text", "text": {"content": self.text}}] if self.text else []
        return lines + self.attachments

    def digest(self) -> str:
        """16 hex characters that are equal exactly for equal content."""
        body = json.dumps([self.text, self.attachments], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()[:16]


def _field(body: dict[str, Any], name: str, required: bool, most: int = 0) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise WireError(40058, f"wrong type of {name}")
    if required and not value:
        raise WireError(40063, f"missing {name}")
    if most and len(value.encode()) > most:
        raise WireError(40058, f"{name} is longer than {most} bytes")
    return value


def _url(body: dict[str, Any], name: str, required: bool, most: int = URL_BYTES) -> str:
    value = _field(body, name, required)
    if len(value.encode()) > most:
        raise WireError(40039)
    if value and not value.startswith(("http://", "https://")):
        raise WireError(40094, name)
    return value


def _image(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    media_id = _field(body, "media_id", False)
    if media_id:  # media_id wins over pic_url
        call.sim.media.usable(media_id, "image")
        return {"media_id": media_id}
    pic_url = _url(body, "pic_url", False, PICTURE_URL_BYTES)
    if not pic_url:
        raise WireError(41088, "image")
    return {"pic_url": pic_url}


def attachment_of(call: Call, item: Any) -> dict[str, Any]:
    """One attachment, checked. Raises 41065, 41088, 40007, 40039, 40058, 40063, 40094."""
    if not isinstance(item, dict):
        raise call.ill_typed("attachments")
    kind = item.get("msgtype")
    if kind not in ("image", "link", "miniprogram", "video", "file"):
        raise WireError(41065, str(kind))
    body = item.get(kind)
    if not isinstance(body, dict) or not body:
        raise WireError(41088, kind)
    if kind == "image":
        return {"msgtype": kind, "image": _image(call, body)}
    if kind == "link":
        link = {
            "title": _field(body, "title", True, TITLE_BYTES[kind]),
            "picurl": _url(body, "picurl", False, PICTURE_URL_BYTES),
            "desc": _field(body, "desc", False, DESCRIPTION_BYTES),
            "url": _url(body, "url", True, PICTURE_URL_BYTES),
        }
        return {"msgtype": kind, "link": link}
    if kind == "miniprogram":
        picture = _field(body, "pic_media_id", True)
        call.sim.media.usable(picture, "image")
        program = {
            "title": _field(body, "title", True, TITLE_BYTES[kind]),
            "pic_media_id": picture,
            "appid": _field(body, "appid", True),
            "page": _field(body, "page", True),
        }
        return {"msgtype": kind, "miniprogram": program}
    media_id = _field(body, "media_id", True)
    call.sim.media.usable(media_id, kind)
    return {"msgtype": kind, kind: {"media_id": media_id}}


def content_of(call: Call) -> Content:
    """The content of a call. Raises 41089, 41064, 41065, 41088, 40007, 40039, 40058, 40063, 40094."""
    text = call.body.get("text")
    if text is not None and not isinstance(text, dict):
        raise call.ill_typed("text")
    words = _field(text or {}, "content", False, call.sim.kernel.settings.text_bytes_max)
    attachments = call.body.get("attachments") or []
    if not isinstance(attachments, list):
        raise call.ill_typed("attachments")
    if not words and not attachments:
        raise WireError(41089)
    if len(attachments) > call.sim.kernel.settings.attachments_max:
        raise WireError(41064)
    return Content(words, [attachment_of(call, item) for item in attachments])
