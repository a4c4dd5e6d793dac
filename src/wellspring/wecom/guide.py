"""The guide to connecting a company: each step's state, worked out from what really happened and never from clicks."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import UserAccount
from wellspring.platform.errors import Language
from wellspring.platform.runtime import Platform
from wellspring.wecom.company import company_row
from wellspring.wecom.models import WecomCompany, WecomInbox, WecomSyncRun
from wellspring.wecom.rights import last_test
from wellspring.wecom.schemas import ConnectionTest, Guide, GuideStep
from wellspring.wecom.service import connection

# Refusals whose remedy stands in the first step: the corp id, and the address of the API.
COMPANY_REASONS = ("wrong_corp_id", "unreachable")
LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan")


def guide(session: Session, platform: Platform, language: Language) -> Guide:
    """Steps in the order in which they have to be done."""
    row = company_row(session)
    test = last_test(session, language)
    last_callback = session.scalar(select(WecomInbox.received_at).order_by(WecomInbox.id.desc()).limit(1))
    return Guide(
        connection=connection(session, platform),
        steps=[
            _company(row, test),
            _app(row, test),
            _callback(row, last_callback),
            _address(row, test),
            _rights(test),
            _domain(session, platform, row),
            _sync(session, row),
        ],
        test=test,
        last_callback_at=last_callback,
        public_host=public_host(platform),
        host_is_public=is_public_host(public_host(platform)),
    )


def public_host(platform: Platform) -> str:
    """The host that browsers and WeCom reach us under, with its port where there is one."""
    return urlsplit(platform.settings.base_url).netloc


def is_public_host(host: str) -> bool:
    """Whether WeCom would take it for a trusted domain: a name with a dot, no bare address, nothing local."""
    name = (urlsplit(f"//{host}").hostname or "").lower()
    if name == "localhost" or name.endswith(LOCAL_NAMES) or "." not in name:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False


def _refusal(test: ConnectionTest | None) -> str:
    """Why the token could not be had; empty when it could, or nothing was tried."""
    return test.checks[0].reason if test and not test.checks[0].works else ""


def _token_works(test: ConnectionTest | None) -> bool:
    return test is not None and test.checks[0].works


def _company(row: WecomCompany | None, test: ConnectionTest | None) -> GuideStep:
    if row is None or not row.corp_id:
        return GuideStep(name="company", state="todo")
    reason = _refusal(test)
    wrong = reason if reason in COMPANY_REASONS else ""
    return GuideStep(
        name="company", state="failed" if wrong else "done", reason=wrong, at=test.at if test and wrong else None
    )


def _app(row: WecomCompany | None, test: ConnectionTest | None) -> GuideStep:
    if row is None or not row.app_secret_sealed:
        return GuideStep(name="app", state="todo")
    if not row.agent_id:
        return GuideStep(name="app", state="todo", reason="no_agent_id")
    reason = _refusal(test)
    if reason in COMPANY_REASONS:
        return GuideStep(name="app", state="todo", reason="not_tried")
    if reason and reason != "ip_not_trusted":
        return GuideStep(name="app", state="failed", reason=reason, at=test.at if test else None)
    # A refused address is said after the secret was found right: WeCom knows the app then.
    known = _token_works(test) or reason == "ip_not_trusted"
    return GuideStep(name="app", state="done" if known else "todo", reason="" if known else "not_tried")


def _callback(row: WecomCompany | None, last_callback: datetime | None) -> GuideStep:
    if row is None or not row.callback_token_sealed or not row.callback_aes_key_sealed:
        return GuideStep(name="callback", state="todo")
    if row.callback_refused_at is not None:  # a later success has taken it away
        return GuideStep(name="callback", state="failed", reason=row.callback_refused_why, at=row.callback_refused_at)
    if row.callback_verified_at is not None:
        return GuideStep(name="callback", state="done", at=row.callback_verified_at)
    return GuideStep(name="callback", state="todo", reason="not_verified", at=last_callback)


def _address(row: WecomCompany | None, test: ConnectionTest | None) -> GuideStep:
    if row is not None and row.refused_ip_at is not None:
        return GuideStep(
            name="address", state="failed", reason="ip_not_trusted", detail=row.refused_ip, at=row.refused_ip_at
        )
    return GuideStep(name="address", state="done" if _token_works(test) else "todo", at=test.at if test else None)


def _rights(test: ConnectionTest | None) -> GuideStep:
    if test is None or not _token_works(test):
        return GuideStep(name="rights", state="todo")
    return GuideStep(name="rights", state="done" if test.works else "failed", at=test.at)


def _domain(session: Session, platform: Platform, row: WecomCompany | None) -> GuideStep:
    """Nothing can ask WeCom for its list of domains; that somebody came back from its sign-in page proves it."""
    signed_in = session.scalar(select(func.max(UserAccount.wecom_signed_in_at)))
    if row is not None and signed_in is not None:
        return GuideStep(name="domain", state="done", at=signed_in)
    public = is_public_host(public_host(platform)) or bool(row and row.sign_in_base_url)
    return GuideStep(name="domain", state="todo", reason="" if public else "not_public")


def _sync(session: Session, row: WecomCompany | None) -> GuideStep:
    latest = session.scalar(select(WecomSyncRun).order_by(WecomSyncRun.id.desc()).limit(1))
    if latest is not None and latest.status == "failed":
        return GuideStep(name="sync", state="failed", reason="sync_failed", at=latest.finished_at)
    if row is not None and row.last_full_sync_at is not None:
        return GuideStep(name="sync", state="done", at=row.last_full_sync_at)
    return GuideStep(name="sync", state="todo", reason="running" if latest is not None else "")
