"""Members as the rules see them, and their accounts kept in step: with the rules, the organisation, and who has left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.people.models import Department, SignInRule, StaffDepartment, StaffMember
from wellspring.people.sign_in.rules import Granted, Member, Place, Rule, Unfit, decide
from wellspring.platform.auth import Role, wecom_accounts
from wellspring.platform.auth.models import UserAccount


def stored_rules(session: Session) -> list[Rule]:
    """In their order."""
    rows = session.scalars(select(SignInRule).order_by(SignInRule.rank))
    return [Rule(row.department_id, row.position, Role(row.role), row.scope_kind) for row in rows]  # type: ignore[arg-type]


def members(session: Session, staff: Sequence[StaffMember]) -> list[Member]:
    """In the order given. Departments that are gone count for nothing."""
    kinds: dict[int, str] = {}
    ways: dict[int, tuple[int, ...]] = {}
    rows = session.execute(
        select(Department.id, Department.kind, Department.path).where(Department.deleted_at.is_(None))
    )
    for row in rows:
        kinds[row.id] = row.kind
        ways[row.id] = tuple(reversed([int(part) for part in row.path.split("/") if part]))
    further: dict[int, list[int]] = {}
    pairs = select(StaffDepartment.staff_id, StaffDepartment.department_id).where(
        StaffDepartment.staff_id.in_([one.id for one in staff])
    )
    for staff_id, department_id in session.execute(pairs.order_by(StaffDepartment.department_id)):
        further.setdefault(staff_id, []).append(department_id)
    made = []
    for one in staff:
        own = dict.fromkeys([one.department_id, *further.get(one.id, ())])
        chains = tuple(tuple(Place(p, kinds[p]) for p in ways[i] if p in kinds) for i in own if i in ways)
        made.append(Member(one.id, one.position, chains))
    return made


def working_staff(session: Session) -> list[StaffMember]:
    return list(session.scalars(select(StaffMember).where(StaffMember.status.not_in(("left", "disabled")))))


def judged(session: Session, member: StaffMember, rules: Sequence[Rule]) -> Granted | Unfit:
    return decide(rules, members(session, [member])[0])


def settle_accounts(session: Session, now: datetime, userids: Iterable[str] | None = None) -> None:
    """After the organisation or the rules changed: whoever left is signed out and their account disabled; whoever was
    disabled in WeCom, or whom no rule lets in any more, is signed out; the others have what the rules give them.

    `userids`: only these; none means all who ever signed in by WeCom.
    """
    query = (
        select(UserAccount, StaffMember)
        .outerjoin(StaffMember, func.lower(StaffMember.userid) == UserAccount.wecom_userid)
        .where(UserAccount.wecom_userid.is_not(None), UserAccount.disabled_at.is_(None))
        .order_by(UserAccount.id)
        .with_for_update(of=UserAccount)
    )
    if userids is not None:
        query = query.where(UserAccount.wecom_userid.in_([userid.lower() for userid in userids]))
    found = [(row[0], row[1]) for row in session.execute(query)]
    if not found:
        return
    rules = stored_rules(session)
    for user, member in found:
        if member is None or member.status == "left":
            wecom_accounts.disable_left(session, now=now, user=user)
        elif member.status == "disabled":
            wecom_accounts.end_sessions(session, user)
        elif user.rights_by == "rules":
            granted = judged(session, member, rules)
            if isinstance(granted, Granted):
                wecom_accounts.keep_in_step(session, now=now, user=user, granted=(granted.role, granted.scope))
            else:
                wecom_accounts.end_sessions(session, user)
