"""Callback crypto, verification, delivery, resends, faults."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim_helpers import Receiver, Wire

from wecom_sim import crypto
from wecom_sim.testing import Control, ControlError

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@given(
    message=st.text(st.characters(exclude_categories=["Cs"]), max_size=300), receive_id=st.text("abcw019", max_size=40)
)
def test_what_is_encrypted_is_read_again(message: str, receive_id: str) -> None:
    encrypted = crypto.encrypt(KEY, message, receive_id)
    assert len(base64.b64decode(encrypted)) % 32 == 0
    assert crypto.decrypt(KEY, encrypted, receive_id) == message


def test_padding_is_a_whole_block_when_aligned() -> None:
    # 16 random + 4 length + 8 message + 4 receive id = 32: a further block of 32 padding bytes
    assert len(base64.b64decode(crypto.encrypt(KEY, "12345678", "corp"))) == 64


def test_what_does_not_fit_is_refused() -> None:
    encrypted = crypto.encrypt(KEY, "hello", "ww1")
    with pytest.raises(crypto.CryptoError, match="receive id"):
        crypto.decrypt(KEY, encrypted, "ww2")
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(KEY, encrypted[:-8], "ww1")
    with pytest.raises(crypto.CryptoError, match="43"):
        crypto.encrypt(KEY[:-1], "hello", "ww1")


def test_signature_is_sha1_of_the_sorted_parts() -> None:
    # The published example of the crypto library.
    assert (
        crypto.signature(
            "QDG6eK",
            "1409659813",
            "1372623149",
            "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
        )
        == "477715d11cdb4164915debcba66cb864d751f3e6"
    )


def test_a_wrong_answer_to_the_verification_is_refused(control: Control, receiver: Receiver) -> None:
    control.set_callback("")
    receiver.verify_with = "something else"
    with pytest.raises(ControlError) as refused:
        control.set_callback(receiver.url)
    assert refused.value.code == "callback_not_verified"
    with pytest.raises(ControlError) as refused:
        control.set_callback("http://127.0.0.1:9/")
    assert refused.value.code == "callback_unreachable"
    assert control.company()["callback_url"] == ""


def test_token_and_key_can_be_chosen(control: Control, receiver: Receiver) -> None:
    receiver.token, receiver.aes_key = "chosen", KEY
    kept = control.set_callback(receiver.url, "chosen", KEY)
    assert (kept["token"], kept["aes_key"]) == ("chosen", KEY)


def test_three_resends_of_the_same_event(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.settings(callback_retry_gap_seconds=0.02)
    receiver.answers = [500, 302, 404, 200]
    control.scan(wire.live_code("staff006"))
    counts = control.wait_for_callbacks()
    assert (counts["delivered"], counts["attempts"], counts["resends"]) == (1, 4, 3)
    assert len({tuple(event.items()) for _, event in receiver.posts}) == 1


def test_given_up_after_three_resends(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.settings(callback_retry_gap_seconds=0.02)
    receiver.answers = [500] * 5
    control.scan(wire.live_code("staff006"))
    counts = control.wait_for_callbacks()
    assert (counts["failed"], counts["attempts"]) == (1, 4)
    assert control.ledger(kind="callback_failed")[0]["data"]["error"] == "HTTP 500"


def test_a_slow_answer_is_cut_and_sent_again(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.settings(callback_retry_gap_seconds=0.02, callback_timeout_seconds=0.3)
    receiver.slow = [0.8]
    control.scan(wire.live_code("staff006"))
    counts = control.wait_for_callbacks()
    assert (counts["delivered"], counts["attempts"]) == (1, 2)


def test_lost_and_doubled_events(control: Control, wire: Wire, receiver: Receiver) -> None:
    code = wire.live_code("staff006", "staff007")
    control.callback_faults(drop=1.0)
    control.scan(code)
    assert control.wait_for_callbacks()["dropped"] == 1
    assert receiver.events == []
    control.callback_faults(duplicate=1.0)
    control.scan(code)
    control.wait_for_callbacks()
    assert len(receiver.events) == 2
    assert receiver.events[0] == receiver.events[1]


def test_events_out_of_order(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.callback_faults(reorder=0.5, delay_seconds=0.3, seed=3)
    code = wire.live_code("staff006")
    scanned = [control.scan(code)["external_userid"] for _ in range(20)]
    control.wait_for_callbacks()
    got = [one["ExternalUserID"] for one in receiver.events]
    assert sorted(got) == sorted(scanned)
    assert got != scanned


def test_events_without_an_address_are_skipped(control: Control, wire: Wire) -> None:
    control.scan(wire.live_code("staff006"))
    counts = control.callbacks()["counts"]
    assert (counts["raised"], counts["skipped"]) == (1, 1)


def test_xml_survives_any_text(control: Control, receiver: Receiver) -> None:
    control.post("departments", {"name": "A]]>B<&\"'好", "parentid": 1})
    control.wait_for_callbacks()
    assert receiver.events[0]["Name"] == "A]]>B<&\"'好"
