"""Uploads of all kinds, files that WeCom fetches, and getting them back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from calls_helpers import Brand, given_up, md5, png, refused_field, refused_with

from wellspring.wecom.calls.media import FAILED, FETCHED, RUNNING, FetchResult

FILM = b"a film, as far as fetching goes" * 10


@pytest.fixture(scope="module")
def file_url() -> Iterator[str]:
    """A file that the simulator can fetch."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "video/mp4")
            self.send_header("content-length", str(len(FILM)))
            self.end_headers()
            self.wfile.write(FILM)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/film.mp4"
    server.shutdown()
    server.server_close()


def test_what_was_uploaded_comes_back(brand: Brand) -> None:
    uploads = brand.client.uploads
    made = uploads.upload(png(), filename="茶.png", content_type="image/png")
    assert (made.type, made.created_at) == ("image", brand.now())
    file = uploads.download(made.media_id)
    assert (file.data, file.content_type.split(";")[0]) == (png(), "image/png")
    document = uploads.upload(b'{"errcode": 40007}', filename="a.json", content_type="application/json", type="file")
    assert uploads.download(document.media_id).data == b'{"errcode": 40007}', "a file, not an answer"
    with given_up("media_gone"):
        uploads.download("made-up")


def test_media_live_three_days(brand: Brand) -> None:
    made = brand.client.uploads.upload(png(), filename="a.png", content_type="image/png")
    brand.control.advance(3 * 86_400 + 1)
    with given_up("media_gone"):
        brand.client.uploads.download(made.media_id)


def test_a_picture_with_a_lasting_address(brand: Brand) -> None:
    url = brand.client.uploads.picture_url(png(), filename="a.png", content_type="image/png")
    assert url.startswith(brand.base_url)


def test_attachments_serve_their_own_scene(brand: Brand) -> None:
    uploads = brand.client.uploads
    made = uploads.attachment(png(), filename="a.png", content_type="image/png", media_type="image", attachment_type=2)
    assert (made.type, bool(made.media_id)) == ("image", True)
    with given_up("media_gone"):
        brand.client.messages.add(
            attachments=[{"msgtype": "image", "image": {"media_id": made.media_id}}], sender=brand.busy()[0]
        )
    with refused_with(41090):
        uploads.attachment(
            b"no film at all", filename="a.mp4", content_type="video/mp4", media_type="video", attachment_type=1
        )


def settled(brand: Brand, jobid: str) -> FetchResult:
    end = time.monotonic() + 10
    while (result := brand.client.uploads.fetch_result(jobid)).status == RUNNING:
        assert time.monotonic() < end
        time.sleep(0.02)
    return result


def test_a_file_is_fetched(brand: Brand, file_url: str) -> None:
    uploads = brand.client.uploads
    wish = {"type": "video", "filename": "film.mp4", "url": file_url}
    done = settled(brand, uploads.fetch(**wish, md5=md5(FILM)))
    assert (done.status, done.detail.errcode) == (FETCHED, 0)
    assert uploads.download(done.detail.media_id).data == FILM
    other = settled(brand, uploads.fetch(**wish, md5=md5(b"another")))
    assert (other.status, other.detail.errcode) == (FAILED, 830003)
    with refused_with(40058):
        uploads.fetch_result("made-up")


def test_limits() -> None:
    kind = {"filename": "a", "content_type": "image/png"}
    assert refused_field(lambda c: c.uploads.upload(b"12345", **kind)) == "media"
    assert refused_field(lambda c: c.uploads.upload(b"x" * 6, **kind, type="poem")) == "type"
    assert refused_field(lambda c: c.uploads.upload(b"x" * (2 * 1024 * 1024 + 1), **kind, type="voice")) == "media"
    assert refused_field(lambda c: c.uploads.picture_url(b"x" * (2 * 1024 * 1024 + 1), **kind)) == "media"
    scene = {**kind, "media_type": "image"}
    assert refused_field(lambda c: c.uploads.attachment(b"x" * 6, **scene, attachment_type=3)) == "attachment_type"
    film = {**kind, "media_type": "video"}
    assert refused_field(lambda c: c.uploads.attachment(b"x" * 6, **film, attachment_type=2)) == "media_type"
    assert refused_field(lambda c: c.uploads.attachment(b"x", **scene, attachment_type=1)) == "media"
    job = {"type": "video", "filename": "f", "url": "https://a.example/f", "md5": "0" * 32}
    assert refused_field(lambda c: c.uploads.fetch(**{**job, "type": "poem"})) == "type"
    assert refused_field(lambda c: c.uploads.fetch(**{**job, "filename": ""})) == "filename"
    assert refused_field(lambda c: c.uploads.fetch(**{**job, "url": "ftp://a"})) == "url"
    assert refused_field(lambda c: c.uploads.fetch(**{**job, "url": "https://" + "a" * 1020})) == "url"
    assert refused_field(lambda c: c.uploads.fetch(**{**job, "md5": "short"})) == "md5"
    assert refused_field(lambda c: c.uploads.fetch_result("")) == "jobid"
    assert refused_field(lambda c: c.uploads.download("")) == "media_id"
