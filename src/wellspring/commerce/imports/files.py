"""Where uploads lie: `files/imports/<import id>.<format>` in the data folder, until the run is done."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from wellspring.commerce.errors import UploadMissing, UploadTooLarge
from wellspring.commerce.models import ImportRun
from wellspring.platform.runtime import Platform

LARGEST_UPLOAD = 1 << 30
"""Bytes of one file: some ten million order lines as CSV."""
_PENDING = ".pending-"


def folder(platform: Platform) -> Path:
    path = platform.folder.files / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(platform: Platform, run: ImportRun) -> Path:
    return folder(platform) / f"{run.id}.{run.format}"


class PendingFile:
    """A file while it arrives: written, measured and hashed at once. `discard()` is safe at any time."""

    def __init__(self, platform: Platform) -> None:
        self.path = folder(platform) / f"{_PENDING}{uuid.uuid4().hex}"
        self.size = 0
        self._hash = hashlib.sha256()
        self._out = self.path.open("wb")

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Raises UploadTooLarge."""
        self.size += len(data)
        if self.size > LARGEST_UPLOAD:
            raise UploadTooLarge(limit_mb=LARGEST_UPLOAD >> 20)
        self._hash.update(data)
        self._out.write(data)

    def finish(self) -> None:
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()

    def keep(self, platform: Platform, run: ImportRun) -> None:
        self.path.replace(path_of(platform, run))

    def discard(self) -> None:
        self._out.close()
        self.path.unlink(missing_ok=True)


class FormReceiver:
    """Takes the part named `file` out of a multipart body as it streams by; other parts are ignored."""

    def __init__(self, content_type: str, pending: PendingFile) -> None:
        kind, parameters = parse_options_header(content_type)
        boundary = parameters.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise UploadMissing()
        self.filename: str | None = None
        self._pending = pending
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._taking = False
        callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._grow(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._grow(1, data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def feed(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise UploadMissing() from error

    def close(self) -> str:
        """The file's name; raises UploadMissing when there was none or the body was cut off."""
        try:
            self._parser.finalize()
        except FormParserError as error:
            raise UploadMissing() from error
        if self.filename is None or self._taking:
            raise UploadMissing()
        return self.filename

    def _begin(self) -> None:
        self._header, self._taking = (b"", b""), False

    def _grow(self, part: int, data: bytes) -> None:
        name, value = self._header
        self._header = (name + data, value) if part == 0 else (name, value + data)

    def _header_end(self) -> None:
        name, value = self._header
        self._header = (b"", b"")
        if name.lower() != b"content-disposition" or self.filename is not None:
            return
        _, parameters = parse_options_header(value)
        if parameters.get(b"name") == b"file" and b"filename" in parameters:
            given = parameters[b"filename"].decode("utf-8", "replace")
            self.filename = clean_filename(given)
            self._taking = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._taking:
            self._pending.write(data[start:end])

    def _end(self) -> None:
        self._taking = False


def clean_filename(given: str) -> str:
    """The last part of a path of any system, printable, of bounded length. Only ever shown, never opened."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable()).strip()[:150] or "file"


def sweep(platform: Platform, live_names: set[str], *, older_than_seconds: float, now: float) -> int:
    """Remove files that belong to no import any more; returns how many."""
    removed = 0
    for path in folder(platform).iterdir():
        try:
            if path.name not in live_names and now - path.stat().st_mtime > older_than_seconds:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed
