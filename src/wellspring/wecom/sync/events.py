"""Callbacks about tags and the directory: the object is read again and handed to the sinks of the sync."""

from __future__ import annotations

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.directory import WecomDepartment, WecomUser
from wellspring.wecom.calls.tags import WecomTagGroup
from wellspring.wecom.company import get_client
from wellspring.wecom.errors import GiveUp
from wellspring.wecom.inbox.registry import EventContext, Fields, on_event
from wellspring.wecom.sync.registry import Complete, announce_complete, deliver

TAG_CHANGES = ("create", "update", "delete", "shuffle")
USER_CHANGES = ("create_user", "update_user", "delete_user")
PARTY_CHANGES = ("create_party", "update_party", "delete_party")
LEFT = 5


def _read_tags(platform: Platform, fields: Fields) -> list[WecomTagGroup]:
    return get_client(platform).tags.groups()


def _apply_tags(context: EventContext, groups: list[WecomTagGroup]) -> None:
    deliver(context.session, context.platform, "tags", groups)
    announce_complete(context.session, context.platform, Complete("tags", context.read_at))


def _read_user(platform: Platform, fields: Fields) -> tuple[list[WecomUser], list[str]]:
    """The user as they are now (status 5 when they can't be read any more) and all follow users."""
    client = get_client(platform)
    userid = fields.get("NewUserID") or fields.get("UserID", "")
    users = []
    try:
        users.append(client.directory.user(userid))
    except GiveUp as error:
        if error.reason not in ("user_left", "no_such_user", "user_out_of_scope"):
            raise
        users.append(WecomUser(userid=userid, name=fields.get("Name", ""), status=LEFT))
    return users, client.customers.follow_users()


def _apply_user(context: EventContext, read: tuple[list[WecomUser], list[str]]) -> None:
    users, follow_users = read
    deliver(context.session, context.platform, "users", users)
    deliver(context.session, context.platform, "follow_users", follow_users)


def _read_departments(platform: Platform, fields: Fields) -> list[WecomDepartment]:
    return get_client(platform).directory.departments()


def _apply_departments(context: EventContext, departments: list[WecomDepartment]) -> None:
    deliver(context.session, context.platform, "departments", departments)
    announce_complete(context.session, context.platform, Complete("departments", context.read_at))


def register_handlers() -> None:
    for change in TAG_CHANGES:
        on_event("change_external_tag", change, read=_read_tags, apply=_apply_tags)
    for change in USER_CHANGES:
        on_event("change_contact", change, read=_read_user, apply=_apply_user)
    for change in PARTY_CHANGES:
        on_event("change_contact", change, read=_read_departments, apply=_apply_departments)
