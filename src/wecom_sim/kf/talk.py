"""Rules of sessions and messages of customer service (reference, section 12).

State: 0 new, 1 with the API, 2 in the queue, 3 with a member, 4 ended or not begun. A session lives 48 h from the
customer's last line; a new line after its end begins one in state 0.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal

from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.kf.state import KfAccount, KfAccounts
from wecom_sim.store import Log, Table

NEW, API, QUEUE, MEMBER, ENDED = 0, 1, 2, 3, 4
MOVES = {NEW: (API, QUEUE, MEMBER, ENDED), API: (QUEUE, MEMBER, ENDED), QUEUE: (MEMBER, ENDED), MEMBER: (MEMBER, ENDED)}
CUSTOMER, SYSTEM, SERVICER = 3, 4, 5  # origin of an item
REFUSES = 10  # fail_type of msg_send_fail
CodeKind = Literal["welcome", "reply", "closing"]


@dataclass
class KfSession:
    """`sent` counts messages since the customer's last line. `refuses`: the customer takes no messages."""

    open_kfid: str
    external_userid: str
    state: int = ENDED
    servicer: str = ""
    last_customer_at: float = 0.0
    sent: int = 0
    greeted_at: float = 0.0
    entered_at: float = 0.0
    scene: str = ""
    scene_param: str = ""
    code_given: bool = False
    refuses: bool = False
    upgraded: dict[str, Any] = field(default_factory=dict)


@dataclass
class KfItem:
    """One entry of sync_msg's msg_list, as on the wire."""

    open_kfid: str
    at: float
    item: dict[str, Any]


@dataclass
class KfSent:
    """What the API sent; sync_msg does not return it. `after`: how many items there were before it."""

    msgid: str
    open_kfid: str
    external_userid: str
    at: float
    part: dict[str, Any]
    after: int = 0


@dataclass
class KfToken:
    token: str
    open_kfid: str
    at: float


@dataclass
class KfCode:
    code: str
    kind: CodeKind
    open_kfid: str
    external_userid: str
    at: float
    used: bool = False


@dataclass
class KfDay:
    """Counts of one account (or, with `servicer`, of one member of it) on one day."""

    open_kfid: str
    day: str
    servicer: str = ""
    sessions: int = 0
    customers: list[str] = field(default_factory=list)
    messages: int = 0
    upgraded: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def session_key(open_kfid: str, external_userid: str) -> str:
    return f"{open_kfid}|{external_userid}"


class KfTalk:
    def __init__(self, kernel: Kernel, accounts: KfAccounts) -> None:
        self._kernel = kernel
        self._accounts = accounts
        self.sessions: Table[KfSession] = Table(kernel.store, "kf_session", KfSession)
        self.sent: Table[KfSent] = Table(kernel.store, "kf_sent", KfSent)
        self.tokens: Table[KfToken] = Table(kernel.store, "kf_token", KfToken)
        self.codes: Table[KfCode] = Table(kernel.store, "kf_code", KfCode)
        self.days: Table[KfDay] = Table(kernel.store, "kf_day", KfDay)
        self._log: Log[KfItem] = Log(kernel.store, "kf_item", KfItem)
        self._of_account: dict[str, list[int]] = defaultdict(list)
        for position, row in enumerate(self._log.rows):
            self._of_account[row.open_kfid].append(position)
        kernel.due.on("kf_session_ends", self._time_is_up)

    # -- sessions ------------------------------------------------------------------------------------------------------
    def session(self, open_kfid: str, external_userid: str) -> KfSession:
        """The session of a customer; one that has not begun is in state 4."""
        key = session_key(open_kfid, external_userid)
        return self.sessions.get(key) or self.sessions.put(key, KfSession(open_kfid, external_userid))

    def touch(self, row: KfSession) -> None:
        self.sessions.touch(session_key(row.open_kfid, row.external_userid))

    def enquire(self, row: KfSession) -> None:
        """The customer wrote: a new session where there was none, and 48 h from now."""
        day = self.day(row.open_kfid)
        if row.state == ENDED:
            row.state, row.servicer, row.code_given = NEW, "", False
            day.sessions += 1
        day.messages += 1
        for one in [day] + ([self.day(row.open_kfid, row.servicer)] if row.servicer else []):
            if row.external_userid not in one.customers:
                one.customers.append(row.external_userid)
            self._touch_day(one)
        if row.servicer:
            self.day(row.open_kfid, row.servicer).messages += 1
        row.last_customer_at, row.sent = self._kernel.clock.now(), 0
        self.touch(row)
        ends = row.last_customer_at + self._kernel.settings.kf_session_seconds
        self._kernel.due.at(ends, "kf_session_ends", session_key(row.open_kfid, row.external_userid))

    def day(self, open_kfid: str, servicer: str = "") -> KfDay:
        today = self._kernel.clock.today()
        key = f"{open_kfid}|{today}|{servicer}"
        return self.days.get(key) or self.days.put(key, KfDay(open_kfid, today, servicer))

    def _touch_day(self, one: KfDay) -> None:
        self.days.touch(f"{one.open_kfid}|{one.day}|{one.servicer}")

    def count(self, open_kfid: str, external_userid: str, what: Literal["upgraded", "refused"]) -> None:
        day = self.day(open_kfid)
        ids: list[str] = getattr(day, what)
        if external_userid not in ids:
            ids.append(external_userid)
        self._touch_day(day)

    def _time_is_up(self, key: str) -> None:
        row = self.sessions.get(key)
        if row is None or row.state == ENDED:
            return
        was, servicer = row.state, row.servicer
        row.state, row.servicer = ENDED, ""
        self.sessions.touch(key)
        if was == MEMBER:
            self.status_changed(row, 3, old=servicer)

    def move(self, account: KfAccount, external_userid: str, to: int, servicer: str) -> str:
        """service_state/trans. Answers a msg_code where one comes. Raises 95013, 95016, 40058, 40063, 95014, 95019."""
        row = self.session(account.open_kfid, external_userid)
        if row.state == ENDED:
            raise WireError(95013)
        if to not in (API, QUEUE, MEMBER, ENDED):
            raise WireError(40058, "service_state")
        if to not in MOVES[row.state]:
            raise WireError(95016)
        if to == MEMBER:
            if not servicer:
                raise WireError(40063, "missing servicer_userid")
            self.check_servicer(account, servicer)
        row.state, row.servicer = to, servicer if to == MEMBER else ""
        code = ""
        if to in (QUEUE, MEMBER) and not row.code_given:
            row.code_given, code = True, self.new_code("reply", row)
        elif to == ENDED:
            code = self.new_code("closing", row)
        self.touch(row)
        if to == MEMBER:
            self._count_session(row)
        return code

    def _count_session(self, row: KfSession) -> None:
        day = self.day(row.open_kfid, row.servicer)
        day.sessions += 1
        self._touch_day(day)

    def check_servicer(self, account: KfAccount, userid: str) -> None:
        if userid not in self._accounts.servicers(account):
            raise WireError(95014)
        if userid in account.stopped:
            raise WireError(95019)

    # -- what sync_msg gives -------------------------------------------------------------------------------------------
    def put(self, open_kfid: str, item: dict[str, Any]) -> str:
        """Add an item and nudge the app (kf_msg_or_event with a fresh token). Answers its msgid."""
        msgid = self._kernel.ids.text("kf_msg", "", 32)
        whole = {"msgid": msgid, "open_kfid": open_kfid, "send_time": self._kernel.clock.stamp(), **item}
        self._of_account[open_kfid].append(len(self._log))
        self._log.append(KfItem(open_kfid, self._kernel.clock.now(), whole))
        token = "ENC" + self._kernel.ids.text("kf_token", "", 40)
        self.tokens.put(token, KfToken(token, open_kfid, self._kernel.clock.now()))
        self._kernel.callbacks.raise_event("kf_msg_or_event", Token=token, OpenKfId=open_kfid)
        return msgid

    def put_event(self, open_kfid: str, event_type: str, **fields: Any) -> str:
        kept = {name: value for name, value in fields.items() if value not in ("", None)}
        event = {"event_type": event_type, "open_kfid": open_kfid, **kept}
        item: dict[str, Any] = {"origin": SYSTEM, "msgtype": "event", "event": event}
        if "external_userid" in kept:
            item["external_userid"] = kept["external_userid"]
        return self.put(open_kfid, item)

    def status_changed(self, row: KfSession, change: int, old: str = "", new: str = "") -> None:
        code = self.new_code("reply" if change == 1 else "closing", row) if change in (1, 3) else ""
        if new:
            self._count_session(row)
        self.put_event(
            row.open_kfid, "session_status_change", external_userid=row.external_userid, change_type=change,
            old_servicer_userid=old, new_servicer_userid=new, msg_code=code,
        )  # fmt: skip

    def cursor_kind(self, open_kfid: str) -> str:
        """Short, because a cursor of sync_msg has at most 64 bytes."""
        return "kf" + hashlib.sha256(open_kfid.encode()).hexdigest()[:8]

    def read(self, open_kfid: str, start: int, limit: int) -> tuple[list[dict[str, Any]], int, bool]:
        """Items from position `start` on, of the last three days: they, the next position, whether there are more."""
        since = self._kernel.clock.now() - self._kernel.settings.kf_pull_days * 86400
        positions = self._of_account[open_kfid]
        first = start
        while first < len(positions) and self._log.rows[positions[first]].at < since:
            first += 1
        end = min(len(positions), first + limit)
        return [self._log.rows[p].item for p in positions[first:end]], end, end < len(positions)

    def items(self, open_kfid: str, external_userid: str) -> list[dict[str, Any]]:
        """Both sides of one customer's conversation, the oldest first."""
        rows = [(position, self._log.rows[position].item) for position in self._of_account[open_kfid]]
        theirs = [((position, 1), item) for position, item in rows if item.get("external_userid") == external_userid]
        ours = [
            ((one.after, 0), {"msgid": one.msgid, "origin": 0, "send_time": int(one.at), **one.part})
            for one in self.sent
            if one.open_kfid == open_kfid and one.external_userid == external_userid
        ]
        return [item for _, item in sorted(theirs + ours, key=lambda pair: pair[0])]

    def check_token(self, open_kfid: str, token: str) -> None:
        """Raises 95007."""
        row = self.tokens.get(token)
        age = self._kernel.clock.now() - row.at if row else 0.0
        if row is None or row.open_kfid != open_kfid or age > self._kernel.settings.kf_token_seconds:
            raise WireError(95007)

    # -- sending -------------------------------------------------------------------------------------------------------
    def send(self, account: KfAccount, external_userid: str, msgid: str, part: dict[str, Any]) -> str:
        """Raises 95031, 95002, 95018, 95001, 40058 (msgid used before)."""
        settings, now = self._kernel.settings, self._kernel.clock.now()
        row = self.session(account.open_kfid, external_userid)
        if not row.last_customer_at:
            raise WireError(95031)
        if now - row.last_customer_at > settings.kf_session_seconds:
            raise WireError(95002)
        if row.state not in (NEW, API):
            raise WireError(95018)
        if row.sent >= settings.kf_messages_per_enquiry:
            raise WireError(95001)
        sent = self._keep(account.open_kfid, external_userid, msgid, part)
        row.sent += 1
        self.touch(row)
        if row.refuses:
            self.count(account.open_kfid, external_userid, "refused")
            self.put_event(
                account.open_kfid, "msg_send_fail", external_userid=external_userid, fail_msgid=sent, fail_type=REFUSES
            )
        return sent

    def _keep(self, open_kfid: str, external_userid: str, msgid: str, part: dict[str, Any]) -> str:
        if len(msgid.encode()) > 32:
            raise WireError(40058, "msgid is too long")
        msgid = msgid or self._kernel.ids.text("kf_sent", "", 32)
        if f"{open_kfid}|{msgid}" in self.sent:
            raise WireError(40058, "msgid was used before")
        now, after = self._kernel.clock.now(), len(self._log)
        self.sent.put(f"{open_kfid}|{msgid}", KfSent(msgid, open_kfid, external_userid, now, part, after))
        self._kernel.ledger.write("kf_sent", "", external_userid, open_kfid=open_kfid, msgid=msgid, part=part)
        return msgid

    def new_code(self, kind: CodeKind, row: KfSession) -> str:
        code = self._kernel.ids.text("kf_code", "", 43)
        self.codes.put(code, KfCode(code, kind, row.open_kfid, row.external_userid, self._kernel.clock.now()))
        return code

    def send_on_event(self, code: str, msgid: str, part: dict[str, Any], granted: list[str] | None) -> str:
        """Answer an event with its code, once. Raises 40058 (unknown, used), 48007, 95002 (too late)."""
        row = self.codes.get(code)
        if row is None or row.used:
            raise WireError(40058, "code")
        if granted is not None and row.open_kfid not in granted:
            raise WireError(48007)
        settings = self._kernel.settings
        life = settings.kf_welcome_seconds if row.kind == "welcome" else settings.kf_msg_code_seconds
        if self._kernel.clock.now() - row.at > life:
            raise WireError(95002)
        sent = self._keep(row.open_kfid, row.external_userid, msgid, part)
        row.used = True
        self.codes.touch(code)
        if row.kind == "welcome":
            session = self.session(row.open_kfid, row.external_userid)
            session.greeted_at = self._kernel.clock.now()
            self.touch(session)
        return sent
