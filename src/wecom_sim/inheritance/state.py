"""Rules of inheritance (reference, sections 8, 15.1, 18): accepted, 24 h of waiting, then done unless refused or full."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from wecom_sim.chats import Chats
from wecom_sim.clock import midnight
from wecom_sim.company import App
from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.content import Content
from wecom_sim.directory.state import LEFT, Directory, Staff
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

EVENT = "change_external_contact"
DUE = "customer_transfer"
DONE, WAITING, REFUSED, FULL = 1, 2, 3, 4  # status of transfer_result; 5 (no record) never arises from these lists
FAIL_REASONS = {REFUSED: "customer_refused", FULL: "customer_limit_exceed"}
Kind = Literal["onjob", "resigned"]
Place = tuple[float, str, int]  # in the list of the unassigned: by leaving, member, running number


@dataclass
class Transfer:
    """`takeover_time`: when it is to happen, then when it happened."""

    number: int
    kind: Kind
    handover: str
    takeover: str
    external_userid: str
    asked_at: float
    takeover_time: int
    message: str
    status: int = WAITING


class Transfers:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts, chats: Chats) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self._chats = chats
        self.rows: Table[Transfer] = Table(kernel.store, "transfer", Transfer)
        self._of_customer: dict[str, list[Transfer]] = defaultdict(list)
        for row in self.rows:
            self._of_customer[row.external_userid].append(row)
        kernel.due.on(DUE, self._fall_due)

    # -- by API ------------------------------------------------------------------------------------------------------
    def ask(self, kind: Kind, handover: Staff, takeover: Staff, external_userid: str, message: str) -> None:
        """Start one transfer. Raises 40096, 40130, 40131, 40143, 40129 / 40100, 40128, 40099."""
        self._check(kind, handover, takeover, external_userid)
        now = self._kernel.clock.now()
        at = now + self._kernel.settings.transfer_seconds
        row = Transfer(
            len(self.rows) + 1, kind, handover.userid, takeover.userid, external_userid, now, int(at), message
        )
        self.rows.put(str(row.number), row)
        self._of_customer[external_userid].append(row)
        self._kernel.ledger.write(
            "transfer_asked", handover.userid, external_userid, takeover=takeover.userid, transfer=kind
        )
        self._kernel.due.at(at, DUE, str(row.number))

    def _check(self, kind: Kind, handover: Staff, takeover: Staff, external_userid: str) -> None:
        if external_userid not in self._contacts.customers:
            raise WireError(40096)
        if handover.userid == takeover.userid:
            raise WireError(40130)
        relation = self._contacts.relation(handover.userid, external_userid)
        if relation is None or not relation.on_api:
            raise WireError(40131)
        if takeover.banned or handover.banned:
            raise WireError(40143)
        if self.waiting(handover.userid, external_userid) is not None:
            raise WireError(40129 if kind == "onjob" else 40100)
        settings = self._kernel.settings
        if kind == "onjob":
            since = midnight(self._kernel.clock.now()) - (settings.transfer_window_days - 1) * 86400
            done = sum(
                1 for one in self._of_customer[external_userid]
                if one.kind == "onjob" and one.status == DONE and one.takeover_time >= since
            )  # fmt: skip
            if done >= settings.transfers_per_window:
                raise WireError(40128)
        if not self._has_room(takeover.userid, external_userid):
            raise WireError(40099)

    def _has_room(self, takeover: str, external_userid: str) -> bool:
        relation = self._contacts.relation(takeover, external_userid)
        if relation is not None and relation.status == "friend":
            return True
        return self._contacts.has_room(takeover)

    def waiting_of(self, external_userid: str) -> list[Transfer]:
        return [one for one in self._of_customer.get(external_userid, []) if one.status == WAITING]

    def waiting(self, handover: str, external_userid: str) -> Transfer | None:
        return next((one for one in self.waiting_of(external_userid) if one.handover == handover), None)

    def results(self, kind: Kind, handover: str, takeover: str) -> list[Transfer]:
        """The latest transfer of every customer between the two, in the order of asking."""
        latest: dict[str, Transfer] = {}
        for row in self.rows:
            if (row.kind, row.handover, row.takeover) == (kind, handover, takeover):
                latest.pop(row.external_userid, None)
                latest[row.external_userid] = row
        return list(latest.values())

    def unassigned(self, app: App) -> list[tuple[Place, Staff, Relation]]:
        """Customers of members who left, without those being handed on; the last to leave come first (PQ 92124).

        The place of a row stays what it is when others are handed on or leave: a cursor can name it.
        """
        left = [one for one in self._directory.staff if one.status == LEFT and self._directory.sees(app, one.userid)]
        left.sort(key=lambda one: (-one.resigned_at, one.userid))
        return [
            ((-member.resigned_at, member.userid, number), member, relation)
            for member in left
            for number, relation in enumerate(self._contacts.of_staff[member.userid])
            if relation.on_api and self.waiting(member.userid, relation.external_userid) is None
        ]

    # -- by the customer, and by time --------------------------------------------------------------------------------
    def refuse(self, external_userid: str, handover: str = "") -> list[Transfer]:
        """The customer declines the new member while the transfer waits; `handover` where several wait."""
        self._contacts.customer(external_userid)
        rows = [one for one in self.waiting_of(external_userid) if handover in ("", one.handover)]
        if not rows:
            raise ActionError("no_transfer", "No transfer of this customer waits.", 404)
        for row in rows:
            self._kernel.due.cancel(DUE, str(row.number))
            self._fail(row, REFUSED)
        return rows

    def _fall_due(self, number: str) -> None:
        row = self.rows.rows[number]
        if row.status != WAITING:
            return
        takeover = self._directory.staff.get(row.takeover)
        relation = self._contacts.relation(row.handover, row.external_userid)
        if relation is None or relation.status != "friend":
            # Nobody to hand over: who is no friend any more can't agree (inferred).
            self._fail(row, REFUSED)
        elif (
            takeover is None
            or not (takeover.in_service and takeover.follow_enabled)
            or not self._has_room(row.takeover, row.external_userid)
        ):
            self._fail(row, FULL)
        else:
            self._complete(row, relation)

    def _fail(self, row: Transfer, status: int) -> None:
        row.status, row.takeover_time = status, self._kernel.clock.stamp()
        self.rows.touch(str(row.number))
        self._kernel.ledger.write(
            "transfer_failed", row.takeover, row.external_userid, handover=row.handover, reason=FAIL_REASONS[status],
            transfer=row.kind,
        )  # fmt: skip
        self._kernel.callbacks.raise_event(
            EVENT, ChangeType="transfer_fail", UserID=row.takeover, ExternalUserID=row.external_userid,
            FailReason=FAIL_REASONS[status],
        )  # fmt: skip

    def _complete(self, row: Transfer, old: Relation) -> None:
        """The old relation ends, the new one takes remark and tags along (inferred). add_way 202: assigned (PQ)."""
        now = self._kernel.clock.stamp()
        row.status, row.takeover_time = DONE, now
        self.rows.touch(str(row.number))
        known = self._contacts.relation(row.takeover, row.external_userid)
        already = known is not None and known.status == "friend"
        if known is None or not already:
            known = self._contacts.put_relation(
                Relation(
                    row.takeover,
                    row.external_userid,
                    now,
                    add_way=202,
                    oper_userid=row.handover,
                    state=old.state,
                    remark=old.remark,
                    description=old.description,
                    remark_corp_name=old.remark_corp_name,
                    remark_mobiles=list(old.remark_mobiles),
                    tags=list(old.tags),
                )
            )
            self._chats.note(known, "added")
        old.staff_deleted_at = self._kernel.clock.now()
        old.tags = []
        self._contacts.touch(old)
        self._kernel.ledger.write(
            "customer_transferred", row.takeover, row.external_userid, handover=row.handover, transfer=row.kind
        )
        if row.kind == "onjob":
            self._chats.deliver(known, Content(row.message, []), "welcome")
            self._event("del_external_contact", old, Source="DELETE_BY_TRANSFER")
        if not already:
            self._event("add_external_contact", known, State=known.state)

    def _event(self, change: str, relation: Relation, **more: str) -> None:
        self._kernel.callbacks.raise_event(
            EVENT, ChangeType=change, UserID=relation.userid, ExternalUserID=relation.external_userid, **more
        )
