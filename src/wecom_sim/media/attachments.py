"""Rules of upload_attachment and upload_by_url (reference, section 11)."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from wecom_sim.errors import CODES, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.media.formats import picture_pixels, video_seconds
from wecom_sim.media.state import Media, MediaStore, picture_type
from wecom_sim.store import Table

MOMENTS, ALBUM = 1, 2
KINDS_OF = {MOMENTS: ("image", "video"), ALBUM: ("image",)}
RUNNING, DONE, FAILED = 1, 2, 3
# MEM: the job's own codes, which are not part of the general table
URL_UNREADABLE, MD5_WRONG = 830001, 830003


@dataclass
class UrlJob:
    """A file that the platform fetches. `errcode` tells why it failed."""

    jobid: str
    type: str
    filename: str
    url: str
    md5: str
    created_at: int
    status: int = RUNNING
    errcode: int = 0
    errmsg: str = ""
    media_id: str = ""


class Attachments:
    def __init__(self, kernel: Kernel, media: MediaStore) -> None:
        self._kernel = kernel
        self._media = media
        self.jobs: Table[UrlJob] = Table(kernel.store, "url_job", UrlJob)
        self._running: set[asyncio.Task[None]] = set()
        for job in self.jobs:
            if job.status == RUNNING:
                # The process ended in the middle: nobody will fetch it any more.
                self._settle(job, -1, CODES[-1])

    def upload(self, scene: int, kind: str, filename: str, content_type: str, body: bytes) -> Media:
        """Raises 40004, 40058, 41072, 44001, 40006, 40005, 41080, 41081, 41090, 41082."""
        settings = self._kernel.settings
        if kind not in ("image", "video", "file"):
            raise WireError(40004)
        if scene not in KINDS_OF:
            raise WireError(40058, "attachment_type")
        if kind not in KINDS_OF[scene]:
            raise WireError(41072)
        largest = {"image": settings.attachment_image_bytes, "video": settings.attachment_video_bytes}[kind]
        if len(body) > largest:
            raise WireError(41080)
        self._media.check_size(body, largest)
        if kind == "image":
            content_type = picture_type(body)
            if not content_type:
                raise WireError(40005, "an image must be JPG or PNG")
            if picture_pixels(body) > settings.attachment_image_pixels:
                raise WireError(41081)
        else:
            seconds = video_seconds(body)
            if seconds is None:
                raise WireError(41090)
            if seconds > settings.attachment_video_seconds:
                raise WireError(41082)
        now = self._kernel.clock.now()
        media_id = self._kernel.ids.text("media", "W", 42) + self._kernel.ids.text("media", "", 22)
        row = Media(media_id, kind, filename, content_type, int(now), now + settings.media_seconds, len(body), scene)
        return self._media.keep(row, body)

    def fetch(self, kind: str, filename: str, url: str, md5: str, commit: Callable[[], None]) -> UrlJob:
        """Begin to fetch a file; an event tells when it is there. Raises 40004, 40063, 40094, 40039."""
        if kind not in ("video", "file", "image", "voice"):
            raise WireError(40004)
        if not filename or not url or not md5:
            raise WireError(40063, "filename, url and md5 are needed")
        if not url.startswith(("http://", "https://")):
            raise WireError(40094)
        if len(url.encode()) > 1024:
            raise WireError(40039)
        jobid = self._kernel.ids.text("url_job", "", 43)
        job = UrlJob(jobid, kind, filename, url, md5.lower(), self._kernel.clock.stamp())
        self.jobs.put(jobid, job)
        task = asyncio.get_running_loop().create_task(self._run(job, commit))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return job

    async def _run(self, job: UrlJob, commit: Callable[[], None]) -> None:
        most = self._kernel.settings.upload_by_url_bytes
        body = b""
        try:
            async with (
                httpx.AsyncClient(trust_env=False, timeout=30, follow_redirects=True) as client,
                client.stream("GET", job.url) as answer,
            ):
                answer.raise_for_status()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > most:
                        break
                content_type = answer.headers.get("content-type", "application/octet-stream")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._settle(job, URL_UNREADABLE, f"url can't be read: {error!r}"[:200])
        else:
            self._take(job, body, content_type, most)
        self._kernel.callbacks.raise_event("upload_media_job_finish", JobId=job.jobid)
        commit()

    def _take(self, job: UrlJob, body: bytes, content_type: str, most: int) -> None:
        if len(body) > most:
            self._settle(job, 45001, CODES[45001])
        elif hashlib.md5(body, usedforsecurity=False).hexdigest() != job.md5:
            self._settle(job, MD5_WRONG, "md5 does not fit the file")
        else:
            now = self._kernel.clock.now()
            media_id = self._kernel.ids.text("media", "3", 42) + self._kernel.ids.text("media", "", 22)
            expires = now + self._kernel.settings.media_seconds
            self._media.keep(Media(media_id, job.type, job.filename, content_type, int(now), expires, len(body)), body)
            job.media_id = media_id
            self._settle(job, 0, "ok")

    def _settle(self, job: UrlJob, code: int, message: str) -> None:
        job.status, job.errcode, job.errmsg = FAILED if code else DONE, code, message
        self.jobs.touch(job.jobid)
