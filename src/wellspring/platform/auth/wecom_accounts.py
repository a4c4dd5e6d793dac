"""Accounts that somebody signs in to by WeCom. Who may come in, and as what, is decided elsewhere (people's sign-in
rules); here the account is made, kept in step and ended. Nothing here knows WeCom but by the name of the column."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.accounts import check_scope, is_last_administrator
from wellspring.platform.auth.actor import SYSTEM, Scope
from wellspring.platform.auth.models import UserAccount, UserSession
from wellspring.platform.auth.permissions import Role

LOGIN_PREFIX = "wecom:"
"""No login made by hand may hold a colon, so that nobody can take a member's account by naming theirs like it."""


def account_of(session: Session, userid: str) -> UserAccount | None:
    return session.scalar(select(UserAccount).where(UserAccount.wecom_userid == userid.lower()).with_for_update())


def admit(
    session: Session, *, now: datetime, userid: str, name: str, granted: tuple[Role, Scope] | None
) -> UserAccount | None:
    """The member's account, made at the first sign-in, its rights those of the rules unless somebody set them by hand.

    `granted` None: no rule fits. Then only an account whose rights were set by hand comes in; else None.
    """
    user = account_of(session, userid)
    if user is None:
        return _make(session, now, userid, name, granted) if granted else None
    if user.rights_by == "rules":
        if granted is None:
            return None
        keep_in_step(session, now=now, user=user, granted=granted)
    return user


def _make(session: Session, now: datetime, userid: str, name: str, granted: tuple[Role, Scope]) -> UserAccount:
    role, scope = granted
    check_scope(scope)
    user = UserAccount(
        login=f"{LOGIN_PREFIX}{userid.lower()}",
        name=name or userid,
        password_hash=None,
        role=role.value,
        scope_kind=scope.kind,
        scope_department_id=scope.department_id,
        staff_id=scope.staff_id,
        wecom_userid=userid.lower(),
        rights_by="rules",
    )
    session.add(user)
    session.flush()
    audit.record(
        session,
        actor=SYSTEM,
        at=now,
        action="auth.user.create",
        object_type="user",
        object_id=user.id,
        login=user.login,
        role=user.role,
        scope=user.scope_kind,
        by="sign_in_rules",
    )
    return user


def keep_in_step(session: Session, *, now: datetime, user: UserAccount, granted: tuple[Role, Scope]) -> None:
    """Role and scope as the rules give them now; audited when they change."""
    role, scope = granted
    check_scope(scope)
    before = _rights(user)
    user.role, user.scope_kind = role.value, scope.kind
    user.scope_department_id, user.staff_id = scope.department_id, scope.staff_id
    if _rights(user) != before:
        audit.record(
            session,
            actor=SYSTEM,
            at=now,
            action="auth.user.change",
            object_type="user",
            object_id=user.id,
            before=before,
            after=_rights(user),
            by="sign_in_rules",
        )


def _rights(user: UserAccount) -> dict[str, object]:
    return {
        "role": user.role,
        "scope": user.scope_kind,
        "department_id": user.scope_department_id,
        "staff_id": user.staff_id,
    }


def end_sessions(session: Session, user: UserAccount) -> None:
    """Everybody signed in to that account has to sign in anew."""
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def disable_left(session: Session, *, now: datetime, user: UserAccount) -> None:
    """The member has left: signed out, and the account disabled. The last working administrator's account stays, else
    nobody could ever come in again; by WeCom it is refused anyway."""
    end_sessions(session, user)
    if user.disabled_at is not None or is_last_administrator(session, user):
        return
    user.disabled_at = now
    audit.record(
        session,
        actor=SYSTEM,
        at=now,
        action="auth.user.disable",
        object_type="user",
        object_id=user.id,
        reason="member_left",
    )
