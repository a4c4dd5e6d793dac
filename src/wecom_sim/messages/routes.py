"""Wire: mass messages."""

from typing import Any

from wecom_sim.content import content_of
from wecom_sim.errors import WireError
from wecom_sim.messages.state import OVER_CAP, SENT, TASK_SENT, MassMessage
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
CREATE, CONTROL = (
    "9.1 mass message [D 92135 2025/11; PQ; SK; WJ; CODE]",
    "9.2 task control and results [PQ 93338; WJ; GW 97611]",
)


def _tag_groups(call: Call) -> list[list[str]]:
    given = call.body.get("tag_filter")
    if given is None:
        return []
    groups = given.get("group_list") if isinstance(given, dict) else None
    if not isinstance(groups, list):
        raise call.ill_typed("tag_filter")
    found: list[list[str]] = []
    for group in groups:
        tags = group.get("tag_list") if isinstance(group, dict) else None
        if not isinstance(tags, list) or not all(isinstance(one, str) for one in tags):
            raise call.ill_typed("tag_filter")
        if len(tags) > call.sim.kernel.settings.mass_tags_per_group_max:
            raise WireError(40058, "too many tags in one tag_list")
        if any(call.sim.tags.live(one) is None for one in tags):
            raise WireError(40068)
        if tags:
            found.append(tags)
    return found


@post(BASE + "add_msg_template", right="contact", source=CREATE)
def add_msg_template(call: Call) -> dict[str, Any]:
    chat_type = call.text("chat_type") or "single"
    if chat_type not in ("single", "group"):
        raise WireError(40058, "chat_type must be single or group")
    if chat_type == "group":
        return _to_groups(call)
    external_userids, sender, tag_groups = call.texts("external_userid"), call.text("sender"), _tag_groups(call)
    if len(external_userids) > call.sim.kernel.settings.mass_customers_max:
        raise WireError(40058, "too many external_userid")
    if not external_userids and not sender and not tag_groups:
        raise WireError(40058, "external_userid and sender are both empty")
    if sender:
        call.sim.directory.member_for(call.app, sender)
    message, failed = call.sim.messages.create(
        creator=call.app.agentid,
        content=content_of(call),
        allow_select=call.flag("allow_select", False),
        sender=sender,
        external_userids=external_userids,
        tag_groups=tag_groups,
        visible=call.sim.directory.visible_userids(call.app),
    )
    return {"fail_list": failed, "msgid": message.msgid}


def _to_groups(call: Call) -> dict[str, Any]:
    """A message for groups: one sender, the owner; without chat_id_list they choose the groups when sending."""
    sender, chat_ids = call.text("sender", missing=40063), call.texts("chat_id_list")
    if len(chat_ids) > call.sim.kernel.settings.mass_chats_max:
        raise WireError(40058, "too many chat_id")
    call.sim.directory.member_for(call.app, sender)
    message, failed = call.sim.messages.create_for_groups(
        creator=call.app.agentid, content=content_of(call), sender=sender, chat_ids=chat_ids
    )
    return {"fail_list": failed, "msgid": message.msgid}


@post(BASE + "remind_groupmsg_send", right="contact", source=CONTROL)
def remind_groupmsg_send(call: Call) -> dict[str, Any]:
    call.sim.messages.remind(call.text("msgid"))
    return {}


@post(BASE + "cancel_groupmsg_send", right="contact", source=CONTROL)
def cancel_groupmsg_send(call: Call) -> dict[str, Any]:
    call.sim.messages.cancel(call.text("msgid"))
    return {}


def _page(call: Call, kind: str, total: int, maximum: int, default: int) -> tuple[int, int, str]:
    """Start, end and next cursor of the page that the call asks for."""
    cursors = call.sim.kernel.cursors
    start = cursors.decode(kind, call.text("cursor")) or 0
    end = start + call.limit(maximum, default)
    return start, end, cursors.encode(kind, end) if end < total else ""


def _listed(message: MassMessage) -> dict[str, Any]:
    out: dict[str, Any] = {
        "msgid": message.msgid,
        "create_time": str(int(message.create_time)),
        "create_type": 0,
        "attachments": message.attachments,
    }
    return out | ({"text": {"content": message.text}} if message.text else {})


@post(BASE + "get_groupmsg_list_v2", right="contact", source=CONTROL)
def get_groupmsg_list_v2(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    chat_type = call.text("chat_type", missing=40063)
    start, end = call.number("start_time", missing=40063), call.number("end_time", missing=40063)
    filter_type, creator = call.number("filter_type", 2), call.text("creator")
    if chat_type not in ("single", "group"):
        raise WireError(40058, "chat_type must be single or group")
    if end < start or end - start > settings.mass_list_days_max * 86400:
        raise WireError(40058, "start_time and end_time must span at most a month")
    # Every message here was made by API: no member is its creator and none is personal (filter_type 1).
    hidden = filter_type == 1 or bool(creator)
    rows = [] if hidden else [one for one in call.sim.messages.rows if one.chat_type == chat_type]
    found = [one for one in rows if start <= one.create_time <= end]
    kind = f"mass {chat_type} {start} {end} {filter_type} {creator}"
    first, last, cursor = _page(call, kind, len(found), settings.mass_list_limit_max, settings.mass_list_limit_default)
    return {"group_msg_list": [_listed(message) for message in found[first:last]], "next_cursor": cursor}


@post(BASE + "get_groupmsg_task", right="contact", source=CONTROL)
def get_groupmsg_task(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    message = call.sim.messages.readable(call.text("msgid"))
    tasks = call.sim.messages.tasks_of_message(message)
    first, last, cursor = _page(
        call, f"task {message.msgid}", len(tasks), settings.mass_page_max, settings.mass_page_default
    )
    return {
        "task_list": [
            {"userid": task.userid, "status": task.status}
            | ({"send_time": task.send_time} if task.status == TASK_SENT else {})
            for task in tasks[first:last]
        ],
        "next_cursor": cursor,
    }


@post(BASE + "get_groupmsg_send_result", right="contact", source=CONTROL)
def get_groupmsg_send_result(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    message = call.sim.messages.readable(call.text("msgid"))
    userid = call.text("userid", missing=41009)
    if userid not in message.userids:
        raise WireError(40003, "this member has no part in the message")
    task = next(one for one in call.sim.messages.tasks_of_message(message) if one.userid == userid)
    kind = f"result {message.msgid} {userid}"
    # Of groups only those that the member has sent to are listed.
    rows = [one for one in task.rows if not one.chat_id or one.status in (SENT, OVER_CAP)]
    first, last, cursor = _page(call, kind, len(rows), settings.mass_page_max, settings.mass_page_default)
    return {
        "send_list": [
            ({"chat_id": row.chat_id} if row.chat_id else {"external_userid": row.external_userid})
            | {"userid": userid, "status": row.status}
            | ({"send_time": row.send_time} if row.send_time else {})
            for row in rows[first:last]
        ],
        "next_cursor": cursor,
    }
