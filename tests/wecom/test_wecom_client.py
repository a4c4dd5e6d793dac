"""Retry rules by code, limits before the call, tolerance of what WeCom adds."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from wellspring.wecom.calls.base import Call, Effect, Reply
from wellspring.wecom.client import AccessToken, Connection, WecomClient
from wellspring.wecom.errors import (
    BadArgument,
    GiveUp,
    OurMistake,
    OutcomeUnknown,
    RetryLater,
    SlowDown,
    Unreachable,
    WecomError,
)

READ = Call("GET", "some/read", Reply)
ONCE = Call("POST", "some/deed", Reply, Effect.ONCE)
REPEATABLE = Call("POST", "some/mark", Reply, Effect.REPEATABLE)


class Fixed:
    def __init__(self) -> None:
        self.renewals = 0

    def current(self) -> AccessToken:
        return AccessToken("secret-token", 1)

    def renewed(self, stale: AccessToken) -> AccessToken:
        self.renewals += 1
        return AccessToken("secret-token-2", 2)


class Scripted:
    """Answers in turn: an errcode, an HTTP status (negative), an exception, or a JSON body; then 0."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self.tokens = Fixed()
        self.client = WecomClient(
            connection=Connection(
                base_url="http://wecom.test/", transport=httpx.MockTransport(self), sleep=self.slept.append
            ),
            tokens=self.tokens,
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else 0
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, dict):
            return httpx.Response(200, json=answer)
        if isinstance(answer, str):
            return httpx.Response(200, text=answer)
        if answer >= 500 and answer < 600:
            return httpx.Response(answer)
        return httpx.Response(200, json={"errcode": answer, "errmsg": "as scripted"})


@pytest.mark.parametrize("call", [READ, ONCE, REPEATABLE])
@pytest.mark.parametrize("code", [-1, 6000])
def test_busy_is_repeated_three_times_at_most(call: Call[Reply], code: int) -> None:
    wecom = Scripted(code, code, code)
    wecom.client.call(call)
    assert len(wecom.requests) == 4
    wecom = Scripted(code, code, code, code, code)
    with pytest.raises(RetryLater):
        wecom.client.call(call)
    assert len(wecom.requests) == 4
    assert wecom.slept == sorted(wecom.slept)


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_stale_token_is_renewed_once(code: int) -> None:
    wecom = Scripted(code)
    wecom.client.call(ONCE)
    assert [request.url.params["access_token"] for request in wecom.requests] == ["secret-token", "secret-token-2"]
    wecom = Scripted(code, code, code)
    with pytest.raises(RetryLater):
        wecom.client.call(ONCE)
    assert wecom.tokens.renewals == 1


@pytest.mark.parametrize(("code", "seconds"), [(45009, 60.0), (45033, 1.0)])
def test_slow_down_says_for_how_long(code: int, seconds: float) -> None:
    wecom = Scripted(code)
    with pytest.raises(SlowDown) as slow:
        wecom.client.call(READ)
    assert (slow.value.seconds, len(wecom.requests)) == (seconds, 1)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (84061, "not_a_friend"),
        (60111, "user_left"),
        (48002, "no_right"),
        (41050, "welcome_code_expired"),
        (41051, "chat_already_started"),
        (60020, "ip_not_trusted"),
        (41048, "nobody_to_send_to"),
    ],
)
def test_final_answers_have_a_reason_and_are_not_repeated(code: int, reason: str) -> None:
    wecom = Scripted(code)
    with pytest.raises(GiveUp) as given_up:
        wecom.client.call(ONCE)
    assert (given_up.value.reason, len(wecom.requests)) == (reason, 1)


@pytest.mark.parametrize("code", [40058, 40063, 41001, 99999])
def test_what_is_wrong_whoever_sends_it_is_our_mistake(code: int) -> None:
    with pytest.raises(OurMistake):
        Scripted(code).client.call(READ)


@pytest.mark.parametrize("broken", [httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), httpx.ReadError("x")])
def test_a_cut_connection_by_effect(broken: Exception) -> None:
    wecom = Scripted(broken, broken)
    wecom.client.call(READ)
    assert len(wecom.requests) == 3
    for call in (ONCE, REPEATABLE):
        wecom = Scripted(broken)
        with pytest.raises(OutcomeUnknown):
            wecom.client.call(call)
        assert len(wecom.requests) == 1


@pytest.mark.parametrize("call", [READ, ONCE, REPEATABLE])
def test_no_connection_had_no_effect(call: Call[Reply]) -> None:
    wecom = Scripted(*[httpx.ConnectError("x")] * 9)
    with pytest.raises(Unreachable):
        wecom.client.call(call)


@pytest.mark.parametrize(("call", "kind"), [(READ, Unreachable), (REPEATABLE, Unreachable), (ONCE, OutcomeUnknown)])
@pytest.mark.parametrize("answer", [502, 503])
def test_an_http_error_of_a_deed_may_have_been_one(call: Call[Reply], kind: type[WecomError], answer: int) -> None:
    with pytest.raises(kind):
        Scripted(*[answer] * 9).client.call(call)


def test_an_answer_that_is_no_json_is_like_none() -> None:
    with pytest.raises(Unreachable):
        Scripted(*["<html>"] * 9).client.call(READ)
    with pytest.raises(OutcomeUnknown):
        Scripted("<html>").client.call(ONCE)


def test_unknown_fields_null_lists_and_numbers_for_text_are_borne() -> None:
    wecom = Scripted(
        {
            "errcode": 0,
            "external_contact": {"external_userid": "wm1", "name": 5, "brand_new": {"a": 1}},
            "follow_user": [{"userid": "s1", "tags": None, "remark_mobiles": None, "tag_id": ["et1"]}],
            "next_cursor": "c2",
        },
        {"errcode": 0, "external_contact": {"external_userid": "wm1"}, "follow_user": [{"userid": "s2"}]},
    )
    detail = wecom.client.customers.get("wm1")
    assert detail.external_contact.name == "5"
    assert [follow.userid for follow in detail.follow_user] == ["s1", "s2"]
    assert detail.follow_user[0].corp_tag_ids == ["et1"]
    assert wecom.requests[1].url.params["cursor"] == "c2"


def refuse(wecom: Scripted, make: Any) -> str:
    with pytest.raises(BadArgument) as bad:
        make(wecom.client)
    assert wecom.requests == [], "a limit is checked before the call"
    return bad.value.field


LINK = {"msgtype": "link", "link": {"title": "t", "url": "https://a.example"}}


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("userid_list", lambda c: c.customers.batch([])),
        ("userid_list", lambda c: c.customers.batch(["u"] * 101)),
        ("limit", lambda c: c.customers.batch(["u"], limit=101)),
        ("remark", lambda c: c.customers.remark(userid="u", external_userid="e", remark="备" * 21)),
        ("description", lambda c: c.customers.remark(userid="u", external_userid="e", description="注" * 151)),
        ("state", lambda c: c.contact_ways.add(type=2, scene=2, user=["a"], state="s" * 31)),
        ("user", lambda c: c.contact_ways.add(type=2, scene=2, user=["a"] * 101)),
        ("user", lambda c: c.contact_ways.add(type=1, scene=2, user=["a", "b"])),
        ("text.content", lambda c: c.messages.welcome("code", text="好" * 1334)),
        ("text", lambda c: c.messages.welcome("code")),
        ("attachments", lambda c: c.messages.welcome("code", attachments=[LINK] * 10)),
        ("external_userid", lambda c: c.messages.add(text="t", sender="s", external_userids=["e"] * 10_001)),
        ("tag.name", lambda c: c.tags.add(["标" * 31], group_name="g")),
        ("group_name", lambda c: c.tags.add(["t"])),
        ("add_tag", lambda c: c.tags.mark(userid="u", external_userid="e")),
        ("end_time", lambda c: list(c.messages.messages(start_time=0, end_time=32 * 86_400))),
        ("media", lambda c: c.uploads.upload(b"x" * (10 * 1024 * 1024 + 1), filename="a", content_type="image/png")),
    ],
)
def test_limits_are_checked_before_the_call_and_named(field: str, make: Any) -> None:
    assert refuse(Scripted(), make) == field


@pytest.mark.parametrize(
    ("field", "attachment"),
    [
        ("attachments[0].msgtype", {"msgtype": "poem"}),
        ("attachments[0].link", {"msgtype": "link"}),
        ("attachments[0].link.url", {"msgtype": "link", "link": {"title": "t"}}),
        ("attachments[0].link.title", {"msgtype": "link", "link": {"title": "题" * 43, "url": "https://a"}}),
        ("attachments[0].image.media_id", {"msgtype": "image", "image": {}}),
        ("attachments[0].miniprogram.pic_media_id", {"msgtype": "miniprogram", "miniprogram": {"title": "t"}}),
    ],
)
def test_attachments_are_checked(field: str, attachment: dict[str, Any]) -> None:
    wecom = Scripted()
    assert refuse(wecom, lambda c: c.messages.welcome("code", attachments=[attachment])) == field


def test_the_text_limit_is_exact() -> None:
    wecom = Scripted()
    wecom.client.messages.welcome("code", text="好" * 1333 + "a")
    assert len(wecom.requests) == 1


def test_errors_and_logs_hold_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    wecom = Scripted(*[httpx.ConnectError("x")] * 9)
    with pytest.raises(Unreachable) as error:
        wecom.client.call(READ)
    printed = capsys.readouterr()
    assert "secret-token" not in repr(error.value) + str(error.value) + printed.out + printed.err
