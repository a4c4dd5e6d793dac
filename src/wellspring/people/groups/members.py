"""Memberships out of what WeCom shows of groups, set by set: who joined, who left, who came again.

The caller holds the rows of the groups, so nobody else writes memberships of theirs meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.intake.facts import clean
from wellspring.people.timeline import EventFact, record_events
from wellspring.wecom import facade as wecom

STAFF = 1
"""`type` of a member who is a WeCom user of the company; 2 is everybody else."""
JOIN_SCENES = {1: "invited", 2: "link", 3: "qr"}
SECOND = timedelta(seconds=1)
QuitScene = Literal["quit", "removed", "dismissed"]


@dataclass(frozen=True)
class Shown:
    """A group as WeCom showed it, with the row it is kept in."""

    id: int
    group: wecom.WecomGroup
    owner_id: int | None
    read_at: datetime


@dataclass(frozen=True)
class Quit:
    """What a callback says about who left: `userids` did, at that time, by themselves or removed."""

    userids: frozenset[str]
    scene: QuitScene
    at: datetime


@dataclass(slots=True)
class _Row:
    id: int
    group_chat_id: int
    userid: str
    kind: str
    staff_id: int | None
    customer_id: int | None
    join_scene: str
    invitor: str
    state: str
    group_nickname: str
    joined_at: datetime
    left_at: datetime | None

    def details(self) -> tuple[Any, ...]:
        return self.staff_id, self.join_scene, self.invitor, self.state, self.group_nickname


_KNOWN = text(
    """
    select id, group_chat_id, userid, kind, staff_id, customer_id, join_scene, invitor, state, group_nickname, joined_at,
           left_at
    from group_member where group_chat_id = any(:groups) order by id for no key update
    """
)
_INSERT = text(
    """
    insert into group_member (group_chat_id, userid, kind, staff_id, customer_id, join_scene, invitor, state,
                              group_nickname, joined_at)
    select f.group_id, f.userid, f.kind, nullif(f.staff, 0), nullif(f.customer, 0), f.scene, f.invitor, f.state,
           f.nickname, f.joined_at
    from unnest(cast(:groups as bigint[]), cast(:userids as text[]), cast(:kinds as text[]), cast(:staff as bigint[]),
                cast(:customers as bigint[]), cast(:scenes as text[]), cast(:invitors as text[]), cast(:states as text[]),
                cast(:nicknames as text[]), cast(:joined as timestamptz[]))
         as f (group_id, userid, kind, staff, customer, scene, invitor, state, nickname, joined_at)
    order by f.group_id, f.userid
    returning id, group_chat_id, userid
    """
)
_UPDATE = text(
    """
    update group_member m set staff_id = nullif(f.staff, 0), join_scene = f.scene, invitor = f.invitor, state = f.state,
      group_nickname = f.nickname, joined_at = f.joined_at, left_at = f.left_at
    from unnest(cast(:ids as bigint[]), cast(:staff as bigint[]), cast(:scenes as text[]), cast(:invitors as text[]),
                cast(:states as text[]), cast(:nicknames as text[]), cast(:joined as timestamptz[]),
                cast(:left as timestamptz[]))
         as f (id, staff, scene, invitor, state, nickname, joined_at, left_at)
    where m.id = f.id
    """
)
_END = text(
    """
    update group_member m set left_at = :at
    where m.group_chat_id = any(:groups) and m.left_at is null
    returning m.id, m.group_chat_id, m.customer_id
    """
)


@dataclass
class Moves:
    """How many memberships began and ended, of staff and customers."""

    joined: int = 0
    left: int = 0


class _Writer:
    def __init__(
        self, customer_of: Mapping[str, int], staff_of: Mapping[str, int], known: dict[tuple[int, str], _Row]
    ) -> None:
        self.customer_of = customer_of
        self.staff_of = staff_of
        self.known = known
        self.fresh: list[_Row] = []
        self.changed: list[_Row] = []
        self.joined: list[tuple[Shown, _Row]] = []
        self.events: list[EventFact] = []
        self.moves = Moves()

    def take(self, shown: Shown, member: wecom.WecomGroupMember, heard: Quit | None) -> None:
        wanted = self._wanted(shown, member)
        row = self.known.get((shown.id, member.userid))
        if row is None:
            self.fresh.append(wanted)
            self.joined.append((shown, wanted))
            self.moves.joined += 1
            return
        before = (row.details(), row.joined_at, row.left_at)
        if wanted.joined_at > row.joined_at:
            if (
                row.left_at is None
            ):  # left and came again between two readings; a second before, so that the timeline says so
                self._left(shown, row, heard, wanted.joined_at - SECOND)
            self.joined.append((shown, row))
            self.moves.joined += 1
            row.joined_at = wanted.joined_at
        row.left_at = None
        row.staff_id, row.join_scene, row.invitor, row.state, row.group_nickname = wanted.details()
        if before != (row.details(), row.joined_at, row.left_at):
            self.changed.append(row)

    def _wanted(self, shown: Shown, member: wecom.WecomGroupMember) -> _Row:
        staff = member.type == STAFF
        seconds = member.join_time or shown.group.create_time
        return _Row(
            id=0,
            group_chat_id=shown.id,
            userid=member.userid,
            kind="staff" if staff else "customer",
            staff_id=self.staff_of.get(member.userid) if staff else None,
            customer_id=None if staff else self.customer_of[member.userid],
            join_scene=JOIN_SCENES.get(member.join_scene, "unknown"),
            invitor=member.invitor.userid if member.invitor else "",
            state=clean(member.state),
            group_nickname=clean(member.group_nickname),
            joined_at=datetime.fromtimestamp(seconds, UTC) if seconds else shown.read_at,
            left_at=None,
        )

    def end(self, shown: Shown, row: _Row, heard: Quit | None) -> None:
        row.left_at = self._left(shown, row, heard, shown.read_at)
        self.changed.append(row)

    def _left(self, shown: Shown, row: _Row, heard: Quit | None, otherwise: datetime) -> datetime:
        """Tell that the present life ended; answers when."""
        told = heard if heard is not None and row.userid in heard.userids and heard.at >= row.joined_at else None
        at = told.at if told else otherwise
        self.moves.left += 1
        if row.customer_id is not None:
            name = clean(shown.group.name)
            self.events.append(
                left_event(row.id, row.customer_id, shown.id, name, shown.owner_id, at, told.scene if told else None)
            )
        return at


def left_event(
    member_id: int, customer_id: int, group_id: int, group: str, owner_id: int | None, at: datetime, scene: str | None
) -> EventFact:
    """`scene`: quit, removed or dismissed; None when only a reading shows that they are gone."""
    data = {"group_id": group_id, "group": group, **({"scene": scene} if scene else {})}
    return EventFact(
        customer_id, "group_left", at, "wecom", f"group_left:{member_id}:{int(at.timestamp())}", owner_id, data
    )


def _joined_event(shown: Shown, row: _Row) -> EventFact:
    assert row.customer_id is not None
    data = {"group_id": shown.id, "group": clean(shown.group.name), "scene": row.join_scene}
    return EventFact(
        row.customer_id,
        "group_joined",
        row.joined_at,
        "wecom",
        f"group_joined:{row.id}:{int(row.joined_at.timestamp())}",
        shown.owner_id,
        {**data, "state": row.state} if row.state else data,
    )


def take_members(
    session: Session,
    groups: Sequence[Shown],
    customer_of: Mapping[str, int],
    staff_of: Mapping[str, int],
    heard: Quit | None,
) -> dict[int, Moves]:
    """Write memberships and their events. Answers the moves of each group. Repeating it changes nothing."""
    known: dict[tuple[int, str], _Row] = {}
    for found in session.execute(_KNOWN, {"groups": [shown.id for shown in groups]}):
        row = _Row(*found)
        known[row.group_chat_id, row.userid] = row
    moves: dict[int, Moves] = {}
    writer = _Writer(customer_of, staff_of, known)
    for shown in groups:
        writer.moves = moves[shown.id] = Moves()
        members = {member.userid: member for member in shown.group.member_list}
        for member in members.values():
            writer.take(shown, member, heard)
        for row in known.values():
            if row.group_chat_id == shown.id and row.left_at is None and row.userid not in members:
                writer.end(shown, row, heard)
    _insert(session, writer.fresh)
    _update(session, writer.changed)
    joined = [_joined_event(shown, row) for shown, row in writer.joined if row.customer_id is not None]
    record_events(session, [*writer.events, *joined])
    return moves


def _insert(session: Session, rows: Sequence[_Row]) -> None:
    """Gives the rows their ids."""
    if not rows:
        return
    ids = session.execute(
        _INSERT,
        {
            "groups": [row.group_chat_id for row in rows],
            "userids": [row.userid for row in rows],
            "kinds": [row.kind for row in rows],
            "staff": [row.staff_id or 0 for row in rows],
            "customers": [row.customer_id or 0 for row in rows],
            "scenes": [row.join_scene for row in rows],
            "invitors": [row.invitor for row in rows],
            "states": [row.state for row in rows],
            "nicknames": [row.group_nickname for row in rows],
            "joined": [row.joined_at for row in rows],
        },
    )
    id_of = {(group_id, userid): row_id for row_id, group_id, userid in ids}
    for row in rows:
        row.id = id_of[row.group_chat_id, row.userid]


def _update(session: Session, rows: Sequence[_Row]) -> None:
    if rows:
        session.execute(
            _UPDATE,
            {
                "ids": [row.id for row in rows],
                "staff": [row.staff_id or 0 for row in rows],
                "scenes": [row.join_scene for row in rows],
                "invitors": [row.invitor for row in rows],
                "states": [row.state for row in rows],
                "nicknames": [row.group_nickname for row in rows],
                "joined": [row.joined_at for row in rows],
                "left": [row.left_at for row in rows],
            },
        )


def end_members(session: Session, groups: Mapping[int, tuple[str, int | None]], at: datetime) -> None:
    """Everybody leaves these dismissed groups; `groups`: id -> name and owner."""
    ended = session.execute(_END, {"groups": list(groups), "at": at}).all()
    record_events(
        session,
        [
            left_event(row.id, row.customer_id, row.group_chat_id, *groups[row.group_chat_id], at, "dismissed")
            for row in ended
            if row.customer_id is not None
        ],
    )
