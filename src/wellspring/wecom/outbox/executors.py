"""The kinds of calls there are, each with what its payload holds.

An attachment in a payload is WeCom's own form, except that a picture is named by our id: image{media_file_id},
miniprogram{pic_media_file_id}. The media_id, which lives three days, is put in when the call is made.
"""

from __future__ import annotations

from typing import Any

from wellspring.platform.runtime import Platform
from wellspring.wecom.client import WecomClient
from wellspring.wecom.media import media_id_for
from wellspring.wecom.outbox import asking
from wellspring.wecom.outbox.registry import Executor, Payload, add_executor

WELCOME_PATIENCE = 0.5
"""Another app may be sending its welcome (41096); twenty seconds are all there is."""

REMARK_FIELDS = ("userid", "external_userid", "remark", "description", "remark_company", "remark_mobiles")
ALREADY_CANCELLED = 41093
CHAT_STARTED = 41051
"""Also what a welcome code answers that has delivered its welcome."""
NO_SUCH_WAY = 41044
NO_SUCH_TAG = 40068


def attachments_for(platform: Platform, attachments: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """With media ids in place of our own ids. Raises NotFound for a picture that is gone."""
    ready = []
    for attachment in attachments or []:
        kind = attachment.get("msgtype", "")
        part = dict(attachment.get(kind) or {})
        if (media_file_id := part.pop("media_file_id", None)) is not None:
            part["media_id"] = media_id_for(platform, media_file_id)
        if (media_file_id := part.pop("pic_media_file_id", None)) is not None:
            part["pic_media_id"] = media_id_for(platform, media_file_id)
        ready.append({"msgtype": kind, kind: part})
    return ready


def _welcome(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """welcome_code, text, attachments."""
    client.messages.welcome(
        payload["welcome_code"],
        text=payload.get("text"),
        attachments=attachments_for(platform, payload.get("attachments")),
    )
    return {}


def _contact_way_add(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """WeCom's fields: type, scene, user, party, remark, skip_verify, state. Result: config_id, qr_code. A `state` of its
    own is what a lost answer is found again by."""
    added = client.contact_ways.add(**payload)
    return {"config_id": added.config_id, "qr_code": added.qr_code}


def _contact_way_update(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """config_id and what changes; `user` and `party` replace."""
    client.contact_ways.update(**payload)
    return {}


def _contact_way_delete(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """config_id."""
    client.contact_ways.delete(payload["config_id"])
    return {}


def _mark_tag(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """userid, external_userid, add_tag, remove_tag (WeCom's tag ids)."""
    client.tags.mark(
        userid=payload["userid"],
        external_userid=payload["external_userid"],
        add=payload.get("add_tag") or [],
        remove=payload.get("remove_tag") or [],
    )
    return {}


def _remark(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """userid, external_userid; remark, description, remark_company, remark_mobiles. What else the payload holds is the
    planner's own, for when the call has settled."""
    client.customers.remark(**{name: payload[name] for name in REMARK_FIELDS if name in payload})
    return {}


def _corp_tag_add(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """names, and group_id or group_name; order. Result: group_id, group_name, tags [{id, name}]."""
    group = client.tags.add(
        payload["names"],
        group_id=payload.get("group_id"),
        group_name=payload.get("group_name"),
        order=payload.get("order"),
    )
    return asking.tag_result(group, set(payload["names"]))


def _corp_tag_edit(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """id (of a tag or group), name, order."""
    client.tags.edit(payload["id"], name=payload.get("name"), order=payload.get("order"))
    return {}


def _corp_tag_delete(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """tag_ids, group_ids."""
    client.tags.delete(tag_ids=payload.get("tag_ids") or [], group_ids=payload.get("group_ids") or [])
    return {}


def _mass_message(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """sender (one userid), external_userids (up to 10,000), text, attachments, allow_select. Result: msgid, fail_list."""
    added = client.messages.add(
        text=payload.get("text"),
        attachments=attachments_for(platform, payload.get("attachments")),
        external_userids=payload["external_userids"],
        sender=payload["sender"],
        allow_select=payload.get("allow_select"),
    )
    return {"msgid": added.msgid, "fail_list": added.fail_list}


def _mass_message_remind(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """msgid."""
    client.messages.remind(payload["msgid"])
    return {}


def _mass_message_cancel(platform: Platform, client: WecomClient, payload: Payload) -> dict[str, Any]:
    """msgid."""
    client.messages.cancel(payload["msgid"])
    return {}


def register_executors() -> None:
    for executor in (
        Executor(
            "welcome",
            _welcome,
            repeatable=True,
            already_if_repeated=frozenset({CHAT_STARTED}),
            patience=WELCOME_PATIENCE,
        ),
        Executor("contact_way_add", _contact_way_add, resolve=asking.contact_way_by_state),
        Executor("contact_way_update", _contact_way_update, repeatable=True),
        Executor("contact_way_delete", _contact_way_delete, repeatable=True, already=frozenset({NO_SUCH_WAY})),
        Executor("mark_tag", _mark_tag, repeatable=True),
        Executor("remark", _remark, repeatable=True),
        Executor("corp_tag_add", _corp_tag_add, resolve=asking.tags_by_name),
        Executor("corp_tag_edit", _corp_tag_edit, repeatable=True),
        Executor("corp_tag_delete", _corp_tag_delete, repeatable=True, already=frozenset({NO_SUCH_TAG})),
        Executor("mass_message", _mass_message, resolve=asking.mass_message_by_content),
        Executor("mass_message_remind", _mass_message_remind),
        Executor("mass_message_cancel", _mass_message_cancel, repeatable=True, already=frozenset({ALREADY_CANCELLED})),
    ):
        add_executor(executor)
