"""Asks WeCom what became of a call whose answer was lost."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.messages import MassMessage
from wellspring.wecom.calls.tags import WecomTagGroup
from wellspring.wecom.client import WecomClient
from wellspring.wecom.errors import GiveUp
from wellspring.wecom.models import WecomOutbox
from wellspring.wecom.outbox.registry import Payload, Resolution

EARLIER = 120
LATER = 600
"""Seconds around the moment of sending in which the object may have been created, by WeCom's clock."""


def contact_way_by_state(platform: Platform, client: WecomClient, row: WecomOutbox) -> Resolution:
    """A contact way of that window with our `state` and members."""
    start, end = _window(row)
    claimed = _claimed(platform, row, "config_id")
    found = []
    for config_id in client.contact_ways.ids(start_time=start, end_time=end):
        if config_id in claimed:
            continue
        way = client.contact_ways.get(config_id)
        same_members = sorted(way.user) == sorted(row.payload.get("user") or [])
        if way.state == (row.payload.get("state") or "") and same_members:
            found.append(way)
    if not found:
        return Resolution("absent")
    if len(found) > 1:
        return Resolution("unclear", note="several contact ways fit", candidates=[way.config_id for way in found])
    return Resolution("done", {"config_id": found[0].config_id, "qr_code": found[0].qr_code})


def tag_result(group: WecomTagGroup, names: set[str]) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "group_name": group.group_name,
        "tags": [{"id": tag.id, "name": tag.name} for tag in group.tag if tag.name in names],
    }


def tags_by_name(platform: Platform, client: WecomClient, row: WecomOutbox) -> Resolution:
    """Names are unique within a group, so the tags are there or they are not."""
    names = set(row.payload["names"])
    for group in client.tags.groups():
        if group.group_id == row.payload.get("group_id") or group.group_name == row.payload.get("group_name"):
            if names <= {tag.name for tag in group.tag}:
                return Resolution("done", tag_result(group, names))
            if names & {tag.name for tag in group.tag}:
                return Resolution("unclear", note="only some of the tags are there", candidates=[group.group_id])
    return Resolution("absent")


def mass_message_by_content(platform: Platform, client: WecomClient, row: WecomOutbox) -> Resolution:
    """A mass message of that window with our content, whose task is our sender's and whose recipients are ours.

    Two parts of one broadcast to the same sender differ in nothing but their recipients: these decide. RetryLater
    (41063, still being dispatched) goes to the caller, who asks again.
    """
    start, end = _window(row)
    claimed = _claimed(platform, row, "msgid")
    sender, wanted = row.payload["sender"], set(row.payload["external_userids"])
    fitting: list[tuple[str, set[str]]] = []
    doubtful: list[str] = []
    for message in client.messages.messages(start_time=start, end_time=end):
        if message.msgid in claimed or message.text.content != (row.payload.get("text") or ""):
            continue
        if not any(task.userid == sender for task in client.messages.tasks(message.msgid)):
            continue
        recipients = _recipients(client, message.msgid, sender)
        if not _same_attachments(message, row.payload):
            doubtful.append(message.msgid)
        elif recipients and recipients <= wanted:
            fitting.append((message.msgid, recipients))
        elif not recipients:
            doubtful.append(message.msgid)
    if len(fitting) == 1 and not doubtful:
        msgid, recipients = fitting[0]
        return Resolution("done", {"msgid": msgid, "fail_list": sorted(wanted - recipients)})
    if fitting or doubtful:
        return Resolution(
            "unclear",
            note="more than one mass message could be this one",
            candidates=[msgid for msgid, _ in fitting] + doubtful,
        )
    return Resolution("absent")


def _recipients(client: WecomClient, msgid: str, sender: str) -> set[str]:
    try:
        return {result.external_userid for result in client.messages.results(msgid, sender)} - {""}
    except GiveUp:
        return set()


def _same_attachments(message: MassMessage, payload: Payload) -> bool:
    """Kinds in order, and the URL of links; pictures come back under other names."""

    def shape(attachments: list[dict[str, Any]]) -> list[tuple[str, str]]:
        kinds = [str(a.get("msgtype", "")) for a in attachments]
        return [
            (kind, str((a.get(kind) or {}).get("url", "")) if kind == "link" else "")
            for kind, a in zip(kinds, attachments, strict=True)
        ]

    return shape(message.attachments) == shape(payload.get("attachments") or [])


def _window(row: WecomOutbox) -> tuple[int, int]:
    sent = row.sending_at or row.created_at
    return int(sent.timestamp()) - EARLIER, int(sent.timestamp()) + LATER


def _claimed(platform: Platform, row: WecomOutbox, name: str) -> set[str]:
    """What other calls of this kind are known to have made."""
    with platform.database.unit_of_work() as session:
        found = session.scalars(
            select(WecomOutbox.result[name].astext).where(
                WecomOutbox.kind == row.kind, WecomOutbox.id != row.id, WecomOutbox.status == "done"
            )
        )
        return {value for value in found if value}
