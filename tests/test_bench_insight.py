"""The bench of the insight engine runs, and product and hand-written SQL agree about everybody. Its figures are printed
as a report (`pytest -rP`); nothing here says how fast."""

from __future__ import annotations

from bench.insight import upkeep
from bench.insight.brand import NOW, TABLES, Size, fill
from bench.insight.segments import figures, suite
from bench.insight.stores import Asking

from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide

SIZE = Size(20_000)


def test_the_suite_agrees_at_the_quick_size(platform: Platform) -> None:
    platform.clock = FixedClock(NOW)
    rows = fill(platform.warehouse, SIZE)
    assert set(rows) == set(TABLES)
    assert (rows["customers"], rows["orders"], rows["events"]) == (20_000, 100_000, 200_000)
    upkeep.stand(platform)
    wide.follow(platform, [1], version=1)

    asking = Asking(platform, SIZE)
    answered = suite(platform, asking, SIZE, rounds=1)
    assert len(answered) == 24
    assert all(0 < one.people < SIZE.members for one in answered), "every segment tells people apart"
    for one in answered:
        print(f"{one.name:<34}{one.people:>8,}{one.product_s:>9.3f} s{one.by_hand_s:>9.3f} s by hand ({one.way})")
    print(figures(answered))

    _, kept = upkeep.materialise(asking)
    assert kept > SIZE.members // 5
    assert upkeep.profile(platform, 1) > 2
    day = upkeep.day_increment(platform, SIZE)
    assert day["day_customers"] > 1_000
    platform.warehouse.command("drop table bench_members")
