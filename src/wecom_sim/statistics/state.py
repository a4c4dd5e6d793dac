"""What get_user_behavior_data counts (reference, section 11)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from wecom_sim.chats import Chats
from wecom_sim.clock import SHANGHAI
from wecom_sim.contacts.state import Contacts
from wecom_sim.ledger import Ledger

# Ledger entries that stand for an act of their member.
ACTS = ("mass_confirmed", "moment_published", "friend_accepted", "staff_deleted", "app_card_answered")


@dataclass
class _Thread:
    """One chat on one day. `asked`: when the customer wrote and nobody had answered yet."""

    sent: int = 0
    asked: float = 0.0
    opened: bool = False
    reply_minutes: float | None = None


@dataclass
class _Day:
    applies: int = 0
    contacts: int = 0
    negative: int = 0
    threads: dict[str, _Thread] = field(default_factory=lambda: defaultdict(_Thread))


def _day(at: float) -> date:
    return datetime.fromtimestamp(at, SHANGHAI).date()


def behaviour(contacts: Contacts, chats: Chats, userids: list[str], first: date, last: date) -> list[dict[str, Any]]:
    """One row a day from `first` to `last`, of all these members together."""
    wanted = set(userids)
    days: dict[date, _Day] = defaultdict(_Day)
    for userid in wanted:
        for one in contacts.of_staff[userid]:
            added = days[_day(one.createtime)]
            added.applies += one.oper_userid == userid
            added.contacts += not one.requested
            if one.customer_deleted_at:
                days[_day(one.customer_deleted_at)].negative += 1
    for key, at, side in chats.written(datetime.combine(first, datetime.min.time(), SHANGHAI).timestamp()):
        if key.split("|")[0] not in wanted:
            continue
        thread = days[_day(at)].threads[key]
        if side == "staff":
            thread.sent += 1
            if thread.asked and thread.reply_minutes is None:
                thread.reply_minutes = (at - thread.asked) / 60
        elif not thread.asked and not thread.sent:
            thread.asked, thread.opened = at, True
    count = (last - first).days + 1
    return [_row(first + timedelta(days=n), days[first + timedelta(days=n)]) for n in range(count)]


def active_members(ledger: Ledger, day: date) -> set[str]:
    """Who did something in the client on that day (inferred: opening it counts as well, but leaves no trace here)."""
    start = datetime.combine(day, datetime.min.time(), SHANGHAI).timestamp()
    return {
        one.userid
        for one in ledger.since(start)
        if one.at < start + 86400 and one.userid and (one.kind in ACTS or one.data.get("side") == "staff")
    }


def _row(day: date, found: _Day) -> dict[str, Any]:
    threads = list(found.threads.values())
    opened = [one for one in threads if one.opened]
    replies = [one.reply_minutes for one in opened if one.reply_minutes is not None]
    out: dict[str, Any] = {
        "stat_time": int(datetime.combine(day, datetime.min.time(), SHANGHAI).timestamp()),
        "new_apply_cnt": found.applies,
        "new_contact_cnt": found.contacts,
        "chat_cnt": sum(1 for one in threads if one.sent),
        "message_cnt": sum(one.sent for one in threads),
        "negative_feedback_cnt": found.negative,
    }
    # Both are left out on days without a chat that a customer began (PQ 92132).
    if opened:
        out["reply_percentage"] = round(100 * len(replies) / len(opened), 2)
    if replies:
        out["avg_reply_time"] = round(sum(replies) / len(replies))
    return out
