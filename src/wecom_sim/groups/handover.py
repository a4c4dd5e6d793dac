"""Rules for handing groups to another owner by API (reference, section 7.3)."""

from wecom_sim.clock import midnight
from wecom_sim.company import App
from wecom_sim.directory.state import LEFT, Directory, Staff
from wecom_sim.errors import WireError
from wecom_sim.groups.state import GroupChat, Groups
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

DUE = "group_inherited"


class GroupHandover:
    """Changes made by API raise no event (D 96361), neither does their completion."""

    def __init__(self, kernel: Kernel, directory: Directory, groups: Groups) -> None:
        self._kernel = kernel
        self._directory = directory
        self._groups = groups
        # How many groups of one owner were handed over on a day: "userid|midnight" -> count.
        self._a_day: Table[int] = Table(kernel.store, "group_handover_day", int)
        kernel.due.on(DUE, self._inherited)

    def on_job(self, app: App, chat_id: str, new_owner: Staff) -> None:
        """At once. Raises 90501, 60011, 90502, 90504, 40128 (twice in 90 days), 45009 (300 a day), 90503."""
        chat = self._chat(app, chat_id)
        if self._has_left(chat.owner):
            raise WireError(90502)
        if chat.owner == new_owner.userid:
            raise WireError(90504)
        now = self._kernel.clock.now()
        settings = self._kernel.settings
        since = midnight(now) - (settings.transfer_window_days - 1) * 86400
        recent = [at for at in chat.transfers if at >= since]
        if len(recent) >= settings.transfers_per_window:
            raise WireError(40128, "the group was transferred too often")
        self._check_room(chat, new_owner)
        self._spend_day(chat.owner)
        chat.transfers = [*recent, now]
        self._take_over(chat, new_owner.userid)

    def resigned(self, app: App, chat_id: str, new_owner: Staff) -> None:
        """Raises 90501, 60011, 90507, 90508, 90500, 90510, 45009, 90503."""
        chat = self._chat(app, chat_id)
        if chat.inheriting:
            raise WireError(90507)
        if not self._has_left(chat.owner):
            raise WireError(90508 if chat.inherited else 90500)
        settings = self._kernel.settings
        owner = self._directory.staff.rows[chat.owner]
        now = self._kernel.clock.now()
        if now - owner.resigned_at > settings.group_inherit_days_max * 86400:
            raise WireError(90510, "the owner left too long ago")
        self._check_room(chat, new_owner)
        self._spend_day(chat.owner)
        chat.inheriting = new_owner.userid
        self._groups.rows.touch(chat.chat_id)
        self._kernel.due.at(now + settings.group_inherit_seconds, DUE, chat.chat_id)
        self._kernel.due.run()

    def _inherited(self, chat_id: str) -> None:
        chat = self._groups.rows.get(chat_id)
        if chat is None or not chat.inheriting or chat.dismissed_at:
            return
        new_owner, chat.inheriting, chat.inherited = chat.inheriting, "", True
        self._take_over(chat, new_owner)

    def _take_over(self, chat: GroupChat, new_owner: str) -> None:
        old = chat.owner
        self._groups.set_owner(chat, new_owner)
        self._kernel.ledger.write("group_owner_changed", new_owner, chat_id=chat.chat_id, old=old, by="api")

    def _chat(self, app: App, chat_id: str) -> GroupChat:
        chat = self._groups.rows.get(chat_id)
        if chat is None or chat.dismissed_at:
            raise WireError(90501)
        if not self._directory.sees(app, chat.owner):
            raise WireError(60011)
        return chat

    def _has_left(self, userid: str) -> bool:
        owner = self._directory.staff.get(userid)
        return owner is None or owner.status == LEFT

    def _check_room(self, chat: GroupChat, new_owner: Staff) -> None:
        if chat.member(new_owner.userid) is None and len(chat.members) >= self._kernel.settings.group_size_max:
            raise WireError(90503)

    def _spend_day(self, owner: str) -> None:
        key = f"{owner}|{midnight(self._kernel.clock.now())}"
        spent = self._a_day.get(key) or 0
        if spent >= self._kernel.settings.group_transfers_per_day:
            raise WireError(45009, "too many groups of this owner today")
        self._a_day.put(key, spent + 1)
