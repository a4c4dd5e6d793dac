"""Signing in by WeCom: where a browser is sent, and who came back. Who may come in is decided by people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.sign_in import OAUTH_HOST, SIGN_IN_HOST, Visitor, authorize_url, qr_sign_in_url
from wellspring.wecom.company import company_row, get_client, is_connected
from wellspring.wecom.refusals import CompanyNotConnected


def sign_in_possible(session: Session) -> bool:
    """Whether WeCom can be asked who somebody is: an app is connected and its AgentId known."""
    row = company_row(session)
    return is_connected(row) and row.agent_id > 0


def sign_in_address(session: Session, *, in_client: bool, redirect_uri: str, state: str) -> str:
    """The page to send the browser to; `in_client`: it is WeCom's own. Raises CompanyNotConnected.

    A company's `sign_in_base_url` stands for both of WeCom's hosts. The userid is all that is asked for, so nobody has
    to agree to anything.
    """
    row = company_row(session)
    if not is_connected(row) or not row.agent_id:
        raise CompanyNotConnected()
    page, host = (authorize_url, OAUTH_HOST) if in_client else (qr_sign_in_url, SIGN_IN_HOST)
    return page(
        corp_id=row.corp_id,
        agent_id=row.agent_id,
        redirect_uri=redirect_uri,
        state=state,
        host=row.sign_in_base_url or host,
    )


def redeem_sign_in(platform: Platform, code: str) -> Visitor:
    """Who stands behind the code; it is used up. Raises a WecomError. Outside any transaction."""
    return get_client(platform).sign_in.visitor(code)
