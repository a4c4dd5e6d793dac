"""What stands in the chats of customer groups."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from wecom_sim.content import Content
from wecom_sim.groups.history import History
from wecom_sim.kernel import Kernel
from wecom_sim.store import Log

Origin = Literal["chat", "welcome", "mass"]


@dataclass
class GroupLine:
    """One bubble. `sender` is a userid or an external_userid; `part` is `{msgtype, <msgtype>: {…}}` as on the wire."""

    chat_id: str
    at: float
    sender: str
    origin: Origin
    part: dict[str, Any]
    msgid: str = ""


class GroupLines:
    def __init__(self, kernel: Kernel, history: History) -> None:
        self._kernel = kernel
        self._history = history
        self._log: Log[GroupLine] = Log(kernel.store, "group_line", GroupLine)
        self._of_chat: dict[str, list[int]] = defaultdict(list)
        # Told of every mass message that arrived: chat_id, sender, content, msgid.
        self.on_mass: list[Callable[[str, str, Content, str], None]] = []
        for position, line in enumerate(self._log.rows):
            self._of_chat[line.chat_id].append(position)

    def say(self, chat_id: str, sender: str, content: Content, origin: Origin = "chat", msgid: str = "") -> None:
        """Every bubble counts as one message of the daily figures."""
        now = self._kernel.clock.now()
        for part in content.parts():
            self._of_chat[chat_id].append(len(self._log))
            self._log.append(GroupLine(chat_id, now, sender, origin, part, msgid))
            self._history.said(chat_id, sender)
        if origin == "mass":
            for hear in self.on_mass:
                hear(chat_id, sender, content, msgid)

    def lines(self, chat_id: str, after: int = 0, limit: int = 200) -> list[tuple[int, GroupLine]]:
        """The last `limit` lines with a number above `after`, oldest first."""
        positions = [p for p in self._of_chat.get(chat_id, []) if p >= after]
        return [(position + 1, self._log.rows[position]) for position in positions[-limit:]]
