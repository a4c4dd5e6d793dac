"""One sign-in by WeCom, from the code that came back to the session; and editing the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wellspring.people.intake.organisation import users_sink
from wellspring.people.models import Department, SignInRule, StaffMember
from wellspring.people.sign_in.accounts import judged, members, settle_accounts, stored_rules, working_staff
from wellspring.people.sign_in.rules import Granted, Rule, first_fit
from wellspring.people.sign_in.schemas import RuleView, RuleWish, SignInRules
from wellspring.platform import audit
from wellspring.platform.auth import Actor, Role, service, wecom_accounts
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.auth.errors import TooManyAttempts
from wellspring.platform.auth.sign_in_state import StateRefused, use_state
from wellspring.platform.db import advisory_lock
from wellspring.platform.errors import Forbidden, Invalid
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

GONE = ("user_left", "no_such_user", "user_out_of_scope")
CODE_REFUSED = ("code_invalid", "code_used", "code_expired")
LOGIN = "wecom:"
"""Failures of a member are counted under this and the userid, as those of a password are under its login."""


class SignInRefused(Exception):
    """`reason` is a stable word: state, no_code, code, external, left, out_of_scope, disabled_in_wecom, no_rule, no_store,
    no_region, account_disabled, throttled, wecom_refused, wecom_unreachable, not_offered. `userid`: empty while unknown."""

    def __init__(self, reason: str, *, userid: str = "", detail: str = "") -> None:
        self.reason = reason
        self.userid = userid
        self.detail = detail
        super().__init__(reason)


@dataclass(frozen=True)
class Attempt:
    """What came back, and from where."""

    code: str
    state: str
    cookie: str
    address: str
    user_agent: str


def offered(session: Session) -> bool:
    """Whether the sign-in page shows it: WeCom can be asked, and some rule lets somebody in."""
    return wecom.sign_in_possible(session) and session.scalar(select(SignInRule.id).limit(1)) is not None


def sign_in(platform: Platform, attempt: Attempt) -> tuple[str, str]:
    """The session's token, and the path to go on to. Raises SignInRefused, which has been recorded and audited.

    Several short transactions, because WeCom is asked in between and because what a refusal found out must stay.
    """
    try:
        path = _used_state(platform, attempt)
        userid = _who(platform, attempt.code)
        _read_again(platform, userid)
        return _open(platform, attempt, userid), path
    except SignInRefused as refusal:
        record_refusal(platform, refusal, attempt.address)
        raise


def _used_state(platform: Platform, attempt: Attempt) -> str:
    now = platform.clock.now()
    with platform.database.unit_of_work() as session:
        _check_throttle(session, platform, "", attempt.address)
    try:
        with platform.database.unit_of_work() as session:
            path = use_state(session, platform.secrets, now=now, state=attempt.state, cookie=attempt.cookie)
    except StateRefused as error:
        raise SignInRefused("state", detail=str(error)) from None
    if not attempt.code:
        raise SignInRefused("no_code")
    return path


def _who(platform: Platform, code: str) -> str:
    """The member's userid; the code is used up."""
    try:
        visitor = wecom.redeem_sign_in(platform, code)
    except wecom.GiveUp as error:
        if error.reason in CODE_REFUSED:
            raise SignInRefused("code", detail=error.reason) from None
        reason = "out_of_scope" if error.reason in GONE else "wecom_refused"
        raise SignInRefused(reason, detail=error.reason) from None
    except wecom.OurMistake as error:
        raise SignInRefused("wecom_refused", detail=f"errcode {error.errcode}") from None
    except wecom.WecomError as error:
        raise SignInRefused("wecom_unreachable", detail=type(error).__name__) from None
    if not visitor.userid:
        raise SignInRefused("external", detail=visitor.external_userid)
    return visitor.userid


def _read_again(platform: Platform, userid: str) -> None:
    """Who left or moved since the last sync is known before the rules are asked. An app that may not read the directory
    leaves us with what the last sync found."""
    try:
        user = wecom.get_client(platform).directory.user(userid)
    except wecom.GiveUp as error:
        if error.reason in GONE:
            raise SignInRefused("left", userid=userid, detail=error.reason) from None
        return
    except wecom.WecomError:
        return
    with platform.database.unit_of_work() as session:
        users_sink(session, platform, [user])
        settle_accounts(session, platform.clock.now(), [userid])


def _open(platform: Platform, attempt: Attempt, userid: str) -> str:
    now = platform.clock.now()
    with platform.database.unit_of_work() as session:
        _check_throttle(session, platform, LOGIN + userid, attempt.address)
        advisory_lock(session, f"sign_in:{userid.lower()}")  # two first sign-ins at once make one account
        member = session.scalar(select(StaffMember).where(func.lower(StaffMember.userid) == userid.lower()))
        if member is None:
            raise SignInRefused("out_of_scope", userid=userid)
        if member.status == "left":
            raise SignInRefused("left", userid=userid)
        if member.status == "disabled":
            raise SignInRefused("disabled_in_wecom", userid=userid)
        found = judged(session, member, stored_rules(session))
        granted = (found.role, found.scope) if isinstance(found, Granted) else None
        user = wecom_accounts.admit(session, now=now, userid=userid, name=member.name, granted=granted)
        if user is None:
            raise SignInRefused(str(found), userid=userid)
        if user.disabled_at is not None:
            raise SignInRefused("account_disabled", userid=userid)
        user.wecom_signed_in_at = now
        return service.open_session(
            session,
            user=user,
            now=now,
            hours=platform.settings.session_hours,
            address=attempt.address,
            user_agent=attempt.user_agent,
            method="wecom",
        )


def _check_throttle(session: Session, platform: Platform, login: str, address: str) -> None:
    try:
        service.check_throttle(session, login=login, address=address, now=platform.clock.now())
    except TooManyAttempts:
        raise SignInRefused("throttled", userid=login.removeprefix(LOGIN)) from None


def record_refusal(platform: Platform, refusal: SignInRefused, address: str) -> None:
    """Counted like a wrong password and audited, in a transaction of its own. Being throttled is neither: the failures
    that led to it are written down, and the log must not grow with every further try."""
    if refusal.reason == "throttled":
        return
    now = platform.clock.now()
    with platform.database.unit_of_work() as session:
        login = LOGIN + refusal.userid if refusal.userid else ""
        service.record_failed_attempt(session, login=login, address=address, now=now)
        audit.record(
            session,
            actor=SYSTEM,
            at=now,
            action="auth.sign_in_refused",
            object_type="staff",
            object_id=refusal.userid,
            method="wecom",
            reason=refusal.reason,
            detail=refusal.detail,
        )


def read_rules(session: Session) -> SignInRules:
    return with_members(session, stored_rules(session))


def with_members(session: Session, rules: Sequence[Rule]) -> SignInRules:
    """The rules with how many working members each decides for, and how many none does."""
    counted = Counter(first_fit(rules, member) for member in members(session, working_staff(session)))
    named = select(Department.id, Department.name).where(
        Department.id.in_([rule.department_id for rule in rules]), Department.deleted_at.is_(None)
    )
    names = {row.id: row.name for row in session.execute(named)}
    return SignInRules(
        possible=wecom.sign_in_possible(session),
        offered=offered(session),
        rules=[
            RuleView(
                department_id=rule.department_id,
                department_name=names.get(rule.department_id),
                position=rule.position,
                role=rule.role.value,
                scope=rule.scope,
                members=counted.get(index, 0),
            )
            for index, rule in enumerate(rules)
        ],
        without_rule=counted.get(None, 0),
    )


def write_rules(session: Session, platform: Platform, actor: Actor, wishes: Sequence[RuleWish]) -> SignInRules:
    """Replace the rules; accounts follow at once. Raises Invalid, Forbidden (an owner of one region makes no rules)."""
    if actor.scope.kind != "all":
        raise Forbidden(permission="people.sign_in.manage")
    rules = checked(session, wishes)
    before = stored_rules(session)
    session.execute(delete(SignInRule))
    for rank, rule in enumerate(rules):
        session.add(
            SignInRule(
                rank=rank,
                department_id=rule.department_id,
                position=rule.position,
                role=rule.role.value,
                scope_kind=rule.scope,
            )
        )
    session.flush()
    now = platform.clock.now()
    audit.record(
        session,
        actor=actor,
        at=now,
        action="people.sign_in_rules.change",
        object_type="sign_in_rules",
        before=[_written(rule) for rule in before],
        after=[_written(rule) for rule in rules],
    )
    settle_accounts(session, now)
    return read_rules(session)


def checked(session: Session, wishes: Sequence[RuleWish]) -> list[Rule]:
    """Raises Invalid for a department that is gone."""
    wanted = [wish.department_id for wish in wishes]
    known = set(
        session.scalars(select(Department.id).where(Department.id.in_(wanted), Department.deleted_at.is_(None)))
    )
    for index, wish in enumerate(wishes):
        if wish.department_id not in known:
            raise Invalid(
                field=f"rules.{index}.department_id", zh="这个部门已经不在了。", en="This department is gone."
            )
    return [Rule(wish.department_id, wish.position.strip(), Role(wish.role), wish.scope) for wish in wishes]


def _written(rule: Rule) -> dict[str, object]:
    return {
        "department_id": rule.department_id,
        "position": rule.position,
        "role": rule.role.value,
        "scope": rule.scope,
    }
