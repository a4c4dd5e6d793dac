"""The company this deployment is connected to, and the client that speaks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeGuard
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid
from wellspring.platform.runtime import Platform
from wellspring.wecom.client import DEFAULT_BASE_URL, WecomClient
from wellspring.wecom.crypto import CallbackCipher
from wellspring.wecom.errors import NotConnected
from wellspring.wecom.models import WecomCompany
from wellspring.wecom.quota.budget import SharedBudget
from wellspring.wecom.sightings import WatchedConnection, note_untrusted
from wellspring.wecom.tokens import SharedToken, forget_token

COMPANY_ID = 1
TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")
AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
DOMAIN_PROOF = re.compile(r"(?:WW_verify_)?([0-9A-Za-z]{8,64})(?:\.txt)?")


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


def is_connected(row: WecomCompany | None) -> TypeGuard[WecomCompany]:
    """Whether calls can be made: the guide saves the corp id first and the secret later."""
    return row is not None and bool(row.corp_id) and bool(row.app_secret_sealed)


def company(session: Session) -> Company | None:
    """The connected company, None before its app secret is known."""
    row = company_row(session)
    if row is None or not is_connected(row):
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
    sign_in_base_url: str | None = None,
) -> Company:
    """Set the whole connection. A secret left out stays as it was; on the first connection all three are needed.

    Raises Invalid with the field named. Calls nothing: see `rights.test_connection`.
    """
    row = company_row(session)
    for field, value, known in (
        ("secret", secret, row and row.app_secret_sealed),
        ("token", token, row and row.callback_token_sealed),
        ("aes_key", aes_key, row and row.callback_aes_key_sealed),
    ):
        if value is None and not known:
            raise _wrong(field)
    change_company(
        session,
        platform,
        actor,
        corp_id=corp_id,
        secret=secret,
        agent_id=agent_id,
        token=token,
        aes_key=aes_key,
        base_url=base_url,
        name=name,
        callback_tolerance_seconds=callback_tolerance_seconds,
        sign_in_base_url=sign_in_base_url,
    )
    connected = company(session)
    assert connected is not None
    return connected


def change_company(session: Session, platform: Platform, actor: Actor, **changes: Any) -> WecomCompany:
    """Change some of the connection's settings (the fields of `connect_company`, and `domain_proof`); None stays as it
    was. The first change names the corp id. What was found out with the old settings is forgotten.

    Raises Invalid with the field named. Calls nothing.
    """
    wish = {field: value for field, value in changes.items() if value is not None}
    row = company_row(session)
    if row is None:
        wish = {"base_url": DEFAULT_BASE_URL, "corp_id": "", **wish}
        row = WecomCompany(id=COMPANY_ID, app_secret_sealed=b"", callback_token_sealed=b"", callback_aes_key_sealed=b"")
    _check(wish)
    now = platform.clock.now()
    before = {field: getattr(row, field, None) for field in ("corp_id", "base_url")}
    for field, value in wish.items():
        setattr(row, SEALED.get(field, field), platform.secrets.seal(value) if field in SEALED else _tidy(field, value))
    session.add(row)
    elsewhere = any(before[field] != getattr(row, field) for field in before)
    if elsewhere or "secret" in wish:
        row.last_test, row.last_test_at, row.last_error = {}, None, None
        row.refused_ip, row.refused_ip_at = "", None
        row.connected_at = now
        session.flush()
        forget_token(session)
    if before["corp_id"] != row.corp_id or "token" in wish or "aes_key" in wish:
        row.callback_verified_at = row.callback_refused_at = None
        row.callback_refused_why = ""
    audit.record(
        session,
        actor=actor,
        at=now,
        action="wecom.company.connect",
        object_type="wecom_company",
        object_id=row.corp_id,
        base_url=row.base_url,
        agent_id=row.agent_id or 0,
        secrets_changed=[label for label in SEALED if label in wish],
    )
    session.flush()
    session.refresh(row)
    return row


SEALED = {"secret": "app_secret_sealed", "token": "callback_token_sealed", "aes_key": "callback_aes_key_sealed"}
WRONG: dict[str, tuple[str, str]] = {
    "corp_id": ("企业 ID 不能为空，形如 ww 开头的字母数字。", "The corp id is wrong."),
    "base_url": (
        "接口地址应形如 https://qyapi.weixin.qq.com。",
        "The API address looks like https://qyapi.weixin.qq.com.",
    ),
    "sign_in_base_url": (
        "登录页地址应形如 https://login.example.com，用企业微信自己的就留空。",
        "The sign-in address looks like https://login.example.com; leave it empty for WeCom's own.",
    ),
    "secret": ("请填写应用的 Secret。", "The app's secret is needed."),
    "token": ("回调 Token 应为 1 到 32 位字母或数字。", "The callback token is 1 to 32 letters or digits."),
    "aes_key": ("EncodingAESKey 应为 43 位字母或数字。", "The EncodingAESKey is 43 letters or digits."),
    "domain_proof": (
        "请填校验文件的文件名，形如 WW_verify_ 加一串字母数字 .txt。",
        "Enter the name of the verification file: WW_verify_, letters and digits, .txt.",
    ),
}


def _wrong(field: str) -> Invalid:
    zh, en = WRONG[field]
    return Invalid(field=field, zh=zh, en=en)


def _check(wish: dict[str, Any]) -> None:
    right: dict[str, Callable[[str], object]] = {
        "corp_id": lambda value: value and len(value) <= 64 and value.isascii(),
        "base_url": _is_address,
        "sign_in_base_url": lambda value: not value or _is_address(value),
        "secret": bool,
        "token": TOKEN.fullmatch,
        "aes_key": AES_KEY.fullmatch,
        "domain_proof": lambda value: not value or DOMAIN_PROOF.fullmatch(value.strip()),
    }
    for field, holds in right.items():
        if field in wish and not holds(wish[field]):
            raise _wrong(field)


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.username


def _tidy(field: str, value: Any) -> Any:
    if field in ("base_url", "sign_in_base_url"):
        return value.rstrip("/")
    if field == "domain_proof" and (found := DOMAIN_PROOF.fullmatch(value.strip())):
        return found.group(1)
    return value


_clients: WeakKeyDictionary[Any, tuple[tuple[Any, ...], WecomClient]] = WeakKeyDictionary()
_ciphers: WeakKeyDictionary[Any, tuple[tuple[Any, ...], CallbackCipher]] = WeakKeyDictionary()
_lock = Lock()


def get_client(platform: Platform) -> WecomClient:
    """The client of the connected company; raises NotConnected before there is one."""
    with platform.database.unit_of_work() as session:
        row = company_row(session)
        if not is_connected(row):
            raise NotConnected("no WeCom company is connected")
        fingerprint = (row.corp_id, row.base_url, bytes(row.app_secret_sealed), id(platform.clock))
    key = platform.database.engine
    with _lock:
        known = _clients.get(key)
        if known is not None and known[0] == fingerprint:
            return known[1]
        connection = WatchedConnection(
            base_url=row.base_url,
            budget=SharedBudget(platform.database),
            on_untrusted=lambda address: note_untrusted(platform, address),
        )
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
    """The tolerance in seconds, and what callbacks are checked and opened with; None before both were entered.

    Read on every callback, hence plain SQL: the intake's time is mostly this.
    """
    row = session.execute(CALLBACK_SETTINGS, {"id": COMPANY_ID}).one_or_none()
    if row is None:
        return None
    corp_id, token, aes_key, tolerance = row
    if not token or not aes_key:
        return None
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
