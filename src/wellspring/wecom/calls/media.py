"""Uploads: a media_id that lives three days, or a picture's lasting URL."""

from __future__ import annotations

from wellspring.wecom.calls.base import Call, Caller, Effect, Reply
from wellspring.wecom.errors import BadArgument

IMAGE_BYTES = 10 * 1024 * 1024
PICTURE_URL_BYTES = 2 * 1024 * 1024
MEDIA_SECONDS = 3 * 86_400
MIN_BYTES = 6
SIZES = {"image": IMAGE_BYTES, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024, "file": 20 * 1024 * 1024}


class Uploaded(Reply):
    """`created_at`: seconds, as text or number."""

    type: str = ""
    media_id: str
    created_at: int = 0


class PictureUrl(Reply):
    url: str


UPLOAD = Call("POST", "media/upload", Uploaded, Effect.REPEATABLE)
UPLOAD_PICTURE = Call("POST", "media/uploadimg", PictureUrl, Effect.REPEATABLE)


class Uploads:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def upload(self, data: bytes, *, filename: str, content_type: str, type: str = "image") -> Uploaded:
        """A repeat makes another media_id; the first simply expires."""
        if type not in SIZES:
            raise BadArgument("type", f"{type!r}, must be one of {', '.join(SIZES)}")
        _check(data, SIZES[type])
        return self._caller.call(UPLOAD, query={"type": type}, files={"media": (filename, data, content_type)})

    def picture_url(self, data: bytes, *, filename: str, content_type: str) -> str:
        """At most 3,000 a month and 1,000 a day; the URL only shows inside WeCom."""
        _check(data, PICTURE_URL_BYTES)
        return self._caller.call(UPLOAD_PICTURE, files={"media": (filename, data, content_type)}).url


def _check(data: bytes, limit: int) -> None:
    if not MIN_BYTES <= len(data) <= limit:
        raise BadArgument("media", f"{len(data)} bytes, must be {MIN_BYTES} to {limit}")
