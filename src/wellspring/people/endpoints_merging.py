"""One person under two rows, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from wellspring.people.customers import page
from wellspring.people.customers.schemas import (
    CustomerPage,
    Dismissed,
    DuplicatePerson,
    DuplicateView,
    MergeBody,
    MergePreview,
)
from wellspring.people.merging.duplicates import Duplicates, dismiss_duplicates, list_duplicates
from wellspring.people.merging.preview import merge_by_hand, preview_merge
from wellspring.people.merging.undo import undo_merge
from wellspring.people.models import CustomerMerge
from wellspring.people.permissions import MERGE, READ
from wellspring.people.settings import PeopleSettings, read_settings, write_settings
from wellspring.platform import audit
from wellspring.platform.auth import Actor
from wellspring.platform.auth.endpoints_company import MANAGE
from wellspring.platform.errors import NotFound
from wellspring.platform.http import DbSession, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["people"])
Merger = Annotated[Actor, Depends(MERGE)]


@router.get("/customers/merges/preview")
def preview_customer_merge(
    one: int, other: int, session: DbSession, platform: PlatformDep, actor: Merger
) -> MergePreview:
    """Who would survive, and what would be moved."""
    return preview_merge(session, platform, actor, one, other)


@router.post("/customers/merges")
def merge_customers(body: MergeBody, session: DbSession, platform: PlatformDep, actor: Merger) -> CustomerPage:
    """Answers the survivor's page."""
    survivor = merge_by_hand(session, platform, actor, *body.customer_ids)
    return page.customer_page(session, platform, actor, survivor)


@router.post("/customers/merges/{merge_id}/undo")
def undo_customer_merge(merge_id: int, session: DbSession, platform: PlatformDep, actor: Merger) -> CustomerPage:
    """Exactly the rows that the merge moved go back; the two are not merged by themselves again. Answers the page of
    the one that is on its own again."""
    known = session.get(CustomerMerge, merge_id)
    if known is None:
        raise NotFound(what="合并记录 merge")
    page.customer_for(session, actor, known.survivor_id)
    now = platform.clock.now()
    merge = undo_merge(session, merge_id, actor_name=actor.name, now=now)
    audit.record(
        session,
        actor=actor,
        at=now,
        action="people.customer.merge_undo",
        object_type="customer",
        object_id=merge.absorbed_id,
        merge_id=merge_id,
        survivor_id=merge.survivor_id,
    )
    return page.customer_page(session, platform, actor, merge.absorbed_id)


@router.get("/customers/duplicates")
def list_customer_duplicates(
    session: DbSession, platform: PlatformDep, paging: PagingDep, actor: Merger
) -> Page[DuplicateView]:
    """Mobiles noted on several customers that were not merged by themselves: somebody has to look."""
    found, total = list_duplicates(session, platform, limit=paging.page_size, offset=paging.offset)
    items = [_duplicate(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/customers/settings")
def read_people_settings(session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> PeopleSettings:
    return read_settings(session)


@router.put("/customers/settings")
def write_people_settings(
    body: PeopleSettings, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> PeopleSettings:
    """Undoes no merge and makes none: the limit is asked when a mobile is noted."""
    before = read_settings(session)
    write_settings(session, body)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.settings.change",
        before=before.model_dump(),
        after=body.model_dump(),
    )
    return body


def _duplicate(one: Duplicates) -> DuplicateView:
    return DuplicateView(
        identity_id=one.identity_id,
        mobile_masked=one.mobile_masked,
        claims=one.claims,
        owner_id=one.owner_id,
        customers=[DuplicatePerson(id=c, name=one.names.get(c, "")) for c in one.customer_ids],
    )


@router.post("/customers/duplicates/{identity_id}/dismiss")
def dismiss_customer_duplicates(
    identity_id: int, session: DbSession, platform: PlatformDep, actor: Merger
) -> Dismissed:
    """They are different people: everybody else with this mobile is declared another person than its owner."""
    declared = dismiss_duplicates(session, identity_id, now=platform.clock.now())
    if not declared:
        raise NotFound(what="重复手机号 shared mobile")
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.customer.declare_split",
        object_type="identity",
        object_id=identity_id,
        declared=declared,
    )
    return Dismissed(declared=declared)
