"""Media."""

import io
from typing import Any

import httpx
from PIL import Image
from sim_helpers import Wire

from wecom_sim.testing import Control


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (11, 95, 99)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(wire: Wire, body: bytes, path: str = "media/upload", **params: str) -> dict[str, Any]:
    files = {"media": ("图.png", body, "image/png")}
    return wire.raw("POST", path, params={"access_token": wire.token, **params}, files=files)


def test_media_live_three_days(control: Control, wire: Wire) -> None:
    control.freeze()
    made = upload(wire, png(), type="image")
    assert made["type"] == "image"
    fetch = {"access_token": wire.token, "media_id": made["media_id"]}
    got = wire.http.get("/cgi-bin/media/get", params=fetch)
    assert (got.content, got.headers["content-type"]) == (png(), "image/png")
    code = wire.live_code("staff006")
    control.advance(3 * 86400 + 1)
    wire.new_token()
    assert wire.get("media/get", media_id=made["media_id"])["errcode"] == 40007
    friend = control.scan(code)
    image = [{"msgtype": "image", "image": {"media_id": made["media_id"]}}]
    assert wire.contact("send_welcome_msg", welcome_code=friend["welcome_code"], attachments=image)["errcode"] == 40007


def test_refusals(control: Control, wire: Wire) -> None:
    assert upload(wire, png(), type="poem")["errcode"] == 40004
    assert upload(wire, b"", type="file")["errcode"] == 44001
    assert upload(wire, b"12345", type="file")["errcode"] == 40006
    assert upload(wire, b"not a picture", type="image")["errcode"] == 40005
    control.settings(media_file_bytes=10)
    assert upload(wire, b"0123456789a", type="file")["errcode"] == 45001
    assert wire.post("media/upload")["errcode"] == 40004
    assert wire.get("media/get")["errcode"] == 41006
    file = upload(wire, b"0123456789", type="file")["media_id"]
    friend = control.scan(wire.live_code("staff006"))
    image = [{"msgtype": "image", "image": {"media_id": file}}]
    assert wire.contact("send_welcome_msg", welcome_code=friend["welcome_code"], attachments=image)["errcode"] == 40007


def test_a_day_of_pictures_ends_at_midnight_in_shanghai(control: Control, wire: Wire) -> None:
    control.settings(uploadimg_per_day=1)
    control.set_clock(now="2026-11-20T07:59:00+08:00")
    wire.new_token()
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 0
    control.advance(120)  # midnight in London
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 45009
    control.set_clock(now="2026-11-21T00:00:30+08:00")
    wire.new_token()
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 0


def test_permanent_pictures_and_their_quota(control: Control, wire: Wire) -> None:
    control.settings(uploadimg_per_day=2, uploadimg_per_month=3)
    url = upload(wire, png(), path="media/uploadimg")["url"]
    assert httpx.get(url, trust_env=False).content == png()
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 0
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 45009
    control.advance(86400)
    wire.new_token()
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 0
    control.advance(86400)
    wire.new_token()
    assert upload(wire, png(), path="media/uploadimg")["errcode"] == 45009
