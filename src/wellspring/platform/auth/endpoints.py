"""Sign-in and sign-out, who I am, the first administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from wellspring.platform import company_settings
from wellspring.platform.auth import service
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.errors import BadCredentials
from wellspring.platform.auth.middleware import CSRF_COOKIE, SESSION_COOKIE, set_session_cookies
from wellspring.platform.auth.models import UserAccount
from wellspring.platform.auth.permissions import EVERYBODY, PUBLIC, Role, permission
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["sign-in"])

SELF = permission(
    "auth.self.read", zh="查看自己的账号", en="See one's own account", roles=(*EVERYBODY, Role.INTEGRATOR)
)


class SignIn(BaseModel):
    login: str = Field(max_length=200)
    password: str = Field(max_length=500)


class SetupState(BaseModel):
    needs_admin: bool
    signed_in: bool


class ScopeView(BaseModel):
    kind: str
    department_id: int | None


class CompanyView(BaseModel):
    name: str
    currency: str
    time_zone: str


class Me(BaseModel):
    id: int
    kind: str
    name: str
    login: str
    role: str
    scope: ScopeView
    permissions: list[str]
    company: CompanyView


@router.get("/setup", dependencies=[Depends(PUBLIC)])
def read_setup(request: Request, session: DbSession) -> SetupState:
    """What the console asks before anything else: whether the first administrator is still to be made, and whether
    this browser is signed in. Asking `/me` instead would leave a refusal in the console of every visitor's browser."""
    return SetupState(needs_admin=service.needs_admin(session), signed_in=request.state.actor is not None)


@router.post("/session", status_code=204, dependencies=[Depends(PUBLIC)])
def sign_in(body: SignIn, request: Request, response: Response, platform: PlatformDep) -> None:
    """Sets the session cookie (HttpOnly) and the anti-forgery cookie. A failure is recorded in a transaction
    of its own, because the refusal rolls back the request's."""
    now = platform.clock.now()
    address = request.client.host if request.client else ""
    try:
        with platform.database.unit_of_work() as session:
            service.check_throttle(session, login=body.login, address=address, now=now)
            user = service.verify_password(session, login=body.login, password=body.password)
            token = service.open_session(
                session,
                user=user,
                now=now,
                hours=platform.settings.session_hours,
                address=address,
                user_agent=request.headers.get("user-agent", ""),
            )
    except BadCredentials:
        with platform.database.unit_of_work() as session:
            service.record_failed_attempt(session, login=body.login, address=address, now=now)
        raise
    set_session_cookies(response, platform, token)


@router.delete("/session", status_code=204)
def sign_out(request: Request, response: Response, session: DbSession, actor: Annotated[Actor, Depends(SELF)]) -> None:
    if token := request.cookies.get(SESSION_COOKIE):
        service.close_session(session, token=token)
    response.delete_cookie(SESSION_COOKIE, path="/")
    response.delete_cookie(CSRF_COOKIE, path="/")


@router.get("/me")
def read_me(session: DbSession, actor: Annotated[Actor, Depends(SELF)]) -> Me:
    """The caller, with every permission they have."""
    login = ""
    if actor.kind == "user":
        login = session.scalar(select(UserAccount.login).where(UserAccount.id == actor.id)) or ""
    company = company_settings.read(session)
    return Me(
        id=actor.id,
        kind=actor.kind,
        name=actor.name,
        login=login,
        role=actor.role,
        scope=ScopeView(kind=actor.scope.kind, department_id=actor.scope.department_id),
        permissions=sorted(actor.permissions),
        company=CompanyView(name=company.name, currency=company.currency, time_zone=company.time_zone),
    )
