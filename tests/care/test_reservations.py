"""The ledger of attention: exact under concurrency, and equal to what a plain model remembers."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from wellspring.care.facade import Candidate, Purpose, preview, reserve, settle, usage

MARKETING = Purpose.MARKETING


def take(database, now, *pairs, purpose=MARKETING):
    with database.unit_of_work() as session:
        candidates = [Candidate(customer, reference) for customer, reference in pairs]
        return reserve(session, now=now, purpose=purpose, candidates=candidates)


def finish(database, now, outcome, *references):
    with database.unit_of_work() as session:
        return settle(session, references=references, outcome=outcome, now=now)


def test_third_touch_in_the_window_is_refused_with_its_reason(database, clock):
    decisions = take(database, clock.now(), (1, "a"), (1, "b"), (1, "c"), (2, "d"))
    assert decisions.allowed == {"a", "b", "d"}
    assert decisions.refused == {"c": "CAP_MARKETING"}


def test_service_and_transactional_touches_have_no_cap_and_take_no_marketing_budget(database, clock):
    for purpose in (Purpose.SERVICE, Purpose.TRANSACTIONAL):
        many = [(1, f"{purpose}{i}") for i in range(20)]
        assert take(database, clock.now(), *many, purpose=purpose).refused == {}
    assert take(database, clock.now(), (1, "m1"), (1, "m2")).refused == {}


def test_repeated_reservation_is_the_same_one(database, clock):
    take(database, clock.now(), (1, "a"))
    assert take(database, clock.now(), (1, "a"), (1, "b")).allowed == {"a", "b"}
    with database.unit_of_work() as session:
        assert usage(session, now=clock.now(), purpose=MARKETING, customer_ids=[1]) == {1: 2}


def test_released_attention_can_be_used_again_and_settling_twice_changes_nothing(database, clock):
    take(database, clock.now(), (1, "a"), (1, "b"))
    assert finish(database, clock.now(), "released", "a") == 1
    assert finish(database, clock.now(), "spent", "a") == 0, "what is settled stays"
    assert take(database, clock.now(), (1, "c")).allowed == {"c"}
    assert take(database, clock.now(), (1, "a")).refused == {"a": "CAP_MARKETING"}, "a released one competes again"


def test_open_reservation_counts_until_it_is_settled_and_a_spent_one_for_the_window(database, clock):
    take(database, clock.now(), (1, "a"), (1, "b"))
    clock.advance(timedelta(days=30))
    assert take(database, clock.now(), (1, "c")).refused, "they may still arrive"
    finish(database, clock.now(), "spent", "a", "b")
    clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert take(database, clock.now(), (1, "c")).refused
    clock.advance(timedelta(seconds=1))
    assert take(database, clock.now(), (1, "c")).allowed == {"c"}


def test_preview_says_what_reserve_would_and_writes_nothing(database, clock):
    take(database, clock.now(), (1, "a"))
    wanted = [Candidate(1, "b"), Candidate(1, "c"), Candidate(2, "d")]
    with database.unit_of_work() as session:
        seen = preview(session, now=clock.now(), purpose=MARKETING, candidates=wanted)
        assert session.scalar(text("select count(*) from care_reservation")) == 1
    with database.unit_of_work() as session:
        assert reserve(session, now=clock.now(), purpose=MARKETING, candidates=wanted) == seen


def test_racing_reservations_never_pass_the_cap(database, clock):
    customers, callers = range(1, 41), 8
    start = threading.Barrier(callers)
    failures: list[BaseException] = []

    def call(caller: int) -> None:
        try:
            start.wait()
            for turn in range(4):
                # Each caller walks the customers in another order.
                order = sorted(customers, key=lambda c: (c * (caller + 3) * 7919) % 101)
                take(database, clock.now(), *[(c, f"{caller}:{turn}:{c}") for c in order])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=call, args=(n,)) for n in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    with database.unit_of_work() as session:
        counts = session.execute(text("select customer_id, count(*) from care_reservation group by 1")).all()
    assert dict(counts) == dict.fromkeys(customers, 2)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("reserve"), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), min_size=1, max_size=6)
        ),
        st.tuples(st.just("spent"), st.lists(st.integers(0, 9), min_size=1, max_size=4)),
        st.tuples(st.just("released"), st.lists(st.integers(0, 9), min_size=1, max_size=4)),
        st.tuples(st.just("wait"), st.integers(1, 12)),
    ),
    max_size=25,
)


class Model:
    """The same ledger in plain Python: reference -> [customer, state, settled at]; nothing is kept but the facts."""

    def __init__(self) -> None:
        self.rows: dict[str, list] = {}

    def in_use(self, customer, now):
        return sum(
            1
            for who, state, at in self.rows.values()
            if who == customer and (state == "reserved" or (state == "spent" and at > now - timedelta(days=7)))
        )

    def reserve(self, now, pairs):
        refused = set()
        for customer, reference in pairs:
            row = self.rows.get(reference)
            if row and row[1] != "released":
                continue
            if self.in_use(customer, now) >= 2:
                refused.add(reference)
            else:
                self.rows[reference] = [customer, "reserved", None]
                refused.discard(reference)
        return refused

    def settle(self, now, outcome, references):
        for reference in references:
            if reference in self.rows and self.rows[reference][1] == "reserved":
                self.rows[reference][1:] = [outcome, now]


@pytest.mark.timeout(120)
@given(steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_balance_equals_what_a_plain_model_rebuilds_from_the_same_facts(database, clock, steps):
    with database.unit_of_work() as session:
        session.execute(text("truncate care_reservation"))
    model = Model()
    for verb, what in steps:
        now = clock.now()
        if verb == "wait":
            clock.advance(timedelta(days=what, hours=1))
        elif verb == "reserve":
            # One reference belongs to one customer: the reference's own number says whose.
            pairs = [(1 + number % 3, f"r{number}") for _, number in what]
            assert set(take(database, now, *pairs).refused) == model.reserve(now, pairs)
        else:
            finish(database, now, verb, *[f"r{number}" for number in what])
            model.settle(now, verb, [f"r{number}" for number in what])
        with database.unit_of_work() as session:
            balance = usage(session, now=clock.now(), purpose=MARKETING, customer_ids=[1, 2, 3])
        assert balance == {c: n for c in (1, 2, 3) if (n := model.in_use(c, clock.now()))}
        assert all(n <= 2 for n in balance.values())
