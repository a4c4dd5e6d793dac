"""Pure rules: the RFM table covers every cell once, quintiles, every customer has exactly one stage."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from feature_world import NOW, ZONE
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wellspring.insight.features import rfm
from wellspring.insight.features.base import features
from wellspring.insight.features.catalogue import register_features
from wellspring.insight.features.context import Context, Population
from wellspring.insight.features.favourites import FavouriteCategory, most_frequent
from wellspring.insight.features.history import Friendship, History, LineBought, OrderMade, RefundMade, TouchMade
from wellspring.insight.features.lifecycle import STAGES, stage
from wellspring.insight.features.settings import FeatureSettings

DEFAULTS = FeatureSettings()
CONTEXT = Context(NOW, ZONE, population=Population(gap_days=40), contact_staff=frozenset({1}))


def bought(*days_ago: int, fen: int = 1_000) -> History:
    return History(1, orders=tuple(OrderMade(NOW - timedelta(days=ago), fen) for ago in days_ago))


def value(name: str, history: History, context: Context = CONTEXT) -> object:
    register_features()
    return features()[name].value(history, context)


def test_every_cell_has_exactly_one_group() -> None:
    cells = list(product(range(1, 6), repeat=3))
    assert len(cells) == 125
    for cell in cells:
        assert sum(rule.covers(*cell) for rule in rfm.RULES) == 1, cell
    assert {rule.group for rule in rfm.RULES} | {"none"} == set(rfm.GROUPS)
    assert rfm.group(5, 5, 5) == "champions"
    assert rfm.group(1, 5, 5) == "cant_lose"
    assert rfm.group(5, 1, 3) == "new"
    assert rfm.group(1, 1, 1) == "lost"


@given(st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=60))
def test_scores_order_like_values_and_never_split_equal_ones(values: list[int]) -> None:
    cuts = rfm.cut_points(values)
    scores = {one: rfm.score(one, cuts) for one in values}
    assert all(1 <= score <= 5 for score in scores.values())
    for low, high in zip(sorted(scores), sorted(scores)[1:], strict=False):
        assert scores[low] <= scores[high]
    for fifths, cut in zip((1, 2, 3, 4), cuts, strict=True):
        share = sum(one <= cut for one in values)
        below = sum(one < cut for one in values)
        assert 5 * below < fifths * len(values) <= 5 * share


@given(st.lists(st.integers(), min_size=5, max_size=60, unique=True))
def test_without_ties_the_scores_are_fifths(values: list[int]) -> None:
    cuts = rfm.cut_points(values)
    counted = Counter(rfm.score(one, cuts) for one in values)
    assert max(counted.values()) - min(counted.values()) <= 2
    assert set(counted) == {1, 2, 3, 4, 5}


def test_many_who_ordered_once_all_have_the_lowest_score() -> None:
    cuts = rfm.cut_points([1] * 60 + [2] * 20 + [3] * 20)
    assert [rfm.score(one, cuts) for one in (1, 2, 3)] == [1, 4, 5]


@given(
    st.lists(st.integers(0, 2_000), max_size=12, unique=True),
    st.integers(0, 700),
    st.builds(
        FeatureSettings, established_purchases=st.integers(2, 6), established_days=st.integers(1, 800),
        decline_from_days=st.integers(1, 60), lost_after_days=st.integers(60, 300), decline_gaps=st.floats(0, 2),
        lost_gaps=st.floats(2, 6),
    ),
)  # fmt: skip
def test_every_history_has_one_stage_and_time_only_leads_on(days: list[int], gap: int, chosen: FeatureSettings) -> None:
    """Without a new order a customer goes growth -> lost or maturity -> decline -> lost, never back."""
    days = sorted(days)
    today = days[-1] if days else 0
    seen = [stage(days, today + waited, gap, chosen) for waited in range(0, 1_500, 5)]
    assert set(seen) <= set(STAGES)
    order = {"introduction": 0, "growth": 1, "maturity": 1, "decline": 2, "lost": 3}
    assert [order[one] for one in seen] == sorted(order[one] for one in seen)
    assert not {"growth", "maturity"} <= set(seen)
    assert (seen[0] == "introduction") == (not days)


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((), "introduction"),
        ((0,), "growth"),
        ((120,), "growth"),
        ((121,), "lost"),
        ((10, 20, 30), "growth"),
        ((29, 39, 49, 59), "maturity"),
        ((30, 40, 50, 60), "decline"),
        ((120, 130, 140, 150), "decline"),
        ((121, 131, 141, 151), "lost"),
        ((35, 115, 195, 275), "maturity"),  # their own rhythm is 80 days
        ((119, 199, 279, 359), "maturity"),
        ((120, 200, 280, 360), "decline"),
        ((240, 320, 400, 480), "decline"),
        ((241, 321, 401, 481), "lost"),
        ((100, 280, 460, 640), "maturity"),  # twice a year for years is steady
        ((10, 700, 710, 720), "growth"),  # back after two years: no habit again yet
    ],
)
def test_stages_by_the_figures_of_the_practice(days_ago: tuple[int, ...], expected: str) -> None:
    assert value("lifecycle_stage", bought(*days_ago)) == expected


def test_two_orders_of_a_day_are_one_purchase_and_two_orders() -> None:
    history = bought(3, 3, 10)
    assert (value("orders_7d", history), value("purchases", history), value("usual_gap_days", history)) == (2, 2, 7)


def test_refunds_count_where_they_were_made() -> None:
    history = History(1, orders=(OrderMade(NOW - timedelta(days=40), 5_000),), refunds=(RefundMade(NOW, 2_000),))
    assert (value("spent_30d", history), value("spent_90d", history)) == (-2_000, 3_000)


def test_expected_next_order_is_drawn_to_the_average_buyer() -> None:
    assert value("expected_next_order_at", History(1)) is None
    assert value("expected_next_order_at", bought(5)) == NOW + timedelta(days=35)
    assert value("expected_next_order_at", bought(0, 10)) == NOW + timedelta(days=(10 + 2 * 40) // 3)
    alone = Context(NOW, ZONE)
    assert value("expected_next_order_at", bought(5), alone) is None
    assert value("expected_next_order_at", bought(0, 10), alone) == NOW + timedelta(days=10)


def test_ties_go_to_the_smallest() -> None:
    assert most_frequent([3, 1, 3, 1, 2]) == 1
    assert most_frequent(list[int]()) is None
    lines = tuple(LineBought(NOW, category) for category in ("茶", "香", "tea", "Tea"))
    assert FavouriteCategory().value(History(1, lines=lines), CONTEXT) == "Tea"
    only_postage = History(1, lines=(LineBought(NOW, "post", "postage"),))
    assert FavouriteCategory().value(only_postage, CONTEXT) is None


def test_a_friend_of_who_left_can_not_be_reached() -> None:
    assert value("reachable", History(1, friendships=(Friendship(1, "friend", NOW),))) == 1
    assert value("reachable", History(1, friendships=(Friendship(2, "friend", NOW), Friendship(1, "lost", NOW)))) == 0


def test_attention() -> None:
    def touched(*days_ago: int) -> tuple[TouchMade, ...]:
        return tuple(TouchMade("delivered", NOW - timedelta(days=ago)) for ago in days_ago)

    order = (OrderMade(NOW - timedelta(days=5), 100),)
    assert value("attention_state", History(1)) == "fresh"
    assert value("attention_state", History(1, touches=touched(1, 2))) == "open"
    assert value("attention_state", History(1, touches=touched(1, 2, 89))) == "ignoring"
    assert value("attention_state", History(1, orders=order, touches=touched(1, 6, 7, 30))) == "tired"
    assert value("attention_state", History(1, orders=order, touches=touched(6, 7, 31))) == "open"
    assert value("attention_state", History(1, touches=(TouchMade("refused", NOW),) * 9)) == "fresh"


def test_lost_can_not_begin_before_decline() -> None:
    with pytest.raises(ValidationError):
        FeatureSettings(decline_from_days=100, lost_after_days=90)


def test_every_feature_says_all_it_has_to_say() -> None:
    register_features()
    found = features()
    assert len(found) >= 35
    for name, feature in found.items():
        assert feature.name == name
        for words in (feature.title, feature.definition, *feature.choices.values()):
            assert words.zh
            assert words.en
        assert feature.definition.zh.endswith("。"), name
        assert feature.definition.en.endswith("."), name
        assert feature.formula
        assert feature.source
        assert "Nullable" not in feature.type
