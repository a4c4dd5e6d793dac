"""Who a broadcast reaches and why others are left out, without any I/O. The order is the product's:
still a friend -> control group -> cap -> a sender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from wellspring.care.facade import Candidate, Decisions, reasons

T = TypeVar("T")

Arm = Literal["treated", "control", "outside"]
TouchStatus = Literal["assigned", "tasked", "confirmed", "delivered", "refused", "withheld"]
OPEN_STATUSES: tuple[TouchStatus, ...] = ("assigned", "tasked", "confirmed")
"""A touch of these may still arrive."""

TASK_CUSTOMERS = 10_000
"""Customers of one mass message: WeCom's limit (server API, add_msg_template)."""
REMINDERS_PER_DAY = 3
"""Of one mass message in 24 hours: WeCom's limit (errcode 41094)."""
CONTROL_PERCENT_MAX = 50
RESULT_DAYS_MAX = 90
UNSENT_AFTER = timedelta(days=1)
"""A customer without a result this long after the staff member confirmed was not sent to."""


@dataclass(frozen=True)
class Sender:
    """The staff member who speaks to a customer, and the customer's id in that relationship."""

    staff_id: int
    external_userid: str


@dataclass(frozen=True)
class Person:
    """A member of the audience as they are now. `assigned_id`: the row the segment found; `customer_id`: the person
    behind it (a merge's survivor). `same_as_another`: that person is in this broadcast already. `sender` is None
    when none of the friends among the staff is active."""

    assigned_id: int
    customer_id: int
    same_as_another: bool
    is_friend: bool
    sender: Sender | None


@dataclass(frozen=True)
class Placement:
    """What the decision is for one person. `sender` is set exactly for status "assigned"."""

    person: Person
    arm: Arm
    status: Literal["assigned", "withheld"]
    reason: str = ""

    @property
    def sender(self) -> Sender | None:
        return self.person.sender if self.status == "assigned" else None


def reference(broadcast_id: int, assigned_id: int) -> str:
    """The touch's name in the ledger of attention."""
    return f"touch:{broadcast_id}:{assigned_id}"


def place(
    people: Sequence[Person],
    *,
    broadcast_id: int,
    arm_of: Callable[[int], Arm],
    ask_caps: Callable[[Sequence[Candidate]], Decisions],
    preview_caps: Callable[[Sequence[Candidate]], Decisions],
) -> list[Placement]:
    """Every person's placement, in the order given.

    `arm_of(customer_id)` draws the arm. `ask_caps` takes (or, in a rehearsal, previews) attention for who has a
    sender; `preview_caps` only looks, for who has none: they hold no attention, and still count under the cap
    first, because that is the order.
    """
    early = {index: found for index, person in enumerate(people) if (found := _before_caps(person, arm_of))}
    left = [(index, person) for index, person in enumerate(people) if index not in early]

    def candidate(person: Person) -> Candidate:
        return Candidate(person.customer_id, reference(broadcast_id, person.assigned_id))

    refused = {
        **ask_caps([candidate(person) for _, person in left if person.sender]).refused,
        **preview_caps([candidate(person) for _, person in left if not person.sender]).refused,
    }
    for index, person in left:
        if why := refused.get(candidate(person).reference):
            early[index] = Placement(person, "treated", "withheld", why)
        elif person.sender is None:
            early[index] = Placement(person, "treated", "withheld", reasons.NO_ACTIVE_STAFF)
        else:
            early[index] = Placement(person, "treated", "assigned")
    return [early[index] for index in range(len(people))]


def _before_caps(person: Person, arm_of: Callable[[int], Arm]) -> Placement | None:
    if person.same_as_another:
        return Placement(person, "outside", "withheld", reasons.SAME_PERSON)
    if not person.is_friend:
        return Placement(person, "outside", "withheld", reasons.NOT_A_FRIEND)
    if arm_of(person.customer_id) == "control":
        return Placement(person, "control", "withheld", reasons.CONTROL_GROUP)
    return None


def parts(rows: Sequence[T], size: int = TASK_CUSTOMERS) -> list[Sequence[T]]:
    """The customers of one staff member cut into mass messages, in order."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def reminder_possible_after(reminders: Iterable[str], now: datetime) -> datetime | None:
    """None when a reminder is possible now, else the instant from which it is."""
    recent = sorted(at for one in reminders if (at := datetime.fromisoformat(one)) > now - timedelta(days=1))
    return recent[-REMINDERS_PER_DAY] + timedelta(days=1) if len(recent) >= REMINDERS_PER_DAY else None


CountKey = tuple[str, str, str]
"""arm, status, reason"""


def read_counts(stored: Mapping[str, int]) -> Counter[CountKey]:
    counts: Counter[CountKey] = Counter()
    for key, number in stored.items():
        arm, status, reason = key.split("/")
        counts[arm, status, reason] = int(number)
    return counts


def write_counts(counts: Mapping[CountKey, int]) -> dict[str, int]:
    return {"/".join(key): number for key, number in sorted(counts.items()) if number}


@dataclass(frozen=True)
class Tally:
    """A broadcast's touches in figures. `waiting`: may still arrive. `reasons`: code -> customers, in the order of
    the decision. audience = control + outside + treated; treated = waiting + delivered + those with a reason."""

    audience: int
    treated: int
    control: int
    waiting: int
    delivered: int
    refused: int
    withheld: int
    reasons: dict[str, int]


def tally(counts: Mapping[CountKey, int]) -> Tally:
    by_arm, by_status, by_reason = Counter[str](), Counter[str](), Counter[str]()
    for (arm, status, reason), number in counts.items():
        by_arm[arm] += number
        by_status[status] += number
        if reason:
            by_reason[reason] += number
    order = {one.code: place for place, one in enumerate(reasons.REASONS)}
    return Tally(
        audience=sum(by_arm.values()),
        treated=by_arm["treated"],
        control=by_arm["control"],
        waiting=sum(by_status[status] for status in OPEN_STATUSES),
        delivered=by_status["delivered"],
        refused=by_status["refused"],
        withheld=by_status["withheld"],
        reasons={code: by_reason[code] for code in sorted(by_reason, key=lambda code: order.get(code, len(order)))},
    )
