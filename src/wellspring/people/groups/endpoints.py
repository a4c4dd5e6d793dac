"""Customer groups over HTTP: list, export, page, members."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from wellspring.people.groups import export, listing
from wellspring.people.groups.listing import GroupFilter, MemberFilter
from wellspring.people.groups.schemas import GroupMemberRow, GroupPage, GroupRow, GroupStatus, MemberKind
from wellspring.people.permissions import EXPORT_GROUPS, READ_GROUPS
from wellspring.platform import company_settings
from wellspring.platform.auth import Actor
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["people"])
Reader = Annotated[Actor, Depends(READ_GROUPS)]


def get_filter(
    paging: PagingDep,
    status: Annotated[GroupStatus | None, Query(description="Without it: every group that is not dismissed")] = None,
    owner_id: Annotated[int | None, Query(description="A staff id")] = None,
    store_id: Annotated[int | None, Query(description="A department, with everything below it")] = None,
    ids: Annotated[list[int] | None, Query(max_length=200, description="Only these, dismissed or not")] = None,
) -> GroupFilter:
    return GroupFilter(q=paging.q, status=status, owner_id=owner_id, store_id=store_id, ids=tuple(ids or ()))


FilterDep = Annotated[GroupFilter, Depends(get_filter)]


@router.get("/groups")
def list_groups(session: DbSession, actor: Reader, paging: PagingDep, wanted: FilterDep) -> Page[GroupRow]:
    """Groups whose owner is in the caller's scope. `q`: a part of the name, or the whole chat_id. Sort: created_at, name,
    member_count, customer_count."""
    return listing.list_groups(session, actor, wanted, paging)


@router.get("/groups/export", response_class=StreamingResponse)
def export_groups(
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(EXPORT_GROUPS)],
    wanted: FilterDep,
    language: LanguageDep,
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The list under these filters as a file. Noted in the audit log."""
    export.begin_export(session, platform, actor, wanted, form)
    rows = export.export_rows(platform, actor, wanted, language)
    name = "客户群" if language == "zh" else "groups"
    zone = company_settings.read(session).zone
    return export_file(name, export.HEADERS[language], rows, form, zone=zone)


@router.get("/groups/{group_id}")
def read_group(group_id: int, session: DbSession, platform: PlatformDep, actor: Reader) -> GroupPage:
    return listing.group_page(session, actor, group_id, platform.clock.now())


@router.get("/groups/{group_id}/members")
def list_group_members(
    group_id: int,
    session: DbSession,
    actor: Reader,
    paging: PagingDep,
    kind: MemberKind | None = None,
    left: Annotated[bool, Query(description="Those who left instead of those who are in it")] = False,
) -> Page[GroupMemberRow]:
    """`q`: a part of the name or of the name in the group. Sort: joined_at, left_at."""
    return listing.list_members(session, actor, group_id, MemberFilter(paging.q, kind, left), paging)
