"""The state that leaves for another site: bound to the browser, good once, for minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wellspring.platform.auth.sign_in_state import STATE_LIFE, StateRefused, new_state, use_state
from wellspring.platform.runtime import Platform


def use(platform: Platform, state: str, cookie: str) -> str:
    with platform.database.unit_of_work() as session:
        return use_state(session, platform.secrets, now=platform.clock.now(), state=state, cookie=cookie)


def test_a_state_is_good_once_and_in_its_browser(platform: Platform) -> None:
    mine = new_state(platform.secrets, now=platform.clock.now(), next_path="/客户?q=1")
    other = new_state(platform.secrets, now=platform.clock.now(), next_path="/")
    assert mine.state.isalnum()
    assert len(mine.state) <= 128
    for state, cookie in (
        (mine.state, other.cookie),
        (mine.state, ""),
        ("", mine.cookie),
        ("0" * 106, mine.cookie),
        (mine.state[:-1] + ("0" if mine.state[-1] != "0" else "1"), mine.cookie),
        (mine.state[:32] + "ffffffffff" + mine.state[42:], mine.cookie),
        (mine.state, mine.cookie.partition(".")[0] + "." + b"/elsewhere".hex()),
    ):
        with pytest.raises(StateRefused):
            use(platform, state, cookie)
    assert use(platform, mine.state, mine.cookie) == "/客户?q=1"
    with pytest.raises(StateRefused, match="used before"):
        use(platform, mine.state, mine.cookie)
    assert use(platform, other.state, other.cookie) == "/"


def test_a_state_is_good_for_minutes(platform: Platform) -> None:
    long_ago = platform.clock.now() - STATE_LIFE - timedelta(seconds=1)
    late = new_state(platform.secrets, now=long_ago, next_path="/")
    with pytest.raises(StateRefused, match="expired"):
        use(platform, late.state, late.cookie)
