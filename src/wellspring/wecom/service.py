"""What an operator does with the connection: look, decide. The test is in rights.py, the guide in guide.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.runtime import Platform
from wellspring.wecom.company import callback_url, company_row, is_connected
from wellspring.wecom.models import WecomInbox, WecomOutbox, WecomSyncRun
from wellspring.wecom.outbox import sending
from wellspring.wecom.outbox.plan import SEND_JOB
from wellspring.wecom.refusals import NotOpen
from wellspring.wecom.schemas import (
    CompanyConnection,
    OutboxDecision,
    OutboxEntry,
    SyncRun,
    WecomStatus,
)

SECRET_FIELDS = ("welcome_code",)
REFERENCES = {"mass_message": "msgid", "contact_way_add": "config_id"}
STAGES = ("departments", "users", "follow_users", "tags", "customers", "groups")


def connection(session: Session, platform: Platform) -> CompanyConnection:
    row = company_row(session)
    if row is None:
        return CompanyConnection(connected=False, callback_url=callback_url(platform))
    return CompanyConnection(
        connected=is_connected(row),
        corp_id=row.corp_id,
        name=row.name,
        agent_id=row.agent_id,
        base_url=row.base_url,
        secret_set=bool(row.app_secret_sealed),
        token_set=bool(row.callback_token_sealed),
        aes_key_set=bool(row.callback_aes_key_sealed),
        callback_url=callback_url(platform),
        callback_tolerance_seconds=row.callback_tolerance_seconds,
        sign_in_base_url=row.sign_in_base_url,
        domain_proof=row.domain_proof,
        callback_verified_at=row.callback_verified_at,
        connected_at=row.connected_at,
        last_full_sync_at=row.last_full_sync_at,
        last_error=row.last_error,
    )


def sync_run(session: Session, row: WecomSyncRun) -> SyncRun:
    done_before = exists().where(WecomSyncRun.id < row.id, WecomSyncRun.status == "done")
    return SyncRun(
        id=row.id,
        first=not session.scalar(select(done_before)),
        status=row.status,
        stage=row.progress.get("stage", ""),
        kind="scheduled" if row.kind == "scheduled" else "full",
        counts=row.progress.get("counts", {}),
        corrections={word: count for word, count in row.progress.get("corrections", {}).items() if count},
        skipped=row.progress.get("skipped", {}),
        progress=_share(row),
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
    )


def _share(row: WecomSyncRun) -> float:
    """Each stage a sixth; within users by departments, within customers by members."""
    progress = row.progress
    stage = progress.get("stage", "")
    if stage not in STAGES:
        return 1.0
    within = 0.0
    if stage == "users":
        within = progress.get("done", 0) / max(1, len(progress["departments"]))
    elif stage == "customers":
        members = {
            done: sum(len(g["userids"]) for g in progress["groups"] if g["done"] == done) for done in (True, False)
        }
        within = members[True] / max(1, sum(members.values()))
    return round((STAGES.index(stage) + within) / len(STAGES), 3)


def latest_sync(session: Session) -> WecomSyncRun | None:
    return session.scalar(select(WecomSyncRun).order_by(WecomSyncRun.id.desc()).limit(1))


def status(session: Session) -> WecomStatus:
    company = company_row(session)
    latest = latest_sync(session)
    inbox: dict[str, int] = dict(
        session.execute(
            select(WecomInbox.status, func.count())
            .where(WecomInbox.status.in_(("pending", "failed")))
            .group_by(WecomInbox.status)
        ).all()
    )
    outbox: dict[str, int] = dict(
        session.execute(
            select(WecomOutbox.status, func.count())
            .where(WecomOutbox.status.in_(sending.OPEN))
            .group_by(WecomOutbox.status)
        ).all()
    )
    return WecomStatus(
        connected=is_connected(company),
        company_name=company.name if company else "",
        last_full_sync_at=company.last_full_sync_at if company else None,
        sync_running=latest is not None and latest.status == "running",
        last_callback_at=session.scalar(select(WecomInbox.received_at).order_by(WecomInbox.id.desc()).limit(1)),
        inbox_pending=inbox.get("pending", 0),
        inbox_failed=inbox.get("failed", 0),
        outbox_open=sum(outbox.values()),
        outbox_unknown=outbox.get("unknown", 0),
    )


def outbox_entry(row: WecomOutbox) -> OutboxEntry:
    entry = OutboxEntry.model_validate(row)
    return entry.model_copy(update={"payload": {k: v for k, v in entry.payload.items() if k not in SECRET_FIELDS}})


def decide_outbox(
    session: Session, platform: Platform, actor: Actor, outbox_id: int, wish: OutboxDecision
) -> OutboxEntry:
    """A person settles a call of unknown outcome. Raises NotOpen for any other."""
    row = session.get(WecomOutbox, outbox_id, with_for_update=True)
    if row is None:
        raise NotFound(what="调用 call")
    if row.status != "unknown":
        raise NotOpen(status=row.status)
    needed = REFERENCES.get(row.kind)
    if wish.decision == "took_effect" and needed and not wish.reference:
        raise Invalid(field="reference", zh=f"请填写企业微信侧的 {needed}。", en=f"WeCom's {needed} is needed.")
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="wecom.outbox.decide",
        object_type="wecom_outbox",
        object_id=row.id,
        decision=wish.decision,
        reference=wish.reference or "",
    )
    if wish.decision == "took_effect":
        result: dict[str, Any] = {needed: wish.reference} if needed else {}
        sending.settle(session, platform, row, status="done", result=result)
    elif wish.decision == "had_no_effect":
        sending.settle(session, platform, row, status="refused", error="no_effect_by_decision")
    else:
        row.status, row.error, row.asked, row.result = "planned", None, 0, {}
        platform.jobs.defer(session, SEND_JOB, outbox_id=row.id)
    session.flush()
    return outbox_entry(row)
