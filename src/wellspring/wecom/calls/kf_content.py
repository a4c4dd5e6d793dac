"""The body of a customer-service message by type, checked. A message is `{"msgtype": T, T: {...}}`."""

from __future__ import annotations

from typing import Any

from wellspring.wecom.calls.base import at_most_bytes, at_most_items, one_of, required
from wellspring.wecom.errors import BadArgument

TEXT_BYTES = 2048
MENU_ITEMS = 10
MENU_FIELDS = {
    "click": ("content",),
    "view": ("url", "content"),
    "miniprogram": ("appid", "pagepath", "content"),
    "text": ("content",),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id",),
    "file": ("media_id",),
    "link": ("title", "url", "thumb_media_id"),
    "miniprogram": ("appid", "thumb_media_id", "pagepath"),
    "business_card": ("userid",),
    "ca_link": ("link_url",),
    "location": ("latitude", "longitude"),
    "msgmenu": (),
}
ON_EVENT = ("text", "msgmenu")


def check_kf_message(message: dict[str, Any], allowed: tuple[str, ...] = tuple(FIELDS)) -> None:
    """Raises BadArgument with the field named."""
    kind = message.get("msgtype")
    one_of("msgtype", kind, allowed)
    body = message.get(str(kind))
    if not isinstance(body, dict) or not body:
        raise BadArgument(str(kind), "is missing")
    for name in FIELDS[str(kind)]:
        required(f"{kind}.{name}", body.get(name))
    if kind == "text":
        at_most_bytes("text.content", body["content"], TEXT_BYTES)
    if kind == "msgmenu":
        _check_menu(body)


def _check_menu(body: dict[str, Any]) -> None:
    items = body.get("list") or []
    at_most_items("msgmenu.list", items, MENU_ITEMS)
    if not items and not body.get("head_content"):
        raise BadArgument("msgmenu.list", "neither items nor head_content are given")
    for index, one in enumerate(items):
        field, kind = f"msgmenu.list[{index}]", one.get("type")
        one_of(f"{field}.type", kind, MENU_FIELDS)
        for name in MENU_FIELDS[kind]:
            required(f"{field}.{kind}.{name}", (one.get(kind) or {}).get(name))
