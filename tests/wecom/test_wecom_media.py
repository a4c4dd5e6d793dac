"""Pictures: only whole PNG and JPEG; the same bytes once; uploaded again when WeCom has forgotten them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from wecom_sim.testing import Control
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import media_bytes, media_id_for, store_media


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def upload(client: TestClient, data: bytes, name: str = "a.png", kind: str = "image/png") -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = client.post("/api/v1/media", files={"file": (name, data, kind)})
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_comes_back_as_it_went_in(
    platform: Platform, app_client: Callable[..., TestClient], kind: str, content_type: str
) -> None:
    client = app_client()
    data = picture(kind)
    status, info = upload(client, data, "../../海报.bin", "application/octet-stream")
    assert (status, info["content_type"], info["size"], info["filename"]) == (201, content_type, len(data), "海报.bin")
    back = client.get(info["url"])
    assert (back.content, back.headers["content-type"]) == (data, content_type)
    assert upload(client, data)[1]["id"] == info["id"], "the same picture once"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n but no more",
        picture()[:-30],
        picture("GIF"),
        picture("BMP"),
        picture() + b"0" * (10 * 1024 * 1024),
    ],
    ids=["empty", "svg", "header-only", "cut", "gif", "bmp", "too-large"],
)
def test_what_is_no_whole_picture_is_refused(
    platform: Platform, app_client: Callable[..., TestClient], data: bytes
) -> None:
    status, body = upload(app_client(), data)
    assert status == 422
    assert "file" in body["error"]["fields"]
    folder = platform.folder.files / "media"
    assert not folder.exists() or not [
        path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == data
    ]


def test_the_media_id_lives_three_days(connected: Platform, sim: Control, clock: FixedClock) -> None:
    with connected.database.unit_of_work() as session:
        ours = store_media(session, connected, filename="a.png", content_type="image/png", data=picture(colour="red"))
    first = media_id_for(connected, ours)
    clock.advance(timedelta(days=2))
    assert media_id_for(connected, ours) == first
    clock.advance(timedelta(days=1))
    assert media_id_for(connected, ours) != first
    with connected.database.unit_of_work() as session:
        assert media_bytes(session, connected, ours) == picture(colour="red")


def test_a_missing_picture_is_not_found(app_client: Callable[..., TestClient]) -> None:
    assert app_client().get("/api/v1/media/999").status_code == 404


def test_staff_may_look_but_not_upload(app_client: Callable[..., TestClient]) -> None:
    assert upload(app_client(role="staff"), picture())[0] == 403
