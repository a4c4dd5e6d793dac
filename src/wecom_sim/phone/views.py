"""What the phone pages show, as JSON."""

import heapq
from dataclasses import asdict
from typing import Any, Literal

from wecom_sim.chats import ChatLine
from wecom_sim.contacts.state import Customer, Relation
from wecom_sim.directory.state import Staff
from wecom_sim.messages.state import NOT_FRIEND, OVER_CAP, SENT, UNSENT, MassMessage, MassTask
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
    return sum(
        1 for message, task in sim.messages.tasks_of_staff(userid) if not task.status and not message.cancelled_at
    )


def preview(line: ChatLine | None) -> dict[str, Any] | None:
    """What a chat list shows of the last line; the page words notes and attachments itself."""
    if line is None:
        return None
    kind = line.part["msgtype"]
    body = line.part.get(kind, {})
    text = body.get("content") or body.get("title") or ""
    return {"kind": kind, "note": body.get("kind", ""), "side": line.side, "text": text, "at": line.at}


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
    }


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
        "parts": message.content.parts(),
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
        "lines": [{"number": number, **asdict(line)} for number, line in sim.chats.lines(relation, after)],
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
