"""The connection test: one typed read for each right the product needs, and which features go without which right.

A new feature adds its right to RIGHTS and itself to FEATURES; words for both are the console's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from wellspring.platform.errors import Language
from wellspring.platform.runtime import Platform
from wellspring.wecom.client import WecomClient
from wellspring.wecom.company import company_row, get_client
from wellspring.wecom.errors import GiveUp, NotConnected, OutcomeUnknown, SlowDown, Unreachable, WecomError
from wellspring.wecom.schemas import Check, CheckName, ConnectionTest, Feature

WEEK = 7 * 86_400
ROOT_DEPARTMENT = 1
NO_SUCH_CODE = "connection-test"

REASONS: dict[str, tuple[str, str]] = {
    "wrong_secret": ("Secret 不对，或应用已停用。", "The secret is wrong, or the app is disabled."),
    "wrong_corp_id": ("企业 ID 不对。", "The corp id is wrong."),
    "no_right": ("这个应用没有该接口的权限。", "The app lacks the right for this."),
    "no_right_on_member": ("应用的可见范围不含这些成员。", "The members are outside the app's visible range."),
    "user_out_of_scope": ("应用的可见范围不含这些成员。", "The members are outside the app's visible range."),
    "no_such_department": ("应用的可见范围里没有部门。", "There is no department in the app's visible range."),
    "ip_not_trusted": (
        "本机 IP 不在应用的企业可信 IP 里。",
        "This machine's address is not among the app's trusted addresses.",
    ),
    "unreachable": ("连不上企业微信的接口地址。", "WeCom's API address can't be reached."),
    "slow_down": ("调用太频繁，被企业微信限制。", "WeCom limits the frequency of calls."),
    "not_connected": ("还没有保存连接设置。", "No connection has been saved."),
}


@dataclass(frozen=True)
class Trial:
    """What the reads share: some need what an earlier one found."""

    client: WecomClient
    now: int
    found: dict[str, list[Any]]


def _token(trial: Trial) -> None:
    """The cheapest call that needs a token and no right."""
    trial.client.addresses.callback_ips()


def _departments(trial: Trial) -> int:
    trial.found["departments"] = trial.client.directory.departments()
    return len(trial.found["departments"])


def _members(trial: Trial) -> None:
    """Of the first department in sight, which may well have none itself."""
    seen = trial.found.get("departments")
    trial.client.directory.users(seen[0].id if seen else ROOT_DEPARTMENT)


def _follow_users(trial: Trial) -> int:
    trial.found["follow_users"] = trial.client.customers.follow_users()
    return len(trial.found["follow_users"])


def _customers(trial: Trial) -> int | None:
    """Of one member; without any member with customer contact there is nobody to ask about."""
    members = trial.found.get("follow_users")
    if not members:
        return None
    try:
        return len(trial.client.customers.ids_of(members[0]))
    except GiveUp as error:
        if error.reason == "not_a_friend":  # how WeCom says that the member has no customer
            return 0
        raise


def _groups(trial: Trial) -> None:
    """Of one member, because a large company may not list all at once; how many says nothing of the others."""
    members = trial.found.get("follow_users")
    if members:
        trial.client.groups.page(members[:1])


def _tags(trial: Trial) -> int:
    return sum(len(group.tag) for group in trial.client.tags.groups())


def _contact_ways(trial: Trial) -> None:
    next(iter(trial.client.contact_ways.ids(start_time=trial.now - WEEK, end_time=trial.now)), None)


def _messages(trial: Trial) -> None:
    next(iter(trial.client.messages.messages(start_time=trial.now - WEEK, end_time=trial.now)), None)


def _sign_in(trial: Trial) -> None:
    """A code that can't exist: that WeCom says so shows that it would have looked."""
    try:
        trial.client.sign_in.visitor(NO_SUCH_CODE)
    except GiveUp as error:
        if not error.reason.startswith("code_"):
            raise


RIGHTS: tuple[tuple[CheckName, Callable[[Trial], int | None]], ...] = (
    ("token", _token),
    ("departments", _departments),
    ("members", _members),
    ("follow_users", _follow_users),
    ("customers", _customers),
    ("groups", _groups),
    ("tags", _tags),
    ("contact_ways", _contact_ways),
    ("messages", _messages),
    ("sign_in", _sign_in),
)
FEATURES: dict[str, tuple[CheckName, ...]] = {
    "organisation": ("departments", "members"),
    "customers": ("follow_users", "customers"),
    "groups": ("groups", "follow_users"),
    "tags": ("tags",),
    "live_codes": ("contact_ways", "follow_users"),
    "broadcasts": ("messages", "follow_users"),
    "sign_in": ("sign_in",),
}
"""Each also needs the token. A welcome message has no read to try it by: it goes with the live codes."""


def test_connection(platform: Platform, language: Language) -> ConnectionTest:
    """Try every right and remember what came out. Calls WeCom: outside any transaction."""
    checks: list[dict[str, Any]] = []
    found: dict[str, list[Any]] = {}
    now = platform.clock.now()
    for name, attempt in RIGHTS:
        try:
            trial = Trial(get_client(platform), int(now.timestamp()), found)
            checks.append({"name": name, "works": True, "count": attempt(trial)})
        except WecomError as error:
            checks.append({"name": name, "works": False, "reason": _reason(error), "caller_ip": _caller_ip(error)})
            if name == "token":
                break
    with platform.database.unit_of_work() as session:
        row = company_row(session)
        if row is not None:
            row.last_test, row.last_test_at = {"checks": checks}, now
            if checks[0]["works"]:
                row.refused_ip, row.refused_ip_at, row.last_error = "", None, None
    return _told(checks, language).model_copy(update={"at": now})


def last_test(session: Session, language: Language) -> ConnectionTest | None:
    """What the last test of the present connection found; None before the first."""
    row = company_row(session)
    if row is None or row.last_test_at is None:
        return None
    return _told(row.last_test["checks"], language).model_copy(update={"at": row.last_test_at})


def _told(checks: Iterable[dict[str, Any]], language: Language) -> ConnectionTest:
    told = [Check(**check, message=_message(check.get("reason", ""), language)) for check in checks]
    works = {check.name for check in told if check.works}
    features = [
        Feature(name=name, missing=[right for right in ("token", *needed) if right not in works])
        for name, needed in FEATURES.items()
    ]
    return ConnectionTest(works=len(works) == len(RIGHTS), checks=told, features=features)


def _message(reason: str, language: Language) -> str:
    if not reason:
        return ""
    zh, en = REASONS.get(reason, (f"企业微信拒绝：{reason}。", f"WeCom refused: {reason}."))
    return zh if language == "zh" else en


def _reason(error: WecomError) -> str:
    if isinstance(error, GiveUp):
        return error.reason
    if isinstance(error, NotConnected):
        return "not_connected"
    if isinstance(error, Unreachable | OutcomeUnknown):
        return "unreachable"
    if isinstance(error, SlowDown):
        return "slow_down"
    return f"errcode_{error.errcode}"


def _caller_ip(error: WecomError) -> str:
    return error.caller_ip if isinstance(error, GiveUp) and error.reason == "ip_not_trusted" else ""
