"""What a broadcast would do if it were submitted now. Nothing is written and nothing leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from wellspring.care import facade as care
from wellspring.outreach import audience
from wellspring.outreach.drawing import arm_of
from wellspring.outreach.models import Broadcast
from wellspring.outreach.rules import TASK_CUSTOMERS, place
from wellspring.outreach.scopes import scope_of
from wellspring.people.facade import StaffInfo, staff
from wellspring.platform.runtime import Platform
from wellspring.segments.facade import members

BATCH = 20_000
SAMPLE = 20_000


@dataclass(frozen=True)
class Workload:
    """What one staff member would be asked to confirm: `tasks` mass messages to `customers` people."""

    staff: StaffInfo
    customers: int
    tasks: int


@dataclass(frozen=True)
class Rehearsal:
    """`reasons`: code -> people who would not get it, the control group included, in the order of the decision.
    audience = receive + the sum of `reasons`. `example_id`: one customer who would get it. `sample`: some of
    the audience, spread evenly, for a look at how often such people order. `as_of`: of the audience; friendships,
    staff and caps are of this moment."""

    audience: int
    receive: int
    control: int
    treated: int
    reasons: dict[str, int]
    workload: list[Workload]
    example_id: int | None
    sample: list[int]
    as_of: datetime
    at: datetime


def rehearse(session: Session, platform: Platform, broadcast: Broadcast) -> Rehearsal:
    """Raises SegmentNotFound, StaleWarehouse."""
    ids, as_of = members(session, platform, broadcast.segment_id, scope_of(broadcast))
    now = platform.clock.now()
    purpose = care.Purpose(broadcast.purpose)
    reasons, per_staff, arms = Counter[str](), Counter[int](), Counter[str]()
    taken: set[int] = set()
    example: int | None = None

    def caps(wanted: Sequence[care.Candidate]) -> care.Decisions:
        return care.preview(session, now=now, purpose=purpose, candidates=wanted)

    for start in range(0, len(ids), BATCH):
        people = audience.look_at(session, scope_of(broadcast), ids[start : start + BATCH], taken=taken)
        for one in place(people, broadcast_id=broadcast.id, arm_of=arm_of(broadcast), ask_caps=caps, preview_caps=caps):
            arms[one.arm] += 1
            if one.sender is None:
                reasons[one.reason] += 1
            else:
                per_staff[one.sender.staff_id] += 1
                example = one.person.customer_id if example is None else example
    return Rehearsal(
        audience=len(ids),
        receive=sum(per_staff.values()),
        control=arms["control"],
        treated=arms["treated"],
        reasons={one.code: reasons[one.code] for one in care.REASONS if reasons[one.code]},
        workload=_workload(session, per_staff),
        example_id=example,
        sample=list(ids[:: max(1, len(ids) // SAMPLE)]),
        as_of=as_of,
        at=now,
    )


def _workload(session: Session, per_staff: Counter[int]) -> list[Workload]:
    """The busiest first."""
    members_of_staff = staff(session, per_staff)
    return [
        Workload(members_of_staff[staff_id], customers, -(-customers // TASK_CUSTOMERS))
        for staff_id, customers in per_staff.most_common()
    ]
