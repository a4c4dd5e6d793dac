"""Wire: helpers of the session archive. The answer's field is really spelled exteranalopenid."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/msgaudit/"
SOURCE = "14 session archive [SK; XE]"
CHECKS_MAX = 100  # XE 301060


@post(BASE + "get_permit_user_list", right="archive", source=SOURCE)
def get_permit_user_list(call: Call) -> dict[str, Any]:
    wanted = call.number("type")
    if wanted not in (0, 1, 2, 3):
        raise WireError(40058, "type")
    return {"ids": [one for one, edition in call.sim.archive.editions.items() if wanted in (0, edition)]}


@post(BASE + "check_single_agree", right="archive", source=SOURCE)
def check_single_agree(call: Call) -> dict[str, Any]:
    given = call.body.get("info")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise WireError(40063, "missing info")
    if len(given) > CHECKS_MAX:
        raise WireError(301060)
    out = []
    for one in given:
        userid, external_userid = str(one.get("userid", "")), str(one.get("exteranalopenid", ""))
        relation = call.sim.contacts.relation(userid, external_userid)
        if userid not in call.sim.archive.editions or relation is None:
            raise WireError(301061)
        row = call.sim.archive.consents.get(f"{userid}|{external_userid}")
        out.append(
            {
                "status_change_time": row.changed_at if row else relation.createtime,
                "userid": userid,
                "exteranalopenid": external_userid,
                "agree_status": row.status if row else "Default_Agree",
            }
        )
    return {"agreeinfo": out}


@post(BASE + "check_room_agree", right="archive", source=SOURCE)
def check_room_agree(call: Call) -> dict[str, Any]:
    chat = call.sim.groups.chat_for(call.app, call.text("roomid", missing=40063))
    out = []
    for member in chat.members:
        if member.type != 2:
            continue
        answers = [one for one in call.sim.archive.consents if one.external_userid == member.id]
        newest = max(answers, key=lambda one: one.changed_at, default=None)
        out.append(
            {
                "status_change_time": newest.changed_at if newest else member.join_time,
                "exteranalopenid": member.id,
                "agree_status": newest.status if newest else "Default_Agree",
            }
        )
    return {"agreeinfo": out}


@post(BASE + "groupchat/get", right="archive", source=SOURCE)
def groupchat_get(call: Call) -> dict[str, Any]:
    """Internal groups only; the simulator has none, so every room is refused as the platform refuses customer groups."""
    call.text("roomid", missing=40063)
    raise WireError(301059)


@post(BASE + "get_robot_info", right="archive", source=SOURCE, shape_only=True)
def get_robot_info(call: Call) -> dict[str, Any]:
    robot = call.text("robot_id", missing=40063)
    return {"data": {"robot_id": robot, "name": "", "creator_userid": ""}}
