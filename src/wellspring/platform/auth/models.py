"""Accounts, sign-ins, tokens; the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId


class UserAccount(HasId, HasCreatedAt, Base):
    """Somebody who signs in to the console. `login` is stored in lower case.

    `wecom_userid`: the member who signs in to it by WeCom, in lower case. `rights_by`: `rules` when role and scope
    follow the sign-in rules, `hand` once an administrator chose them."""

    __tablename__ = "user_account"

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    scope_kind: Mapped[str] = mapped_column(server_default="all")
    scope_department_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(server_default="zh")
    wecom_userid: Mapped[str | None] = mapped_column(unique=True)
    wecom_signed_in_at: Mapped[datetime | None]
    rights_by: Mapped[str] = mapped_column(server_default="hand")
    disabled_at: Mapped[datetime | None]


class UserSession(HasId, HasCreatedAt, Base):
    """A sign-in; the cookie holds the token, the table its SHA-256."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")


class SignInAttempt(HasId, Base):
    """Failed sign-ins, for throttling by login and by address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "login", "at"), Index(None, "address", "at"))

    login: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class UsedSignInState(Base):
    """A state that came back from WeCom: it is good once. Rows go when the state would have expired anyway."""

    __tablename__ = "used_sign_in_state"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(HasId, HasCreatedAt, Base):
    """A token for machines: shown once, kept as SHA-256. Its rights are its role's, within its scope."""

    __tablename__ = "api_token"

    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    role: Mapped[str]
    scope_kind: Mapped[str] = mapped_column(server_default="all")
    scope_department_id: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(HasId, Base):
    """What somebody did; append-only. Apart from the technical log on purpose."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "at"), Index(None, "object_type", "object_id"))

    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[int]
    actor_name: Mapped[str]
    action: Mapped[str]
    object_type: Mapped[str] = mapped_column(server_default="")
    object_id: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    address: Mapped[str] = mapped_column(server_default="")
    request_id: Mapped[str] = mapped_column(server_default="")


class PlatformSetting(Base):
    """Settings that operators change; a JSON value by name."""

    __tablename__ = "platform_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class IdempotencyRecord(HasId, Base):
    """The answer given under an idempotency key, so that a repeated write answers alike and does nothing."""

    __tablename__ = "idempotency_record"
    __table_args__ = (Index(None, "area", "key", unique=True),)

    area: Mapped[str]
    key: Mapped[str]
    request_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
