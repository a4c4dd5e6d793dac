"""Customers over HTTP: list, export, page, timeline; tags and remarks; identities from other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.customers import export, listing, page
from wellspring.people.customers.filters import CustomerFilter
from wellspring.people.customers.schemas import (
    Corrected,
    CustomerPage,
    CustomerRow,
    IdentityRefBody,
    LinkBody,
    LinkResultView,
    Planned,
    RemarkChange,
    Revealed,
    Status,
    TagChange,
    Timeline,
)
from wellspring.people.errors import NotRefreshed
from wellspring.people.intake.healing import heal_customer
from wellspring.people.linking import IdentityRef, link_identities
from wellspring.people.models import Identity, Relationship
from wellspring.people.permissions import EXPORT, LINK, MOBILE, READ, WRITE
from wellspring.people.tagging import apply_tags, set_remark
from wellspring.platform import company_settings
from wellspring.platform.auth import Actor
from wellspring.platform.errors import NotFound
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.wecom import facade as wecom

router = make_router(tags=["people"])
Reader = Annotated[Actor, Depends(READ)]
Writer = Annotated[Actor, Depends(WRITE)]
MOST_LINKS = 1_000


def get_filter(
    paging: PagingDep,
    status: Annotated[Status | None, Query(description="The best of their relationships; none: orders only")] = None,
    store_id: Annotated[int | None, Query(description="A department, with everything below it")] = None,
    staff_id: int | None = None,
    tag_id: Annotated[list[int] | None, Query(description="All of them", max_length=20)] = None,
    state: Annotated[str | None, Query(description="Channel state of the add", max_length=64)] = None,
    added_from: datetime | None = None,
    added_until: Annotated[datetime | None, Query(description="Not included")] = None,
    has_mobile: bool | None = None,
) -> CustomerFilter:
    return CustomerFilter(
        q=paging.q,
        status=status,
        store_id=store_id,
        staff_id=staff_id,
        tag_ids=tuple(tag_id or ()),
        state=state,
        added_from=added_from,
        added_until=added_until,
        has_mobile=has_mobile,
    )


FilterDep = Annotated[CustomerFilter, Depends(get_filter)]


@router.get("/customers")
def list_customers(
    session: DbSession, platform: PlatformDep, actor: Reader, paging: PagingDep, wanted: FilterDep
) -> Page[CustomerRow]:
    """`q` finds names, remarks and member numbers by any part, in Chinese or Latin; ids and, with the permission to
    see mobiles, a whole mobile exactly. Sort: first_added_at, name, id."""
    found = listing.list_customers(session, platform, actor, wanted, paging)
    if wanted.q and actor.may(MOBILE.name) and rules.normalise_mobile(wanted.q):
        page.note_mobile_search(session, platform, actor, found.total)
    return found


@router.get("/customers/export", response_class=StreamingResponse)
def export_customers(
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(EXPORT)],
    wanted: FilterDep,
    language: LanguageDep,
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The list under these filters as a file; mobiles stay masked. Noted in the audit log."""
    export.begin_export(session, platform, actor, wanted, form)
    rows = export.export_rows(platform, actor, wanted, language)
    name = "客户" if language == "zh" else "customers"
    zone = company_settings.read(session).zone
    return export_file(name, export.HEADERS[language], rows, form, zone=zone)


@router.get("/customers/{customer_id}")
def read_customer(customer_id: int, session: DbSession, platform: PlatformDep, actor: Reader) -> CustomerPage:
    """For a merged row the page of its survivor: look at `id`."""
    return page.customer_page(session, platform, actor, customer_id)


@router.get("/customers/{customer_id}/timeline")
def read_customer_timeline(
    customer_id: int,
    session: DbSession,
    actor: Reader,
    kind: Annotated[list[str] | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 30,
) -> Timeline:
    return page.timeline(session, actor, customer_id, kinds=kind, cursor=cursor, limit=limit)


@router.post("/customers/{customer_id}/identities/{identity_id}/reveal")
def reveal_identity(
    customer_id: int,
    identity_id: int,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(MOBILE)],
) -> Revealed:
    """A mobile in clear. Noted in the audit log."""
    return Revealed(value=page.reveal_identity(session, platform, actor, customer_id, identity_id))


def _relationship_of(session: Session, actor: Actor, customer_id: int, relationship_id: int) -> None:
    """Raises NotFound unless it is this customer's and its staff is in the actor's scope."""
    customer = page.customer_for(session, actor, customer_id)
    row = session.get(Relationship, relationship_id)
    staff = listing.staff_ids_in_scope(session, actor.scope)
    if row is None or row.customer_id != customer.id or (staff is not None and row.staff_id not in staff):
        raise NotFound(what="好友关系 relationship")


@router.post("/customers/{customer_id}/refresh")
def refresh_customer(customer_id: int, platform: PlatformDep, actor: Writer) -> Corrected:
    """Read the customer again at WeCom, now. Answers what was other than known."""
    with platform.database.unit_of_work() as session:
        customer = page.customer_for(session, actor, customer_id)
        query = select(Identity.value_index).where(
            Identity.customer_id == customer.id, Identity.kind == "external_userid"
        )
        external_userids = list(session.scalars(query.order_by(Identity.id)))
    try:
        return Corrected(corrections=heal_customer(platform, external_userids))
    except wecom.WecomError as error:
        raise NotRefreshed(reason=error.reason if isinstance(error, wecom.GiveUp) else type(error).__name__) from None


@router.post("/customers/{customer_id}/tags")
def change_customer_tags(
    customer_id: int, body: TagChange, session: DbSession, platform: PlatformDep, actor: Writer
) -> Planned:
    """Put tags on one relationship and take others off: here at once, at WeCom by the outbox; what WeCom refuses is
    put back."""
    _relationship_of(session, actor, customer_id, body.relationship_id)
    planned = apply_tags(session, platform, actor, body.relationship_id, body.add, body.remove)
    return Planned(outbox_id=planned)


@router.patch("/customers/{customer_id}/relationships/{relationship_id}")
def change_relationship_remark(
    customer_id: int,
    relationship_id: int,
    body: RemarkChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Writer,
) -> Planned:
    """The member's remark and description, here and at WeCom."""
    _relationship_of(session, actor, customer_id, relationship_id)
    planned = set_remark(session, platform, actor, relationship_id, body.remark, description=body.description)
    return Planned(outbox_id=planned)


@router.post("/identities")
def link_customer_identities(
    body: Annotated[list[LinkBody], Field(min_length=1, max_length=MOST_LINKS)],
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(LINK)],
) -> list[LinkResultView]:
    """Another system says: whoever is known as `find` also is `add`. At most 1,000 links a call; repeating a call
    changes nothing. One result per link, in order."""
    links = [(_ref(link.find), _ref(link.add)) for link in body]
    results = link_identities(session, platform, links, now=platform.clock.now(), by=actor.name)
    return [LinkResultView(outcome=result.outcome, customer_id=result.customer_id) for result in results]


def _ref(body: IdentityRefBody) -> IdentityRef:
    return IdentityRef(body.kind, body.source, body.value)
