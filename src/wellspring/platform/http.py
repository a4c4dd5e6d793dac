"""What every endpoint is made with: the router that denies by default, the session of the request, paging.

The session's transaction is committed before the answer leaves (`scope="function"`), so a client that
read 200 can rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.orm import Session

from wellspring.platform.auth.permissions import Permission, Public
from wellspring.platform.errors import Forbidden, Language
from wellspring.platform.runtime import Platform


def declared_permission(dependant: Dependant) -> Permission | Public | None:
    """The Permission (or PUBLIC) among a route's dependencies, at any depth."""
    if isinstance(dependant.call, Permission | Public):
        return dependant.call
    for dependency in dependant.dependencies:
        if (found := declared_permission(dependency)) is not None:
            return found
    return None


class GuardedRoute(APIRoute):
    """Answers 403 to everybody when the route declares no permission."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        if declared_permission(self.dependant) is None:

            async def deny(request: Request) -> Response:
                raise Forbidden(permission="(none declared)")

            return deny
        return super().get_route_handler()


def router(*, prefix: str = "", tags: list[str] | None = None) -> APIRouter:
    """The only way a domain makes a router."""
    return APIRouter(prefix=prefix, tags=list(tags or []), route_class=GuardedRoute)


def get_platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def get_session(request: Request) -> Iterator[Session]:
    with get_platform(request).database.unit_of_work() as session:
        yield session


def get_language(request: Request) -> Language:
    """`en` when the first language of Accept-Language is English, else `zh`."""
    first = request.headers.get("accept-language", "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


PlatformDep = Annotated[Platform, Depends(get_platform)]
DbSession = Annotated[Session, Depends(get_session, scope="function")]
LanguageDep = Annotated[Language, Depends(get_language)]

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list, and how many there are in all."""

    items: list[T]
    total: int
    page: int
    page_size: int


class Paging(BaseModel):
    """`sort`: a field name of the list, `-` before it for descending."""

    page: int = 1
    page_size: int = 20
    sort: str | None = None
    q: str | None = None

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size


def get_paging(
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 20,
    sort: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> Paging:
    return Paging(page=page, page_size=page_size, sort=sort, q=(q or "").strip() or None)


PagingDep = Annotated[Paging, Depends(get_paging)]
