"""The company this deployment is connected to, and the client that speaks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid
from wellspring.platform.runtime import Platform
from wellspring.wecom.client import DEFAULT_BASE_URL, Connection, WecomClient
from wellspring.wecom.crypto import CallbackCipher
from wellspring.wecom.errors import NotConnected
from wellspring.wecom.models import WecomCompany
from wellspring.wecom.quota.budget import SharedBudget
from wellspring.wecom.tokens import SharedToken, forget_token

COMPANY_ID = 1
TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")
AES_KEY = re.compile(r"[0-9A-Za-z]{43}")


@dataclass(frozen=True)
class Company:
    """What may be shown; no secrets."""

    corp_id: str
    name: str
    agent_id: int
    base_url: str
    callback_tolerance_seconds: int
    connected_at: datetime | None
    last_full_sync_at: datetime | None
    last_error: str | None


def company_row(session: Session) -> WecomCompany | None:
    return session.get(WecomCompany, COMPANY_ID)


def company(session: Session) -> Company | None:
    """The connected company, None before the first connection."""
    row = company_row(session)
    if row is None:
        return None
    return Company(
        corp_id=row.corp_id,
        name=row.name,
        agent_id=row.agent_id,
        base_url=row.base_url,
        callback_tolerance_seconds=row.callback_tolerance_seconds,
        connected_at=row.connected_at,
        last_full_sync_at=row.last_full_sync_at,
        last_error=row.last_error,
    )


def callback_url(platform: Platform) -> str:
    """What has to be entered at WeCom as the URL for events."""
    return f"{platform.settings.base_url}/callback/wecom"


def connect_company(
    session: Session,
    platform: Platform,
    actor: Actor,
    *,
    corp_id: str,
    secret: str | None = None,
    agent_id: int = 0,
    token: str | None = None,
    aes_key: str | None = None,
    base_url: str = DEFAULT_BASE_URL,
    name: str = "",
    callback_tolerance_seconds: int | None = None,
) -> Company:
    """Set the connection. A secret left out stays as it was; on the first connection all three are needed.

    Raises Invalid with the field named. Calls nothing: see `test_connection`.
    """
    row = company_row(session)
    first = row is None
    if row is None:
        row = WecomCompany(id=COMPANY_ID, app_secret_sealed=b"", callback_token_sealed=b"", callback_aes_key_sealed=b"")
        session.add(row)
    _check(corp_id, base_url, secret, token, aes_key, first=first)
    changed = first or secret is not None or row.corp_id != corp_id or row.base_url != base_url.rstrip("/")
    row.corp_id, row.agent_id, row.base_url, row.name = corp_id, agent_id, base_url.rstrip("/"), name
    if secret is not None:
        row.app_secret_sealed = platform.secrets.seal(secret)
    if token is not None:
        row.callback_token_sealed = platform.secrets.seal(token)
    if aes_key is not None:
        row.callback_aes_key_sealed = platform.secrets.seal(aes_key)
    if callback_tolerance_seconds is not None:
        row.callback_tolerance_seconds = callback_tolerance_seconds
    row.last_error = None
    if changed:
        row.connected_at = platform.clock.now()
        forget_token(session)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="wecom.company.connect",
        object_type="wecom_company",
        object_id=corp_id,
        base_url=row.base_url,
        agent_id=agent_id,
        secrets_changed=[
            label for label, value in (("secret", secret), ("token", token), ("aes_key", aes_key)) if value is not None
        ],
    )
    session.flush()
    connected = company(session)
    assert connected is not None
    return connected


def _check(
    corp_id: str, base_url: str, secret: str | None, token: str | None, aes_key: str | None, *, first: bool
) -> None:
    if not corp_id or len(corp_id) > 64 or not corp_id.isascii():
        raise Invalid(field="corp_id", zh="企业 ID 不能为空，形如 ww 开头的字母数字。", en="The corp id is wrong.")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise Invalid(
            field="base_url",
            zh="接口地址应形如 https://qyapi.weixin.qq.com。",
            en="The API address looks like https://qyapi.weixin.qq.com.",
        )
    if secret == "" or (first and secret is None):
        raise Invalid(field="secret", zh="请填写应用的 Secret。", en="The app's secret is needed.")
    if (first and token is None) or (token is not None and not TOKEN.fullmatch(token)):
        raise Invalid(
            field="token",
            zh="回调 Token 应为 1 到 32 位字母或数字。",
            en="The callback token is 1 to 32 letters or digits.",
        )
    if (first and aes_key is None) or (aes_key is not None and not AES_KEY.fullmatch(aes_key)):
        raise Invalid(
            field="aes_key",
            zh="EncodingAESKey 应为 43 位字母或数字。",
            en="The EncodingAESKey is 43 letters or digits.",
        )


_clients: WeakKeyDictionary[Any, tuple[tuple[Any, ...], WecomClient]] = WeakKeyDictionary()
_ciphers: WeakKeyDictionary[Any, tuple[tuple[Any, ...], CallbackCipher]] = WeakKeyDictionary()
_lock = Lock()


def get_client(platform: Platform) -> WecomClient:
    """The client of the connected company; raises NotConnected before there is one."""
    with platform.database.unit_of_work() as session:
        row = company_row(session)
        if row is None:
            raise NotConnected("no WeCom company is connected")
        fingerprint = (row.corp_id, row.base_url, bytes(row.app_secret_sealed), id(platform.clock))
    key = platform.database.engine
    with _lock:
        known = _clients.get(key)
        if known is not None and known[0] == fingerprint:
            return known[1]
        connection = Connection(base_url=row.base_url, budget=SharedBudget(platform.database))
        tokens = SharedToken(
            database=platform.database,
            secrets=platform.secrets,
            clock=platform.clock,
            connection=connection,
            corp_id=row.corp_id,
            app_secret=_open(platform, row.app_secret_sealed),
        )
        client = WecomClient(connection=connection, tokens=tokens)
        _clients[key] = (fingerprint, client)
        return client


CALLBACK_SETTINGS = text(
    "select corp_id, callback_token_sealed, callback_aes_key_sealed, callback_tolerance_seconds"
    " from wecom_company where id = :id"
)


def callback_cipher(session: Session, platform: Platform) -> tuple[int, CallbackCipher] | None:
    """The tolerance in seconds, and what callbacks are checked and opened with; None before the first connection.

    Read on every callback, hence plain SQL: the intake's time is mostly this.
    """
    row = session.execute(CALLBACK_SETTINGS, {"id": COMPANY_ID}).one_or_none()
    if row is None:
        return None
    corp_id, token, aes_key, tolerance = row
    fingerprint = (corp_id, bytes(token), bytes(aes_key))
    known = _ciphers.get(platform.database.engine)
    if known is None or known[0] != fingerprint:
        cipher = CallbackCipher(token=_open(platform, token), aes_key=_open(platform, aes_key), receive_id=corp_id)
        known = _ciphers[platform.database.engine] = (fingerprint, cipher)
    return int(tolerance), known[1]


def _open(platform: Platform, sealed: bytes) -> str:
    try:
        return platform.secrets.open(sealed)
    except InvalidTag:
        raise NotConnected("the stored WeCom secrets were sealed with another data folder's key") from None
