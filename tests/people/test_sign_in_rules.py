"""Which rule decides for a member, and what it gives: pure."""

from __future__ import annotations

import pytest

from wellspring.people.sign_in.rules import Granted, Member, Place, Rule, decide, first_fit
from wellspring.platform.auth import Role, Scope

TOP, EAST, LAKE, OFFICE = Place(1, "department"), Place(2, "region"), Place(3, "store"), Place(9, "department")
CLERK = Member(7, "导购", ((LAKE, EAST, TOP),))
MANAGER = Member(8, "店长 Manager", ((LAKE, EAST, TOP),))
BOTH = Member(6, "", ((OFFICE, TOP), (LAKE, EAST, TOP)))


@pytest.mark.parametrize(
    ("rules", "member", "expected"),
    [
        ([], CLERK, "no_rule"),
        ([Rule(9, "", Role.ANALYST, "all")], CLERK, "no_rule"),
        ([Rule(3, "", Role.STAFF, "own")], CLERK, Granted(Role.STAFF, Scope("own", staff_id=7))),
        ([Rule(1, "", Role.STAFF, "store")], CLERK, Granted(Role.STAFF, Scope("store", department_id=3))),
        ([Rule(1, "", Role.ANALYST, "region")], CLERK, Granted(Role.ANALYST, Scope("region", department_id=2))),
        ([Rule(2, "", Role.OPERATOR, "all")], CLERK, Granted(Role.OPERATOR, Scope("all"))),
        # the first that fits decides, also when it can't be carried out
        ([Rule(9, "", Role.STAFF, "store"), Rule(1, "", Role.OPERATOR, "all")], BOTH, "no_store"),
        ([Rule(9, "", Role.STAFF, "region")], BOTH, "no_region"),
        # a second department counts, and its store is the one meant
        ([Rule(2, "", Role.STORE_MANAGER, "store")], BOTH, Granted(Role.STORE_MANAGER, Scope("store", 3))),
        # the position tells a manager from the others of the same store
        ([Rule(1, "店长", Role.STORE_MANAGER, "store"), Rule(1, "", Role.STAFF, "own")], CLERK, Granted(Role.STAFF, Scope("own", None, 7))),
        ([Rule(1, " manager", Role.STORE_MANAGER, "store")], MANAGER, Granted(Role.STORE_MANAGER, Scope("store", 3))),
    ],
)  # fmt: skip
def test_a_rule_decides(rules: list[Rule], member: Member, expected: object) -> None:
    assert decide(rules, member) == expected


def test_the_first_fit_is_told_by_its_place() -> None:
    rules = [Rule(9, "", Role.STAFF, "own"), Rule(1, "", Role.STAFF, "own")]
    assert (first_fit(rules, CLERK), first_fit(rules, BOTH), first_fit(rules[:1], CLERK)) == (1, 0, None)
