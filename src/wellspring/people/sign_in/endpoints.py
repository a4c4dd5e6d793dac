"""Signing in by WeCom over HTTP: away to WeCom, back from it; the rules."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from wellspring.people.permissions import SIGN_IN_RULES
from wellspring.people.sign_in import service
from wellspring.people.sign_in.schemas import RuleWishes, SignInOffer, SignInRules
from wellspring.platform.auth import PUBLIC, Actor
from wellspring.platform.auth.errors import TooManyAttempts
from wellspring.platform.auth.middleware import set_session_cookies
from wellspring.platform.auth.service import check_throttle
from wellspring.platform.auth.sign_in_state import STATE_COOKIE, STATE_LIFE, new_state
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

router = make_router(tags=["sign-in"])
AWAY = "/session/wecom"
BACK = "/session/wecom/return"
INSIDE_WECOM = "wxwork"
"""Part of the user agent of WeCom's own browser, on phones and computers."""
OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


@router.get("/session/offers", dependencies=[Depends(PUBLIC)])
def read_sign_in_offers(session: DbSession) -> SignInOffer:
    """How one can sign in beside the password."""
    return SignInOffer(wecom=service.offered(session))


@router.get(AWAY, dependencies=[Depends(PUBLIC)], status_code=302, response_class=RedirectResponse)
def leave_for_wecom(
    request: Request,
    session: DbSession,
    platform: PlatformDep,
    next: Annotated[str, Query(max_length=500)] = "/",
    moved: bool = False,
) -> Response:
    """To WeCom's own page: inside WeCom it knows who this is, elsewhere it shows a QR code. `next`: a path of the
    console to go on to. A page opened under another host than the public one goes there first (`moved`: once), because
    the cookie belongs to the host that WeCom comes back to."""
    next = own_path(next)
    base = platform.settings.base_url
    if not moved and request.headers.get("host", "") != urlsplit(base).netloc:
        return RedirectResponse(f"{base}/api/v1{AWAY}?{urlencode({'next': next, 'moved': 'true'})}", 302)
    now, address = platform.clock.now(), request.client.host if request.client else ""
    try:
        check_throttle(session, login="", address=address, now=now)
    except TooManyAttempts:
        return _to_sign_in_page(platform, "throttled", next)
    if not service.offered(session):
        return _to_sign_in_page(platform, "not_offered", next)
    begun = new_state(platform.secrets, now=now, next_path=next)
    target = wecom.sign_in_address(
        session,
        in_client=INSIDE_WECOM in request.headers.get("user-agent", "").lower(),
        redirect_uri=f"{base}/api/v1{BACK}",
        state=begun.state,
    )
    response = RedirectResponse(target, 302)
    response.set_cookie(
        STATE_COOKIE,
        begun.cookie,
        max_age=int(STATE_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=platform.settings.cookies_are_secure,
        path=f"/api/v1{AWAY}",
    )
    return _not_kept(response)


@router.get(BACK, dependencies=[Depends(PUBLIC)], status_code=302, response_class=RedirectResponse)
def return_from_wecom(
    request: Request,
    platform: PlatformDep,
    code: Annotated[str, Query(max_length=512)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Signs in and goes on to the path the person wanted; a refusal goes to the sign-in page, which says why."""
    attempt = service.Attempt(
        code=code,
        state=state,
        cookie=request.cookies.get(STATE_COOKIE, ""),
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
    )
    try:
        token, path = service.sign_in(platform, attempt)
        response: Response = RedirectResponse(platform.settings.base_url + own_path(path), 302)
        set_session_cookies(response, platform, token)
    except service.SignInRefused as refusal:
        response = _to_sign_in_page(platform, refusal.reason, "/")
    response.delete_cookie(STATE_COOKIE, path=f"/api/v1{AWAY}")
    return _not_kept(response)


@router.get("/sign-in-rules")
def read_sign_in_rules(session: DbSession, actor: Annotated[Actor, Depends(SIGN_IN_RULES)]) -> SignInRules:
    """Which members may sign in by WeCom, and as what."""
    return service.read_rules(session)


@router.put("/sign-in-rules")
def write_sign_in_rules(
    body: RuleWishes, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(SIGN_IN_RULES)]
) -> SignInRules:
    """Replace them all. Accounts that follow the rules follow at once; whom no rule lets in any more is signed out."""
    return service.write_rules(session, platform, actor, body.rules)


@router.post("/sign-in-rules/preview")
def preview_sign_in_rules(
    body: RuleWishes, session: DbSession, actor: Annotated[Actor, Depends(SIGN_IN_RULES)]
) -> SignInRules:
    """Whom these rules would decide for; changes nothing."""
    return service.with_members(session, service.checked(session, body.rules))


def own_path(path: str) -> str:
    """A path of this console; anything else, which might lead away, becomes the start page."""
    return path if OWN_PATH.fullmatch(path) and not path.startswith(("/sign-in", "/api/")) else "/"


def _to_sign_in_page(platform: Platform, reason: str, next_path: str) -> Response:
    query = {"refused": reason, **({"next": next_path} if next_path != "/" else {})}
    return _not_kept(RedirectResponse(f"{platform.settings.base_url}/sign-in?{urlencode(query)}", 302))


def _not_kept(response: Response) -> Response:
    """Neither the code nor the state may lie in a cache or in another site's log."""
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response
