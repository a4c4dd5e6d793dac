"""Media: a media_id that lives three days, a picture's lasting URL, and what a media_id stands for."""

from __future__ import annotations

import re

from wellspring.wecom.calls.base import Call, Caller, Effect, FileReply, Reply, Wire, at_most_bytes, one_of, required
from wellspring.wecom.errors import BadArgument

IMAGE_BYTES = 10 * 1024 * 1024
PICTURE_URL_BYTES = 2 * 1024 * 1024
MEDIA_SECONDS = 3 * 86_400
MIN_BYTES = 6
SIZES = {"image": IMAGE_BYTES, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024, "file": 20 * 1024 * 1024}
MOMENTS, ALBUM = 1, 2
ATTACHMENT_TYPES = {MOMENTS: ("image", "video"), ALBUM: ("image",)}
URL_BYTES = 1024
MD5 = re.compile(r"[0-9a-fA-F]{32}")
RUNNING, FETCHED, FAILED = 1, 2, 3


class Uploaded(Reply):
    """`created_at`: seconds, as text or number."""

    type: str = ""
    media_id: str
    created_at: int = 0


class PictureUrl(Reply):
    url: str


class FetchJob(Reply):
    jobid: str


class Fetched(Wire):
    """`errcode`: why the file could not be had, 0 when it is there."""

    errcode: int = 0
    errmsg: str = ""
    media_id: str = ""
    created_at: int = 0


class FetchResult(Reply):
    """`status`: 1 running, 2 there, 3 failed."""

    status: int = RUNNING
    detail: Fetched = Fetched()


# What an upload made again leaves behind is a second media_id, which expires unused.
UPLOAD = Call("POST", "media/upload", Uploaded, Effect.REPEATABLE)
UPLOAD_PICTURE = Call("POST", "media/uploadimg", PictureUrl, Effect.REPEATABLE)
UPLOAD_ATTACHMENT = Call("POST", "media/upload_attachment", Uploaded, Effect.REPEATABLE)
FETCH = Call("POST", "media/upload_by_url", FetchJob, Effect.REPEATABLE)
FETCH_RESULT = Call("POST", "media/get_upload_by_url_result", FetchResult)
GET = Call("GET", "media/get", FileReply)


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

    def attachment(
        self, data: bytes, *, filename: str, content_type: str, media_type: str, attachment_type: int
    ) -> Uploaded:
        """For moments (`attachment_type` 1: image, video of at most 30 s) or the product album (2: image): each takes
        media ids of its own only. Sizes and resolution beyond WeCom's table: OurMistake 41080 to 41082, 41090."""
        one_of("attachment_type", attachment_type, ATTACHMENT_TYPES)
        one_of("media_type", media_type, ATTACHMENT_TYPES[attachment_type])
        _check(data, SIZES[media_type])
        query = {"media_type": media_type, "attachment_type": attachment_type}
        return self._caller.call(UPLOAD_ATTACHMENT, query=query, files={"media": (filename, data, content_type)})

    def fetch(self, *, type: str, filename: str, url: str, md5: str) -> str:
        """Let WeCom fetch a file of up to 200 MB; answers the jobid for `fetch_result`, and `upload_media_job_finish`
        comes when it is done. `md5`: of the file, in hex."""
        one_of("type", type, ("video", "file"))
        required("filename", filename)
        if not url.startswith(("http://", "https://")):
            raise BadArgument("url", "must begin with http:// or https://")
        at_most_bytes("url", url, URL_BYTES)
        if not MD5.fullmatch(md5):
            raise BadArgument("md5", "must be 32 hex digits")
        body = {"scene": 1, "type": type, "filename": filename, "url": url, "md5": md5}
        return self._caller.call(FETCH, body=body).jobid

    def fetch_result(self, jobid: str) -> FetchResult:
        required("jobid", jobid)
        return self._caller.call(FETCH_RESULT, body={"jobid": jobid})

    def download(self, media_id: str) -> FileReply:
        """The file, in memory. Raises GiveUp(media_gone) three days after the upload."""
        required("media_id", media_id)
        return self._caller.call(GET, query={"media_id": media_id})


def _check(data: bytes, limit: int) -> None:
    if not MIN_BYTES <= len(data) <= limit:
        raise BadArgument("media", f"{len(data)} bytes, must be {MIN_BYTES} to {limit}")
