"""The state of a sign-in that leaves for another site and comes back: bound to the browser, good once, for minutes.

The state is random, carries its end, and is signed together with a secret that only a cookie of the same browser holds.
So a state that somebody else was given does not fit (a forged sign-in), one that was changed has no signature, and one
that came back before is known. Nothing is stored before it comes back: starting costs no row.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import UsedSignInState
from wellspring.platform.secrets import SecretBox

STATE_COOKIE = "ws_sign_in"
STATE_LIFE = timedelta(minutes=10)
"""WeCom's QR code and OAuth code live five minutes each."""
SHAPE = re.compile(r"[0-9a-f]{32}[0-9a-f]{10}[0-9a-f]{64}")
"""Random, end in seconds, signature: 106 characters; WeCom takes at most 128, letters and digits only."""


class StateRefused(Exception):
    """Not ours, not this browser's, too old, or used before."""


@dataclass(frozen=True)
class SignInState:
    """`state` goes into the address, `cookie` to the browser; `next_path` is where the person wanted to go."""

    state: str
    cookie: str


def new_state(box: SecretBox, *, now: datetime, next_path: str) -> SignInState:
    cookie = f"{secrets.token_hex(16)}.{next_path.encode().hex()}"
    head = f"{secrets.token_hex(16)}{int((now + STATE_LIFE).timestamp()):010x}"
    return SignInState(head + _signature(box, head, cookie), cookie)


def use_state(session: Session, box: SecretBox, *, now: datetime, state: str, cookie: str) -> str:
    """Uses the state up; answers the path to go on to. Raises StateRefused. Commit before anything else is done with
    the answer: of two that come at once only one may go on."""
    if not cookie or not SHAPE.fullmatch(state):
        raise StateRefused("malformed")
    head, given = state[:42], state[42:]
    if not hmac.compare_digest(given, _signature(box, head, cookie)):
        raise StateRefused("not this browser's")
    expires_at = datetime.fromtimestamp(int(head[32:], 16), UTC)
    if expires_at <= now:
        raise StateRefused("expired")
    session.execute(delete(UsedSignInState).where(UsedSignInState.expires_at <= now))
    digest = hashlib.sha256(state.encode()).hexdigest()
    wish = insert(UsedSignInState).values(state_hash=digest, expires_at=expires_at).on_conflict_do_nothing()
    if session.execute(wish.returning(UsedSignInState.state_hash)).scalar() is None:
        raise StateRefused("used before")
    return bytes.fromhex(cookie.partition(".")[2]).decode()


def _signature(box: SecretBox, head: str, cookie: str) -> str:
    return box.sign(f"sign-in:{head}:{cookie}")
