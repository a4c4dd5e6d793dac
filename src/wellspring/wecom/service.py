"""What an operator does with the connection: look, test, decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid, Language, NotFound
from wellspring.platform.runtime import Platform
from wellspring.wecom.client import WecomClient
from wellspring.wecom.company import callback_url, company_row, get_client
from wellspring.wecom.errors import GiveUp, NotConnected, SlowDown, Unreachable, WecomError
from wellspring.wecom.models import WecomInbox, WecomOutbox, WecomSyncRun
from wellspring.wecom.outbox import sending
from wellspring.wecom.outbox.plan import SEND_JOB
from wellspring.wecom.refusals import NotOpen
from wellspring.wecom.schemas import (
    Check,
    CheckName,
    CompanyConnection,
    ConnectionTest,
    OutboxDecision,
    OutboxEntry,
    SyncRun,
    WecomStatus,
)

SECRET_FIELDS = ("welcome_code",)
REFERENCES = {"mass_message": "msgid", "contact_way_add": "config_id"}
STAGES = ("departments", "users", "follow_users", "tags", "customers")

REASONS: dict[str, tuple[str, str]] = {
    "wrong_secret": ("Secret 不对，或应用已停用。", "The secret is wrong, or the app is disabled."),
    "wrong_corp_id": ("企业 ID 不对。", "The corp id is wrong."),
    "no_right": ("这个应用没有该接口的权限。", "The app lacks the right for this."),
    "no_right_on_member": ("应用的可见范围不含这些成员。", "The members are outside the app's visible range."),
    "no_such_department": ("应用的可见范围里没有部门。", "There is no department in the app's visible range."),
    "ip_not_trusted": (
        "本机 IP 不在应用的企业可信 IP 里。",
        "This machine's address is not among the app's trusted addresses.",
    ),
    "unreachable": ("连不上企业微信的接口地址。", "WeCom's API address can't be reached."),
    "slow_down": ("调用太频繁，被企业微信限制。", "WeCom limits the frequency of calls."),
    "not_connected": ("还没有保存连接设置。", "No connection has been saved."),
}


def connection(session: Session, platform: Platform) -> CompanyConnection:
    row = company_row(session)
    if row is None:
        return CompanyConnection(connected=False, callback_url=callback_url(platform))
    return CompanyConnection(
        connected=True,
        corp_id=row.corp_id,
        name=row.name,
        agent_id=row.agent_id,
        base_url=row.base_url,
        secret_set=bool(row.app_secret_sealed),
        token_set=bool(row.callback_token_sealed),
        aes_key_set=bool(row.callback_aes_key_sealed),
        callback_url=callback_url(platform),
        callback_tolerance_seconds=row.callback_tolerance_seconds,
        connected_at=row.connected_at,
        last_full_sync_at=row.last_full_sync_at,
        last_error=row.last_error,
    )


def test_connection(platform: Platform, language: Language) -> ConnectionTest:
    """A token, and one read of each right the product needs. Calls WeCom: outside any transaction."""
    tries: list[tuple[CheckName, Callable[[WecomClient], int | None]]] = [
        ("token", _try_token),
        ("departments", lambda client: len(client.directory.departments())),
        ("follow_users", lambda client: len(client.customers.follow_users())),
        ("tags", lambda client: sum(len(group.tag) for group in client.tags.groups())),
    ]
    checks: list[Check] = []
    for name, attempt in tries:
        try:
            checks.append(Check(name=name, works=True, count=attempt(get_client(platform))))
        except WecomError as error:
            reason = _reason(error)
            zh, en = REASONS.get(reason, (f"企业微信拒绝：{reason}。", f"WeCom refused: {reason}."))
            checks.append(Check(name=name, works=False, reason=reason, message=zh if language == "zh" else en))
            if name == "token":
                break
    return ConnectionTest(works=len(checks) == len(tries) and all(check.works for check in checks), checks=checks)


def _try_token(client: WecomClient) -> None:
    """The cheapest call that needs a token and no right."""
    client.addresses.callback_ips()


def _reason(error: WecomError) -> str:
    if isinstance(error, GiveUp):
        return error.reason
    if isinstance(error, NotConnected):
        return "not_connected"
    if isinstance(error, Unreachable):
        return "unreachable"
    if isinstance(error, SlowDown):
        return "slow_down"
    return f"errcode_{error.errcode}"


def sync_run(row: WecomSyncRun) -> SyncRun:
    return SyncRun(
        id=row.id,
        status=row.status,
        stage=row.progress.get("stage", ""),
        counts=row.progress.get("counts", {}),
        progress=_share(row),
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
    )


def _share(row: WecomSyncRun) -> float:
    """Each stage a fifth; within users by departments, within customers by members."""
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
        connected=company is not None,
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
