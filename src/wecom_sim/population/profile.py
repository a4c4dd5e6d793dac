"""How a day's acts spread over its hours (Asia/Shanghai)."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from wecom_sim.clock import SHANGHAI, midnight
from wecom_sim.population.parameters import Parameters

DAY = 86400


class Profile:
    """The share of a day's acts that has happened at a moment, and back."""

    def __init__(self, parameters: Parameters) -> None:
        sums = np.concatenate([[0.0], np.cumsum(np.array(parameters.hours, dtype=float))])
        self._shares: NDArray[np.float64] = sums / sums[-1]
        self._marks: NDArray[np.float64] = np.arange(25) / 24.0
        self._weekday = parameters.weekday

    def share_until(self, at: float) -> float:
        return float(np.interp((at - midnight(at)) / DAY, self._marks, self._shares))

    def moments(self, start: float, draws: NDArray[np.float64]) -> list[float]:
        """Moments from `start` to the end of its day, in the day's rhythm."""
        begun = self.share_until(start)
        parts = np.interp(begun + draws * (1 - begun), self._shares, self._marks)
        found: list[float] = (midnight(start) + parts * DAY).tolist()
        return found

    def weekday_factor(self, at: float) -> float:
        return self._weekday[datetime.fromtimestamp(at, SHANGHAI).weekday()]

    def days_between(self, start: float, end: float) -> float:
        """Days' worth of acts between two moments: rhythm and weekday counted in."""
        total, at = 0.0, start
        while at < end:
            close = midnight(at) + DAY
            until = 1.0 if end >= close else self.share_until(end)
            total += self.weekday_factor(at) * (until - self.share_until(at))
            at = close
        return total
