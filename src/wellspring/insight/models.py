"""What insight keeps: the population that scores are measured against, fitted models, the stage of each customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasId


class FeaturePopulation(HasId, Base):
    """Cut points and medians over all buyers (`Population`). `facts`: how many orders and refunds the
    warehouse then held."""

    __tablename__ = "feature_population"

    measured_at: Mapped[datetime]
    facts: Mapped[int]
    measured: Mapped[dict[str, Any]]


class LifetimeValueModel(HasId, Base):
    """One fit, or one that was refused. status: fitted, refused; `reason` says why. The newest fitted one is in force.

    `fitted`: parameters of both models, log-likelihoods, how the fit went, outlook; `back_test`: as `BackTest`
    dumps it, null when the held-out fit was refused (`back_test_reason`).
    """

    __tablename__ = "lifetime_value_model"
    __table_args__ = (Index(None, "status", "id"),)

    status: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime]
    by: Mapped[str]
    seconds: Mapped[float]
    fitted: Mapped[dict[str, Any] | None]
    back_test: Mapped[dict[str, Any] | None]
    back_test_reason: Mapped[str] = mapped_column(server_default="")


class CustomerStage(Base):
    """Where each customer stands, as last found; written only where it changed."""

    __tablename__ = "customer_stage"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    lifecycle_stage: Mapped[str] = mapped_column(index=True)
    rfm_group: Mapped[str]
    changed_at: Mapped[datetime]


class StageMark(Base):
    """Up to which build and which single computations of the wide table the stages are told. One row, name `stages`.
    `fresh_rows`: how many such there were, because one pass of the loader writes several batches of one version."""

    __tablename__ = "stage_mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    settled: Mapped[str] = mapped_column(server_default=text("''"))
    fresh: Mapped[int] = mapped_column(server_default=text("0"))
    fresh_rows: Mapped[int] = mapped_column(server_default=text("0"))
