"""Wire: reading customer groups, handing them over."""

from collections.abc import Callable
from typing import Any

from wecom_sim.company import App
from wecom_sim.directory.state import Staff
from wecom_sim.errors import WireError
from wecom_sim.groups.state import STAFF, GroupChat, GroupMember
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/groupchat/"
READ = "7.1 groups [PQ 2023/12; COMM 2021-06]"
OVER = "7.3 transfer of groups [PQ 95703, 92127]"


def owner_filter(call: Call, *, required: bool = False) -> list[str]:
    """The owners that the call names; empty = no filter. Raises 40058, 40063, 60111, 60011."""
    given = call.body.get("owner_filter")
    if given is not None and not isinstance(given, dict):
        raise call.ill_typed("owner_filter")
    userids = (given or {}).get("userid_list") or []
    if not isinstance(userids, list) or not all(isinstance(one, str) for one in userids):
        raise call.ill_typed("userid_list")
    if required and not userids:
        raise WireError(40063, "missing owner_filter")
    if len(userids) > call.sim.kernel.settings.group_owners_max:
        raise WireError(40058, "too many userids")
    for userid in userids:
        call.sim.directory.handover_for(call.app, userid)
    return list(dict.fromkeys(userids))


@post(BASE + "list", right="contact", source=READ)
def groupchat_list(call: Call) -> dict[str, Any]:
    kernel, groups = call.sim.kernel, call.sim.groups
    settings = kernel.settings
    status = call.number("status_filter")
    if status not in (0, 1, 2, 3):
        raise WireError(40058, "status_filter must be 0 to 3")
    limit = call.number("limit", missing=40063)
    if not 1 <= limit <= settings.group_list_limit_max:
        raise WireError(40058, f"limit must be 1 to {settings.group_list_limit_max}")
    owners = owner_filter(call)
    if not owners and len(call.sim.directory.visible_userids(call.app)) > settings.group_list_people_max:
        raise WireError(81017, "name the owners in owner_filter")
    kind = f"groupchat {status} {' '.join(owners)}"
    at = kernel.cursors.decode(kind, call.text("cursor")) or 0

    def wanted(chat: GroupChat) -> bool:
        if (
            chat.dismissed_at
            or (owners and chat.owner not in owners)
            or not call.sim.directory.sees(call.app, chat.owner)
        ):
            return False
        return not status or groups.status(chat) == status

    rows = list(groups.rows)
    page: list[dict[str, Any]] = []
    # Positions in the order of creation: groups dismissed or made between two pages move nothing.
    while at < len(rows) and len(page) < limit:
        if wanted(rows[at]):
            page.append({"chat_id": rows[at].chat_id, "status": groups.status(rows[at])})
        at += 1
    more = any(wanted(chat) for chat in rows[at:])
    return {"group_chat_list": page, "next_cursor": kernel.cursors.encode(kind, at) if more else ""}


def member_out(call: Call, member: GroupMember, need_name: bool) -> dict[str, Any]:
    out: dict[str, Any] = {
        "userid": member.id,
        "type": member.type,
        "join_time": member.join_time,
        "join_scene": member.join_scene,
        "group_nickname": member.group_nickname,
    }
    if member.invitor:
        out["invitor"] = {"userid": member.invitor}
    if member.state:
        out["state"] = member.state
    if member.type == STAFF:
        staff = call.sim.directory.staff.get(member.id)
        name = staff.name if staff else ""
    else:
        customer = call.sim.contacts.customers.rows[member.id]
        name = customer.name
        if customer.type == 1 and customer.unionid:
            out["unionid"] = customer.unionid
    return out | {"name": name} if need_name else out


@post(BASE + "get", right="contact", source=READ)
def groupchat_get(call: Call) -> dict[str, Any]:
    need_name = call.number("need_name")
    if need_name not in (0, 1):
        raise WireError(40058, "need_name must be 0 or 1")
    chat = call.sim.groups.shown(call.sim.groups.chat_for(call.app, call.text("chat_id")))
    return {
        "group_chat": {
            "chat_id": chat.chat_id,
            "name": chat.name,
            "owner": chat.owner,
            "create_time": chat.create_time,
            "notice": chat.notice,
            "member_list": [member_out(call, member, bool(need_name)) for member in chat.members],
            "admin_list": [{"userid": userid} for userid in chat.admins],
            "member_version": chat.version,
        }
    }


@post("/cgi-bin/externalcontact/opengid_to_chatid", right="contact", source="5.3 id conversion [PQ]")
def opengid_to_chatid(call: Call) -> dict[str, Any]:
    """The opengid is what a mini program in the group learns; the control API shows it."""
    opengid = call.text("opengid", missing=40063)
    for chat in call.sim.groups.live():
        if chat.opengid == opengid and call.sim.directory.sees(call.app, chat.owner):
            return {"chat_id": chat.chat_id}
    raise WireError(90511)


def _hand_over(call: Call, one: Callable[[App, str, Staff], None]) -> dict[str, Any]:
    chat_ids = list(dict.fromkeys(call.texts("chat_id_list")))
    if not chat_ids:
        raise WireError(40063, "missing chat_id_list")
    if len(chat_ids) > call.sim.kernel.settings.group_transfers_per_call:
        raise WireError(40058, "too many chat_id")
    new_owner = call.sim.directory.takeover_for(call.app, call.text("new_owner", missing=40063))
    failed: list[dict[str, Any]] = []
    for chat_id in chat_ids:
        try:
            one(call.app, chat_id, new_owner)
        except WireError as error:
            failed.append({"chat_id": chat_id, "errcode": error.code, "errmsg": error.message})
    return {"failed_chat_list": failed}


@post(BASE + "onjob_transfer", right="contact", source=OVER)
def onjob_transfer(call: Call) -> dict[str, Any]:
    return _hand_over(call, call.sim.group_handover.on_job)


@post(BASE + "transfer", right="contact", source=OVER)
def resigned_transfer(call: Call) -> dict[str, Any]:
    return _hand_over(call, call.sim.group_handover.resigned)
