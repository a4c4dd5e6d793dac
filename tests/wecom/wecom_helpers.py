"""Callbacks made by hand (the crypto written out a second time), recorders."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy.orm import Session

from wellspring.platform.clock import SystemClock
from wellspring.platform.jobs import JobContext
from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox import registry as inbox_registry
from wellspring.wecom.inbox.intake import Proof, known_cipher, open_delivery, store
from wellspring.wecom.models import WecomOutbox
from wellspring.wecom.outbox import registry as outbox_registry
from wellspring.wecom.sync import registry as sync_registry

TOKEN = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo"
AES_KEY = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
CORP = "ww1ca70c5b7a1c3d2e"


@dataclass
class Caller:
    """What WeCom knows when it calls back."""

    token: str = TOKEN
    aes_key: str = AES_KEY
    corp_id: str = CORP

    def encrypt(self, message: str) -> str:
        key = base64.b64decode(self.aes_key + "=")
        body = message.encode()
        padder = padding.PKCS7(256).padder()
        plain = os.urandom(16) + len(body).to_bytes(4, "big") + body + self.corp_id.encode()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        data = padder.update(plain) + padder.finalize()
        return base64.b64encode(encryptor.update(data) + encryptor.finalize()).decode()

    def query(self, encrypted: str, timestamp: int | None = None) -> dict[str, str]:
        stamp, nonce = str(int(time.time()) if timestamp is None else timestamp), os.urandom(4).hex()
        joined = "".join(sorted([self.token, stamp, nonce, encrypted])).encode()
        return {"msg_signature": hashlib.sha1(joined).hexdigest(), "timestamp": stamp, "nonce": nonce}

    def delivery(self, fields: dict[str, str], timestamp: int | None = None) -> tuple[dict[str, str], bytes]:
        """Query and body of one delivery."""
        encrypted = self.encrypt(xml(ToUserName=self.corp_id, FromUserName="sys", **fields))
        body = (
            f"<xml><ToUserName><![CDATA[{self.corp_id}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        )
        return self.query(encrypted, timestamp), body.encode()


def xml(**fields: str) -> str:
    return "<xml>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in fields.items()) + "</xml>"


def event(change: str, at: int = 1772683200, name: str = "change_external_contact", **fields: str) -> dict[str, str]:
    return {"CreateTime": str(at), "MsgType": "event", "Event": name, "ChangeType": change, **fields}


def take_in(platform: Platform, query: dict[str, str], body: bytes) -> str:
    """One delivery past the wire: verified, opened and stored; answers stored or duplicate."""
    proof = Proof(query["msg_signature"], query["timestamp"], query["nonce"])
    with platform.database.unit_of_work() as session:
        delivery = open_delivery(known_cipher(session, platform), proof, body, wire_now=SystemClock().now())
        return store(session, platform, [delivery])[0]


@dataclass
class Recorder:
    """Replaces the registries while a test runs."""

    monkeypatch: pytest.MonkeyPatch
    settled: list[tuple[int, str, str | None]] = field(default_factory=list)
    items: dict[str, list[Any]] = field(default_factory=dict)
    complete: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(inbox_registry, "_handlers", {})
        self.monkeypatch.setattr(outbox_registry, "_settled", {})
        self.monkeypatch.setattr(sync_registry, "_sinks", {})
        self.monkeypatch.setattr(sync_registry, "_complete", {})

    def watch(self, *kinds: str) -> None:
        """Record how calls of these kinds end."""

        def note(session: Session, platform: Platform, row: WecomOutbox) -> None:
            self.settled.append((row.id, row.status, row.error))

        for kind in kinds:
            outbox_registry.on_settled(kind, note)

    def keep_sync(self) -> None:
        for kind in sync_registry.KINDS:
            self.items[kind] = []
            sync_registry.register_sync_sink(
                kind, lambda session, platform, items, kind=kind: self.items[kind].extend(items)
            )
            sync_registry.on_sync_complete(kind, lambda session, platform, done: self.complete.append(done))


def context(platform: Platform) -> JobContext:
    return JobContext(platform, 0, 1)
