"""What the home page should say about live codes."""

from __future__ import annotations

from sqlalchemy import func, select, true

from wellspring.acquisition.models import LiveCode, LiveCodeStaff
from wellspring.acquisition.service import codes_in_scope
from wellspring.insight.facade import NextStep, StepContext
from wellspring.people import facade as people
from wellspring.wecom import facade as wecom

WRITE = "acquisition.code.write"


def first_live_code(context: StepContext) -> NextStep | None:
    """Only once WeCom is connected: before that a code can't get its QR."""
    if not context.actor.may(WRITE) or wecom.company(context.session) is None:
        return None
    mine = codes_in_scope(context.actor.scope)
    if context.session.scalar(select(LiveCode.id).where(true() if mine is None else mine).limit(1)) is not None:
        return None
    return NextStep(
        "MAKE_LIVE_CODE",
        "offer",
        ("还没有渠道活码", "There is no live code yet"),
        (
            "建一个活码，扫码的人会自动打标签、收到欢迎语，还知道是从哪里来的。",
            "Who scans a live code is tagged and welcomed, and you know where they came from.",
        ),
        ("新建活码", "Make one"),
        "/acquisition/live-codes?code=new",
    )


def codes_that_failed(context: StepContext) -> NextStep | None:
    """WeCom refused a code or a change of it."""
    if not context.actor.may(WRITE):
        return None
    mine = codes_in_scope(context.actor.scope)
    failed = context.session.execute(
        select(LiveCode.id, LiveCode.name)
        .where(LiveCode.error.is_not(None), LiveCode.archived_at.is_(None), true() if mine is None else mine)
        .order_by(LiveCode.id)
    ).all()
    if not failed:
        return None
    first_id, first_name = failed[0]
    zh = f"活码「{first_name}」没有办成" if len(failed) == 1 else f"{len(failed)} 个活码没有办成"
    en = f"The live code “{first_name}” was refused" if len(failed) == 1 else f"{len(failed)} live codes were refused"
    return NextStep(
        "LIVE_CODE_REFUSED",
        "needs_you",
        (zh, en),
        ("企业微信没有接受，打开看原因，改好后再试一次。", "WeCom did not accept: see why, mend it, try again."),
        ("去处理", "Mend it"),
        f"/acquisition/live-codes?code={first_id}",
    )


def codes_without_receivers(context: StepContext) -> NextStep | None:
    """A code behind which nobody may receive any more: whoever scans it finds nobody."""
    if not context.actor.may(WRITE):
        return None
    mine = codes_in_scope(context.actor.scope)
    may_receive = func.bool_or((people.StaffMember.status == "active") & people.StaffMember.may_contact)
    lonely = context.session.execute(
        select(LiveCode.id, LiveCode.name)
        .join(LiveCodeStaff, LiveCodeStaff.live_code_id == LiveCode.id)
        .join(people.StaffMember, people.StaffMember.id == LiveCodeStaff.staff_id)
        .where(LiveCode.archived_at.is_(None), true() if mine is None else mine)
        .group_by(LiveCode.id, LiveCode.name)
        .having(~may_receive)
        .order_by(LiveCode.id)
    ).first()
    if lonely is None:
        return None
    return NextStep(
        "LIVE_CODE_NOBODY",
        "needs_you",
        (f"活码「{lonely[1]}」后面没有人能接客户", f"Nobody behind the live code “{lonely[1]}” can receive"),
        ("接待的同事离职、停用或没有权限了，换上能接的人。", "Its staff left or lost the right: put others behind it."),
        ("换人", "Change staff"),
        f"/acquisition/live-codes?code={lonely[0]}",
    )
