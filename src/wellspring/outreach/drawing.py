"""Who is in the control group of a broadcast."""

from __future__ import annotations

from collections.abc import Callable

from wellspring.insight.facade import arm
from wellspring.outreach.models import Broadcast
from wellspring.outreach.rules import Arm


def arm_of(broadcast: Broadcast) -> Callable[[int], Arm]:
    """The draw of a broadcast: fixed per customer, whoever asks and however often."""
    experiment, percent = broadcast.experiment, broadcast.control_percent
    return lambda customer_id: arm(experiment, customer_id, percent)
