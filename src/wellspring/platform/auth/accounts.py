"""What administrators do with accounts and tokens after they were made: change, disable, revoke."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.auth.errors import (
    BadCredentials,
    LastAdministrator,
    NotByWecom,
    OwnAccount,
    OwnScopeNeedsPerson,
    ScopeIncomplete,
    WrongOldPassword,
)
from wellspring.platform.auth.models import ApiToken, UserAccount, UserSession
from wellspring.platform.auth.permissions import Role
from wellspring.platform.auth.service import set_password, verify_password
from wellspring.platform.db import advisory_lock
from wellspring.platform.errors import NotFound


def get_user(session: Session, user_id: int) -> UserAccount:
    user = session.get(UserAccount, user_id)
    if user is None:
        raise NotFound(what=f"user {user_id}")
    return user


def get_token(session: Session, token_id: int) -> ApiToken:
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(what=f"token {token_id}")
    return token


def check_scope(scope: Scope) -> None:
    """Raises ScopeIncomplete: a scope that names nothing would show either nothing or everything."""
    if scope.kind in {"store", "region"} and scope.department_id is None:
        raise ScopeIncomplete(field="scope.department_id")
    if scope.kind == "own" and scope.staff_id is None:
        raise ScopeIncomplete(field="scope.staff_id")


def check_token_scope(scope: Scope) -> None:
    """A token is nobody's: the scope `own` means nothing for it. Raises OwnScopeNeedsPerson, ScopeIncomplete."""
    if scope.kind == "own":
        raise OwnScopeNeedsPerson()
    check_scope(scope)


def user_change(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    user: UserAccount,
    name: str,
    role: Role,
    scope: Scope,
    follow_rules: bool = False,
) -> None:
    """Raises LastAdministrator, ScopeIncomplete, NotByWecom. The new rights hold from that user's next request on.

    `follow_rules`: the sign-in rules decide again, from the next sign-in by WeCom; role and scope stay till then.
    """
    if follow_rules:
        if user.wecom_userid is None:
            raise NotByWecom()
        role = Role(user.role)
        scope = Scope(user.scope_kind, user.scope_department_id, user.staff_id)  # type: ignore[arg-type]
    check_scope(scope)
    if user.role == Role.ADMIN and role is not Role.ADMIN:
        _keep_one_administrator(session, user)
    before = {"name": user.name, "role": user.role, "scope": user.scope_kind, "rights_by": user.rights_by}
    user.name = name.strip() or user.login
    user.rights_by = "rules" if follow_rules else "hand"
    user.role = role.value
    user.scope_kind, user.scope_department_id, user.staff_id = scope.kind, scope.department_id, scope.staff_id
    after = {"name": user.name, "role": user.role, "scope": user.scope_kind, "rights_by": user.rights_by}
    audit.record(
        session,
        actor=actor,
        at=now,
        action="auth.user.change",
        object_type="user",
        object_id=user.id,
        before=before,
        after=after,
    )


def user_disable(session: Session, *, actor: Actor, now: datetime, user: UserAccount) -> None:
    """Ends every sign-in of that user. Raises OwnAccount, LastAdministrator."""
    if actor.kind == "user" and actor.id == user.id:
        raise OwnAccount()
    if user.disabled_at is not None:
        return
    if user.role == Role.ADMIN:
        _keep_one_administrator(session, user)
    user.disabled_at = now
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    audit.record(session, actor=actor, at=now, action="auth.user.disable", object_type="user", object_id=user.id)


def user_enable(session: Session, *, actor: Actor, now: datetime, user: UserAccount) -> None:
    if user.disabled_at is None:
        return
    user.disabled_at = None
    audit.record(session, actor=actor, at=now, action="auth.user.enable", object_type="user", object_id=user.id)


def password_change(session: Session, *, actor: Actor, now: datetime, old: str, new: str, session_token: str) -> None:
    """One's own password; ends the user's other sign-ins. Raises WrongOldPassword, WeakPassword."""
    user = get_user(session, actor.id)
    try:
        verify_password(session, login=user.login, password=old)
    except BadCredentials as wrong:
        raise WrongOldPassword() from wrong
    set_password(session, actor=actor, now=now, user=user, password=new, keep_token=session_token)


def token_revoke(session: Session, *, actor: Actor, now: datetime, token: ApiToken) -> None:
    """The token is refused from now on; the row stays, because the audit log names it."""
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    audit.record(session, actor=actor, at=now, action="auth.token.revoke", object_type="token", object_id=token.id)


def is_last_administrator(session: Session, user: UserAccount) -> bool:
    """Serialised: two administrators who demote each other at the same time must not both succeed."""
    if user.role != Role.ADMIN:
        return False
    advisory_lock(session, "auth.administrators")
    others = session.scalar(
        select(func.count()).where(
            UserAccount.role == Role.ADMIN.value, UserAccount.disabled_at.is_(None), UserAccount.id != user.id
        )
    )
    return not others


def _keep_one_administrator(session: Session, leaving: UserAccount) -> None:
    if is_last_administrator(session, leaving):
        raise LastAdministrator()
