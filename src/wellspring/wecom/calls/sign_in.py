"""Who opened a page: in the client by OAuth2, on a computer by QR code; both end in a code for `member`."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Effect, Reply, required

OAUTH_HOST = "https://open.weixin.qq.com"
SIGN_IN_HOST = "https://login.work.weixin.qq.com"


def authorize_url(
    *, corp_id: str, agent_id: int, redirect_uri: str, state: str, private: bool = False, host: str = OAUTH_HOST
) -> str:
    """Where the client is sent; it comes back to `redirect_uri` with `code` and `state`. `redirect_uri` lies in a
    trusted domain of the app, else 50001. `private`: asks the member for mobile, avatar and the like (see
    `SignIn.private_details`). `host`: another one for a proxy or a simulated platform."""
    required("redirect_uri", redirect_uri)
    query = {
        "appid": corp_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "snsapi_privateinfo" if private else "snsapi_base",
        "state": state,
        "agentid": agent_id,
    }
    return f"{host.rstrip('/')}/connect/oauth2/authorize?{urlencode(query, quote_via=quote)}#wechat_redirect"


def qr_sign_in_url(*, corp_id: str, agent_id: int, redirect_uri: str, state: str, host: str = SIGN_IN_HOST) -> str:
    """The page with a QR code that a member scans; goes on to `redirect_uri` with `code` and `state`."""
    required("redirect_uri", redirect_uri)
    query = {
        "login_type": "CorpApp",
        "appid": corp_id,
        "agentid": agent_id,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{host.rstrip('/')}/wwlogin/sso/login?{urlencode(query, quote_via=quote)}"


class Visitor(Reply):
    """A member has `userid` (and `user_ticket` after a private authorization); anybody else `openid`, and
    `external_userid` when a customer of members in the app's range."""

    userid: str = ""
    user_ticket: str = ""
    openid: str = ""
    external_userid: str = ""


class LegacyVisitor(Reply):
    """The older call's answer, with the field names it has."""

    userid: str = Field(default="", alias="UserId")
    device_id: str = Field(default="", alias="DeviceId")
    openid: str = Field(default="", alias="OpenId")
    external_userid: str = ""


class PrivateDetails(Reply):
    """Only what the member agreed to show; the rest is empty. `gender`: "0" unknown, "1" male, "2" female."""

    userid: str
    gender: str = ""
    avatar: str = ""
    qr_code: str = ""
    mobile: str = ""
    email: str = ""
    biz_mail: str = ""
    address: str = ""


# The code works once: whoever loses the answer can't ask again, the visitor signs in anew.
VISITOR = Call("GET", "auth/getuserinfo", Visitor, Effect.ONCE)
LEGACY_VISITOR = Call("GET", "user/getuserinfo", LegacyVisitor, Effect.ONCE)
DETAILS = Call("POST", "auth/getuserdetail", PrivateDetails)


class SignIn:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def visitor(self, code: str) -> Visitor:
        """Raises GiveUp(code_invalid | code_used | code_expired | user_out_of_scope): a code works once, five minutes
        long. OutcomeUnknown when the answer was lost; the visitor signs in again then."""
        required("code", code)
        return self._caller.call(VISITOR, query={"code": code})

    def legacy_visitor(self, code: str) -> LegacyVisitor:
        """The same by the older path, which gives no user_ticket."""
        required("code", code)
        return self._caller.call(LEGACY_VISITOR, query={"code": code})

    def private_details(self, user_ticket: str) -> PrivateDetails:
        """Raises GiveUp(ticket_expired | ticket_invalid)."""
        required("user_ticket", user_ticket)
        return self._caller.call(DETAILS, body={"user_ticket": user_ticket})
