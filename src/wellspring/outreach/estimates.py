"""What a control group will be able to tell, without any I/O."""

from __future__ import annotations

import math

Z_95 = 1.959964
Z_POWER_80 = 0.841621
"""Quantiles of the normal distribution for 95 % two-sided confidence and 80 % power."""


def detectable_difference(treated: int, control: int, base_rate: float) -> float | None:
    """The smallest difference of rates that arms of these sizes tell from chance with 80 % power, around a rate
    of `base_rate`; None with an empty arm."""
    if not treated or not control:
        return None
    # A rate of exactly 0 or 1 would promise to see anything: at least half a customer is assumed either way.
    floor = 0.5 / (treated + control)
    rate = min(max(base_rate, floor), 1 - floor)
    return (Z_95 + Z_POWER_80) * math.sqrt(rate * (1 - rate) * (1 / treated + 1 / control))
