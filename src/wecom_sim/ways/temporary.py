"""Rules of temporary contact ways and their sessions (reference, 5.4): one customer, an end, a closing word."""

from dataclasses import dataclass
from typing import Any

from wecom_sim.chats import Chats
from wecom_sim.contacts.state import Contacts, Customer, Relation
from wecom_sim.content import Content
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table
from wecom_sim.ways.state import ContactWay


@dataclass
class TempWay:
    """What a temporary way has beyond a permanent one. `conclusions` as they were given."""

    config_id: str
    created_at: float
    expires_in: int
    chat_expires_in: int
    unionid: str
    conclusions: dict[str, Any]
    text: str
    attachments: list[dict[str, Any]]
    used: bool = False


@dataclass
class TempChat:
    config_id: str
    relation: str
    ends_at: float


class Temporary:
    def __init__(self, kernel: Kernel, contacts: Contacts, chats: Chats) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._chats = chats
        self.rows: Table[TempWay] = Table(kernel.store, "temp_way", TempWay)
        self.sessions: Table[TempChat] = Table(kernel.store, "temp_chat", TempChat)
        kernel.due.on("temp_chat_ends", self._end)

    def check(self, way: ContactWay, row: TempWay) -> None:
        """Raises 48002 (not of the medical industry), 40058, 45009 (past the day's allowance)."""
        settings, today = self._kernel.settings, self._kernel.clock.now() - 86400
        if not settings.temporary_sessions:
            raise WireError(48002, "temporary sessions are for the medical industry only; this company is not in it")
        if way.type != 1:
            raise WireError(40058, "a temporary session takes type 1")
        self.check_spans(row)
        if sum(1 for one in self.rows if one.created_at > today) >= settings.temp_ways_per_day:
            raise WireError(45009, "temporary ways of today are used up")

    def check_spans(self, row: TempWay) -> None:
        """Raises 40058."""
        most = self._kernel.settings.temp_seconds_max
        if not (0 < row.expires_in <= most and 0 < row.chat_expires_in <= most):
            raise WireError(40058, "expires_in and chat_expires_in go up to 14 days")

    def expired(self, row: TempWay) -> bool:
        return row.used or self._kernel.clock.now() >= row.created_at + row.expires_in

    def may_scan(self, way: ContactWay, customer: Customer) -> None:
        """The code dies of age and once it is used; with a unionid it is for one customer."""
        row = self.rows.get(way.config_id)
        if row is None:
            return
        if self.expired(row):
            raise ActionError("code_expired", "This temporary code has expired.", 410)
        if row.unionid and row.unionid != customer.unionid:
            raise ActionError("not_for_you", "This temporary code is for another customer.", 403)

    def begin(self, way: ContactWay, relation: Relation) -> None:
        row = self.rows.get(way.config_id)
        if row is None:
            return
        row.used = True
        self.rows.touch(row.config_id)
        ends = self._kernel.clock.now() + row.chat_expires_in
        self.sessions.put(relation.key, TempChat(row.config_id, relation.key, ends))
        self._kernel.due.at(ends, "temp_chat_ends", relation.key)

    def close(self, relation: Relation) -> None:
        """close_temp_chat. Raises 40058 where no temporary session is live."""
        if relation.key not in self.sessions:
            raise WireError(40058, "no live temporary session")
        self._kernel.due.cancel("temp_chat_ends", relation.key)
        self._end(relation.key)

    def _end(self, key: str) -> None:
        """The conclusions go out, and the two are strangers again."""
        session, relation = self.sessions.get(key), self._contacts.relations.get(key)
        if session is None or relation is None:
            return
        row = self.rows.rows[session.config_id]
        if row.text or row.attachments:
            self._chats.deliver(relation, Content(row.text, row.attachments), "welcome")
        relation.staff_deleted_at = relation.customer_deleted_at = self._kernel.clock.now()
        self._contacts.touch(relation)
        self.sessions.drop(key)
        self._kernel.ledger.write("temp_chat_closed", relation.userid, relation.external_userid)
