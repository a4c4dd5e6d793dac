"""Rules of customer groups (reference, sections 7.1, 15.2, 18)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from wecom_sim.company import App
from wecom_sim.directory.state import LEFT, Directory, Staff
from wecom_sim.errors import ActionError, WireError
from wecom_sim.groups.history import History
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

EVENT = "change_external_chat"
STAFF, EXTERNAL = 1, 2  # type of a member
INVITED: Final = 1  # join_scene of groupchat/get
BY_LINK: Final = 2
BY_QR: Final = 3
NORMAL, OWNER_LEFT, INHERITING, INHERITED = 0, 1, 2, 3  # status of groupchat/list
Scene = Literal[1, 2, 3]


@dataclass(frozen=True)
class GroupMember:
    """`id` is a userid or an external_userid. `state`: that of the join way the customer came by."""

    id: str
    type: int
    join_time: int
    join_scene: int
    invitor: str = ""
    group_nickname: str = ""
    state: str = ""


@dataclass
class GroupChat:
    """`version` is the member_version. `transfers`: times of on-job transfers. `config_id`: the join way that made it."""

    chat_id: str
    name: str
    owner: str
    create_time: int
    members: list[GroupMember]
    version: str
    opengid: str
    notice: str = ""
    admins: list[str] = field(default_factory=list)
    welcome_template: str = ""
    config_id: str = ""
    dismissed_at: float = 0.0
    inheriting: str = ""
    inherited: bool = False
    transfers: list[float] = field(default_factory=list)
    mass_received: list[float] = field(default_factory=list)

    def member(self, member_id: str) -> GroupMember | None:
        return next((one for one in self.members if one.id == member_id), None)


class Groups:
    def __init__(self, kernel: Kernel, directory: Directory) -> None:
        self._kernel = kernel
        self._directory = directory
        self.rows: Table[GroupChat] = Table(kernel.store, "group_chat", GroupChat)
        self.history = History(kernel)
        # What the wire still shows of groups that have just changed, with the time until which it does. In memory
        # only: a restart ends the lag.
        self._stale: dict[str, list[tuple[float, GroupChat]]] = {}
        kernel.keep_in_memory("group_lag", self._save_lag, self._load_lag)

    def _save_lag(self) -> Any:
        return {chat_id: [[until, asdict(chat)] for until, chat in rows] for chat_id, rows in self._stale.items()}

    def _load_lag(self, kept: Any) -> None:
        self._stale = TypeAdapter(dict[str, list[tuple[float, GroupChat]]]).validate_python(kept)

    # -- reading -----------------------------------------------------------------------------------------------------
    def live(self) -> list[GroupChat]:
        return [one for one in self.rows if not one.dismissed_at]

    def status(self, chat: GroupChat) -> int:
        if chat.inheriting:
            return INHERITING
        owner = self._directory.staff.get(chat.owner)
        if owner is None or owner.status == LEFT:
            return OWNER_LEFT
        return INHERITED if chat.inherited else NORMAL

    def chat_for(self, app: App, chat_id: str) -> GroupChat:
        """A group that a call wants to read. Raises 40063, 40050, 60011."""
        if not chat_id:
            raise WireError(40063, "missing chat_id")
        chat = self.rows.get(chat_id)
        if chat is None or chat.dismissed_at:
            raise WireError(40050)
        if not self._directory.sees(app, chat.owner):
            raise WireError(60011)
        return chat

    def chat(self, chat_id: str) -> GroupChat:
        """A group for a person's act; raises ActionError when there is none."""
        chat = self.rows.get(chat_id)
        if chat is None or chat.dismissed_at:
            raise ActionError("no_such_group", f"There is no group {chat_id}.", 404)
        return chat

    def shown(self, chat: GroupChat) -> GroupChat:
        """The group as the wire shows it: about two seconds behind the last event (COMM 2021-06)."""
        now = self._kernel.clock.now()
        waiting = [one for one in self._stale.get(chat.chat_id, []) if one[0] > now]
        if waiting:
            self._stale[chat.chat_id] = waiting
            return waiting[0][1]
        self._stale.pop(chat.chat_id, None)
        return chat

    def of_member(self, member_id: str) -> list[GroupChat]:
        return [chat for chat in self.live() if chat.member(member_id)]

    # -- changing ----------------------------------------------------------------------------------------------------
    def before_change(self, chat: GroupChat) -> None:
        """Keep what the wire goes on showing; call it before every change of a group. Changes that follow each other
        closely become visible together."""
        lag = self._kernel.settings.group_lag_seconds
        now = self._kernel.clock.now()
        kept = [one for one in self._stale.get(chat.chat_id, []) if one[0] > now]
        if lag > 0 and not (kept and now <= kept[-1][0] - lag * 0.75):
            kept.append((now + lag, replace(chat, members=list(chat.members), admins=list(chat.admins))))
        self._stale[chat.chat_id] = kept

    def new_version(self) -> str:
        return self._kernel.ids.hex("member_version")

    def create(
        self, owner: Staff, name: str, members: Iterable[GroupMember], *, config_id: str = "", at: int | None = None
    ) -> GroupChat:
        """A new group of `owner` and `members`, made now or at `at`. No event: whoever calls knows whether one is due."""
        now = self._kernel.clock.stamp() if at is None else at
        chat = GroupChat(
            self._kernel.ids.text("chat", "wr", 32), name, owner.userid, now,
            [GroupMember(owner.userid, STAFF, now, INVITED), *members], self.new_version(),
            self._kernel.ids.text("opengid", "o", 28), config_id=config_id,
        )  # fmt: skip
        self.rows.put(chat.chat_id, chat)
        self.history.created(chat.chat_id, owner.userid, [one.id for one in chat.members], at=at)
        return chat

    def join(self, chat: GroupChat, members: list[GroupMember]) -> None:
        self.before_change(chat)
        chat.members = chat.members + members
        chat.version = self.new_version()
        self.rows.touch(chat.chat_id)
        self.history.joined(chat.chat_id, [one.id for one in members])

    def leave(self, chat: GroupChat, member_ids: list[str]) -> None:
        gone = set(member_ids)
        self.before_change(chat)
        chat.members = [one for one in chat.members if one.id not in gone]
        chat.admins = [one for one in chat.admins if one not in gone]
        chat.version = self.new_version()
        self.rows.touch(chat.chat_id)
        self.history.left(chat.chat_id, member_ids)

    def set_owner(self, chat: GroupChat, userid: str) -> None:
        """The new owner joins when not in the group yet; the old one stays, unless they left the company."""
        if chat.member(userid) is None:
            self.join(chat, [GroupMember(userid, STAFF, self._kernel.clock.stamp(), INVITED, chat.owner)])
        old = self._directory.staff.get(chat.owner)
        if old is None or old.status == LEFT:
            self.leave(chat, [chat.owner])
        self.before_change(chat)
        chat.owner = userid
        chat.admins = [one for one in chat.admins if one != userid]
        self.rows.touch(chat.chat_id)
        self.history.owned(chat.chat_id, userid)

    def event(self, chat: GroupChat, change: str, **fields: object) -> None:
        self._kernel.callbacks.raise_event(EVENT, ChangeType=change, ChatId=chat.chat_id, **fields)

    def event_scene(self, scene: Scene) -> int:
        """JoinScene of the event, which knows invitations (0) and codes (3) only: 15.2."""
        return {INVITED: 0, BY_LINK: self._kernel.settings.group_event_link_scene, BY_QR: 3}[scene]

    def members_event(self, chat: GroupChat, detail: str, ids: list[str], last_version: str, **scene: int) -> None:
        """add_member or del_member. Which corps get the list and the versions is not confirmed: settings."""
        more: dict[str, object] = {}
        if self._kernel.settings.group_event_member_list:
            more = {"MemChangeList": {"Item": ids}, "LastMemVer": last_version, "CurMemVer": chat.version}
        self.event(chat, "update", UpdateDetail=detail, **scene, MemChangeCnt=len(ids), **more)
