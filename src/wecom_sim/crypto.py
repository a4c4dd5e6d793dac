"""Callback crypto of the platform: AES-256-CBC with 32-byte PKCS#7 blocks, SHA-1 signature (reference, section 3.4)."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class CryptoError(ValueError):
    """A ciphertext, key or receive id that does not fit."""


def aes_key(encoding_aes_key: str) -> bytes:
    """32 bytes from the 43 characters of EncodingAESKey."""
    if len(encoding_aes_key) != 43:
        raise CryptoError("EncodingAESKey must have 43 characters")
    try:
        return base64.b64decode(encoding_aes_key + "=")
    except ValueError as error:
        raise CryptoError("EncodingAESKey is not base64") from error


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypted])).encode()).hexdigest()  # noqa: S324


def encrypt(encoding_aes_key: str, message: str, receive_id: str, salt: bytes | None = None) -> str:
    """Base64 of AES(16 random bytes, length of message, message, receive id), padded to whole 32-byte blocks."""
    key = aes_key(encoding_aes_key)
    body = message.encode()
    plain = (salt or os.urandom(16)) + struct.pack(">I", len(body)) + body + receive_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    plain += bytes([pad]) * pad
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def decrypt(encoding_aes_key: str, encrypted: str, receive_id: str) -> str:
    """The message. Raises CryptoError where padding, length or receive id don't fit."""
    key = aes_key(encoding_aes_key)
    try:
        raw = base64.b64decode(encrypted, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
    except ValueError as error:
        raise CryptoError("not a ciphertext of this key") from error
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise CryptoError("wrong padding")
    plain = plain[:-pad]
    if len(plain) < 20:
        raise CryptoError("too short")
    (length,) = struct.unpack(">I", plain[16:20])
    body, tail = plain[20 : 20 + length], plain[20 + length :]
    if len(body) != length or tail.decode("utf-8", "replace") != receive_id:
        raise CryptoError("receive id does not fit")
    return body.decode()
