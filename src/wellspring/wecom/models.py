"""The company's connection, its tokens; inbox, outbox, sync runs, media."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId

EMPTY = text("'{}'::jsonb")


class WecomCompany(Base):
    """The one company of this deployment; secrets are sealed with the data folder's key, and empty until entered: the
    guide saves step by step, and without an app secret nothing is connected yet.

    `sign_in_base_url`: where the sign-in pages are; empty = WeCom's own hosts. `domain_proof`: what WeCom's file
    WW_verify_….txt holds. `refused_ip`: this server's address as WeCom named it when it last refused it. `last_test`:
    the checks of the last connection test."""

    __tablename__ = "wecom_company"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    corp_id: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    agent_id: Mapped[int] = mapped_column(server_default="0")
    base_url: Mapped[str]
    app_secret_sealed: Mapped[bytes]
    callback_token_sealed: Mapped[bytes]
    callback_aes_key_sealed: Mapped[bytes]
    callback_tolerance_seconds: Mapped[int] = mapped_column(server_default="3600")
    callback_verified_at: Mapped[datetime | None]
    callback_refused_at: Mapped[datetime | None]
    callback_refused_why: Mapped[str] = mapped_column(server_default="")
    sign_in_base_url: Mapped[str] = mapped_column(server_default="")
    domain_proof: Mapped[str] = mapped_column(server_default="")
    refused_ip: Mapped[str] = mapped_column(server_default="")
    refused_ip_at: Mapped[datetime | None]
    last_test: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    last_test_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    last_full_sync_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class WecomAccessToken(Base):
    """One token per (corp, secret), shared by all processes. `generation` grows with each renewal, so that
    of many callers who saw the same stale token only the first renews it."""

    __tablename__ = "wecom_access_token"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    token_sealed: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(server_default="0")


class WecomQuotaWindow(Base):
    """Calls of one API in its present window, by all processes. span: minute, hour, day, month. Times are the
    database's own. `blocked_until`: WeCom has refused, nobody calls until then."""

    __tablename__ = "wecom_quota_window"

    path: Mapped[str] = mapped_column(primary_key=True)
    span: Mapped[Literal["minute", "hour", "day", "month"]] = mapped_column(String, primary_key=True)
    window_start: Mapped[datetime]
    used: Mapped[int] = mapped_column(server_default="0")
    blocked_until: Mapped[datetime | None]


class WecomInbox(HasId, Base):
    """A callback, stored raw under its dedupe key before it is answered. status: pending, done, ignored, failed.

    `due_at` is the database's own time, not the platform's: when the next attempt is due. `attempts` counts all,
    `failures` those that were not WeCom's being away; too many of these end the retries. `read_at`: when the object was
    last read for it. `repeats`: deliveries after the first that may stand for a change of their own.
    """

    __tablename__ = "wecom_inbox"
    __table_args__ = (
        Index("ix_wecom_inbox_pending", "id", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_wecom_inbox_pending_user", text("(fields ->> 'UserID')"), postgresql_where=text("status = 'pending'")
        ),
    )

    dedupe_key: Mapped[str] = mapped_column(unique=True)
    event: Mapped[str]
    change_type: Mapped[str] = mapped_column(server_default="")
    fields: Mapped[dict[str, Any]]
    raw: Mapped[str]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    error: Mapped[str | None]
    read_at: Mapped[datetime | None]
    repeats: Mapped[int] = mapped_column(server_default="0")
    handled_at: Mapped[datetime | None]


class WecomOutbox(HasId, Base):
    """A call that changes the world, written down before it is made.

    status: planned -> sending -> done | refused | unknown. `unknown`: a crash fell between call and record;
    it is resolved by asking WeCom, never by sending again blindly. `due_at` is the database's own time, not the
    platform's: when the next attempt or question is due. `outcome`: known, but those who want to know could not be
    told yet. `asked`: how often WeCom was asked about an unknown one.
    """

    __tablename__ = "wecom_outbox"
    __table_args__ = (
        Index("ix_wecom_outbox_open", "id", postgresql_where=text("status in ('planned', 'sending', 'unknown')")),
    )

    kind: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(server_default="planned")
    attempts: Mapped[int] = mapped_column(server_default="0")
    errcode: Mapped[int | None]
    error: Mapped[str | None]
    result: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    outcome: Mapped[dict[str, Any] | None]
    asked: Mapped[int] = mapped_column(server_default="0")
    not_after: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class WecomSyncRun(HasId, Base):
    """A full sync: resumable, with counts and what it corrected. kind: full (asked for), scheduled. status: running, done,
    failed."""

    __tablename__ = "wecom_sync_run"

    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="running")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    progress: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    error: Mapped[str | None]


class MediaFile(HasId, HasCreatedAt, Base):
    """An uploaded picture, kept in the data folder by its SHA-256; `media_id` lives three days at WeCom."""

    __tablename__ = "media_file"

    sha256: Mapped[str] = mapped_column(unique=True)
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    media_id: Mapped[str | None]
    media_expires_at: Mapped[datetime | None]
