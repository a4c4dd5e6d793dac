"""What outreach adds to the platform at start: jobs, ticks, warehouse feeds, handlers."""

from __future__ import annotations

from wellspring.insight.facade import register_next_step
from wellspring.outreach import jobs as jobs
from wellspring.outreach import lifecycle, next_steps
from wellspring.outreach.touch_leaf import register_touch_leaf
from wellspring.people.facade import register_customer_reference
from wellspring.platform.warehouse import Feed, register_feed
from wellspring.wecom.facade import on_settled

TOUCHES = Feed(
    table="touches",
    source_table="touch",
    columns=("id", "customer_id", "broadcast_id", "arm", "status", "reason", "assigned_at", "settled_at"),
    select="select t.id, t.customer_id, t.broadcast_id, t.arm, t.status, t.reason, t.assigned_at, t.settled_at"
    " from touch t",
)


def register() -> None:
    """Called once per process, before anything is served."""
    register_feed(TOUCHES)
    register_touch_leaf()
    register_customer_reference("touch", "customer_id")
    on_settled("mass_message", lifecycle.mass_message_settled)
    on_settled("mass_message_cancel", lifecycle.cancel_settled)
    on_settled("mass_message_remind", lifecycle.remind_settled)
    register_next_step(next_steps.tasks_wait)
    register_next_step(next_steps.result_ready)
