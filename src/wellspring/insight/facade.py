"""All that other domains may use of insight.

Results: `difference_of_rates`, `difference_of_means`, `customers_needed`, `still_needed`. Arms: `arm`.
Home page: `register_next_step(provider)` with `NextStep`, `StepContext`.
Analyses: `register_state_names(names)`, what a channel state is called.
Features: `own_acts`, `register_own_act(kind)`, which events are a customer's own doing.
"""

from __future__ import annotations

from wellspring.insight.analysis.funnel import register_state_names
from wellspring.insight.assignment import Arm, arm
from wellspring.insight.features.acts import own_acts, register_own_act
from wellspring.insight.home.steps import NextStep, StepContext, register_next_step
from wellspring.insight.uplift import (
    Estimate,
    Needed,
    Rate,
    Sums,
    customers_needed,
    difference_of_means,
    difference_of_rates,
    still_needed,
)

__all__ = [
    "Arm",
    "Estimate",
    "Needed",
    "NextStep",
    "Rate",
    "StepContext",
    "Sums",
    "arm",
    "customers_needed",
    "difference_of_means",
    "difference_of_rates",
    "own_acts",
    "register_next_step",
    "register_own_act",
    "register_state_names",
    "still_needed",
]
