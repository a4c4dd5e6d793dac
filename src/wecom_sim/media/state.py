"""Rules of media (reference, section 11)."""

from collections import Counter
from dataclasses import dataclass

from wecom_sim.clock import midnight
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

KINDS = ("image", "voice", "video", "file")
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass
class Media:
    """An uploaded file; `expires_at` 0 = a permanent picture of uploadimg. `attachment`: 0 = media/upload, else what
    upload_attachment was told: 1 moments, 2 product album."""

    media_id: str
    type: str
    filename: str
    content_type: str
    created_at: int
    expires_at: float
    size: int
    attachment: int = 0


def _day(at: float) -> int:
    """A running number of the calendar day in Asia/Shanghai: days of quotas end at midnight there (D 90454)."""
    return midnight(at) // 86400


def picture_type(body: bytes) -> str:
    """The content type of a JPG or PNG, empty for anything else."""
    return next((kind for magic, kind in PICTURES.items() if body.startswith(magic)), "")


class MediaStore:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.rows: Table[Media] = Table(kernel.store, "media", Media)
        self._pictures_a_day: Counter[int] = Counter(_day(row.created_at) for row in self.rows if not row.expires_at)

    def upload(self, kind: str, filename: str, content_type: str, body: bytes) -> Media:
        """Raises 40004, 44001, 40006, 40009, 40011, 45001."""
        if kind not in KINDS:
            raise WireError(40004)
        settings = self._kernel.settings
        largest = {
            "image": settings.media_image_bytes,
            "voice": settings.media_voice_bytes,
            "video": settings.media_video_bytes,
            "file": settings.media_file_bytes,
        }[kind]
        self.check_size(body, largest)
        if kind == "image":
            content_type = picture_type(body)
            if not content_type:
                raise WireError(40005, "an image must be JPG or PNG")
        now = self._kernel.clock.now()
        media_id = self._kernel.ids.text("media", "3", 42) + self._kernel.ids.text("media", "", 22)
        row = Media(media_id, kind, filename, content_type, int(now), now + settings.media_seconds, len(body))
        return self.keep(row, body)

    def upload_picture(self, filename: str, body: bytes) -> Media:
        """uploadimg: a permanent picture. Raises 45009 past 1000 a day or 3000 a month (of 30 days)."""
        settings = self._kernel.settings
        self.check_size(body, settings.uploadimg_bytes)
        content_type = picture_type(body)
        if not content_type:
            raise WireError(40005, "an image must be JPG or PNG")
        day = _day(self._kernel.clock.now())
        month = sum(self._pictures_a_day[day - back] for back in range(30))
        if self._pictures_a_day[day] >= settings.uploadimg_per_day or month >= settings.uploadimg_per_month:
            raise WireError(45009, "uploadimg quota is used up")
        self._pictures_a_day[day] += 1
        picture_id = self._kernel.ids.hex("picture", 40)
        row = Media(picture_id, "picture", filename, content_type, self._kernel.clock.stamp(), 0.0, len(body))
        return self.keep(row, body)

    def check_size(self, body: bytes, largest: int) -> None:
        if not body:
            raise WireError(44001)
        if len(body) <= self._kernel.settings.media_min_bytes:
            raise WireError(40006)
        if len(body) > largest:
            raise WireError(45001)

    def keep(self, row: Media, body: bytes) -> Media:
        self.rows.put(row.media_id, row)
        self._kernel.store.save_blob(row.media_id, body)
        return row

    def usable(self, media_id: str, kind: str = "", attachment: int = 0) -> Media:
        """A live media_id, of `kind` where given; ids of upload_attachment serve their own scene only. Raises 40007."""
        row = self.rows.get(media_id)
        if row is None or not row.expires_at or row.expires_at <= self._kernel.clock.now():
            raise WireError(40007)
        if row.attachment != attachment:
            raise WireError(40007, "media_id of another upload call")
        if kind and row.type != kind:
            raise WireError(40007, f"not a media_id of type {kind}")
        return row

    def body(self, media_id: str) -> bytes | None:
        return self._kernel.store.load_blob(media_id)
