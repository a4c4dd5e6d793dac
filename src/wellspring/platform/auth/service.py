"""Sign-in, sign-out, accounts, tokens: one function per verb."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import SYSTEM, Actor, Scope, ScopeKind
from wellspring.platform.auth.errors import BadCredentials, LoginTaken, TooManyAttempts, WeakPassword
from wellspring.platform.auth.models import ApiToken, SignInAttempt, UserAccount, UserSession
from wellspring.platform.auth.permissions import Role, role_permissions

PASSWORD_MIN = 10
ATTEMPTS_PER_LOGIN = 8
ATTEMPTS_PER_ADDRESS = 40
ATTEMPT_WINDOW = timedelta(minutes=15)
TOKEN_PREFIX = "wst_"  # noqa: S105 - a prefix, not a secret

_hasher = PasswordHash.recommended()
# Verified when the login is unknown, so that the answer takes as long as for a known one.
_DUMMY_HASH = _hasher.hash(secrets.token_hex(16))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def needs_admin(session: Session) -> bool:
    return session.scalar(select(func.count()).select_from(UserAccount)) == 0


def create_user(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    login: str,
    name: str,
    password: str,
    role: Role,
    scope: Scope | None = None,
) -> UserAccount:
    """Raises LoginTaken, WeakPassword."""
    login = login.strip().lower()
    if len(password) < PASSWORD_MIN:
        raise WeakPassword()
    if session.scalar(select(UserAccount.id).where(UserAccount.login == login)) is not None:
        raise LoginTaken(login=login)
    scope = scope or Scope()
    user = UserAccount(
        login=login,
        name=name.strip() or login,
        password_hash=_hasher.hash(password),
        role=role.value,
        scope_kind=scope.kind,
        scope_department_id=scope.department_id,
        staff_id=scope.staff_id,
    )
    session.add(user)
    session.flush()
    audit.record(
        session,
        actor=actor,
        at=now,
        action="auth.user.create",
        object_type="user",
        object_id=user.id,
        login=login,
        role=role.value,
        scope=scope.kind,
    )
    return user


def set_password(
    session: Session, *, actor: Actor, now: datetime, user: UserAccount, password: str, keep_token: str = ""
) -> None:
    """Also ends every sign-in of that user, but for the one whose cookie holds `keep_token`."""
    if len(password) < PASSWORD_MIN:
        raise WeakPassword()
    user.password_hash = _hasher.hash(password)
    ended = delete(UserSession).where(UserSession.user_id == user.id, UserSession.token_hash != digest(keep_token))
    session.execute(ended)
    audit.record(session, actor=actor, at=now, action="auth.user.password", object_type="user", object_id=user.id)


def check_throttle(session: Session, *, login: str, address: str, now: datetime) -> None:
    """Raises TooManyAttempts. Counted by login and by address, failures only. `login` is empty while nobody is named
    yet: then only the address counts."""
    since = now - ATTEMPT_WINDOW
    login = login.strip().lower()
    counted = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > since)
    by_login = (session.scalar(counted.where(SignInAttempt.login == login)) or 0) if login else 0
    by_address = session.scalar(counted.where(SignInAttempt.address == address)) or 0
    if by_login >= ATTEMPTS_PER_LOGIN or by_address >= ATTEMPTS_PER_ADDRESS:
        raise TooManyAttempts(minutes=int(ATTEMPT_WINDOW.total_seconds() // 60))


def verify_password(session: Session, *, login: str, password: str) -> UserAccount:
    """The account, or BadCredentials; takes the same time whether or not the login exists."""
    user = session.scalar(select(UserAccount).where(UserAccount.login == login.strip().lower()))
    known = user is not None and user.password_hash is not None and user.disabled_at is None
    right = _hasher.verify(password, user.password_hash if user and known and user.password_hash else _DUMMY_HASH)
    if user is None or not known or not right:
        raise BadCredentials()
    return user


def record_failed_attempt(session: Session, *, login: str, address: str, now: datetime) -> None:
    session.add(SignInAttempt(login=login.strip().lower()[:200], address=address, at=now))
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - 4 * ATTEMPT_WINDOW))


def open_session(
    session: Session,
    *,
    user: UserAccount,
    now: datetime,
    hours: int,
    address: str,
    user_agent: str,
    method: str = "password",
) -> str:
    """Returns the token for the cookie. `method`, password or wecom, is for the audit log."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=digest(token),
            user_id=user.id,
            last_seen_at=now,
            expires_at=now + timedelta(hours=hours),
            address=address,
            user_agent=user_agent[:300],
        )
    )
    session.execute(delete(UserSession).where(UserSession.expires_at < now))
    actor = actor_of_user(user)
    audit.record(
        session, actor=actor, at=now, action="auth.sign_in", object_type="user", object_id=user.id, method=method
    )
    return token


def close_session(session: Session, *, token: str) -> None:
    session.execute(delete(UserSession).where(UserSession.token_hash == digest(token)))


def actor_of_session(session: Session, *, token: str, now: datetime, hours: int) -> Actor | None:
    row = session.execute(
        select(UserSession, UserAccount)
        .join(UserAccount, UserAccount.id == UserSession.user_id)
        .where(UserSession.token_hash == digest(token), UserSession.expires_at > now)
    ).one_or_none()
    if row is None or row.UserAccount.disabled_at is not None:
        return None
    if now - row.UserSession.last_seen_at > timedelta(minutes=5):
        row.UserSession.last_seen_at = now
        row.UserSession.expires_at = now + timedelta(hours=hours)
    return actor_of_user(row.UserAccount)


def actor_of_user(user: UserAccount) -> Actor:
    kind: ScopeKind = user.scope_kind  # type: ignore[assignment]
    return Actor(
        kind="user",
        id=user.id,
        name=user.name,
        permissions=role_permissions(user.role),
        scope=Scope(kind, user.scope_department_id, user.staff_id),
        role=user.role,
    )


def create_token(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    role: Role,
    scope: Scope | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """The row and the token itself, which is shown once and never again."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    scope = scope or Scope()
    row = ApiToken(
        name=name.strip(),
        token_hash=digest(secret),
        hint=secret[-4:],
        role=role.value,
        scope_kind=scope.kind,
        scope_department_id=scope.department_id,
        created_by=actor.id,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, at=now, action="auth.token.create", object_type="token", object_id=row.id, name=row.name
    )
    return row, secret


def actor_of_token(session: Session, *, token: str, now: datetime) -> Actor | None:
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == digest(token), ApiToken.revoked_at.is_(None)))
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.last_used_at is None or now - row.last_used_at > timedelta(minutes=5):
        row.last_used_at = now
    kind: ScopeKind = row.scope_kind  # type: ignore[assignment]
    return Actor(
        kind="token",
        id=row.id,
        name=row.name,
        permissions=role_permissions(row.role),
        scope=Scope(kind, row.scope_department_id),
        role=row.role,
    )


def create_first_admin(session: Session, *, now: datetime, login: str, password: str, name: str = "") -> UserAccount:
    return create_user(
        session, actor=SYSTEM, now=now, login=login, name=name or "管理员", password=password, role=Role.ADMIN
    )
