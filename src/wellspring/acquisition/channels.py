"""Channels: make, change, archive, restore; the tree with what each brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from wellspring.acquisition.errors import (
    ChannelArchived,
    ChannelCycle,
    ChannelInUse,
    ChannelNameTaken,
    ChannelNotFound,
    ParentArchived,
)
from wellspring.acquisition.models import Channel, LiveCode, LiveCodeAdd
from wellspring.acquisition.rules import channel_paths, makes_cycle
from wellspring.people.facade import Relationship
from wellspring.platform import audit
from wellspring.platform.auth import Actor
from wellspring.platform.db import advisory_lock


@dataclass
class ChannelFigures:
    """Adds that came through the codes of a channel; `kept`: still friends now. `live_codes`: in use."""

    adds: int = 0
    kept: int = 0
    period_adds: int = 0
    period_kept: int = 0
    live_codes: int = 0

    def plus(self, other: ChannelFigures) -> ChannelFigures:
        return ChannelFigures(
            self.adds + other.adds,
            self.kept + other.kept,
            self.period_adds + other.period_adds,
            self.period_kept + other.period_kept,
            self.live_codes + other.live_codes,
        )


@dataclass
class ChannelNode:
    """A channel in the tree. `own` counts its own codes, `total` those of its branches too; costs likewise, in fen."""

    channel: Channel
    path: str
    depth: int
    own: ChannelFigures
    total: ChannelFigures
    total_cost_fen: int


def get_channel(session: Session, channel_id: int) -> Channel:
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise ChannelNotFound()
    return channel


def usable_channel(session: Session, channel_id: int) -> Channel:
    """A channel that a live code may be hung under. Raises ChannelNotFound, ChannelArchived."""
    channel = get_channel(session, channel_id)
    if channel.archived_at is not None:
        raise ChannelArchived(name=channel.name)
    return channel


def create_channel(
    session: Session, *, actor: Actor, now: datetime, name: str, parent_id: int | None, cost_fen: int, note: str
) -> Channel:
    """Raises ChannelNameTaken, ChannelNotFound, ParentArchived."""
    _lock_tree(session)
    _check_place(session, channel_id=None, name=name, parent_id=parent_id)
    channel = Channel(name=name, parent_id=parent_id, cost_fen=cost_fen, note=note)
    session.add(channel)
    session.flush()
    audit.record(
        session, actor=actor, at=now, action="acquisition.channel.create", object_type="channel",
        object_id=channel.id, name=name, parent_id=parent_id, cost_fen=cost_fen,
    )  # fmt: skip
    return channel


def change_channel(
    session: Session, *, actor: Actor, now: datetime, channel_id: int, name: str, parent_id: int | None,
    cost_fen: int, note: str,
) -> Channel:  # fmt: skip
    """Raises ChannelNotFound, ChannelNameTaken, ChannelCycle, ParentArchived."""
    _lock_tree(session)
    channel = get_channel(session, channel_id)
    _check_place(session, channel_id=channel_id, name=name, parent_id=parent_id)
    before = {"name": channel.name, "parent_id": channel.parent_id, "cost_fen": channel.cost_fen}
    channel.name, channel.parent_id, channel.cost_fen, channel.note = name, parent_id, cost_fen, note
    audit.record(
        session, actor=actor, at=now, action="acquisition.channel.change", object_type="channel",
        object_id=channel.id, before=before, after={"name": name, "parent_id": parent_id, "cost_fen": cost_fen},
    )  # fmt: skip
    return channel


def archive_channel(session: Session, *, actor: Actor, now: datetime, channel_id: int) -> Channel:
    """Take the channel out of the lists; its past adds stay counted. Raises ChannelInUse."""
    _lock_tree(session)
    channel = get_channel(session, channel_id)
    if channel.archived_at is not None:
        return channel
    codes = session.scalar(
        select(func.count())
        .select_from(LiveCode)
        .where(LiveCode.channel_id == channel_id, LiveCode.archived_at.is_(None))
    )
    children = session.scalar(
        select(func.count()).select_from(Channel).where(Channel.parent_id == channel_id, Channel.archived_at.is_(None))
    )
    if codes or children:
        raise ChannelInUse(codes=codes or 0, children=children or 0)
    channel.archived_at = now
    audit.record(
        session, actor=actor, at=now, action="acquisition.channel.archive", object_type="channel", object_id=channel.id
    )
    return channel


def restore_channel(session: Session, *, actor: Actor, now: datetime, channel_id: int) -> Channel:
    """Undo the archiving. Raises ChannelNameTaken when its name was given away, ParentArchived."""
    _lock_tree(session)
    channel = get_channel(session, channel_id)
    if channel.archived_at is None:
        return channel
    _check_place(session, channel_id=channel_id, name=channel.name, parent_id=channel.parent_id)
    channel.archived_at = None
    audit.record(
        session, actor=actor, at=now, action="acquisition.channel.restore", object_type="channel", object_id=channel.id
    )
    return channel


def _lock_tree(session: Session) -> None:
    """Two moves at once could close a circle that neither of them sees."""
    advisory_lock(session, "acquisition.channel_tree")


def _check_place(session: Session, *, channel_id: int | None, name: str, parent_id: int | None) -> None:
    parents = {row.id: row.parent_id for row in session.execute(select(Channel.id, Channel.parent_id))}
    if parent_id is not None:
        if get_channel(session, parent_id).archived_at is not None:
            raise ParentArchived(name=get_channel(session, parent_id).name)
        if channel_id is not None and makes_cycle(parents, channel_id, parent_id):
            raise ChannelCycle()
    taken = select(Channel.id).where(
        Channel.name == name,
        Channel.parent_id.is_not_distinct_from(parent_id),
        Channel.archived_at.is_(None),
        Channel.id != (channel_id or 0),
    )
    if session.scalar(taken) is not None:
        raise ChannelNameTaken(name=name)


def channel_tree(
    session: Session,
    *,
    codes: ColumnElement[bool] | None,
    since: datetime | None = None,
    until: datetime | None = None,
    archived: bool = False,
) -> list[ChannelNode]:
    """Every channel, parents before their branches, siblings by name. `codes`: which live codes the caller may see;
    figures count only those. `since`, `until` bound the period; none: all time. `archived`: with the archived ones."""
    figures = _figures(session, codes=codes if codes is not None else true(), since=since, until=until)
    channels = list(session.scalars(select(Channel).order_by(Channel.name, Channel.id)))
    paths = channel_paths((c.id, c.name, c.parent_id) for c in channels)
    branches: dict[int | None, list[Channel]] = {}
    for channel in channels:
        branches.setdefault(channel.parent_id, []).append(channel)
    nodes: list[ChannelNode] = []

    def walk(channel: Channel, depth: int) -> ChannelNode:
        own = figures.get(channel.id, ChannelFigures())
        node = ChannelNode(channel, paths[channel.id], depth, own, own, channel.cost_fen)
        nodes.append(node)
        for child in branches.get(channel.id, []):
            below = walk(child, depth + 1)
            node.total = node.total.plus(below.total)
            node.total_cost_fen += below.total_cost_fen
        return node

    for root in branches.get(None, []):
        walk(root, 0)
    return [node for node in nodes if archived or node.channel.archived_at is None]


def _figures(
    session: Session, *, codes: ColumnElement[bool], since: datetime | None, until: datetime | None
) -> dict[int, ChannelFigures]:
    kept = still_friends()
    period: ColumnElement[bool] = true()
    if since is not None:
        period = period & (LiveCodeAdd.at >= since)
    if until is not None:
        period = period & (LiveCodeAdd.at < until)
    rows = session.execute(
        select(
            LiveCodeAdd.channel_id,
            func.count().label("adds"),
            func.count().filter(kept).label("kept"),
            func.count().filter(period).label("period_adds"),
            func.count().filter(period, kept).label("period_kept"),
        )
        .join(LiveCode, LiveCode.id == LiveCodeAdd.live_code_id)
        .join(Relationship, Relationship.id == LiveCodeAdd.relationship_id)
        .where(codes)
        .group_by(LiveCodeAdd.channel_id)
    )
    figures = {row.channel_id: ChannelFigures(row.adds, row.kept, row.period_adds, row.period_kept) for row in rows}
    in_use = session.execute(
        select(LiveCode.channel_id, func.count().label("n"))
        .where(codes, LiveCode.archived_at.is_(None))
        .group_by(LiveCode.channel_id)
    )
    for row in in_use:
        figures.setdefault(row.channel_id, ChannelFigures()).live_codes = row.n
    return figures


def still_friends() -> ColumnElement[bool]:
    """Of a relationship: the customer is with us, be it at another colleague after a handover."""
    return Relationship.status.in_(("half", "friend", "transferred"))


def paths_of(session: Session, channel_ids: Iterable[int]) -> dict[int, str]:
    """Full path by channel id, for lists."""
    wanted = set(channel_ids)
    rows = session.execute(select(Channel.id, Channel.name, Channel.parent_id)).all()
    return {
        ident: path
        for ident, path in channel_paths((row[0], row[1], row[2]) for row in rows).items()
        if ident in wanted
    }


def with_branches(session: Session, channel_id: int) -> set[int]:
    """The channel and everything under it."""
    parents = {row.id: row.parent_id for row in session.execute(select(Channel.id, Channel.parent_id))}
    return {ident for ident in parents if ident == channel_id or makes_cycle(parents, channel_id, parents[ident])}
