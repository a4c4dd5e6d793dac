"""All that other domains may import from insight."""

from __future__ import annotations

from wellspring.insight.assignment import arm
from wellspring.insight.uplift import Estimate, Rate, difference_of_rates

__all__ = ["Estimate", "Rate", "arm", "difference_of_rates"]
