"""What a call to WeCom can end in, by what the caller has to do.

    WecomError
     ├─ RenewToken       the token is stale (40014, 42001): the client renews it once and repeats by itself
     ├─ RetryLater       nothing happened; the same call may be made again (-1, 6000, HTTP 5xx of a read,
     │   │               no connection, 41063, 41096)
     │   ├─ Unreachable  WeCom can't be reached: wait as long as it takes
     │   └─ NotConnected no company is connected yet: wait as well
     ├─ SlowDown         45009, 45033: again, but not before `seconds` have passed
     ├─ GiveUp           the answer is final and the world's doing; `reason` is a stable word for it
     ├─ OurMistake       the call was wrong and will be wrong again: a bug or a setting to mend
     │   └─ BadArgument  found before the call; names the field
     └─ OutcomeUnknown   the connection was cut after the request had left: it may have taken effect

Codes and their meaning: the error table of the WeCom server API. `errmsg` is for logs only, it may change.
"""

from __future__ import annotations


class WecomError(Exception):
    """`errcode` is WeCom's (None when WeCom did not answer), `path` the call's."""

    def __init__(self, message: str, *, path: str = "", errcode: int | None = None) -> None:
        self.path = path
        self.errcode = errcode
        super().__init__(message)


class RenewToken(WecomError):
    """The access token was refused."""


class RetryLater(WecomError):
    """The call had no effect and may be repeated."""


class Unreachable(RetryLater):
    """No connection, or no sensible answer, before anything could take effect."""


class NotConnected(RetryLater):
    """No company is connected, or the data folder's key can't open its secrets."""


class SlowDown(WecomError):
    """A frequency or concurrency limit; `seconds` until the block is over."""

    def __init__(self, message: str, *, path: str = "", errcode: int | None = None, seconds: float = 60) -> None:
        self.seconds = seconds
        super().__init__(message, path=path, errcode=errcode)


class GiveUp(WecomError):
    """Final; `reason` is one of GIVE_UP's values."""

    def __init__(self, message: str, *, reason: str, path: str = "", errcode: int | None = None) -> None:
        self.reason = reason
        super().__init__(message, path=path, errcode=errcode)


class OurMistake(WecomError):
    """The request is wrong whoever sends it."""


class BadArgument(OurMistake):
    """A limit was broken; the call was not made. `field` is the wire's name of it."""

    def __init__(self, field: str, problem: str, *, path: str = "") -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field}: {problem}", path=path)


class OutcomeUnknown(WecomError):
    """The request had left; whether it took effect must be asked."""


RENEW = frozenset({40014, 42001})
BUSY = frozenset({-1, 6000})
LATER = frozenset({41063, 41079, 41096})
BAD_SECRET = frozenset({40001, 40013, 40091})

SLOW: dict[int, float] = {45009: 60.0, 45033: 1.0}
"""Seconds to wait: minute buckets block for 60 s; concurrency is over as soon as others are done."""

GIVE_UP: dict[int, str] = {
    40001: "wrong_secret",
    40013: "wrong_corp_id",
    40091: "wrong_secret",
    40003: "no_such_user",
    40031: "no_such_user",
    40068: "no_such_tag",
    40071: "tag_name_exists",
    40096: "not_a_customer",
    40098: "not_real_name",
    40126: "too_many_tags",
    40201: "content_refused",
    40204: "content_refused",
    40205: "user_must_sign_in",
    41045: "too_many_contact_ways",
    41046: "no_such_message",
    41047: "no_such_message",
    41048: "nobody_to_send_to",
    41050: "welcome_code_expired",
    41051: "chat_already_started",
    41053: "archive_not_agreed",
    41054: "user_not_activated",
    41093: "already_cancelled",
    41094: "too_many_reminders",
    42003: "code_expired",
    43009: "company_not_verified",
    46004: "no_such_user",
    48002: "no_right",
    48004: "no_right",
    48005: "api_retired",
    48006: "no_right",
    50002: "user_out_of_scope",
    50003: "app_disabled",
    60003: "no_such_department",
    60011: "no_right_on_member",
    60020: "ip_not_trusted",
    60021: "user_out_of_scope",
    60111: "user_left",
    60123: "no_such_department",
    84061: "not_a_friend",
    84074: "no_right",
    84083: "no_right",
    84084: "not_a_friend",
}
"""errcode -> stable reason; whatever is neither here nor above is OurMistake."""


def error_for(errcode: int, errmsg: str, path: str) -> WecomError:
    """The exception for an answer whose errcode isn't 0."""
    message = f"{path}: {errcode} {errmsg[:200]}"
    if errcode in RENEW:
        return RenewToken(message, path=path, errcode=errcode)
    if errcode in BUSY or errcode in LATER:
        return RetryLater(message, path=path, errcode=errcode)
    if (seconds := SLOW.get(errcode)) is not None:
        return SlowDown(message, path=path, errcode=errcode, seconds=seconds)
    if (reason := GIVE_UP.get(errcode)) is not None:
        return GiveUp(message, reason=reason, path=path, errcode=errcode)
    return OurMistake(message, path=path, errcode=errcode)
