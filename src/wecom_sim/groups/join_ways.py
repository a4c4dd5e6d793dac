"""Rules of join ways 「加入群聊」 (reference, section 7.2)."""

from dataclasses import dataclass, field

from wecom_sim.company import App
from wecom_sim.errors import ActionError, WireError
from wecom_sim.groups.state import GroupChat, Groups
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table
from wecom_sim.ways.state import Ways


@dataclass
class JoinWay:
    """`rooms_made`: groups that were created because all were full; their names go on counting from it."""

    config_id: str
    scene: int
    remark: str
    auto_create_room: bool
    room_base_name: str
    room_base_id: int
    chat_id_list: list[str]
    state: str
    mark_source: bool
    created_at: int
    owner: int
    rooms_made: int = 0
    joins: dict[str, int] = field(default_factory=dict)


class JoinWays:
    def __init__(self, kernel: Kernel, ways: Ways, groups: Groups) -> None:
        self._kernel = kernel
        self._ways = ways
        self._groups = groups
        self.rows: Table[JoinWay] = Table(kernel.store, "join_way", JoinWay)
        # One quota for both kinds of ways (D 96348).
        ways.counted_elsewhere = lambda: len(self.rows)

    def add(self, way: JoinWay, app: App) -> JoinWay:
        """Raises 41045 and what `check` raises."""
        if len(self._ways.rows) + len(self.rows) >= self._kernel.settings.contact_ways_max:
            raise WireError(41045)
        self.check(way, app)
        way.config_id = self._kernel.ids.hex("join_way")
        return self.rows.put(way.config_id, way)

    def check(self, way: JoinWay, app: App) -> None:
        """Raises 40058, 40063, 41091, 40050, 60011."""
        settings = self._kernel.settings
        if way.scene not in (1, 2):
            raise WireError(40058, "scene must be 1 or 2")
        if len(way.room_base_name) > settings.join_way_base_name_chars:
            raise WireError(40058, "room_base_name is too long")
        if len(way.state) > settings.contact_way_state_chars:
            raise WireError(40058, "state is too long")
        if not way.chat_id_list:
            raise WireError(40063, "missing chat_id_list")
        if len(way.chat_id_list) > settings.join_way_chats_max:
            raise WireError(41091)
        for chat_id in way.chat_id_list:
            self._groups.chat_for(app, chat_id)

    def by_id(self, app: App, config_id: str) -> JoinWay:
        """An app manages only what it created. Raises 41043, 41044."""
        if not config_id:
            raise WireError(41043)
        way = self.rows.get(config_id)
        if way is None or way.owner != app.agentid:
            raise WireError(41044)
        return way

    def way(self, config_id: str) -> JoinWay:
        """A join way for a person's act; raises ActionError when there is none."""
        way = self.rows.get(config_id)
        if way is None:
            raise ActionError("no_such_code", f"There is no live code {config_id}.", 404)
        return way

    def live_chats(self, way: JoinWay) -> list[GroupChat]:
        rows = (self._groups.rows.get(chat_id) for chat_id in way.chat_id_list)
        return [chat for chat in rows if chat is not None and not chat.dismissed_at]

    def open_chat(self, way: JoinWay) -> GroupChat | None:
        """The first group of the list that a scan still gets into."""
        most = self._kernel.settings.group_scan_max
        return next((chat for chat in self.live_chats(way) if len(chat.members) < most), None)

    def next_room_name(self, way: JoinWay, fallback: str) -> str:
        """`room_base_name` and a running number from `room_base_id`: name10, name11, …"""
        return f"{way.room_base_name or fallback}{way.room_base_id + way.rooms_made}"

    def room_made(self, way: JoinWay, chat: GroupChat) -> None:
        """The new group belongs to the way (MEM), also where there are five already (inferred)."""
        way.rooms_made += 1
        way.chat_id_list = [*way.chat_id_list, chat.chat_id]
        self.rows.touch(way.config_id)

    def count_join(self, way: JoinWay, chat: GroupChat) -> None:
        way.joins[chat.chat_id] = way.joins.get(chat.chat_id, 0) + 1
        self.rows.touch(way.config_id)
