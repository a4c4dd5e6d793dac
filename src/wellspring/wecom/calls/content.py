"""What a welcome or a mass message consists of: a text and up to nine attachments."""

from __future__ import annotations

from typing import Any

from wellspring.wecom.calls.base import at_most_bytes, required, without_none
from wellspring.wecom.errors import BadArgument

TEXT_BYTES = 4000
ATTACHMENTS = 9
TITLE_BYTES = {"link": 128, "miniprogram": 64}
DESCRIPTION_BYTES = 512
URL_BYTES = 2048
TYPES = ("image", "link", "miniprogram", "video", "file")


def content_body(text: str | None, attachments: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The `text` and `attachments` of a request, checked. An attachment is `{"msgtype": T, T: {...}}` with
    image{media_id | pic_url}, link{title, url, picurl?, desc?}, miniprogram{title, pic_media_id, appid, page},
    video{media_id}, file{media_id}."""
    attachments = attachments or []
    if not text and not attachments:
        raise BadArgument("text", "text and attachments are both empty")
    at_most_bytes("text.content", text, TEXT_BYTES)
    if len(attachments) > ATTACHMENTS:
        raise BadArgument("attachments", f"{len(attachments)} attachments, at most {ATTACHMENTS}")
    for index, attachment in enumerate(attachments):
        check_attachment(f"attachments[{index}]", attachment)
    return without_none(text={"content": text} if text else None, attachments=attachments or None)


def check_attachment(field: str, attachment: dict[str, Any]) -> None:
    kind = attachment.get("msgtype")
    if kind not in TYPES:
        raise BadArgument(f"{field}.msgtype", f"{kind!r}, must be one of {', '.join(TYPES)}")
    part = attachment.get(kind)
    if not isinstance(part, dict):
        raise BadArgument(f"{field}.{kind}", "is missing")
    if kind == "image" and not part.get("media_id") and not part.get("pic_url"):
        raise BadArgument(f"{field}.image.media_id", "neither media_id nor pic_url is given")
    needed = {
        "link": ("title", "url"),
        "miniprogram": ("title", "pic_media_id", "appid", "page"),
        "video": ("media_id",),
        "file": ("media_id",),
    }
    for name in needed.get(kind, ()):
        required(f"{field}.{kind}.{name}", part.get(name))
    if kind in TITLE_BYTES:
        at_most_bytes(f"{field}.{kind}.title", part.get("title"), TITLE_BYTES[kind])
    if kind == "link":
        at_most_bytes(f"{field}.link.desc", part.get("desc"), DESCRIPTION_BYTES)
        at_most_bytes(f"{field}.link.url", part.get("url"), URL_BYTES)
        at_most_bytes(f"{field}.link.picurl", part.get("picurl"), URL_BYTES)
