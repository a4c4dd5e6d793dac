"""A short day of trouble: every process is killed twice while calls and callbacks go wrong. `make soak` runs a long one."""

from __future__ import annotations

import pytest
from soak import run
from trouble_day import Plan

pytestmark = pytest.mark.story

SHORT = Plan(seed=1, customers=1_500, adds=40, messages=2, kills=8, seconds=30, speed=0.2, blocked_until=0.3, sample=40)
"""The brand's clock goes slowly: a restart takes longer than the day is short, and must not eat WeCom's 20 seconds. So
no welcome of a callback that arrived may be missing."""


@pytest.mark.timeout(600)
def test_a_day_of_trouble_ends_as_wecom_has_it() -> None:
    lines: list[str] = []
    try:
        run(SHORT, lines.append)
    finally:
        print("\n".join(lines))
