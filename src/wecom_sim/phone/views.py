"""What the phone pages show, as JSON."""

import heapq
from dataclasses import asdict
from typing import Any, Literal

from wecom_sim.chats import ChatLine
from wecom_sim.contacts.state import Customer, Relation
from wecom_sim.directory.state import Staff
from wecom_sim.errors import ActionError
from wecom_sim.messages.state import NOT_FRIEND, OVER_CAP, SENT, UNSENT, MassMessage, MassTask, task_key
from wecom_sim.moments.state import publication_key
from wecom_sim.phone import views_talks
from wecom_sim.simulator import Simulator

Side = Literal["customer", "staff"]
CHATS_SHOWN = 60


def staff_card(sim: Simulator, member: Staff) -> dict[str, Any]:
    department = sim.directory.department(member.main_department)
    return {
        "userid": member.userid,
        "name": member.name,
        "position": member.position,
        "store": department.name if department else "",
        "in_service": member.in_service,
    }


def home(sim: Simulator) -> dict[str, Any]:
    return {
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "customers": len(sim.contacts.customers),
        "staff": [
            {**staff_card(sim, member), "waiting": waiting_tasks(sim, member.userid)}
            for member in sim.directory.staff
            if member.in_service and member.follow_enabled
        ],
    }


def waiting_tasks(sim: Simulator, userid: str) -> int:
    """Broadcasts and moments of the company that the member has not sent yet."""
    broadcasts = sim.messages.tasks_of_staff(userid)
    moments = sim.moments.tasks_of_staff(userid)
    return sum(1 for message, task in broadcasts if not (task.status or message.cancelled_at)) + sum(
        1 for moment, part in moments if not (part.published_at or moment.cancelled_at)
    )


def preview(line: ChatLine | None) -> dict[str, Any] | None:
    """What a chat list shows of the last line."""
    return None if line is None else views_talks.last_of(line.part, line.at, side=line.side)


def chat_row(sim: Simulator, relation: Relation) -> dict[str, Any]:
    customer = sim.contacts.customers.rows[relation.external_userid]
    member = sim.directory.staff.rows[relation.userid]
    lines = sim.chats.lines(relation, limit=1)
    return {
        "userid": relation.userid,
        "external_userid": relation.external_userid,
        "staff": staff_card(sim, member),
        "customer_name": customer.name,
        "remark": relation.remark,
        "status": relation.status,
        "not_interested": bool(relation.not_interested_at),
        "last": preview(lines[0][1]) if lines else None,
        "last_number": lines[0][0] if lines else 0,
        "at": lines[0][1].at if lines else max(relation.last_chat_at, float(relation.createtime)),
    }


def customer_home(sim: Simulator, customer: Customer) -> dict[str, Any]:
    """The customer's chats, newest first; a member whom the customer deleted is gone from the list."""
    shown = [one for one in sim.contacts.of_customer.get(customer.external_userid, []) if not one.customer_deleted_at]
    return {
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "customer": {"external_userid": customer.external_userid, "name": customer.name, "gender": customer.gender},
        "chats": sorted((chat_row(sim, one) for one in shown), key=lambda row: -row["at"]),
        "groups": [
            views_talks.group_row(sim, one, customer.external_userid)
            for one in sim.groups.of_member(customer.external_userid)
        ],
        "services": views_talks.kf_of_customer(sim, customer.external_userid),
        "moments_at": views_talks.newest_moment(sim, customer.external_userid),
        "transfers": [
            {
                "handover_userid": row.handover,
                "handover": sim.directory.staff.rows[row.handover].name,
                "takeover": sim.directory.staff.rows[row.takeover].name,
                "at": row.takeover_time,
            }
            for row in sim.transfers.waiting_of(customer.external_userid)
        ],
    }


def _activity(sim: Simulator, relation: Relation) -> float:
    last = sim.chats.last(relation)
    return last.at if last else max(relation.last_chat_at, float(relation.createtime))


def staff_home(sim: Simulator, member: Staff, query: str) -> dict[str, Any]:
    held = [one for one in sim.contacts.of_staff[member.userid] if not one.staff_deleted_at]
    wanted = query.strip().lower()
    if wanted:
        customers = sim.contacts.customers.rows
        held = [
            one for one in held if wanted in customers[one.external_userid].name.lower() or wanted in one.remark.lower()
        ]
    friends = [one for one in held if not (one.half or one.requested)]
    newest = heapq.nlargest(CHATS_SHOWN, friends, key=lambda one: _activity(sim, one))
    return {
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "staff": staff_card(sim, member),
        "friends": len(friends),
        "chats": [chat_row(sim, one) for one in newest],
        "to_accept": [chat_row(sim, one) for one in held if one.half or one.requested],
        "tasks": [task_row(sim, message, task) for message, task in sim.messages.tasks_of_staff(member.userid)],
        "moments": [views_talks.moment_row(sim, *pair) for pair in sim.moments.tasks_of_staff(member.userid)],
        "groups": [views_talks.group_row(sim, one, member.userid) for one in sim.groups.of_member(member.userid)],
        "services": views_talks.kf_of_staff(sim, member.userid),
        "apps": views_talks.apps(sim, member.userid),
    }


def friends(sim: Simulator, userid: str, query: str) -> list[dict[str, Any]]:
    """The newest first; `query` is looked for in names and remarks."""
    wanted, customers = query.strip().lower(), sim.contacts.customers.rows
    held = [
        one
        for one in sim.contacts.of_staff[sim.directory.member(userid).userid]
        if one.on_api
        and (wanted in customers[one.external_userid].name.lower() or wanted in one.remark.lower() or not wanted)
    ]
    newest = heapq.nlargest(CHATS_SHOWN, held, key=lambda one: one.createtime)
    return [
        {
            "id": one.external_userid,
            "name": one.remark or customers[one.external_userid].name,
            "nickname": customers[one.external_userid].name,
            "status": one.status,
            "tags": [sim.tags.tags.rows[tag].name for tag in sim.contacts.live_tags(one)[:4]],
        }
        for one in newest
    ]


def moment_of_staff(sim: Simulator, userid: str, moment_id: str) -> dict[str, Any]:
    moment, part = sim.moments.rows.get(moment_id), sim.moments.publications.get(publication_key(moment_id, userid))
    if moment is None or part is None or not sim.moments.is_there(moment):
        raise ActionError("no_such_moment", f"{userid} has no moment {moment_id}.", 404)
    return {
        **views_talks.moment_row(sim, moment, part),
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "tags": [tag.name for one in moment.tags if (tag := sim.tags.live(one)) is not None],
    }


def task_of(sim: Simulator, userid: str, msgid: str) -> tuple[MassMessage, MassTask]:
    message, task = sim.messages.rows.get(msgid), sim.messages.tasks.get(task_key(msgid, userid))
    if message is None or task is None:
        raise ActionError("no_such_task", f"{userid} has no task {msgid}.", 404)
    return message, task


def task_rows(sim: Simulator, userid: str, msgid: str) -> list[dict[str, Any]]:
    """Every customer, or group, of a task."""
    message, task = task_of(sim, userid, msgid)
    if message.chat_type == "group":
        return [{"id": one, "name": sim.groups.rows.rows[one].name} for one in _groups(sim, message, task)]
    found = []
    for row in task.rows:
        relation = sim.contacts.relation(userid, row.external_userid)
        name = sim.contacts.customers.rows[row.external_userid].name
        found.append({"id": row.external_userid, "name": (relation.remark if relation else "") or name})
    return found


def _groups(sim: Simulator, message: MassMessage, task: MassTask) -> list[str]:
    """The groups of a task; before the member has chosen, all that they own."""
    if message.all_groups and not task.status:
        return [chat.chat_id for chat in sim.groups.live() if chat.owner == task.userid]
    return [row.chat_id for row in task.rows]


def task_row(sim: Simulator, message: MassMessage, task: MassTask) -> dict[str, Any]:
    counts = dict.fromkeys((UNSENT, SENT, NOT_FRIEND, OVER_CAP), 0)
    for row in task.rows:
        counts[row.status] += 1
    return {
        "msgid": message.msgid,
        "created": message.create_time,
        "text": message.text,
        "attachments": message.attachments,
        "chat_type": message.chat_type,
        "selectable": message.allow_select or message.all_groups,
        "customers": len(_groups(sim, message, task)) if message.chat_type == "group" else len(task.rows),
        "done": bool(task.status),
        "send_time": task.send_time,
        "cancelled": bool(message.cancelled_at),
        "reminders": len(message.reminders),
        "sent": counts[SENT],
        "not_friend": counts[NOT_FRIEND],
        "over_cap": counts[OVER_CAP],
    }


def task_detail(sim: Simulator, message: MassMessage, task: MassTask) -> dict[str, Any]:
    if message.chat_type == "group":
        names = [sim.groups.rows.rows[chat_id].name for chat_id in _groups(sim, message, task)[:8]]
    else:
        names = [sim.contacts.customers.rows[row.external_userid].name for row in task.rows[:8]]
    return {
        **task_row(sim, message, task),
        "parts": [views_talks.shown(sim, part) for part in message.content.parts()],
        "names": names,
        "now": sim.kernel.clock.now(),
    }


def chat(sim: Simulator, relation: Relation, after: int) -> dict[str, Any]:
    way = sim.ways.rows.get(relation.config_id)
    return {
        **chat_row(sim, relation),
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "code": way.remark if way else "",
        "lines": [
            {"number": number, **asdict(line), "part": views_talks.shown(sim, line.part)}
            for number, line in sim.chats.lines(relation, after)
        ],
    }


def code_row(sim: Simulator, config_id: str) -> dict[str, Any]:
    """A contact way, or a join way: then `group` is set and nobody has to accept."""
    join_way = sim.join_ways.rows.get(config_id)
    if join_way is not None:
        return {
            "config_id": config_id,
            "group": True,
            "remark": join_way.remark,
            "state": join_way.state,
            "skip_verify": True,
            "members": [chat.name for chat in sim.join_ways.live_chats(join_way)],
            "brand": sim.kernel.company.name,
            "now": sim.kernel.clock.now(),
        }
    way = sim.ways.rows.rows[config_id]
    return {
        "config_id": config_id,
        "group": False,
        "remark": way.remark,
        "state": way.state,
        "skip_verify": way.skip_verify,
        "members": [member.name for member in sim.ways.members(way)][:6],
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
    }
