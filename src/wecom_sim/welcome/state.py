"""Rules of the welcome message (reference, 5.6): 20 s, one use, first caller wins."""

import asyncio
from dataclasses import dataclass

from wecom_sim.chats import Chats
from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.content import Content
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table


@dataclass
class WelcomeCode:
    code: str
    userid: str
    external_userid: str
    issued_at: float
    half: bool = False
    delivered_at: float = 0.0
    chat_mark: int = 0


class Welcome:
    def __init__(self, kernel: Kernel, contacts: Contacts, chats: Chats) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._chats = chats
        self.codes: Table[WelcomeCode] = Table(kernel.store, "welcome_code", WelcomeCode)
        self._sending: set[str] = set()

    def issue(self, relation: Relation, half: bool = False) -> str:
        code = self._kernel.ids.text("welcome_code", "CALLBACK", 51)
        row = WelcomeCode(
            code, relation.userid, relation.external_userid, self._kernel.clock.now(), half, 0.0, self._chats.mark()
        )
        self.codes.put(code, row)
        return code

    def half_code_used(self, relation: Relation) -> bool:
        return any(
            row.half and row.delivered_at and row.userid == relation.userid
            for row in self.codes
            if row.external_userid == relation.external_userid
        )

    async def send(self, code: str, content: Content) -> None:
        """Deliver into the chat. Raises 41049, 41050, 41051, 41096."""
        if not code:
            raise WireError(41049)
        row = self.codes.get(code)
        if row is None:
            raise WireError(41050)
        try:
            self._check(row)
            await self._delay(code)
            self._deliver(row, content)
        except WireError as error:
            self._kernel.ledger.write(
                "welcome_refused", row.userid, row.external_userid, code=code, errcode=error.code,
                age=self._kernel.clock.now() - row.issued_at,
            )  # fmt: skip
            raise

    async def _delay(self, code: str) -> None:
        """The time that delivery takes; whoever comes meanwhile gets 41096."""
        seconds = self._kernel.settings.welcome_delivery_ms / 1000
        if not seconds:
            return
        self._sending.add(code)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._sending.discard(code)

    def _check(self, row: WelcomeCode) -> None:
        if row.delivered_at:
            raise WireError(41051, "welcome already delivered")
        if row.code in self._sending:
            raise WireError(41096)
        if self._kernel.clock.now() - row.issued_at > self._kernel.settings.welcome_seconds:
            raise WireError(41050, "older than its life")
        relation = self._contacts.relation(row.userid, row.external_userid)
        if relation is None or relation.staff_deleted_at or relation.customer_deleted_at:
            raise WireError(41050, "the two are no longer friends")
        if self._chats.talked_since(relation, row.chat_mark):
            raise WireError(41051)

    def _deliver(self, row: WelcomeCode, content: Content) -> None:
        now = self._kernel.clock.now()
        row.delivered_at = now
        self.codes.touch(row.code)
        relation = self._contacts.relations.rows[f"{row.userid}|{row.external_userid}"]
        self._chats.deliver(relation, content, "welcome")
        self._kernel.ledger.write(
            "welcome_delivered", row.userid, row.external_userid, code=row.code, state=relation.state,
            age=now - row.issued_at, digest=content.digest(), text=content.text, attachments=content.attachments,
        )  # fmt: skip
