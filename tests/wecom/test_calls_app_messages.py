"""Messages of the app to members: every type, taken back, changed, counted."""

from __future__ import annotations

from typing import Any

import pytest
from calls_helpers import DAY, Brand, given_up, png, refused_field, refused_with

URL = "https://a.example"
CARD = {
    "card_type": "button_interaction",
    "task_id": "task-1",
    "main_title": {"title": "要不要拜访？"},
    "button_list": [{"text": "要", "key": "yes"}],
}
NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "今天有 3 位客户"},
    "card_action": {"type": 1, "url": URL},
}
TASK = {
    "title": "回访",
    "description": "三位客户在等",
    "task_id": "old-task",
    "btn": [{"key": "done", "name": "做完了", "replace_name": "已完成"}],
}


def of(kind: str, **body: Any) -> dict[str, Any]:
    return {"msgtype": kind, kind: body}


@pytest.fixture(scope="module")
def media(brand: Brand) -> dict[str, str]:
    """A media_id per kind."""
    bodies = {
        "image": (png(), "image/png"),
        "voice": (b"#!AMR\n" + b"\0" * 64, "audio/amr"),
        "video": (b"\0\0\0\x18ftypmp42" + b"\0" * 64, "video/mp4"),
        "file": (b"some bytes", "text/plain"),
    }
    return {
        kind: brand.client.uploads.upload(data, filename=f"a.{kind}", content_type=content_type, type=kind).media_id
        for kind, (data, content_type) in bodies.items()
    }


@pytest.mark.parametrize(
    "message",
    [
        of("text", content='三位客户在等 <a href="https://a.example">看看</a>'),
        of("markdown", content="**三位**客户在等"),
        of("image", media_id="image"),
        of("voice", media_id="voice"),
        of("video", media_id="video", title="片子", description="看看"),
        of("file", media_id="file"),
        of("textcard", title="待办", description="三位客户在等", url=URL, btntxt="去看"),
        of("news", articles=[{"title": "新茶", "description": "上市", "url": URL, "picurl": f"{URL}/a.png"}]),
        of("mpnews", articles=[{"title": "新茶", "thumb_media_id": "image", "content": "<p>茶</p>", "author": "茶馆"}]),
        of("interactive_taskcard", **TASK),
        of("template_card", **NOTICE),
        of("template_card", **{**CARD, "task_id": "each"}),
    ],
    ids=lambda message: message["msgtype"],
)
def test_every_type_arrives(brand: Brand, media: dict[str, str], message: dict[str, Any]) -> None:
    kind = message["msgtype"]
    if kind in media:
        message = of(kind, **{**message[kind], "media_id": media[kind]})
    if kind == "mpnews":
        message = of(kind, articles=[{**message[kind]["articles"][0], "thumb_media_id": media["image"]}])
    userid = brand.userids[0]
    sent = brand.client.app_messages.send(brand.agent_id, message, users=[userid, "nobody"])
    assert sent.invalid_users == ["nobody"]
    newest = brand.control.inbox(userid)[0]
    assert (newest["msgid"], newest["msgtype"]) == (sent.msgid, kind)
    assert bool(sent.response_code) == ("interaction" in message[kind].get("card_type", ""))


def test_a_mini_program_notice(brand: Brand) -> None:
    agent_id, client = brand.another_app(miniprogram_appid="wx1")
    notice = of("miniprogram_notice", appid="wx1", title="新的预约", content_item=[{"key": "客户", "value": "三位"}])
    sent = client.app_messages.send(agent_id, notice, users=brand.userids[:1])
    assert brand.control.inbox(brand.userids[0])[0]["msgid"] == sent.msgid
    with given_up("no_right"):
        brand.client.app_messages.send(brand.agent_id, notice, users=brand.userids[:1])
    with given_up("app_does_not_fit"):
        brand.client.app_messages.send(agent_id, of("text", content="a"), users=brand.userids[:1])


def test_receivers(brand: Brand) -> None:
    messages, text = brand.client.app_messages, of("text", content="各位好")
    everybody = messages.send(brand.agent_id, text, users=["@all"], safe=1)
    department = brand.client.directory.user(brand.userids[1]).department[0]
    messages.send(brand.agent_id, of("text", content="本部门"), departments=[department])
    inbox = brand.control.inbox(brand.userids[1])
    assert everybody.msgid in {one["msgid"] for one in inbox}
    with given_up("all_receivers_invalid"):
        messages.send(brand.agent_id, text, users=["nobody"], tags=[1])


def test_the_same_message_is_not_delivered_twice(brand: Brand) -> None:
    messages, text, userid = brand.client.app_messages, of("text", content="只此一遍"), brand.userids[2]
    for _ in range(2):
        messages.send(brand.agent_id, text, users=[userid], duplicate_check_interval=600, enable_id_trans=True)
    bodies = [one["body"] for one in brand.control.inbox(userid)]
    assert len([one for one in bodies if one.get("content") == "只此一遍"]) == 1


def test_a_message_is_taken_back(brand: Brand) -> None:
    messages, userid = brand.client.app_messages, brand.userids[3]
    sent = messages.send(brand.agent_id, of("text", content="写错了"), users=[userid])
    messages.recall(sent.msgid)
    assert sent.msgid not in {one["msgid"] for one in brand.control.inbox(userid)}
    late = messages.send(brand.agent_id, of("text", content="太晚了"), users=[userid])
    brand.control.advance(DAY + 1)
    with given_up("recall_window_over"):
        messages.recall(late.msgid)
    with refused_with(40058):
        messages.recall("made-up")


def test_cards_are_changed(brand: Brand) -> None:
    messages, userid = brand.client.app_messages, brand.userids[4]
    sent = messages.send(brand.agent_id, of("template_card", **CARD), users=[userid])
    changed = messages.update_card(brand.agent_id, sent.response_code, users=[userid, "nobody"], button_name="已定")
    assert changed == ["nobody"]
    with given_up("card_answered_or_expired"):
        messages.update_card(brand.agent_id, sent.response_code, users=[userid], button_name="已定")
    other = messages.send(brand.agent_id, of("template_card", **{**CARD, "task_id": "task-2"}), users=[userid])
    assert messages.update_card(brand.agent_id, other.response_code, everybody=True, card=NOTICE) == []
    task = of("interactive_taskcard", **{**TASK, "task_id": "old-2"})
    messages.send(brand.agent_id, task, users=[userid])
    wish = {"users": [userid], "replace_name": "已完成"}
    assert messages.update_task(brand.agent_id, "old-2", **wish) == []
    assert messages.update_task(brand.agent_id, "old-2", **wish) == [userid], "each member once"
    with refused_with(42016):
        messages.update_task(brand.agent_id, "unknown", **wish)


def test_counts(brand: Brand) -> None:
    brand.control.advance(DAY)
    messages = brand.client.app_messages
    before = {one.agentid: one.count for one in messages.statistics()}.get(brand.agent_id, 0)
    messages.send(brand.agent_id, of("text", content="数一数"), users=brand.userids[:3])
    assert {one.agentid: one.count for one in messages.statistics()}[brand.agent_id] == before + 3
    brand.control.advance(DAY)
    assert {one.agentid: one.count for one in messages.statistics(1)}[brand.agent_id] == before + 3


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("msgtype", {"msgtype": "poem"}),
        ("text", {"msgtype": "text"}),
        ("text.content", of("text", content="好" * 683)),
        ("markdown.content", of("markdown", content="", x=1)),
        ("image.media_id", of("image", x=1)),
        ("textcard.url", of("textcard", title="t", description="d")),
        ("textcard.title", of("textcard", title="题" * 129, description="d", url=URL)),
        ("textcard.description", of("textcard", title="t", description="述" * 513, url=URL)),
        ("textcard.btntxt", of("textcard", title="t", description="d", url=URL, btntxt="太长的按钮")),
        ("news.articles", of("news", articles=[{"title": "t", "url": URL}] * 9)),
        ("news.articles[0].url", of("news", articles=[{"title": "t"}])),
        ("mpnews.articles[0].author", of("mpnews", articles=[{"title": "t", "thumb_media_id": "m", "content": "c", "author": "人" * 22}])),
        ("miniprogram_notice.content_item", of("miniprogram_notice", appid="w", title="四个字吧", content_item=[{"key": "k", "value": "v"}] * 11)),
        ("miniprogram_notice.content_item[0].key", of("miniprogram_notice", appid="w", title="t", content_item=[{"key": "键" * 11, "value": "v"}])),
        ("interactive_taskcard.btn", of("interactive_taskcard", **{**TASK, "btn": []})),
        ("template_card.card_type", of("template_card", card_type="poem")),
        ("template_card.main_title.title", of("template_card", card_type="news_notice")),
        ("template_card.task_id", of("template_card", **{**CARD, "task_id": ""})),
        ("template_card.button_list", of("template_card", **{**CARD, "button_list": []})),
        ("template_card.card_action", of("template_card", **{**NOTICE, "card_action": None})),
    ],
)  # fmt: skip
def test_messages_are_checked(field: str, message: dict[str, Any]) -> None:
    assert refused_field(lambda c: c.app_messages.send(1, message, users=["a"])) == field


def test_limits() -> None:
    text = of("text", content="a")
    assert refused_field(lambda c: c.app_messages.send(1, text)) == "touser"
    assert refused_field(lambda c: c.app_messages.send(1, text, users=["u"] * 1001)) == "touser"
    assert refused_field(lambda c: c.app_messages.send(1, text, departments=[1] * 101)) == "toparty"
    assert refused_field(lambda c: c.app_messages.send(1, text, tags=[1] * 101)) == "totag"
    assert refused_field(lambda c: c.app_messages.send(1, text, users=["u"], safe=2)) == "safe"
    interval = {"users": ["u"], "duplicate_check_interval": 0}
    assert refused_field(lambda c: c.app_messages.send(1, text, **interval)) == "duplicate_check_interval"
    notice = of("miniprogram_notice", appid="wx1", title="新的预约")
    assert refused_field(lambda c: c.app_messages.send(1, notice, users=["@all"])) == "touser"
    assert refused_field(lambda c: c.app_messages.recall("")) == "msgid"
    assert refused_field(lambda c: c.app_messages.update_card(1, "", users=["u"], button_name="n")) == "response_code"
    assert refused_field(lambda c: c.app_messages.update_card(1, "c", users=["u"])) == "button"
    assert refused_field(lambda c: c.app_messages.update_card(1, "c", button_name="n")) == "userids"
    assert (
        refused_field(lambda c: c.app_messages.update_card(1, "c", users=["u"], button_name=""))
        == "button.replace_name"
    )
    bad = {"users": ["u"], "card": {"card_type": "poem"}}
    assert refused_field(lambda c: c.app_messages.update_card(1, "c", **bad)) == "template_card.card_type"
    assert refused_field(lambda c: c.app_messages.update_task(1, "", users=["u"], replace_name="n")) == "task_id"
    assert refused_field(lambda c: c.app_messages.update_task(1, "t", users=[], replace_name="n")) == "userids"
    assert refused_field(lambda c: c.app_messages.statistics(2)) == "time_type"
