"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class FigureView(BaseModel):
    """`value` null: nothing to measure. `compared`: the same weekday last week up to the same time of day (for
    loss_rate: the rate a week ago). `series`: the last 14 days, oldest first, today last. Amounts in fen."""

    name: str
    unit: Literal["friends", "customers", "orders", "fen", "per_mille"]
    value: float | None
    compared: float | None
    of: float | None
    target: float | None
    series: list[float]


class StoreRowView(BaseModel):
    store_id: int
    name: str
    city: str
    friends: int
    new_friends: int
    losses: int
    loss_rate: float | None
    orders: int
    sales_fen: int


class NextStepView(BaseModel):
    code: str
    tone: Literal["setup", "needs_you", "offer"]
    title: str
    detail: str
    action: str
    link: str


class HomeView(BaseModel):
    """`as_of`: how fresh all figures are, by the platform's clock `now`; null: nothing was loaded yet."""

    now: datetime
    as_of: datetime | None
    behind_seconds: float | None
    figures: list[FigureView]
    stores: list[StoreRowView]
    next_steps: list[NextStepView]
    loss_target: float
