"""Encryption at rest and blind indexes, both from the data folder's key.

A secret is sealed with AES-256-GCM; a blind index is HMAC-SHA256 over a normalised value, so that a
mobile can be looked up without being readable in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class SecretBox:
    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes. Separate keys for sealing, index and signing are derived from it."""
        self._seal = AESGCM(hmac.digest(key, b"seal", hashlib.sha256))
        self._index = hmac.digest(key, b"index", hashlib.sha256)
        self._sign = hmac.digest(key, b"sign", hashlib.sha256)

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._seal.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        """Raises cryptography.exceptions.InvalidTag when the key is not the one it was sealed with."""
        return self._seal.decrypt(bytes(sealed[:12]), bytes(sealed[12:]), None).decode()

    def index(self, value: str) -> str:
        """Hex digest, 64 characters, stable under one key."""
        return hmac.new(self._index, value.encode(), hashlib.sha256).hexdigest()

    def sign(self, value: str) -> str:
        return hmac.new(self._sign, value.encode(), hashlib.sha256).hexdigest()
