"""The crypto of callbacks, as WeCom's "encryption and decryption" page states it.

key = base64(EncodingAESKey + "="), 32 bytes; AES-256-CBC, IV = key[:16]; plaintext = 16 random bytes, length of the
message as 4 bytes big-endian, message, receive id; padded PKCS#7 to blocks of 32. Signature: SHA-1 in hex of token,
timestamp, nonce and ciphertext, sorted and joined.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEADER = 20


class CallbackRefused(Exception):
    """Not from WeCom, not for us, or damaged. `outcome` is the label it is counted under."""

    def __init__(self, outcome: str, message: str) -> None:
        self.outcome = outcome
        super().__init__(message)


class CallbackCipher:
    def __init__(self, *, token: str, aes_key: str, receive_id: str) -> None:
        """`aes_key`: the 43 characters from WeCom's console. `receive_id`: the corp id for a self-built app."""
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        joined = "".join(sorted((self._token, timestamp, nonce, encrypted)))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - the protocol's choice

    def verify(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        """Raises CallbackRefused(bad_signature)."""
        expected = self.signature(timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise CallbackRefused("bad_signature", "the signature does not fit")

    def decrypt(self, encrypted: str) -> str:
        """Raises CallbackRefused: malformed when it isn't the protocol's form, wrong_receiver when it is another's."""
        plain = self._decipher(encrypted)
        length = int.from_bytes(plain[16:HEADER], "big")
        if HEADER + length > len(plain):
            raise CallbackRefused("malformed", "the message is shorter than it says")
        message, receive_id = plain[HEADER : HEADER + length], plain[HEADER + length :]
        if receive_id != self._receive_id.encode():
            raise CallbackRefused("wrong_receiver", "the message is for another company")
        try:
            return message.decode()
        except UnicodeDecodeError:
            raise CallbackRefused("malformed", "the message is not UTF-8") from None

    def _decipher(self, encrypted: str) -> bytes:
        try:
            data = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise CallbackRefused("malformed", "the ciphertext is not base64") from None
        if not data or len(data) % 16:
            raise CallbackRefused("malformed", "the ciphertext is cut")
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or len(padded) < pad or padded[-pad:] != bytes([pad]) * pad:
            raise CallbackRefused("malformed", "the padding is wrong")
        plain = padded[:-pad]
        if len(plain) < HEADER:
            raise CallbackRefused("malformed", "the message has no header")
        return plain
