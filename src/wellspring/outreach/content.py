"""What a broadcast says: a text and up to nine attachments. Limits are WeCom's (server API, mass messages)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wellspring.outreach.errors import ContentInvalid, Problem

TEXT_BYTES = 4000
"""Bytes of UTF-8: a Chinese character is three."""
ATTACHMENTS_MAX = 9
LINK_TITLE_BYTES = 128
LINK_DESC_BYTES = 512
URL_BYTES = 2048


class ImageAttachment(BaseModel):
    """A picture of `/api/v1/media`; it is uploaded to WeCom again whenever its three days there are over."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["image"]
    media_file_id: int


class LinkAttachment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["link"]
    title: str = ""
    url: str = ""
    desc: str = ""
    pic_url: str = ""


Attachment = Annotated[ImageAttachment | LinkAttachment, Field(discriminator="kind")]


class Content(BaseModel):
    """Not both empty when it is sent; a draft may be."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    attachments: list[Attachment] = []

    @property
    def media_file_ids(self) -> list[int]:
        return [one.media_file_id for one in self.attachments if isinstance(one, ImageAttachment)]


def check_content(content: Content, *, known_media: Sequence[int], complete: bool) -> None:
    """Raises ContentInvalid with every problem beside its field. `complete`: it is about to be rehearsed or sent,
    so it may not be empty. `known_media`: the ids that exist among `content.media_file_ids`."""
    problems = [*_problems(content, set(known_media))]
    if complete and not content.text.strip() and not content.attachments:
        problems.append(Problem("content.text", "写一段文字，或者加一个附件。", "Write a text or add an attachment."))
    if problems:
        raise ContentInvalid(problems)


def _problems(content: Content, known_media: set[int]) -> list[Problem]:
    found = []
    if (size := _bytes(content.text)) > TEXT_BYTES:
        found.append(
            Problem(
                "content.text",
                f"文字有 {size} 字节，企业微信最多 {TEXT_BYTES} 字节（约 {TEXT_BYTES // 3} 个汉字）。",
                f"The text has {size} bytes; WeCom takes {TEXT_BYTES} at most (a Chinese character is 3).",
            )
        )
    if (count := len(content.attachments)) > ATTACHMENTS_MAX:
        found.append(
            Problem(
                "content.attachments",
                f"有 {count} 个附件，最多 {ATTACHMENTS_MAX} 个。",
                f"There are {count} attachments, {ATTACHMENTS_MAX} at most.",
            )
        )
    for index, attachment in enumerate(content.attachments):
        field = f"content.attachments.{index}"
        if isinstance(attachment, ImageAttachment):
            if attachment.media_file_id not in known_media:
                found.append(Problem(f"{field}.media_file_id", "找不到这张图片。", "This picture does not exist."))
        else:
            found += _link_problems(field, attachment)
    return found


def _link_problems(field: str, link: LinkAttachment) -> list[Problem]:
    found = []
    if not link.title.strip():
        found.append(Problem(f"{field}.title", "链接要有标题。", "A link needs a title."))
    for name, value, limit in (
        ("title", link.title, LINK_TITLE_BYTES),
        ("desc", link.desc, LINK_DESC_BYTES),
        ("url", link.url, URL_BYTES),
        ("pic_url", link.pic_url, URL_BYTES),
    ):
        if (size := _bytes(value)) > limit:
            found.append(
                Problem(f"{field}.{name}", f"有 {size} 字节，最多 {limit} 字节。", f"{size} bytes, {limit} at most.")
            )
    for name, value, needed in (("url", link.url, True), ("pic_url", link.pic_url, False)):
        if (value or needed) and not value.startswith(("https://", "http://")):
            found.append(
                Problem(
                    f"{field}.{name}", "要以 http:// 或 https:// 开头。", "It has to begin with http:// or https://."
                )
            )
    return found


def _bytes(text: str) -> int:
    return len(text.encode())


def outbox_payload(content: Content, *, sender: str, external_userids: Sequence[str]) -> dict[str, Any]:
    """The payload of a `mass_message` call. Pictures stay ids of ours until the call is made."""
    return {
        "sender": sender,
        "external_userids": list(external_userids),
        "text": content.text,
        "attachments": [_wire(attachment) for attachment in content.attachments],
    }


def _wire(attachment: ImageAttachment | LinkAttachment) -> Mapping[str, Any]:
    if isinstance(attachment, ImageAttachment):
        return {"msgtype": "image", "image": {"media_file_id": attachment.media_file_id}}
    link = {"title": attachment.title, "url": attachment.url, "desc": attachment.desc, "picurl": attachment.pic_url}
    return {"msgtype": "link", "link": {name: value for name, value in link.items() if value}}
