"""Callbacks about groups: the group is read again and written down; of a leaving, only the callback says how and when.

WeCom's data lags about two seconds behind its own callbacks. Whether a reading holds the change is seen from the people it
is about, or from the member version; where the callback tells neither, some seconds are waited. A reading that lags raises
NotThereYet, on which the inbox comes again shortly at no cost. After `BELIEVED_AFTER` the reading is taken as it is,
because a later change may well have undone this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from wellspring.people.groups.intake import dismiss_group, take_groups
from wellspring.people.groups.members import Quit, QuitScene
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

EVENT = "change_external_chat"
LAG = timedelta(seconds=3)
"""Two seconds, and one because WeCom's times are cut to seconds."""
BELIEVED_AFTER = timedelta(seconds=15)
REMOVED = "1"


@dataclass(frozen=True)
class Reading:
    """`group`: None when WeCom doesn't show it; `refused`: because it may not be read, which says nothing about it."""

    group: wecom.WecomGroup | None
    refused: bool = False


def read_group(platform: Platform, fields: wecom.Fields) -> Reading:
    """Raises NotThereYet while WeCom shows the group as it was before the callback."""
    change = fields.get("ChangeType", "")
    age = platform.clock.now() - _sent_at(fields)
    if change == "update" and not _tells(fields) and age < LAG:
        raise wecom.NotThereYet("nothing tells whether the change can be seen: waited for a while")
    try:
        group = wecom.get_client(platform).groups.get(fields["ChatId"])
    except wecom.GiveUp as error:
        if error.reason != "no_such_group":
            return Reading(None, refused=True)
        if change == "create" and age < LAG:
            raise wecom.NotThereYet("the new group is not there yet") from None
        return Reading(None)
    if age < BELIEVED_AFTER and not shows(fields, group):
        raise wecom.NotThereYet(f"the group is still shown without the change ({change})")
    return Reading(group)


def _sent_at(fields: wecom.Fields) -> datetime:
    created = fields.get("CreateTime", "")
    return datetime.fromtimestamp(int(created) if created.isdigit() else 0, UTC)


def _tells(fields: wecom.Fields) -> bool:
    return bool(fields.get("CurMemVer") or changed_members(fields))


def shows(fields: wecom.Fields, group: wecom.WecomGroup) -> bool:
    """Whether what was read holds the change that the callback tells of."""
    if fields.get("ChangeType") == "dismiss":
        return False
    version, changed = fields.get("CurMemVer", ""), changed_members(fields)
    if not version and not changed:
        return True
    if version and group.member_version == version:
        return True
    there = {member.userid for member in group.member_list}
    match fields.get("UpdateDetail"):
        case "add_member" if changed:
            return changed <= there
        case "del_member" if changed:
            return not changed & there
    return False


def changed_members(fields: wecom.Fields) -> frozenset[str]:
    """Ids of who joined or left; empty where the callback doesn't list them (older companies)."""
    try:
        listed = orjson.loads(fields.get("MemChangeList") or "{}")
    except orjson.JSONDecodeError:
        return frozenset()
    items = listed.get("Item", []) if isinstance(listed, dict) else []
    return frozenset(one for one in (items if isinstance(items, list) else [items]) if isinstance(one, str) and one)


def apply_group(context: wecom.EventContext, reading: Any) -> None:
    """create, update, dismiss: what WeCom shows is all there is to it."""
    session, fields = context.session, context.fields
    if reading.group is not None:
        item = wecom.GroupItem(fields["ChatId"], None, reading.group, context.read_at)
        take_groups(session, context.platform, [item], heard=_quit(context))
    elif fields.get("ChangeType") == "dismiss":
        dismiss_group(session, fields["ChatId"], at=context.sent_at, read_at=context.read_at)
    elif not reading.refused:
        dismiss_group(session, fields["ChatId"], at=context.read_at, read_at=context.read_at)


def _quit(context: wecom.EventContext) -> Quit | None:
    fields = context.fields
    if fields.get("UpdateDetail") != "del_member":
        return None
    scene: QuitScene = "removed" if fields.get("QuitScene") == REMOVED else "quit"
    return Quit(changed_members(fields), scene, context.sent_at)


def register_group_callbacks() -> None:
    for change in ("create", "update", "dismiss"):
        wecom.on_event(EVENT, change, read=read_group, apply=apply_group)
