"""What analyses send over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from wellspring.insight.metrics import Unit

T = TypeVar("T")


class MetricView(BaseModel):
    """A figure of the product: what it is called, what it counts, how. `unit`: rate is a share 0..1, money is in fen."""

    name: str
    unit: Unit
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula: str
    source: str


class Answer(BaseModel, Generic[T]):
    """`as_of`: how fresh the facts are, by the platform's clock `now`; null: nothing was loaded yet."""

    now: datetime
    as_of: datetime | None
    behind_seconds: float | None
    found: T
