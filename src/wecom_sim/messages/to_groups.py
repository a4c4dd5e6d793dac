"""Mass messages to customer groups (reference, section 9: chat_type group)."""

from wecom_sim.content import Content
from wecom_sim.groups.lines import GroupLines
from wecom_sim.groups.state import GroupChat, Groups
from wecom_sim.kernel import Kernel

LONGEST_CAP = 32 * 86400  # seconds after which a delivery counts for no cap any more


class GroupSends:
    """Which groups a sender reaches, and the sending into one of them."""

    def __init__(self, kernel: Kernel, groups: Groups, lines: GroupLines) -> None:
        self._kernel = kernel
        self._groups = groups
        self._lines = lines

    def owned(self, userid: str) -> list[str]:
        return [chat.chat_id for chat in self._groups.live() if chat.owner == userid]

    def choose(self, sender: str, chat_ids: list[str]) -> tuple[list[str], list[str]]:
        """The wished groups that `sender` owns, and the others."""
        owned = set(self.owned(sender))
        wished = list(dict.fromkeys(chat_ids))
        return [one for one in wished if one in owned], [one for one in wished if one not in owned]

    def reachable(self, chat_id: str, sender: str) -> GroupChat | None:
        """The group, while it lives and the sender still owns it."""
        chat = self._groups.rows.get(chat_id)
        return chat if chat is not None and not chat.dismissed_at and chat.owner == sender else None

    def deliver(self, chat: GroupChat, content: Content, msgid: str) -> None:
        now = self._kernel.clock.now()
        chat.mass_received = [at for at in chat.mass_received if now - at < LONGEST_CAP] + [now]
        self._groups.rows.touch(chat.chat_id)
        self._lines.say(chat.chat_id, chat.owner, content, "mass", msgid)
