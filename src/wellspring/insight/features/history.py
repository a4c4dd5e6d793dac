"""What is known about one customer, frozen: what `Feature.value` computes from.

Money in fen, instants aware UTC cut to milliseconds, as the warehouse keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderMade:
    placed_at: datetime
    total_fen: int
    store_id: int = 0


@dataclass(frozen=True, slots=True)
class RefundMade:
    refunded_at: datetime
    total_fen: int


@dataclass(frozen=True, slots=True)
class LineBought:
    placed_at: datetime
    category: str
    kind: str = "goods"


@dataclass(frozen=True, slots=True)
class Friendship:
    staff_id: int
    status: str
    added_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the timeline."""

    kind: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TouchMade:
    """`settled_at`: when its result was known; a delivered touch without one counts from `assigned_at`."""

    status: str
    assigned_at: datetime
    settled_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.settled_at or self.assigned_at


@dataclass(frozen=True, slots=True)
class History:
    customer_id: int
    has_mobile: bool = False
    orders: tuple[OrderMade, ...] = ()
    refunds: tuple[RefundMade, ...] = ()
    lines: tuple[LineBought, ...] = ()
    friendships: tuple[Friendship, ...] = ()
    events: tuple[Happening, ...] = ()
    touches: tuple[TouchMade, ...] = ()
