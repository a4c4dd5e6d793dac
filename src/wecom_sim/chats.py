"""What stands in the chats between members and customers."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.content import Content
from wecom_sim.kernel import Kernel
from wecom_sim.store import Log

Side = Literal["staff", "customer", "system"]
Origin = Literal["chat", "welcome", "mass", "note"]


@dataclass
class ChatLine:
    """One bubble (or one grey note of side `system`). `part` is `{msgtype, <msgtype>: {…}}` as on the wire."""

    relation: str
    at: float
    side: Side
    origin: Origin
    part: dict[str, Any]
    msgid: str = ""


class Chats:
    def __init__(self, kernel: Kernel, contacts: Contacts) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._log: Log[ChatLine] = Log(kernel.store, "chat", ChatLine)
        self._of_relation: dict[str, list[int]] = defaultdict(list)
        # Told of every line that somebody wrote.
        self.on_say: list[Callable[[Relation, Side], None]] = []
        # Told of what arrived at the customer: content, origin, msgid.
        self.on_deliver: list[Callable[[Relation, Content, Origin, str], None]] = []
        # Asked before a line goes out; refuses by raising ActionError.
        self.before_say: list[Callable[[Relation, Side, str], None]] = []
        for position, line in enumerate(self._log.rows):
            self._of_relation[line.relation].append(position)

    def _append(self, line: ChatLine) -> None:
        self._of_relation[line.relation].append(len(self._log))
        self._log.append(line)

    def note(self, relation: Relation, kind: Literal["added", "requested", "accepted"]) -> None:
        """A grey line of the client itself; each phone words it for its own side."""
        part = {"msgtype": "note", "note": {"kind": kind}}
        self._append(ChatLine(relation.key, self._kernel.clock.now(), "system", "note", part))

    def deliver(self, relation: Relation, content: Content, origin: Origin, msgid: str = "") -> None:
        """Something from the member's side arrives at the customer."""
        now = self._kernel.clock.now()
        for part in content.parts():
            self._append(ChatLine(relation.key, now, "staff", origin, part, msgid))
        for hear in self.on_deliver:
            hear(relation, content, origin, msgid)

    def say(self, relation: Relation, side: Literal["staff", "customer"], text: str) -> ChatLine:
        return self.send(relation, side, {"msgtype": "text", "text": {"content": text}})

    def send(self, relation: Relation, side: Literal["staff", "customer"], part: dict[str, Any]) -> ChatLine:
        """One side sends a text or anything else; rules look at what there is to read in it."""
        kind = part["msgtype"]
        text = str(part[kind].get("content") or part[kind].get("title") or "")
        for look in self.before_say:
            look(relation, side, text)
        now = self._kernel.clock.now()
        line = ChatLine(relation.key, now, side, "chat", part)
        self._append(line)
        relation.last_chat_at = now
        self._contacts.touch(relation)
        more = {} if kind == "text" else {"msgtype": kind}
        self._kernel.ledger.write("chat", relation.userid, relation.external_userid, side=side, text=text, **more)
        for hear in self.on_say:
            hear(relation, side)
        return line

    def written(self, since: float) -> Iterator[tuple[str, float, Side]]:
        """Relation key, time and side of every line that somebody wrote since then."""
        return ((one.relation, one.at, one.side) for one in self._log.rows if one.at >= since and one.origin == "chat")

    def say_welcome(self, relation: Relation, text: str) -> None:
        """The welcome that an admin set for the member; no app is asked."""
        self.deliver(relation, Content(text, []), "welcome")

    def lines(self, relation: Relation, after: int = 0, limit: int = 200) -> list[tuple[int, ChatLine]]:
        """The last `limit` lines with a number above `after`, oldest first."""
        positions = [p for p in self._of_relation.get(relation.key, []) if p >= after]
        return [(position + 1, self._log.rows[position]) for position in positions[-limit:]]

    def last(self, relation: Relation) -> ChatLine | None:
        positions = self._of_relation.get(relation.key)
        return self._log.rows[positions[-1]] if positions else None

    def mark(self) -> int:
        """The present end of all chats, for `talked_since`."""
        return len(self._log)

    def talked_since(self, relation: Relation, mark: int) -> bool:
        """Whether either side wrote since then: a chat "has started"."""
        positions = (p for p in reversed(self._of_relation.get(relation.key, [])) if p >= mark)
        return any(self._log.rows[position].origin == "chat" for position in positions)
