"""What happened in groups, in order, and the daily figures counted from it (reference, 7.1 statistic)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from wecom_sim.kernel import Kernel
from wecom_sim.store import Log

Kind = Literal["created", "owned", "joined", "left", "dismissed", "said"]


@dataclass
class GroupFact:
    """`ids`: who joined, left or spoke; for created and owned the owner comes first."""

    at: float
    kind: Kind
    chat_id: str
    ids: list[str] = field(default_factory=list)


@dataclass
class Figures:
    """One `data` of the wire. new_* count within the window, all others stand at its end."""

    new_chat_cnt: int = 0
    chat_total: int = 0
    chat_has_msg: int = 0
    new_member_cnt: int = 0
    member_total: int = 0
    member_has_msg: int = 0
    msg_total: int = 0

    def add(self, other: "Figures") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class _Chat:
    owner: str
    members: set[str]
    spoke: set[str] = field(default_factory=set)
    messages: int = 0
    new: bool = False
    joined: int = 0


class History:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._log: Log[GroupFact] = Log(kernel.store, "group_history", GroupFact)

    def _note(self, kind: Kind, chat_id: str, ids: list[str], at: float | None = None) -> None:
        self._log.append(GroupFact(self._kernel.clock.now() if at is None else at, kind, chat_id, ids))

    def created(self, chat_id: str, owner: str, members: list[str], at: float | None = None) -> None:
        self._note("created", chat_id, [owner, *members], at)

    def owned(self, chat_id: str, owner: str) -> None:
        self._note("owned", chat_id, [owner])

    def joined(self, chat_id: str, ids: list[str]) -> None:
        self._note("joined", chat_id, ids)

    def left(self, chat_id: str, ids: list[str]) -> None:
        self._note("left", chat_id, ids)

    def dismissed(self, chat_id: str) -> None:
        self._note("dismissed", chat_id, [])

    def said(self, chat_id: str, who: str) -> None:
        self._note("said", chat_id, [who])

    def figures(self, begin: float, end: float) -> dict[str, Figures]:
        """Figures per owner (owner at `end`) of the window [begin, end)."""
        chats: dict[str, _Chat] = {}
        for fact in self._log.rows:
            if fact.at >= end:
                continue
            self._take(chats, fact, fact.at >= begin)
        found: dict[str, Figures] = defaultdict(Figures)
        for chat in chats.values():
            figures = Figures(int(chat.new), 1, int(chat.messages > 0), chat.joined)
            figures.member_total, figures.member_has_msg = len(chat.members), len(chat.spoke)
            figures.msg_total = chat.messages
            found[chat.owner].add(figures)
        return dict(found)

    @staticmethod
    def _take(chats: dict[str, _Chat], fact: GroupFact, inside: bool) -> None:
        if fact.kind == "created":
            members = set(fact.ids[1:])
            chats[fact.chat_id] = _Chat(fact.ids[0], members, new=inside, joined=len(members) if inside else 0)
            return
        if fact.kind == "dismissed":
            chats.pop(fact.chat_id, None)
            return
        chat = chats.get(fact.chat_id)
        if chat is None:
            return
        if fact.kind == "owned":
            chat.owner = fact.ids[0]
        elif fact.kind == "joined":
            chat.members.update(fact.ids)
            chat.joined += len(fact.ids) if inside else 0
        elif fact.kind == "left":
            chat.members.difference_update(fact.ids)
        else:
            chat.spoke.update(fact.ids)
            chat.messages += 1
