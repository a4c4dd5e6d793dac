"""The callback crypto: WeCom's own published sample, and messages made by a second implementation."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wecom_helpers import AES_KEY, CORP, TOKEN, Caller

from wellspring.wecom.crypto import CallbackCipher, CallbackRefused

SAMPLE = CallbackCipher(
    token="QDG6eK", aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", receive_id="wx5823bf96d3bd56c7"
)
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
PUBLIC = CallbackCipher(
    token="wellspringTOKEN1", aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", receive_id="ww1234567890abcdef"
)
"""Of the messages that wechatpy 1.8.18 encrypted and signed."""
BY_WECHATPY = [
    (
        "75082290cfd1c4f7e4b33221a37bd96c4e174711",
        "nonce61",
        "VLMF7WD2h/pIDJoMSPmq3SosDK1rplxL8jUc2JUmU7znBBy1KaKW3drgJ8oNs0+KmKhABtaQZqvW+JNuk6gpogdoWQcJ1CXI2kR5qV+fxQNCkr3Q"
        "t5OFjjx6tBnaltvRdPfdyltBv3u7etKaYppYdtUaxSI6Zkrsd83Jo5rlAiY=",
        "<xml><Event><![CDATA[change_external_contact]]></Event></xml>",
    ),
    (
        "afdf3f50c2d0c2514ca694ee115905ed9455721e",
        "nonce12",
        "nfAVsJZ1aDMCksG+8gVcYSmAjW5oEXbvdB18C8m8g2hV6Fqq1yBXc/ltzCG9nS3J1KIhm+cYxB8sNpf3h3LgxsJbkekgobSzC1M4z5uxrkhUN73K"
        "w6Pvp395uVpR12kL",
        "活水：橱窗里哪件想细看？",
    ),
    (
        "56457ff1f2d0e26b7fb3d90dd55e34dbbde6bea3",
        "nonce12",
        "rcDAZOPxEzJMgNuLErd+XPlPmDQxOXRUjVfknco3fgvaYMr4OsAyf5cRhyhKndiwqWjfOC1h+q/B+PHklIEKiQ==",
        "xxxxxxxxxxxx",
    ),
]
OURS = CallbackCipher(token=TOKEN, aes_key=AES_KEY, receive_id=CORP)


def test_the_published_sample_is_verified_and_opened() -> None:
    SAMPLE.verify("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", ECHO)
    assert SAMPLE.decrypt(ECHO) == "1616140317555161061"


def test_the_published_message_is_verified_and_opened() -> None:
    SAMPLE.verify("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", MESSAGE)
    opened = SAMPLE.decrypt(MESSAGE)
    assert "<Content><![CDATA[hello]]></Content>" in opened
    assert opened.startswith("<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>")


@pytest.mark.parametrize(("signature", "nonce", "encrypted", "message"), BY_WECHATPY)
def test_what_a_public_implementation_made_is_verified_and_opened(
    signature: str, nonce: str, encrypted: str, message: str
) -> None:
    PUBLIC.verify(signature, "1772683200", nonce, encrypted)
    assert PUBLIC.decrypt(encrypted) == message


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100))
def test_what_another_implementation_encrypts_is_opened(message: str) -> None:
    assert OURS.decrypt(Caller().encrypt(message)) == message


@pytest.mark.parametrize("length", [0, 11, 12, 13, 31, 32, 33, 64])
def test_padding_at_block_borders(length: int) -> None:
    assert OURS.decrypt(Caller().encrypt("x" * length)) == "x" * length


def test_a_changed_signature_is_refused() -> None:
    with pytest.raises(CallbackRefused) as refused:
        SAMPLE.verify("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd4", "1409659589", "263014780", ECHO)
    assert refused.value.outcome == "bad_signature"


def test_a_message_for_another_company_is_refused() -> None:
    with pytest.raises(CallbackRefused) as refused:
        OURS.decrypt(Caller(corp_id="ww0000000000000000").encrypt("hello"))
    assert refused.value.outcome == "wrong_receiver"


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(CallbackRefused):
        OURS.decrypt(base64.b64encode(data).decode())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100))
def test_arbitrary_text_is_refused_by_name(data: str) -> None:
    with pytest.raises(CallbackRefused):
        OURS.decrypt(data)
