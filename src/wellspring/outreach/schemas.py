"""The shapes of outreach's HTTP interface."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from wellspring.care.facade import Purpose
from wellspring.outreach.content import Content

BroadcastStatus = Literal["draft", "planning", "sending", "cancelling", "finished", "cancelled", "failed"]
TaskStatus = Literal["planned", "created", "confirmed", "cancelling", "cancelled", "refused"]


class BroadcastWish(BaseModel):
    """A draft as the operator writes it. Limits of the content are checked with the field named."""

    name: str = Field(max_length=200)
    segment_id: int
    purpose: Purpose = Purpose.MARKETING
    content: Content
    control_percent: int = Field(10, description="0 to 50: share of the reachable who get nothing, to compare with")
    result_days: int = Field(7, description="1 to 90: how long after submission orders count")


class TouchReasonCount(BaseModel):
    code: str
    text: str = Field(description="In the caller's language")
    stage: Literal["withheld", "refused"]
    customers: int


class TallyView(BaseModel):
    """audience = control + treated + those outside (not a friend when the arms were drawn)."""

    audience: int
    treated: int
    control: int
    waiting: int
    delivered: int
    refused: int
    withheld: int


class TaskTally(BaseModel):
    """Mass messages of a broadcast: in all, waiting for staff, confirmed, and ended without being sent."""

    total: int
    waiting: int
    confirmed: int
    ended: int


class BroadcastRow(BaseModel):
    id: int
    name: str
    segment_id: int
    segment_name: str
    purpose: Purpose
    status: BroadcastStatus
    control_percent: int
    result_days: int
    created_at: datetime
    created_by: str
    submitted_at: datetime | None
    finished_at: datetime | None
    result_until: datetime | None = Field(description="Until then orders count for the result")
    error: str | None = Field(description="What holds it up, or why it failed: a code")
    counts: TallyView
    tasks: TaskTally


class BroadcastDetail(BroadcastRow):
    content: Content
    segment_sentence: str
    reasons: list[TouchReasonCount]
    may_cancel: bool


class StaffWork(BaseModel):
    staff_id: int
    name: str
    store_id: int | None
    store_name: str | None
    customers: int
    tasks: int


class RehearsalView(BaseModel):
    """audience = receive + the sum over reasons."""

    audience: int
    receive: int
    control: int
    treated: int
    reasons: list[TouchReasonCount]
    staff: list[StaffWork]
    example_customer: str | None
    detectable: float | None = Field(
        description="Smallest difference of order rates that can be told from chance with 80 % power; null without a"
        " control group"
    )
    base_rate: float | None = Field(description="Share of the audience that ordered in the last result_days days")
    as_of: datetime = Field(description="How fresh the audience is")
    at: datetime


class TaskRow(BaseModel):
    """One mass message of one staff member. `customers` = waiting + delivered + refused."""

    id: int
    broadcast_id: int
    broadcast_name: str
    staff_id: int
    staff_name: str
    store_name: str | None
    part: int
    status: TaskStatus
    customers: int
    waiting: int
    delivered: int
    refused: int
    created_at: datetime
    confirmed_at: datetime | None
    settled_at: datetime | None
    reminders: list[datetime]
    reminder_possible_after: datetime | None = Field(description="Null: a reminder is possible now")
    error: str | None


class TouchRow(BaseModel):
    id: int
    customer_id: int
    customer_name: str
    staff_id: int | None
    staff_name: str | None
    arm: Literal["treated", "control", "outside"]
    status: Literal["assigned", "tasked", "confirmed", "delivered", "refused", "withheld"]
    reason: str
    reason_text: str
    assigned_at: datetime
    settled_at: datetime | None


class DifferenceView(BaseModel):
    """treated minus control with its 95 % interval. `decided`: the interval leaves out zero; otherwise it is too
    small to tell. Low and high are null where there are too few customers to know even that."""

    point: float
    low: float | None
    high: float | None
    decided: bool


class ArmResult(BaseModel):
    customers: int
    buyers: int = Field(description="Customers with at least one order in the window")
    rate: float
    orders: int
    sales_fen: int = Field(description="Goods of the window's orders minus goods of their refunds in it")
    sales_per_customer_fen: float
    deleters: int = Field(description="Customers who deleted a staff member in the window")


class DayPoint(BaseModel):
    """`day` days after submission (the last one may still be running): cumulative order rate of each arm."""

    day: int
    at: datetime
    treated: float
    control: float | None


class ResultView(BaseModel):
    """Everybody assigned to treatment, delivered or not, against the control group."""

    broadcast_id: int
    name: str
    running: bool
    since: datetime
    counted_until: datetime
    window_end: datetime
    treated: ArmResult
    control: ArmResult
    rate: DifferenceView | None = Field(description="Of order rates, as a fraction; null without a control group")
    sales_per_customer_fen: DifferenceView | None
    deletions: DifferenceView | None = Field(description="Of the share of customers who deleted a staff member")
    needed_customers: int | None = Field(
        description="Customers in both arms, split as here, at which a difference of this size would be told from"
        " chance with 80 % power; null when it is decided, or when there is none"
    )
    delivered: int
    not_delivered: int
    outside: int
    in_both: int = Field(description="Left out: a merge has put them into both arms")
    daily: list[DayPoint]
    complete: bool = Field(description="False while the warehouse does not hold all touches yet")
    as_of: datetime | None
