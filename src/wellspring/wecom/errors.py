"""What a call to WeCom can end in, by what the caller has to do.

    WecomError
     ├─ RenewToken       the token is stale (40014, 42001): the client renews it once and repeats by itself
     ├─ RetryLater       nothing happened; the same call may be made again (-1, 6000, HTTP 5xx of a read,
     │   │               no connection, 41063, 41096)
     │   ├─ Unreachable  WeCom can't be reached: wait as long as it takes
     │   ├─ NotThereYet  WeCom's data lags behind its own callback: read again shortly
     │   └─ NotConnected no company is connected yet: wait as well
     ├─ SlowDown         45009, 45033: again, but not before `seconds` have passed
     ├─ GiveUp           the answer is final and the world's doing; `reason` is a stable word for it
     ├─ OurMistake       the call was wrong and will be wrong again: a bug or a setting to mend
     │   ├─ BadArgument  found before the call; names the field
     │   └─ UnknownCode  a code that isn't in the table; `answer` is all that WeCom said
     └─ OutcomeUnknown   the connection was cut after the request had left: it may have taken effect

Which code is which: error_codes.py. `errmsg` is for logs only, it may change.
"""

from __future__ import annotations

import re
from typing import Any

from wellspring.wecom.error_codes import SLOW, Action, meaning


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


class NotThereYet(RetryLater):
    """What WeCom shows is older than the callback that says it changed (a customer group: about two seconds)."""


class NotConnected(RetryLater):
    """No company is connected, or the data folder's key can't open its secrets."""


class SlowDown(WecomError):
    """A frequency or concurrency limit; `seconds` until the block is over."""

    def __init__(self, message: str, *, path: str = "", errcode: int | None = None, seconds: float = 60) -> None:
        self.seconds = seconds
        super().__init__(message, path=path, errcode=errcode)


class GiveUp(WecomError):
    """Final; `reason` is one of `error_codes.GIVE_UP`'s values. `caller_ip`: the address WeCom says the call came from,
    empty when it doesn't say."""

    def __init__(
        self, message: str, *, reason: str, path: str = "", errcode: int | None = None, caller_ip: str = ""
    ) -> None:
        self.reason = reason
        self.caller_ip = caller_ip
        super().__init__(message, path=path, errcode=errcode)


class OurMistake(WecomError):
    """The request is wrong whoever sends it."""


class BadArgument(OurMistake):
    """A limit was broken; the call was not made. `field` is the wire's name of it."""

    def __init__(self, field: str, problem: str, *, path: str = "") -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field}: {problem}", path=path)


class UnknownCode(OurMistake):
    """Newer than the table. Treated as final, since nothing says that a repeat would help."""

    def __init__(self, message: str, *, path: str, errcode: int, answer: dict[str, Any]) -> None:
        self.answer = answer
        super().__init__(message, path=path, errcode=errcode)


class OutcomeUnknown(WecomError):
    """The request had left; whether it took effect must be asked."""


BUSY = frozenset({-1, 6000})
"""Repeated at once, a few times; the other RetryLater codes are for the caller to come back to."""
BAD_SECRET = frozenset({40001, 40013, 40091})
FROM_IP = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45}?)(?=[,\s]|$)")


def error_for(errcode: int, errmsg: str, path: str, answer: dict[str, Any] | None = None) -> WecomError:
    """The exception for an answer whose errcode isn't 0."""
    message = f"{path}: {errcode} {errmsg[:200]}"
    action, word = meaning(errcode) or (None, "")
    match action:
        case Action.RENEW:
            return RenewToken(message, path=path, errcode=errcode)
        case Action.LATER:
            return RetryLater(message, path=path, errcode=errcode)
        case Action.SLOW:
            return SlowDown(message, path=path, errcode=errcode, seconds=SLOW[errcode])
        case Action.GIVE_UP:
            return GiveUp(message, reason=word, path=path, errcode=errcode, caller_ip=_caller_ip(errmsg))
        case Action.MISTAKE:
            return OurMistake(message, path=path, errcode=errcode)
    return UnknownCode(message, path=path, errcode=errcode, answer=answer or {})


def _caller_ip(errmsg: str) -> str:
    """The reference's 1.1: "…, from ip: 203.0.113.7, more info at …"; also of IPv6. Empty when it isn't there."""
    found = FROM_IP.search(errmsg)
    return found.group(1) if found else ""
