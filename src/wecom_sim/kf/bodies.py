"""Bodies of send_msg: types, fields, limits (reference, section 12)."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.wire import Call

MENU_MOST = 10
MENU_FIELDS = {"click": ("content",), "view": ("url", "content"), "miniprogram": ("appid", "pagepath", "content"),
               "text": ("content",)}  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id",),
    "file": ("media_id",),
    "link": ("title", "url", "thumb_media_id"),
    "miniprogram": ("appid", "thumb_media_id", "pagepath"),
    "business_card": ("userid",),
    "ca_link": ("link_url",),
    "location": (),
    "msgmenu": (),
}


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WireError(40063, f"missing {name}")
    return value


def _menu(body: dict[str, Any]) -> None:
    items = body.get("list") or []
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise WireError(40058, "list")
    if len(items) > MENU_MOST:
        raise WireError(95008)
    for one in items:
        kind = str(one.get("type"))
        inner = one.get(kind)
        if kind not in MENU_FIELDS or not isinstance(inner, dict):
            raise WireError(95009)
        for name in MENU_FIELDS[kind]:
            _text(inner, name)


def part_of(call: Call, allowed: tuple[str, ...] = tuple(REQUIRED)) -> dict[str, Any]:
    """`{msgtype, <msgtype>: body}`. Raises 40008, 40063, 45002, 40007, 95008, 95009, 95022, 60111."""
    kind = call.text("msgtype", missing=40008)
    if kind not in allowed:
        raise WireError(40008, kind)
    body = call.body.get(kind)
    if not isinstance(body, dict):
        raise WireError(40063, f"missing {kind}")
    for name in REQUIRED[kind]:
        _text(body, name)
    if kind == "text" and len(body["content"].encode()) > call.sim.kernel.settings.kf_text_bytes:
        raise WireError(45002)
    if kind in ("image", "voice", "video", "file"):
        call.sim.media.usable(body["media_id"], kind)
    if "thumb_media_id" in REQUIRED[kind]:
        call.sim.media.usable(body["thumb_media_id"], "image")
    if kind == "location" and not all(isinstance(body.get(one), int | float) for one in ("latitude", "longitude")):
        raise WireError(95022)
    if kind == "business_card":
        call.sim.directory.member_for(call.app, body["userid"])
    if kind == "msgmenu":
        _menu(body)
    return {"msgtype": kind, kind: body}
