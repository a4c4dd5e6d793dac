"""The rehearsal as it is shown: with names, reasons in words, and what the control group will be able to tell."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wellspring.outreach.content import Content, check_content
from wellspring.outreach.estimates import detectable_difference
from wellspring.outreach.models import Broadcast
from wellspring.outreach.reading import reason_counts
from wellspring.outreach.rehearsal import Rehearsal, rehearse
from wellspring.outreach.result import buyers_before
from wellspring.outreach.schemas import RehearsalView, StaffWork
from wellspring.outreach.service import known_media
from wellspring.people.facade import customer_names
from wellspring.platform.errors import Language
from wellspring.platform.runtime import Platform


def rehearsal_of(session: Session, platform: Platform, broadcast: Broadcast, language: Language) -> RehearsalView:
    """Raises ContentInvalid, StaleWarehouse, SegmentNotFound."""
    content = Content.model_validate(broadcast.content)
    check_content(content, known_media=known_media(session, content), complete=True)
    seen = rehearse(session, platform, broadcast)
    base_rate = _base_rate(platform, broadcast, seen)
    return RehearsalView(
        audience=seen.audience,
        receive=seen.receive,
        control=seen.control,
        treated=seen.treated,
        reasons=reason_counts(seen.reasons, language),
        staff=[
            StaffWork(
                staff_id=work.staff.id,
                name=work.staff.name,
                store_id=work.staff.store_id,
                store_name=work.staff.store_name,
                customers=work.customers,
                tasks=work.tasks,
            )
            for work in seen.workload
        ],
        example_customer=_example(session, seen),
        base_rate=base_rate,
        detectable=None if base_rate is None else detectable_difference(seen.treated, seen.control, base_rate),
        as_of=seen.as_of,
        at=seen.at,
    )


def _base_rate(platform: Platform, broadcast: Broadcast, seen: Rehearsal) -> float | None:
    if not seen.sample:
        return None
    buyers = buyers_before(platform.warehouse, seen.sample, now=seen.at, days=broadcast.result_days)
    return buyers / len(seen.sample)


def _example(session: Session, seen: Rehearsal) -> str | None:
    return None if seen.example_id is None else customer_names(session, [seen.example_id]).get(seen.example_id)
