"""Accounts of the console, their roles and data scope; one's own password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from wellspring.platform.auth import accounts, service
from wellspring.platform.auth.actor import Actor, Scope, ScopeKind
from wellspring.platform.auth.middleware import SESSION_COOKIE
from wellspring.platform.auth.models import UserAccount, UserSession
from wellspring.platform.auth.permissions import (
    EVERYBODY,
    ROLE_NAMES,
    Role,
    permission,
    permissions,
)
from wellspring.platform.errors import Language
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["accounts"])

READ_USERS = permission("auth.user.read", zh="查看账号与权限", en="See accounts and roles", roles=(Role.OWNER,))
MANAGE_USERS = permission("auth.user.manage", zh="管理账号与权限", en="Manage accounts and roles")
OWN_PASSWORD = permission("auth.self.password", zh="修改自己的密码", en="Change one's own password", roles=EVERYBODY)


class ScopeBody(BaseModel):
    """`store` and `region` name a department, `own` a staff member."""

    kind: ScopeKind = "all"
    department_id: int | None = None
    staff_id: int | None = None

    def scope(self) -> Scope:
        department = self.department_id if self.kind in {"store", "region"} else None
        return Scope(self.kind, department, self.staff_id if self.kind == "own" else None)


class UserView(BaseModel):
    id: int
    login: str
    name: str
    role: str
    scope: ScopeBody
    wecom_userid: str | None
    """The member who signs in to it by WeCom."""
    wecom_signed_in_at: datetime | None
    rights_by: Literal["hand", "rules"]
    """`rules`: role and scope follow the sign-in rules."""
    disabled_at: datetime | None
    last_seen_at: datetime | None
    """Of the sign-ins that still hold."""
    created_at: datetime


class UserCreate(BaseModel):
    login: str = Field(min_length=1, max_length=80, pattern=r"^\s*[A-Za-z0-9._@+-]+\s*$")
    name: str = Field(max_length=80)
    password: str = Field(max_length=500)
    role: Role
    scope: ScopeBody = ScopeBody()


class UserChange(BaseModel):
    name: str = Field(max_length=80)
    role: Role
    scope: ScopeBody
    follow_rules: bool = False
    """Role and scope follow the sign-in rules again; only for an account that signs in by WeCom."""


class NewPassword(BaseModel):
    password: str = Field(max_length=500)


class OwnPassword(BaseModel):
    old: str = Field(max_length=500)
    password: str = Field(max_length=500)


class PermissionView(BaseModel):
    name: str
    label: str


class RoleView(BaseModel):
    name: str
    label: str
    permissions: list[PermissionView]
    users: int
    """Accounts with this role that are not disabled."""


SORTS = {
    "name": UserAccount.name,
    "login": UserAccount.login,
    "role": UserAccount.role,
    "created_at": UserAccount.created_at,
}


@router.get("/users")
def list_users(
    session: DbSession,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(READ_USERS)],
    role: Annotated[list[Role] | None, Query()] = None,
    state: Annotated[Literal["active", "disabled"] | None, Query()] = None,
    by: Annotated[Literal["password", "wecom"] | None, Query()] = None,
) -> Page[UserView]:
    """Accounts; `q` finds by name or login. `by`: how they sign in."""
    conditions: list[ColumnElement[bool]] = []
    if by == "wecom":
        conditions.append(UserAccount.wecom_userid.is_not(None))
    elif by == "password":
        conditions.append(UserAccount.password_hash.is_not(None))
    if paging.q:
        by_login = UserAccount.login.icontains(paging.q, autoescape=True)
        conditions.append(or_(UserAccount.name.icontains(paging.q, autoescape=True), by_login))
    if role:
        conditions.append(UserAccount.role.in_([r.value for r in role]))
    if state:
        conditions.append(
            UserAccount.disabled_at.is_(None) if state == "active" else UserAccount.disabled_at.is_not(None)
        )
    total = session.scalar(select(func.count()).select_from(UserAccount).where(*conditions)) or 0
    column = SORTS.get((paging.sort or "").lstrip("-"), UserAccount.id)
    order = column.desc() if (paging.sort or "").startswith("-") else column.asc()
    rows = session.scalars(
        select(UserAccount)
        .where(*conditions)
        .order_by(order, UserAccount.id)
        .offset(paging.offset)
        .limit(paging.page_size)
    ).all()
    return Page(items=_views(session, rows), total=total, page=paging.page, page_size=paging.page_size)


@router.post("/users", status_code=201)
def create_user(
    body: UserCreate, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE_USERS)]
) -> UserView:
    """422 weak_password, scope_incomplete; 409 login_taken."""
    scope = body.scope.scope()
    accounts.check_scope(scope)
    user = service.create_user(
        session,
        actor=actor,
        now=platform.clock.now(),
        login=body.login,
        name=body.name,
        password=body.password,
        role=body.role,
        scope=scope,
    )
    return _views(session, [user])[0]


@router.put("/users/{user_id}")
def change_user(
    user_id: int,
    body: UserChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(MANAGE_USERS)],
) -> UserView:
    user = accounts.get_user(session, user_id)
    accounts.user_change(
        session,
        actor=actor,
        now=platform.clock.now(),
        user=user,
        name=body.name,
        role=body.role,
        scope=body.scope.scope(),
        follow_rules=body.follow_rules,
    )
    return _views(session, [user])[0]


@router.post("/users/{user_id}/password", status_code=204)
def reset_user_password(
    user_id: int,
    body: NewPassword,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(MANAGE_USERS)],
) -> None:
    """Ends every sign-in of that user."""
    user = accounts.get_user(session, user_id)
    service.set_password(session, actor=actor, now=platform.clock.now(), user=user, password=body.password)


@router.post("/users/{user_id}/disable")
def disable_user(
    user_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE_USERS)]
) -> UserView:
    user = accounts.get_user(session, user_id)
    accounts.user_disable(session, actor=actor, now=platform.clock.now(), user=user)
    return _views(session, [user])[0]


@router.post("/users/{user_id}/enable")
def enable_user(
    user_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE_USERS)]
) -> UserView:
    user = accounts.get_user(session, user_id)
    accounts.user_enable(session, actor=actor, now=platform.clock.now(), user=user)
    return _views(session, [user])[0]


@router.post("/me/password", status_code=204)
def change_own_password(
    body: OwnPassword,
    request: Request,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(OWN_PASSWORD)],
) -> None:
    """Ends one's other sign-ins. 422 wrong_old_password, weak_password."""
    accounts.password_change(
        session,
        actor=actor,
        now=platform.clock.now(),
        old=body.old,
        new=body.password,
        session_token=request.cookies.get(SESSION_COOKIE, ""),
    )


@router.get("/roles")
def list_roles(
    session: DbSession, language: LanguageDep, actor: Annotated[Actor, Depends(READ_USERS)]
) -> list[RoleView]:
    """The roles, with what each may do."""
    counted = dict(
        session.execute(
            select(UserAccount.role, func.count()).where(UserAccount.disabled_at.is_(None)).group_by(UserAccount.role)
        ).all()
    )
    return [_role_view(role, language, counted.get(role.value, 0)) for role in Role]


def _role_view(role: Role, language: Language, users: int) -> RoleView:
    zh, en = ROLE_NAMES[role]
    granted = [
        PermissionView(name=p.name, label=p.zh if language == "zh" else p.en) for p in permissions() if role in p.roles
    ]
    return RoleView(name=role.value, label=zh if language == "zh" else en, permissions=granted, users=users)


def _views(session: Session, users: Sequence[UserAccount]) -> list[UserView]:
    ids = [user.id for user in users]
    seen = dict(
        session.execute(
            select(UserSession.user_id, func.max(UserSession.last_seen_at))
            .where(UserSession.user_id.in_(ids))
            .group_by(UserSession.user_id)
        ).all()
    )
    return [
        UserView(
            id=user.id,
            login=user.login,
            name=user.name,
            role=user.role,
            scope=ScopeBody.model_validate(
                {"kind": user.scope_kind, "department_id": user.scope_department_id, "staff_id": user.staff_id}
            ),
            wecom_userid=user.wecom_userid,
            wecom_signed_in_at=user.wecom_signed_in_at,
            rights_by="rules" if user.rights_by == "rules" else "hand",
            disabled_at=user.disabled_at,
            last_seen_at=seen.get(user.id),
            created_at=user.created_at,
        )
        for user in users
    ]
