"""Who is treated and who is left out to know the difference: a pure function of experiment and customer."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

Arm = Literal["treated", "control"]

SPACE = 2**64


def position(experiment: str, customer_id: int) -> int:
    """Where the customer falls in [0, 2**64): a 64-bit BLAKE2b of "experiment:id". Stable for ever: results of
    running campaigns rest on it."""
    digest = blake2b(f"{experiment}:{customer_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def arm(experiment: str, customer_id: int, control_percent: int) -> Arm:
    """`control_percent` of 0..100 are control. Raising it keeps everybody in control who was."""
    if not 0 <= control_percent <= 100:
        raise ValueError("control_percent lies between 0 and 100")
    return "control" if position(experiment, customer_id) * 100 < control_percent * SPACE else "treated"
