"""The access token, shared by all threads and processes through PostgreSQL.

WeCom may take a token back before its time. Whoever is refused asks for a renewal and names the generation they
used; under the row's lock only the first of them calls gettoken, the others find a newer generation and use it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.clock import Clock
from wellspring.platform.db import Database
from wellspring.platform.secrets import SecretBox
from wellspring.wecom.calls.auth import GET_TOKEN
from wellspring.wecom.client import AccessToken, Connection
from wellspring.wecom.errors import BAD_SECRET, WecomError
from wellspring.wecom.models import WecomAccessToken

log = structlog.get_logger(__name__)

PURPOSE = "app"
MARGIN = timedelta(minutes=5)
REFUSAL_SECONDS = 30.0
"""After a refused secret gettoken isn't asked again for so long: 2,000 wrong calls in an hour ban the address."""


@dataclass(frozen=True)
class _Kept:
    token: AccessToken
    expires_at: datetime


class SharedToken:
    """Tokens of one company's app for one process; the client's `tokens`."""

    def __init__(
        self,
        *,
        database: Database,
        secrets: SecretBox,
        clock: Clock,
        connection: Connection,
        corp_id: str,
        app_secret: str,
        purpose: str = PURPOSE,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._connection = connection
        self._corp_id = corp_id
        self._app_secret = app_secret
        self._purpose = purpose
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._refusal: tuple[float, WecomError] | None = None

    def current(self) -> AccessToken:
        kept = self._kept
        if kept is not None and self._fresh(kept.expires_at):
            return kept.token
        return self._renew(stale_generation=None)

    def renewed(self, stale: AccessToken) -> AccessToken:
        return self._renew(stale_generation=stale.generation)

    def _fresh(self, expires_at: datetime | None) -> bool:
        return expires_at is not None and self._clock.now() < expires_at - MARGIN

    def _renew(self, stale_generation: int | None) -> AccessToken:
        """`stale_generation` None: any unexpired token will do."""
        with self._lock:
            kept = self._kept
            if kept is not None and self._fresh(kept.expires_at) and _newer(kept.token.generation, stale_generation):
                return kept.token
            self._raise_recent_refusal()
            with self._database.unit_of_work() as session:
                row = _locked_row(session, self._purpose)
                usable = row.token_sealed is not None and self._fresh(row.expires_at)
                if not (usable and _newer(row.generation, stale_generation)):
                    self._fetch(row)
                assert row.token_sealed is not None
                assert row.expires_at is not None
                token = AccessToken(self._secrets.open(row.token_sealed), row.generation)
                kept = _Kept(token, row.expires_at)
            self._kept = kept
            return kept.token

    def _fetch(self, row: WecomAccessToken) -> None:
        try:
            reply = self._connection.send(GET_TOKEN, query={"corpid": self._corp_id, "corpsecret": self._app_secret})
        except WecomError as error:
            if error.errcode in BAD_SECRET:
                self._refusal = (time.monotonic(), error)
            raise
        row.token_sealed = self._secrets.seal(reply.access_token)
        row.expires_at = self._clock.now() + timedelta(seconds=reply.expires_in)
        row.generation += 1
        log.info("wecom_token_renewed", generation=row.generation)

    def _raise_recent_refusal(self) -> None:
        if self._refusal is not None and time.monotonic() - self._refusal[0] < REFUSAL_SECONDS:
            raise self._refusal[1]


def _newer(generation: int, stale: int | None) -> bool:
    return stale is None or generation > stale


def _locked_row(session: Session, purpose: str) -> WecomAccessToken:
    session.execute(insert(WecomAccessToken).values(purpose=purpose).on_conflict_do_nothing())
    return session.execute(
        select(WecomAccessToken).where(WecomAccessToken.purpose == purpose).with_for_update()
    ).scalar_one()


def forget_token(session: Session, purpose: str = PURPOSE) -> None:
    """The company or its secret has changed: what is kept belongs to another."""
    row = _locked_row(session, purpose)
    row.token_sealed = None
    row.expires_at = None
    row.generation += 1
