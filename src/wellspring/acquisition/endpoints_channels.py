"""Channels over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from wellspring.acquisition import channels
from wellspring.acquisition.channels import ChannelNode
from wellspring.acquisition.models import Channel
from wellspring.acquisition.schemas import ChannelBody, ChannelChange, ChannelList, ChannelView, FiguresView
from wellspring.acquisition.service import codes_in_scope
from wellspring.platform.auth import Actor, permission
from wellspring.platform.auth.permissions import EVERYBODY, OPERATORS
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["acquisition"])

READ = permission("acquisition.channel.read", zh="查看渠道", en="View channels", roles=EVERYBODY)
WRITE = permission("acquisition.channel.write", zh="管理渠道", en="Manage channels", roles=OPERATORS)


@router.get("/channels")
def list_channels(
    session: DbSession,
    actor: Annotated[Actor, Depends(READ)],
    since: Annotated[datetime | None, Query(description="Begin of the period that is counted")] = None,
    until: Annotated[datetime | None, Query(description="End of it, not included")] = None,
    archived: bool = False,
) -> ChannelList:
    """The tree with adds and who stayed; figures count the codes in the caller's data scope."""
    nodes = channels.channel_tree(
        session, codes=codes_in_scope(actor.scope), since=since, until=until, archived=archived
    )
    items = [_view(node, whole=actor.scope.kind == "all") for node in nodes]
    return ChannelList(items=items, total=len(items))


@router.post("/channels", status_code=201)
def create_channel(
    body: ChannelBody, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(WRITE)]
) -> ChannelView:
    made = channels.create_channel(
        session,
        actor=actor,
        now=platform.clock.now(),
        name=body.name,
        parent_id=body.parent_id,
        cost_fen=body.cost_fen,
        note=body.note,
    )
    return _one(session, actor, made)


@router.patch("/channels/{channel_id}")
def change_channel(
    channel_id: int,
    body: ChannelChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(WRITE)],
) -> ChannelView:
    """Name, place in the tree, cost, note; `archived` false brings a channel back before anything else is changed."""
    now = platform.clock.now()
    if body.archived is False:
        channels.restore_channel(session, actor=actor, now=now, channel_id=channel_id)
    channel = channels.get_channel(session, channel_id)
    given = body.model_fields_set
    if given - {"archived"}:
        channel = channels.change_channel(
            session,
            actor=actor,
            now=now,
            channel_id=channel_id,
            name=channel.name if body.name is None else body.name,
            parent_id=body.parent_id if "parent_id" in given else channel.parent_id,
            cost_fen=channel.cost_fen if body.cost_fen is None else body.cost_fen,
            note=channel.note if body.note is None else body.note,
        )
    if body.archived:
        channels.archive_channel(session, actor=actor, now=now, channel_id=channel_id)
    return _one(session, actor, channel)


def _one(session: Session, actor: Actor, channel: Channel) -> ChannelView:
    session.flush()
    nodes = channels.channel_tree(session, codes=codes_in_scope(actor.scope), archived=True)
    node = next(node for node in nodes if node.channel.id == channel.id)
    return _view(node, whole=actor.scope.kind == "all")


def _view(node: ChannelNode, *, whole: bool) -> ChannelView:
    channel = node.channel
    adds = node.total.adds
    return ChannelView(
        id=channel.id,
        name=channel.name,
        path=node.path,
        depth=node.depth,
        parent_id=channel.parent_id,
        cost_fen=channel.cost_fen,
        total_cost_fen=node.total_cost_fen,
        cost_per_add_fen=round(node.total_cost_fen / adds) if adds and whole else None,
        note=channel.note,
        archived_at=channel.archived_at,
        created_at=channel.created_at,
        own=FiguresView.model_validate(node.own),
        total=FiguresView.model_validate(node.total),
    )
