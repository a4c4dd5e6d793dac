"""Rules of mass messages (reference, section 9)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from wecom_sim.chats import Chats
from wecom_sim.clock import SHANGHAI
from wecom_sim.contacts.state import Contacts, Customer, Relation
from wecom_sim.content import Content
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.messages.cap import cap_reached
from wecom_sim.messages.to_groups import LONGEST_CAP, GroupSends
from wecom_sim.store import Table

UNSENT, SENT, NOT_FRIEND, OVER_CAP = 0, 1, 2, 3  # status of one customer in get_groupmsg_send_result
TASK_UNSENT, TASK_SENT = 0, 2  # status of a member in get_groupmsg_task
REASONS = {NOT_FRIEND: "not_friend", OVER_CAP: "receive_cap"}


@dataclass
class MassMessage:
    """`creator` is the agentid of the app that made it; personal ones have none here. `all_groups`: no group was named,
    the sender chooses among those they own when confirming."""

    msgid: str
    creator: int
    create_time: float
    chat_type: Literal["single", "group"]
    text: str
    attachments: list[dict[str, Any]]
    allow_select: bool
    userids: list[str]
    all_groups: bool = False
    cancelled_at: float = 0.0
    reminders: list[float] = field(default_factory=list)

    @property
    def content(self) -> Content:
        return Content(self.text, self.attachments)


@dataclass
class SendRow:
    """One customer, or one group: then `chat_id` is set and `external_userid` empty."""

    external_userid: str
    status: int = UNSENT
    send_time: int = 0
    chat_id: str = ""


@dataclass
class MassTask:
    """What one member has to confirm. `rows` are the customers or groups, in order."""

    msgid: str
    userid: str
    rows: list[SendRow]
    status: int = TASK_UNSENT
    send_time: int = 0


def task_key(msgid: str, userid: str) -> str:
    return f"{msgid}|{userid}"


def speaker(relations: list[Relation]) -> Relation | None:
    """Who of a customer's followers sends: the one who last chatted with them (D 92135), friends before those whom the
    customer deleted; without any chat, the newest relation."""
    return max(
        (one for one in relations if one.on_api),
        key=lambda one: (not one.customer_deleted_at, one.last_chat_at, one.createtime),
        default=None,
    )


class Messages:
    def __init__(self, kernel: Kernel, contacts: Contacts, chats: Chats, groups: GroupSends) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._chats = chats
        self._groups = groups
        self.rows: Table[MassMessage] = Table(kernel.store, "mass_message", MassMessage)
        self.tasks: Table[MassTask] = Table(kernel.store, "mass_task", MassTask)
        self._tasks_of: dict[str, list[str]] = {}
        for task in self.tasks:
            self._tasks_of.setdefault(task.userid, []).append(task.msgid)

    # -- by API ------------------------------------------------------------------------------------------------------
    def create(
        self, *, creator: int, content: Content, allow_select: bool, sender: str, external_userids: list[str],
        tag_groups: list[list[str]], visible: set[str],
    ) -> tuple[MassMessage, list[str]]:  # fmt: skip
        """One message and a task per speaking member. Answers it and the fail_list. Raises 41048."""
        chosen, failed = self._choose(sender, external_userids, tag_groups, visible)
        if not chosen:
            raise WireError(41048)
        message = MassMessage(
            self._kernel.ids.text("msgid", "msg", 32), creator, self._kernel.clock.now(), "single", content.text,
            content.attachments, allow_select, list(chosen),
        )  # fmt: skip
        self.rows.put(message.msgid, message)
        for userid, customers in chosen.items():
            self._put_task(MassTask(message.msgid, userid, [SendRow(one) for one in customers]))
        self._kernel.ledger.write(
            "mass_created", msgid=message.msgid, digest=content.digest(), members=len(chosen),
            customers=sum(len(part) for part in chosen.values()), failed=len(failed),
        )  # fmt: skip
        return message, failed

    def _put_task(self, task: MassTask) -> None:
        self.tasks.put(task_key(task.msgid, task.userid), task)
        self._tasks_of.setdefault(task.userid, []).append(task.msgid)

    def create_for_groups(
        self, *, creator: int, content: Content, sender: str, chat_ids: list[str]
    ) -> tuple[MassMessage, list[str]]:
        """One message and one task, for the groups that `sender` owns: those named, or all. Raises 41048."""
        chosen, failed = self._groups.choose(sender, chat_ids)
        if not (chosen if chat_ids else self._groups.owned(sender)):
            raise WireError(41048)
        message = MassMessage(
            self._kernel.ids.text("msgid", "msg", 32), creator, self._kernel.clock.now(), "group", content.text,
            content.attachments, False, [sender], not chat_ids,
        )  # fmt: skip
        self.rows.put(message.msgid, message)
        self._put_task(MassTask(message.msgid, sender, [SendRow("", chat_id=one) for one in chosen]))
        self._kernel.ledger.write(
            "mass_created", msgid=message.msgid, digest=content.digest(), members=1, groups=len(chosen),
            failed=len(failed),
        )  # fmt: skip
        return message, failed

    def _choose(
        self, sender: str, external_userids: list[str], tag_groups: list[list[str]], visible: set[str]
    ) -> tuple[dict[str, list[str]], list[str]]:
        """Customers per speaking member, and the ids that nobody can send to."""
        if external_userids:
            wanted = list(dict.fromkeys(external_userids))
        elif sender:
            wanted = [one.external_userid for one in self._contacts.of_staff[sender] if one.on_api]
        else:
            wanted = list(self._contacts.customers.rows)
        chosen: dict[str, list[str]] = {}
        failed: list[str] = []
        for external_userid in wanted:
            relations = [one for one in self._contacts.of_customer.get(external_userid, []) if one.userid in visible]
            if tag_groups and not self._tagged(relations, tag_groups):
                continue
            if sender:
                relations = [one for one in relations if one.userid == sender]
            relation = speaker(relations)
            if relation is None:
                failed.append(external_userid)
            else:
                chosen.setdefault(relation.userid, []).append(external_userid)
        return chosen, failed if external_userids else []

    def _tagged(self, relations: list[Relation], tag_groups: list[list[str]]) -> bool:
        """OR inside one list, AND between lists."""
        tags = {tag_id for one in relations if one.on_api for tag_id in self._contacts.live_tags(one)}
        return all(tags.intersection(wanted) for wanted in tag_groups)

    def by_id(self, msgid: str) -> MassMessage:
        if not msgid:
            raise WireError(41046)
        message = self.rows.get(msgid)
        if message is None:
            raise WireError(41047)
        return message

    def remind(self, msgid: str) -> None:
        """Raises 41094 past three in 24 h, 41093 for a cancelled message."""
        message = self.by_id(msgid)
        if message.cancelled_at:
            raise WireError(41093)
        now = self._kernel.clock.now()
        recent = [at for at in message.reminders if now - at < 86400]
        if len(recent) >= self._kernel.settings.mass_reminders_max:
            raise WireError(41094)
        message.reminders = [*recent, now]
        self.rows.touch(msgid)

    def cancel(self, msgid: str) -> None:
        message = self.by_id(msgid)
        if message.cancelled_at:
            raise WireError(41093)
        message.cancelled_at = self._kernel.clock.now()
        self.rows.touch(msgid)
        self._kernel.ledger.write("mass_cancelled", msgid=msgid)

    def readable(self, msgid: str) -> MassMessage:
        """A message whose results may be asked already. Raises 41063."""
        message = self.by_id(msgid)
        if self._kernel.clock.now() - message.create_time < self._kernel.settings.mass_early_seconds:
            raise WireError(41063)
        return message

    def tasks_of_message(self, message: MassMessage) -> list[MassTask]:
        return [self.tasks.rows[task_key(message.msgid, userid)] for userid in message.userids]

    # -- by people ---------------------------------------------------------------------------------------------------
    def tasks_of_staff(self, userid: str) -> list[tuple[MassMessage, MassTask]]:
        """A member's tasks, newest first."""
        pairs = [
            (self.rows.rows[msgid], self.tasks.rows[task_key(msgid, userid)])
            for msgid in self._tasks_of.get(userid, [])
        ]
        return pairs[::-1]

    def confirm(self, userid: str, msgid: str, only: list[str] | None = None) -> MassTask:
        """The member taps "send". With `allow_select` they may keep only some of the customers; where no group was named
        they choose some of their groups (None = all)."""
        message, task = self.rows.get(msgid), self.tasks.get(task_key(msgid, userid))
        if message is None or task is None:
            raise ActionError("no_such_task", f"{userid} has no task {msgid}.", 404)
        if message.cancelled_at:
            raise ActionError("task_cancelled", "The message was cancelled.")
        if task.status == TASK_SENT:
            raise ActionError("task_done", "The task was confirmed before.")
        if message.all_groups:
            self._choose_groups(task, only)
        elif only is not None and not message.allow_select:
            raise ActionError("selection_not_allowed", "This message does not let the member choose.", 422)
        elif only is not None:
            task.rows = [row for row in task.rows if row.external_userid in set(only)]
        task.status, task.send_time = TASK_SENT, self._kernel.clock.stamp()
        for row in task.rows:
            if row.chat_id:
                self._send_to_group(message, task, row)
            else:
                self._send(message, task, row)
        self.tasks.touch(task_key(msgid, userid))
        counted = "groups" if message.chat_type == "group" else "customers"
        delivered = sum(1 for row in task.rows if row.status == SENT)
        data: dict[str, Any] = {"msgid": msgid, counted: len(task.rows), "delivered": delivered}
        self._kernel.ledger.write("mass_confirmed", userid, **data)
        return task

    def _send(self, message: MassMessage, task: MassTask, row: SendRow) -> None:
        relation = self._contacts.relation(task.userid, row.external_userid)
        customer = self._contacts.customers.rows[row.external_userid]
        row.send_time = task.send_time
        row.status = self._verdict(relation, customer)
        if row.status == SENT and relation is not None:
            now = self._kernel.clock.now()
            customer.mass_received = [at for at in customer.mass_received if now - at < LONGEST_CAP] + [now]
            self._contacts.customers.touch(customer.external_userid)
            self._chats.deliver(relation, message.content, "mass", message.msgid)
        self._kernel.ledger.write(
            "mass_delivered" if row.status == SENT else "mass_refused", task.userid, row.external_userid,
            msgid=message.msgid, status=row.status, reason=REASONS.get(row.status, ""), digest=message.content.digest(),
        )  # fmt: skip

    def _verdict(self, relation: Relation | None, customer: Customer) -> int:
        if relation is None or relation.status != "friend":
            return NOT_FRIEND
        now = datetime.fromtimestamp(self._kernel.clock.now(), SHANGHAI)
        if cap_reached(self._kernel.settings.mass_cap, customer.mass_received, now):
            return OVER_CAP
        return SENT

    def _choose_groups(self, task: MassTask, only: list[str] | None) -> None:
        owned = self._groups.owned(task.userid)
        for chat_id in only or []:
            if chat_id not in owned:
                raise ActionError("not_owner", f"{task.userid} does not own the group {chat_id}.", 404)
        task.rows = [SendRow("", chat_id=one) for one in owned if only is None or one in only]

    def _send_to_group(self, message: MassMessage, task: MassTask, row: SendRow) -> None:
        chat = self._groups.reachable(row.chat_id, task.userid)
        row.send_time = task.send_time
        now = datetime.fromtimestamp(self._kernel.clock.now(), SHANGHAI)
        if chat is None:
            row.status = NOT_FRIEND
        elif cap_reached(self._kernel.settings.mass_cap, chat.mass_received, now):
            row.status = OVER_CAP
        else:
            row.status = SENT
            self._groups.deliver(chat, message.content, message.msgid)
        reason = "group_gone" if row.status == NOT_FRIEND else REASONS.get(row.status, "")
        self._kernel.ledger.write(
            "mass_delivered" if row.status == SENT else "mass_refused", task.userid, chat_id=row.chat_id,
            msgid=message.msgid, status=row.status, reason=reason, digest=message.content.digest(),
        )  # fmt: skip
