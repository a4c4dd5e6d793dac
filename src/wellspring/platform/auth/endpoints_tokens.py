"""API tokens: for shops, tills and member systems that call by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from wellspring.platform.auth import accounts, service
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.endpoints_accounts import ScopeBody
from wellspring.platform.auth.errors import ExpiryPassed, TokenMakesNoToken
from wellspring.platform.auth.models import ApiToken, UserAccount
from wellspring.platform.auth.permissions import Role, permission
from wellspring.platform.http import DbSession, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["accounts"])

MANAGE = permission("auth.token.manage", zh="管理 API 令牌", en="Manage API tokens")

State = Literal["active", "expired", "revoked"]


class TokenView(BaseModel):
    id: int
    name: str
    hint: str
    """Last four characters, to tell tokens apart."""
    role: str
    scope: ScopeBody
    state: State
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenCreate(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    role: Role = Role.INTEGRATOR
    scope: ScopeBody = ScopeBody()
    expires_at: datetime | None = None


class TokenCreated(BaseModel):
    """`secret` is shown this once."""

    token: TokenView
    secret: str


@router.get("/tokens")
def list_tokens(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(MANAGE)],
    state: Annotated[State | None, Query()] = None,
) -> Page[TokenView]:
    now = platform.clock.now()
    conditions = []
    if paging.q:
        conditions.append(ApiToken.name.icontains(paging.q, autoescape=True))
    if state == "revoked":
        conditions.append(ApiToken.revoked_at.is_not(None))
    elif state == "expired":
        conditions += [ApiToken.revoked_at.is_(None), ApiToken.expires_at <= now]
    elif state == "active":
        conditions += [ApiToken.revoked_at.is_(None), ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now)]
    total = session.scalar(select(func.count()).select_from(ApiToken).where(*conditions)) or 0
    columns = {"name": ApiToken.name, "last_used_at": ApiToken.last_used_at, "created_at": ApiToken.created_at}
    column = columns.get((paging.sort or "").lstrip("-"))
    by_sort = [] if column is None else [column.desc() if (paging.sort or "").startswith("-") else column.asc()]
    rows = session.execute(
        select(ApiToken, UserAccount.name)
        .join(UserAccount, UserAccount.id == ApiToken.created_by)
        .where(*conditions)
        .order_by(*by_sort, ApiToken.id.desc())
        .offset(paging.offset)
        .limit(paging.page_size)
    ).all()
    items = [_view(token, maker, now) for token, maker in rows]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.post("/tokens", status_code=201)
def create_token(
    body: TokenCreate, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> TokenCreated:
    """422 expiry_passed, scope_incomplete. Only a person makes tokens, so that each has somebody to answer for it."""
    if actor.kind != "user":
        raise TokenMakesNoToken()
    now = platform.clock.now()
    if body.expires_at is not None and body.expires_at <= now:
        raise ExpiryPassed()
    scope = body.scope.scope()
    accounts.check_token_scope(scope)
    row, secret = service.create_token(
        session, actor=actor, now=now, name=body.name, role=body.role, scope=scope, expires_at=body.expires_at
    )
    return TokenCreated(token=_view(row, actor.name, now), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(
    token_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> None:
    token = accounts.get_token(session, token_id)
    accounts.token_revoke(session, actor=actor, now=platform.clock.now(), token=token)


def _view(token: ApiToken, maker: str, now: datetime) -> TokenView:
    expired = token.expires_at is not None and token.expires_at <= now
    state: State = "revoked" if token.revoked_at else "expired" if expired else "active"
    return TokenView(
        id=token.id,
        name=token.name,
        hint=token.hint,
        role=token.role,
        scope=ScopeBody.model_validate({"kind": token.scope_kind, "department_id": token.scope_department_id}),
        state=state,
        created_by=maker,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
