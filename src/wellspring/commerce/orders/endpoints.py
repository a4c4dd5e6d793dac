"""`/api/v1/orders`, `/api/v1/products`, and the orders of one customer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, func, or_, select
from starlette.responses import StreamingResponse

from wellspring.commerce.models import Order, Product
from wellspring.commerce.orders import queries, refusals
from wellspring.commerce.orders.batches import take_batch
from wellspring.commerce.orders.queries import EXPORT_HEADERS, OrderFilter
from wellspring.commerce.orders.schemas import (
    BatchIn,
    BatchOut,
    CategoryRow,
    CustomerOrders,
    OrderRow,
    OrderView,
    ProductRow,
)
from wellspring.commerce.permissions import EXPORT_ORDERS, READ_ORDERS, WRITE_ORDERS
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.export_limits import check_size
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router()
Reader = Annotated[Actor, Depends(READ_ORDERS)]
PRODUCT_SORTS = {"code": Product.code, "name": Product.name, "kind": Product.kind}


def order_filter(
    paging: PagingDep,
    source: Annotated[list[str] | None, Query()] = None,
    store_id: Annotated[list[int] | None, Query()] = None,
    customer_id: int | None = None,
    since: Annotated[AwareDatetime | None, Query(description="Placed at or after")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Placed before")] = None,
    nobody: Annotated[bool | None, Query(description="Orders without a customer, or with one")] = None,
) -> OrderFilter:
    return OrderFilter(tuple(source or ()), tuple(store_id or ()), customer_id, since, until, nobody, paging.q)


FilterDep = Annotated[OrderFilter, Depends(order_filter)]


@router.post("/orders")
def take_orders(
    batch: BatchIn,
    session: DbSession,
    platform: PlatformDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(WRITE_ORDERS)],
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> BatchOut:
    """Take up to 1,000 orders and refunds of one source. Each is created, updated, unchanged or refused by itself;
    sending the same again changes nothing. With an Idempotency-Key the whole answer is repeated."""
    answer = take_batch(session, platform, actor, batch, key=idempotency_key, now=platform.clock.now())
    for result in answer.results:
        if result.reason:
            result.message = refusals.message(result.reason, language)
    return answer


@router.get("/orders")
def list_orders(session: DbSession, actor: Reader, paging: PagingDep, chosen: FilterDep) -> Page[OrderRow]:
    """Newest first; `q` finds numbers by their beginning. Sorts: placed_at, total_fen, number, recorded_at."""
    items, total = queries.list_orders(session, chosen, actor.scope, paging)
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/orders/sources")
def list_order_sources(session: DbSession, actor: Reader) -> list[str]:
    """The sources that orders came from, for filters."""
    return list(session.scalars(select(Order.source).distinct().order_by(Order.source)))


@router.get("/orders/export", response_class=StreamingResponse)
def export_orders(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    chosen: FilterDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(EXPORT_ORDERS)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The list as a file, amounts in major units."""
    check_size(session, queries.count_orders(session, chosen, actor.scope), form)
    now: datetime = platform.clock.now()
    audit.record(session, actor=actor, at=now, action="commerce.order.export", object_type="order", format=form)
    rows = queries.export_rows(platform, chosen, actor.scope, paging.sort)
    zone = company_settings.read(session).zone
    return export_file(f"orders-{now:%Y%m%d}", EXPORT_HEADERS[language], rows, form, zone=zone)


@router.get("/orders/{order_id}")
def read_order(order_id: int, session: DbSession, actor: Reader) -> OrderView:
    """One order with its lines and refunds."""
    return queries.read_order(session, order_id, actor.scope)


@router.get("/customers/{customer_id}/orders")
def list_customer_orders(customer_id: int, session: DbSession, actor: Reader, paging: PagingDep) -> Page[OrderRow]:
    """One customer's orders, newest first."""
    items, total = queries.list_orders(session, OrderFilter(customer_id=customer_id), actor.scope, paging)
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/customers/{customer_id}/order-totals")
def read_customer_order_totals(customer_id: int, session: DbSession, actor: Reader) -> CustomerOrders:
    """What one customer bought and gave back in all."""
    return queries.customer_orders(session, customer_id, actor.scope)


@router.get("/products")
def list_products(
    session: DbSession,
    actor: Reader,
    paging: PagingDep,
    kind: Annotated[list[str] | None, Query()] = None,
    ids: Annotated[list[int] | None, Query(max_length=500)] = None,
) -> Page[ProductRow]:
    """Products by code; `q` finds codes and names."""
    where: list[ColumnElement[bool]] = []
    if kind:
        where.append(Product.kind.in_(kind))
    if ids is not None:
        where.append(Product.id.in_(ids))
    if paging.q:
        where.append(
            or_(Product.code.icontains(paging.q, autoescape=True), Product.name.icontains(paging.q, autoescape=True))
        )
    total = session.scalar(select(func.count()).select_from(Product).where(*where)) or 0
    wanted = paging.sort or "code"
    column = PRODUCT_SORTS.get(wanted.lstrip("-"), Product.code)
    order = column.desc() if wanted.startswith("-") else column.asc()
    products = session.scalars(
        select(Product).where(*where).order_by(order, Product.id).offset(paging.offset).limit(paging.page_size)
    )
    items = [ProductRow.model_validate(product, from_attributes=True) for product in products]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/products/categories")
def list_product_categories(session: DbSession, actor: Reader, paging: PagingDep) -> Page[CategoryRow]:
    """Categories of goods by name, with how many products each has; `q` finds names."""
    where: list[ColumnElement[bool]] = [Product.kind == "goods", Product.category != ""]
    if paging.q:
        where.append(Product.category.icontains(paging.q, autoescape=True))
    total = session.scalar(select(func.count(Product.category.distinct())).where(*where)) or 0
    rows = session.execute(
        select(Product.category, func.count())
        .where(*where)
        .group_by(Product.category)
        .order_by(Product.category)
        .offset(paging.offset)
        .limit(paging.page_size)
    )
    items = [CategoryRow(category=category, products=products) for category, products in rows]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)
