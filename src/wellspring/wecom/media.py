"""Pictures: kept in the data folder by their SHA-256, uploaded to WeCom when a message needs them."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.media import IMAGE_BYTES, MEDIA_SECONDS
from wellspring.wecom.company import get_client
from wellspring.wecom.models import MediaFile

FORMATS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg")}
MAX_PIXELS = 40_000_000
RENEW_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Media:
    """`size`: bytes."""

    id: int
    filename: str
    content_type: str
    size: int
    sha256: str
    created_at: datetime


def store_media(session: Session, platform: Platform, *, filename: str, content_type: str, data: bytes) -> int:
    """Keep a picture; answers its id. The same bytes again answer the same id.

    Raises Invalid(file): only PNG and JPEG, whole and at most 10 MB (WeCom's limit for pictures in messages).
    `content_type` is what the sender claims; what counts is what the file is.
    """
    found = _content_type(data, content_type)
    digest = hashlib.sha256(data).hexdigest()
    _write(_path(platform, digest), data)
    session.execute(
        insert(MediaFile)
        .values(sha256=digest, filename=Path(filename).name[:200] or "picture", content_type=found, size=len(data))
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.execute(select(MediaFile.id).where(MediaFile.sha256 == digest)).scalar_one()


def _content_type(data: bytes, claimed: str) -> str:
    if not data or len(data) > IMAGE_BYTES:
        raise Invalid(
            field="file", zh="图片不能为空，且不超过 10 MB。", en="The picture must not be empty nor above 10 MB."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ValueError("too many pixels")
                kind = image.format or ""
                image.load()
    except Exception:
        raise Invalid(
            field="file",
            zh=f"不是完整的 PNG 或 JPEG 图片（{claimed or '未知类型'}）。",
            en=f"This is not a whole PNG or JPEG picture ({claimed or 'unknown type'}).",
        ) from None
    return FORMATS[kind][0]


def _path(platform: Platform, digest: str) -> Path:
    return platform.folder.files / "media" / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def _row(session: Session, media_file_id: int) -> MediaFile:
    row = session.get(MediaFile, media_file_id)
    if row is None:
        raise NotFound(what="图片 picture")
    return row


def media(session: Session, media_file_id: int) -> Media:
    row = _row(session, media_file_id)
    return Media(row.id, row.filename, row.content_type, row.size, row.sha256, row.created_at)


def media_bytes(session: Session, platform: Platform, media_file_id: int) -> bytes:
    """Raises NotFound when the row or its file is not there."""
    row = _row(session, media_file_id)
    try:
        return _path(platform, row.sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound(what="图片 picture") from None


def media_id_for(platform: Platform, media_file_id: int) -> str:
    """WeCom's media_id of a picture, uploaded again when its three days are (nearly) over. Calls WeCom: not to be used
    inside a transaction."""
    now = platform.clock.now()
    with platform.database.unit_of_work() as session:
        row = _row(session, media_file_id)
        if row.media_id and row.media_expires_at and now < row.media_expires_at - RENEW_BEFORE:
            return row.media_id
        data = media_bytes(session, platform, media_file_id)
    extension = "png" if row.content_type == "image/png" else "jpg"
    uploaded = get_client(platform).uploads.upload(
        data, filename=f"{row.sha256[:16]}.{extension}", content_type=row.content_type
    )
    with platform.database.unit_of_work() as session:
        fresh = _row(session, media_file_id)
        fresh.media_id = uploaded.media_id
        fresh.media_expires_at = now + timedelta(seconds=MEDIA_SECONDS)
    return uploaded.media_id


def forget_uploads(session: Session) -> None:
    """Another company: the media ids are the old one's."""
    for row in session.scalars(select(MediaFile).where(MediaFile.media_id.is_not(None))):
        row.media_id = row.media_expires_at = None
