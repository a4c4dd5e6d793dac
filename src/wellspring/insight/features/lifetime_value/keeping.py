"""Fitted models in PostgreSQL: the one in force, and the rows that the page shows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel
from wellspring.insight.features.lifetime_value.gamma_gamma import SpendingModel
from wellspring.insight.features.lifetime_value.model import LifetimeModel
from wellspring.insight.models import LifetimeValueModel


def newest(session: Session, *, status: str | None = None, offset: int = 0) -> LifetimeValueModel | None:
    query = select(LifetimeValueModel).order_by(LifetimeValueModel.id.desc()).offset(offset).limit(1)
    if status is not None:
        query = query.where(LifetimeValueModel.status == status)
    return session.scalar(query)


def model_in_force(session: Session, *, before: int = 0) -> LifetimeModel | None:
    """The newest fitted model; `before`: so many fits earlier."""
    row = newest(session, status="fitted", offset=before)
    if row is None or row.fitted is None:
        return None
    return LifetimeModel(
        PurchaseModel(**row.fitted["purchases"]), SpendingModel(**row.fitted["spending"]), row.fitted["grid_weeks"]
    )
