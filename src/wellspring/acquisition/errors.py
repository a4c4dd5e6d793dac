"""Acquisition's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from wellspring.platform.errors import Conflict, Invalid, Language, NotFound, Refusal


class _Beside(Refusal):
    """A refusal that belongs beside one field of the form."""

    field: ClassVar[str] = ""
    status = 422

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {self.field: self.message(language)}


class ChannelNotFound(NotFound):
    code = "channel_not_found"
    zh = "找不到这个渠道，可能已被删除。"
    en = "This channel was not found."


class ChannelNameTaken(Conflict):
    code = "channel_name_taken"
    zh = "同一层里已经有「{name}」，换一个名字。"
    en = "There is a “{name}” beside it already: choose another name."

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {"name": self.message(language)}


class ChannelCycle(_Beside):
    code = "channel_cycle"
    field = "parent_id"
    zh = "不能把渠道放到它自己或它的下级里面。"
    en = "A channel can't hang under itself or under one of its own branches."


class ChannelArchived(_Beside):
    code = "channel_archived"
    field = "channel_id"
    zh = "渠道「{name}」已归档，换一个，或先把它恢复。"
    en = "The channel “{name}” is archived: choose another or restore it first."


class ParentArchived(_Beside):
    code = "parent_channel_archived"
    field = "parent_id"
    zh = "上级渠道「{name}」已归档，先恢复它。"
    en = "The channel above, “{name}”, is archived: restore it first."


class ChannelInUse(Conflict):
    code = "channel_in_use"
    zh = "渠道下还有 {codes} 个在用的活码、{children} 个下级渠道，先把它们移走或归档。"
    en = "The channel still has {codes} live codes in use and {children} branches: move or archive them first."


class LiveCodeNotFound(NotFound):
    code = "live_code_not_found"
    zh = "找不到这个活码，可能已被删除，或不在你的数据范围内。"
    en = "This live code was not found: deleted, or outside your data scope."


class LiveCodeChanged(Conflict):
    code = "live_code_changed"
    zh = "这个活码刚被别人改过。重新打开再改，免得盖掉对方的内容。"
    en = "Somebody else has just changed this live code: open it again, so that their change is not lost."


class StaffUnknown(_Beside):
    code = "staff_unknown"
    field = "staff_ids"
    zh = "有 {count} 位同事找不到，或不在你的数据范围内。"
    en = "{count} of the colleagues were not found, or are outside your data scope."


class StaffCannotReceive(_Beside):
    code = "staff_cannot_receive"
    field = "staff_ids"
    zh = "{names} 不能接客户：账号没有启用，或企业微信里没有开「客户联系」权限。"
    en = "{names} can't receive customers: not active, or without the right “customer contact” in WeCom."


class StoreOutOfScope(_Beside):
    code = "store_out_of_scope"
    field = "store_id"
    zh = "请选你管的门店。"
    en = "Choose a store of yours."


class TagUnknown(_Beside):
    code = "tag_unknown"
    field = "tag_ids"
    zh = "有 {count} 个标签找不到，或已经从企业微信删除。"
    en = "{count} of the tags were not found, or were deleted in WeCom."


class MediaUnknown(Refusal):
    code = "media_unknown"
    status = 422
    zh = "这张图片找不到了，请重新上传。"
    en = "This picture was not found: upload it again."

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {f"welcome.attachments.{self.params['index']}.media_file_id": self.message(language)}


class NothingToRetry(Conflict):
    code = "nothing_to_retry"
    zh = "这个活码没有等着重试的改动。"
    en = "This live code has nothing that waits for another try."


class QrNotReady(Conflict):
    code = "qr_not_ready"
    zh = "企业微信还没有给出二维码，稍等几秒再试。"
    en = "WeCom has not given the QR code yet: try again in a few seconds."


class QrNotFetched(Refusal):
    code = "qr_not_fetched"
    status = 502
    zh = "从企业微信取不到二维码图片（{reason}）。"
    en = "The QR picture could not be fetched from WeCom ({reason})."


class NoChineseFont(Refusal):
    code = "no_chinese_font"
    status = 503
    zh = "服务器上没有中文字体，海报写不出汉字。请安装 Noto Sans CJK（Debian：fonts-noto-cjk），或用 WELLSPRING_FONT 指明字体文件。"
    en = (
        "The server has no Chinese font, so the poster can't be drawn. Install Noto Sans CJK (Debian: fonts-noto-cjk), "
        "or name a font file with WELLSPRING_FONT."
    )


def placeholder_unknown(field: str, names: list[str], known: tuple[str, ...]) -> Invalid:
    """A word in braces that nothing will fill."""
    wrong, right = "、".join(f"{{{n}}}" for n in names), " ".join(f"{{{n}}}" for n in known)
    return Invalid(
        field=field,
        zh=f"{wrong} 不是可用的占位符。可用的有：{right}",
        en=f"{', '.join(f'{{{n}}}' for n in names)} can't be filled. Known: {right}",
    )
