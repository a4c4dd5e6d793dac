"""Rules of app messages (reference, section 13, and 1.4 for their frequency)."""

import hashlib
import json
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wecom_sim.app_messages.cards import INTERACTIVE
from wecom_sim.clock import SHANGHAI
from wecom_sim.company import App
from wecom_sim.directory.state import Directory
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

DAY = 86400


@dataclass
class AppMessage:
    """`userids` = who got it. `shown`: what `body` was replaced by, per member; `closed`: members whose buttons are
    greyed out, with the text that stands there; `answers`: what members pressed."""

    msgid: str
    agentid: int
    at: float
    msgtype: str
    body: dict[str, Any]
    userids: list[str]
    safe: int = 0
    digest: str = ""
    task_id: str = ""
    recalled_at: float = 0.0
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def body_for(self, userid: str) -> dict[str, Any]:
        return self.shown.get(userid, self.body)


@dataclass
class ResponseCode:
    """Lets an app replace a card once."""

    code: str
    msgid: str
    agentid: int
    issued_at: float
    used_at: float = 0.0


@dataclass
class Receivers:
    userids: list[str]
    invalid_users: list[str]
    invalid_parties: list[str]
    invalid_tags: list[str]


class AppMessages:
    def __init__(self, kernel: Kernel, directory: Directory) -> None:
        self._kernel = kernel
        self._directory = directory
        self.rows: Table[AppMessage] = Table(kernel.store, "app_message", AppMessage)
        self.codes: Table[ResponseCode] = Table(kernel.store, "response_code", ResponseCode)
        self._inbox: dict[str, list[str]] = defaultdict(list)
        self._task_ids: dict[tuple[int, str], str] = {}
        self._sent_on: Counter[tuple[int, str]] = Counter()
        # Kept in memory only: a restart forgives.
        self._pace: dict[tuple[int, str], deque[float]] = defaultdict(deque)
        kernel.keep_in_memory("app_message_pace", self._save_pace, self._load_pace)
        for row in self.rows:
            self._index(row)

    def _save_pace(self) -> Any:
        now = self._kernel.clock.quota_now()
        return [[agentid, userid, [at - now for at in times]] for (agentid, userid), times in self._pace.items()]

    def _load_pace(self, kept: Any) -> None:
        now = self._kernel.clock.quota_now()
        for agentid, userid, times in kept:
            self._pace[(agentid, userid)] = deque(now + at for at in times)

    def _index(self, row: AppMessage) -> None:
        for userid in row.userids:
            self._inbox[userid].append(row.msgid)
        if row.task_id:
            self._task_ids[(row.agentid, row.task_id)] = row.msgid
        day = datetime.fromtimestamp(row.at, SHANGHAI).strftime("%Y-%m-%d")
        self._sent_on[(row.agentid, day)] += len(row.userids)

    # -- by API ------------------------------------------------------------------------------------------------------
    def receivers(self, app: App, users: list[str], parties: list[str], tags: list[str]) -> Receivers:
        """Who gets it, in the app's visible range. Raises 81012, 40032, 82002, 82003, 81013."""
        settings = self._kernel.settings
        if not users and not parties and not tags:
            raise WireError(81012)
        if len(users) > settings.app_users_max and users != ["@all"]:
            raise WireError(40032)
        if len(parties) > settings.app_parties_max:
            raise WireError(82002)
        if len(tags) > settings.app_parties_max:
            raise WireError(82003)
        visible = self._directory.visible_userids(app)
        if "@all" in users:
            return Receivers([one.userid for one in self._directory.staff if one.userid in visible], [], [], [])
        departments = self._directory.visible_departments(app)
        good_parties = [one for one in parties if one.isdecimal() and int(one) in departments]
        members = [one.userid for one in self._directory.expand([int(one) for one in good_parties])]
        found = dict.fromkeys([one for one in users if one in visible] + [one for one in members if one in visible])
        bad = Receivers(
            list(found), [one for one in users if one not in visible],
            [one for one in parties if one not in good_parties], tags,
        )  # fmt: skip
        if not found:
            raise WireError(81013)
        return bad

    def send(
        self, app: App, msgtype: str, body: dict[str, Any], userids: list[str], safe: int, duplicate_seconds: int
    ) -> tuple[AppMessage, str]:
        """Deliver; answers the message and the response_code (empty unless it is an interactive card).

        Who has received too much of late is left out silently (D 90454), and so is a duplicate where the app asked for
        that check. Raises 45009 past the day's allowance, 42014 for a task_id that the app used before.
        """
        settings, now = self._kernel.settings, self._kernel.clock.now()
        task_id = str(body.get("task_id", "")) if msgtype in ("template_card", "interactive_taskcard") else ""
        if task_id and (app.agentid, task_id) in self._task_ids:
            raise WireError(42014, "task_id was used before")
        allowance = settings.directory_accounts_max * settings.app_sends_per_account
        if self._sent_on[(app.agentid, self._kernel.clock.today())] + len(userids) > allowance:
            raise WireError(45009, "the app's messages of today are used up")
        digest = _digest(msgtype, body)
        reached = [one for one in userids if not self._is_duplicate(app, one, digest, now, duplicate_seconds)]
        reached = [one for one in reached if self._in_pace(app, one)]
        msgid = self._kernel.ids.text("app_message", "", 64)
        row = AppMessage(msgid, app.agentid, now, msgtype, body, reached, safe, digest, task_id)
        self.rows.put(msgid, row)
        self._index(row)
        self._kernel.ledger.write(
            "app_message_sent", msgid=msgid, agentid=app.agentid, msgtype=msgtype, delivered=len(reached),
            dropped=len(userids) - len(reached), digest=digest,
        )  # fmt: skip
        interactive = msgtype == "template_card" and (body["card_type"] in INTERACTIVE or "action_menu" in body)
        return row, self.new_code(row) if interactive else ""

    def _is_duplicate(self, app: App, userid: str, digest: str, now: float, seconds: int) -> bool:
        if not seconds:
            return False
        for msgid in reversed(self._inbox[userid]):
            row = self.rows.rows[msgid]
            if now - row.at >= seconds:
                return False
            if row.agentid == app.agentid and row.digest == digest:
                return True
        return False

    def _in_pace(self, app: App, userid: str) -> bool:
        """Whether the member may get another message of this app now; counts it."""
        settings, now = self._kernel.settings, self._kernel.clock.quota_now()
        times = self._pace[(app.agentid, userid)]
        while times and now - times[0] >= 3600:
            times.popleft()
        if len(times) >= settings.app_per_member_hour:
            return False
        if sum(1 for at in times if now - at < 60) >= settings.app_per_member_minute:
            return False
        times.append(now)
        return True

    def new_code(self, row: AppMessage) -> str:
        code = self._kernel.ids.text("response_code", "", 43)
        self.codes.put(code, ResponseCode(code, row.msgid, row.agentid, self._kernel.clock.now()))
        return code

    def recall(self, app: App, msgid: str) -> None:
        """Raises 40058 for an unknown message or another app's, 42052 after 24 h."""
        row = self.rows.get(msgid)
        if row is None or row.agentid != app.agentid:
            raise WireError(40058, "this app has sent no such message")
        if self._kernel.clock.now() - row.at > self._kernel.settings.app_recall_seconds:
            raise WireError(42052)
        if not row.recalled_at:
            row.recalled_at = self._kernel.clock.now()
            self.rows.touch(msgid)
            self._kernel.ledger.write("app_message_recalled", msgid=msgid, agentid=app.agentid)

    def redeem_code(self, app: App, code: str) -> AppMessage:
        """The message whose card a response_code lets replace; the code is used up. Raises 60140."""
        row = self.codes.get(code)
        now = self._kernel.clock.now()
        if row is None or row.agentid != app.agentid or row.used_at:
            raise WireError(60140)
        if now - row.issued_at > self._kernel.settings.response_code_seconds:
            raise WireError(60140)
        row.used_at = now
        self.codes.touch(code)
        return self.rows.rows[row.msgid]

    def update_card(
        self, row: AppMessage, userids: list[str], card: dict[str, Any] | None, replace_name: str
    ) -> list[str]:
        """Show members another card, or grey its buttons out under a new name. Answers who never got the message."""
        reached = set(row.userids)
        for userid in userids:
            if userid not in reached:
                continue
            if card is not None:
                row.shown[userid] = card
                row.closed.pop(userid, None)
                row.answers.pop(userid, None)
            else:
                row.closed[userid] = replace_name
        self.rows.touch(row.msgid)
        return [one for one in userids if one not in reached]

    def task(self, app: App, task_id: str) -> AppMessage:
        """Raises 42016, 42015 (sent by another app)."""
        msgid = self._task_ids.get((app.agentid, task_id))
        if msgid is None:
            raise WireError(42015 if any(one == task_id for _, one in self._task_ids) else 42016)
        return self.rows.rows[msgid]

    def sent_on(self, days_back: int) -> dict[int, int]:
        """agentid -> person-times on that day."""
        now = datetime.fromtimestamp(self._kernel.clock.now(), SHANGHAI)
        day = (now - timedelta(days=days_back)).strftime("%Y-%m-%d")
        return {agentid: count for (agentid, on), count in sorted(self._sent_on.items()) if on == day and count}

    # -- by members ----------------------------------------------------------------------------------------------------
    def inbox(self, userid: str) -> list[AppMessage]:
        """What a member got, the newest first; recalled messages are gone."""
        rows = (self.rows.rows[msgid] for msgid in reversed(self._inbox[userid]))
        return [row for row in rows if not row.recalled_at]


def _digest(msgtype: str, body: dict[str, Any]) -> str:
    text = json.dumps([msgtype, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
