"""What insight adds to the platform at start: next steps, features with their parameters, jobs and ticks."""

from __future__ import annotations

from wellspring.insight import jobs  # noqa: F401 - declares them
from wellspring.insight.features.catalogue import register_features
from wellspring.insight.features.population import wide_parameters
from wellspring.insight.home.steps import register_own
from wellspring.platform.warehouse.wide_columns import register_wide_parameters


def register() -> None:
    """Called once per process, before anything is served."""
    register_own()
    register_features()
    register_wide_parameters(wide_parameters)
