"""Caps and the ledger of attention that was reserved, spent or given back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasId


class CareCap(HasId, Base):
    """At most `max_touches` of a purpose per customer in `window_days` rolling days."""

    __tablename__ = "care_cap"

    purpose: Mapped[str] = mapped_column(unique=True)
    max_touches: Mapped[int]
    window_days: Mapped[int]
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    updated_at: Mapped[datetime]


class CareReservation(HasId, Base):
    """One unit of a customer's attention. state: reserved, spent, released (the touch failed).
    `reference` names the touch and makes a repeated reservation the same one."""

    __tablename__ = "care_reservation"
    __table_args__ = (Index(None, "customer_id", "purpose", "at"),)

    customer_id: Mapped[int]
    purpose: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="reserved")
    settled_at: Mapped[datetime | None]
