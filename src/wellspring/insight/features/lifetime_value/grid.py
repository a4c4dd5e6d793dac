"""The grid of expected purchases that columns look up, one per fitted model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wellspring.insight.features.lifetime_value.model import HORIZONS, MOST_REPEATS, LifetimeModel
from wellspring.platform.warehouse.client import Warehouse

WEEKS_AHEAD = 53
"""So far beyond the observed weeks the grid reaches: a model is fitted anew long before."""
COLUMNS = ("model", "x", "weeks", "purchases_90", "purchases_365")


def grid_rows(model: LifetimeModel) -> list[tuple[int, int, int, float, float]]:
    x, weeks = (
        one.ravel() for one in np.meshgrid(np.arange(MOST_REPEATS + 1), np.arange(model.grid_weeks + 1), indexing="ij")
    )
    short, long = (model.purchases.purchases_if_alive(x, weeks, days / 7) for days in HORIZONS)
    return [(model.key, int(a), int(b), float(c), float(d)) for a, b, c, d in zip(x, weeks, short, long, strict=True)]


def ensure_grid(warehouse: Warehouse, model: LifetimeModel) -> None:
    """Put the model's grid into the warehouse unless it is there: after a fit, and after the warehouse was made anew."""
    there = "select count() from lifetime_value_grid where model = {model:Int64}"
    if not warehouse.scalar(there, {"model": model.key}):
        warehouse.insert("lifetime_value_grid", COLUMNS, grid_rows(model))


def forget_grids(warehouse: Warehouse, *, keep: Sequence[LifetimeModel]) -> None:
    """Grids of all models but these: the one in force, and the one before it, which a build under way may still name."""
    keys = ", ".join(str(model.key) for model in keep)
    warehouse.command(f"alter table lifetime_value_grid delete where model not in ({keys})")
