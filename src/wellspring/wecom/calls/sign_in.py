"""Who stands behind the code of a sign-in, and what a member agreed to show.

Sources: the reference's 4.2 (OAuth2 in the client) and 4.3 (QR page). A code is good for five minutes and once.
"""

from __future__ import annotations

from wellspring.wecom.calls.base import Call, Caller, Effect, Reply, required


class SignedIn(Reply):
    """A member has `userid`; everybody else `openid`, and `external_userid` when a member in the app's sight is their
    friend. `user_ticket`: only with the scope snsapi_privateinfo."""

    userid: str = ""
    user_ticket: str = ""
    openid: str = ""
    external_userid: str = ""


class PrivateDetail(Reply):
    """Empty is what the member did not agree to. `gender`: "1" man, "2" woman, "0" unknown."""

    userid: str = ""
    gender: str = ""
    avatar: str = ""
    qr_code: str = ""
    mobile: str = ""
    email: str = ""
    biz_mail: str = ""
    address: str = ""


# The code is used up by the call: a lost answer can't be asked for again, the person signs in anew.
USER_INFO = Call("GET", "auth/getuserinfo", SignedIn, Effect.ONCE)
USER_DETAIL = Call("POST", "auth/getuserdetail", PrivateDetail)


class SignIns:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def redeem(self, code: str) -> SignedIn:
        """Raises GiveUp (code_invalid, code_used, code_expired, user_out_of_scope)."""
        required("code", code)
        return self._caller.call(USER_INFO, query={"code": code})

    def detail(self, user_ticket: str) -> PrivateDetail:
        """Raises GiveUp (ticket_expired, ticket_invalid)."""
        required("user_ticket", user_ticket)
        return self._caller.call(USER_DETAIL, body={"user_ticket": user_ticket})
