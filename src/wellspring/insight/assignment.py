"""Who is in the control group of an experiment: a hash of (experiment, customer), so that it never changes with
names, restarts or re-entry, and is independent between experiments."""

from __future__ import annotations

import hashlib
from typing import Literal

BUCKETS = 10_000


def bucket(experiment: str, customer_id: int) -> int:
    """0 to 9,999, uniform over customers; another experiment shuffles anew."""
    digest = hashlib.blake2b(f"{experiment}:{customer_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % BUCKETS


def arm(experiment: str, customer_id: int, control_percent: int) -> Literal["treated", "control"]:
    """`control_percent` 0 to 100. Raising it only moves customers from treated to control, never back."""
    return "control" if bucket(experiment, customer_id) < control_percent * BUCKETS // 100 else "treated"
