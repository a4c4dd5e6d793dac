"""Days of Asia/Shanghai, as statistics count them."""

from datetime import date, datetime

from wecom_sim.clock import SHANGHAI
from wecom_sim.errors import WireError

LATEST = 32_503_680_000  # the year 3000


def day_of(stamp: int) -> date:
    """The day of a Unix time that a caller gave. Raises 40058 for what is no time."""
    if not 0 <= stamp < LATEST:
        raise WireError(40058, "not a Unix time")
    return datetime.fromtimestamp(stamp, SHANGHAI).date()
