"""What the home page offers to do about broadcasts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Integer, cast, func, select

from wellspring.insight.facade import NextStep, StepContext
from wellspring.outreach.models import Broadcast, BroadcastTask
from wellspring.outreach.scopes import broadcasts_in_scope, tasks_in_scope

RESULT_IS_NEWS = timedelta(days=3)
"""How long after its window a result is offered on the home page."""
WINDOW_ENDS = Broadcast.submitted_at + func.make_interval(0, 0, 0, cast(Broadcast.result_days, Integer))


def tasks_wait(context: StepContext) -> NextStep | None:
    """Tasks that wait for a staff member to confirm."""
    if not context.actor.may("outreach.task.read"):
        return None
    tasks, staff, customers = context.session.execute(
        select(
            func.count(),
            func.count(BroadcastTask.staff_id.distinct()),
            func.coalesce(func.sum(BroadcastTask.customers), 0),
        ).where(BroadcastTask.status == "created", tasks_in_scope(context.actor.scope))
    ).one()
    if not tasks:
        return None
    return NextStep(
        "BROADCAST_TASKS_WAIT",
        "needs_you",
        (f"{staff} 位同事还没确认群发", f"Broadcasts wait for {staff} staff to confirm"),
        (
            f"{tasks} 个任务、{int(customers)} 位客户在等；同事在企业微信里点发送才会发出。",
            f"{tasks} tasks to {int(customers)} customers; nothing leaves before the staff send it in WeCom.",
        ),
        ("看看是谁", "See who"),
        "/outreach/tasks?status=created",
    )


def result_ready(context: StepContext) -> NextStep | None:
    """A broadcast whose window has ended lately."""
    if not context.actor.may("outreach.broadcast.read"):
        return None
    found = context.session.execute(
        select(Broadcast.id, Broadcast.name)
        .where(
            Broadcast.status.in_(("sending", "finished")),
            Broadcast.control_percent > 0,
            context.now >= WINDOW_ENDS,
            context.now < WINDOW_ENDS + RESULT_IS_NEWS,
            broadcasts_in_scope(context.actor.scope),
        )
        .order_by(Broadcast.submitted_at.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    return NextStep(
        "BROADCAST_RESULT_READY",
        "offer",
        (f"「{found.name}」的效果出来了", f"The result of “{found.name}” is there"),
        ("和没收到的对照组比，多带来了多少下单的人。", "How many more people ordered than in the control group."),
        ("看效果", "See it"),
        f"/outreach/broadcasts/{found.id}/result",
    )
