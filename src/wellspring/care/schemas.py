"""The shapes of care's HTTP interface."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from wellspring.care.rules import MAX_TOUCHES_LIMIT, WINDOW_DAYS_LIMIT, Purpose


class CapView(BaseModel):
    """A cap and its use. `updated_at` is null while the default is in force; `default` says what that is."""

    purpose: Purpose
    max_touches: int
    window_days: int
    enabled: bool
    updated_at: datetime | None
    open: int = Field(description="Reserved, not settled yet")
    spent_in_window: int = Field(description="Arrived within the last window_days days")
    at_cap: int = Field(description="Customers who would be refused now")
    default_max_touches: int
    default_window_days: int
    default_enabled: bool


class PolicyView(BaseModel):
    caps: list[CapView]
    as_of: datetime


class CapChange(BaseModel):
    purpose: Purpose
    max_touches: int = Field(ge=0, le=MAX_TOUCHES_LIMIT)
    window_days: int = Field(ge=1, le=WINDOW_DAYS_LIMIT)
    enabled: bool


class PolicyChange(BaseModel):
    """Purposes that are left out stay as they are."""

    caps: list[CapChange] = Field(min_length=1, max_length=3)


class ReasonView(BaseModel):
    code: str
    stage: Literal["withheld", "refused"]
    text: str = Field(description="In the caller's language")
    zh: str
    en: str
