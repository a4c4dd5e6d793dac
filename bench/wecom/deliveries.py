"""Callbacks as WeCom sends them, made beforehand so that a load generator only has to write bytes."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass(frozen=True)
class Company:
    corp_id: str
    token: str
    aes_key: str


def request(company: Company, port: int, fields: dict[str, str], stamp: int | None = None) -> bytes:
    """One HTTP request with keep-alive, whole."""
    inner = {"ToUserName": company.corp_id, "FromUserName": "sys", "MsgType": "event", **fields}
    message = "<xml>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in inner.items()) + "</xml>"
    encrypted = _encrypt(company, message)
    timestamp, nonce = str(stamp or int(time.time())), os.urandom(5).hex()
    joined = "".join(sorted((company.token, timestamp, nonce, encrypted)))
    signature = hashlib.sha1(joined.encode()).hexdigest()
    body = (
        f"<xml><ToUserName><![CDATA[{company.corp_id}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()
    head = (
        f"POST /callback/wecom?msg_signature={signature}&timestamp={timestamp}&nonce={nonce} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _encrypt(company: Company, message: str) -> str:
    key = base64.b64decode(company.aes_key + "=")
    body = message.encode()
    padder = padding.PKCS7(256).padder()
    plain = os.urandom(16) + len(body).to_bytes(4, "big") + body + company.corp_id.encode()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    data = padder.update(plain) + padder.finalize()
    return base64.b64encode(encryptor.update(data) + encryptor.finalize()).decode()


def edits(company: Company, port: int, pairs: list[tuple[str, str]], created: int) -> Iterator[bytes]:
    """One edit_external_contact for each (userid, external_userid)."""
    for userid, external_userid in pairs:
        yield request(
            company,
            port,
            {
                "CreateTime": str(created),
                "Event": "change_external_contact",
                "ChangeType": "edit_external_contact",
                "UserID": userid,
                "ExternalUserID": external_userid,
            },
        )
