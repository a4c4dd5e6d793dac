"""The QR picture that WeCom drew for a live code: fetched once, checked, kept in the data folder.

The address comes from WeCom's answer, so it is not trusted: it is followed only to the host of the configured WeCom
API, or by https to a public address that was looked up here and is the one connected to.
"""

from __future__ import annotations

import io
import ipaddress
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from PIL import Image

from wellspring.acquisition.errors import QrNotFetched
from wellspring.platform.runtime import Platform

MAX_BYTES = 1_000_000
MAX_SIDE = 3000
TIMEOUT_SECONDS = 8.0


def qr_picture(platform: Platform, *, config_id: str, url: str, base_url: str) -> bytes:
    """The picture as PNG. `base_url`: of the configured WeCom API. Raises QrNotFetched. Calls the network on first
    use: not to be used inside a transaction."""
    kept = _file(platform, config_id)
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        pass
    picture = _as_png(_fetch(url, base_url))
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary = kept.with_name(f"{kept.name}.{os.getpid()}.{os.urandom(4).hex()}")
    temporary.write_bytes(picture)
    temporary.replace(kept)
    return picture


def _file(platform: Platform, config_id: str) -> Path:
    # config_id is WeCom's: hashed names keep whatever it may contain out of the path.
    return platform.folder.files / "qr" / f"{platform.secrets.index('qr:' + config_id)[:40]}.png"


def _fetch(url: str, base_url: str) -> bytes:
    target, headers, extensions = _destination(url, base_url)
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", target, headers=headers, extensions=extensions) as answer,
        ):
            if answer.status_code != 200:
                raise QrNotFetched(reason=f"HTTP {answer.status_code}")
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise QrNotFetched(reason=f"> {MAX_BYTES} bytes")
            return bytes(body)
    except httpx.HTTPError as error:
        raise QrNotFetched(reason=type(error).__name__) from error


def _destination(url: str, base_url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Where to connect, with which headers; raises QrNotFetched for an address that must not be followed."""
    parts, trusted = urlsplit(url), urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise QrNotFetched(reason="address")
    if (parts.scheme, parts.hostname, parts.port) == (trusted.scheme, trusted.hostname, trusted.port):
        return url, {}, {}
    # WeCom still writes http:// in old answers; its picture hosts speak https.
    if parts.port not in (None, 80, 443):
        raise QrNotFetched(reason="port")
    address = _public_address(parts.hostname)
    shown = f"[{address}]" if ":" in address else address
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"https://{shown}{path or '/'}", {"host": parts.hostname}, {"sni_hostname": parts.hostname}


def _public_address(host: str) -> str:
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise QrNotFetched(reason="DNS") from error
    for address in sorted(found):
        if not ipaddress.ip_address(address).is_global:
            raise QrNotFetched(reason="private address")
    return sorted(found)[0]


def _as_png(body: bytes) -> bytes:
    """Checked by decoding, whatever the server called it."""
    try:
        with Image.open(io.BytesIO(body), formats=["PNG", "JPEG", "GIF"]) as image:
            if max(image.size) > MAX_SIDE or min(image.size) < 40:
                raise QrNotFetched(reason=f"{image.width}x{image.height}")
            out = io.BytesIO()
            image.convert("RGB").save(out, format="PNG", optimize=True)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise QrNotFetched(reason="not a picture") from error
    return out.getvalue()
