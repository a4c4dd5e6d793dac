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
OURS = CallbackCipher(token=TOKEN, aes_key=AES_KEY, receive_id=CORP)


def test_the_published_sample_is_verified_and_opened() -> None:
    SAMPLE.verify("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", ECHO)
    assert SAMPLE.decrypt(ECHO) == "1616140317555161061"


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
