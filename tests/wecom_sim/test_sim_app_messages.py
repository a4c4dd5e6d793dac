"""Messages of an app to members: types, limits, recall, cards and their answers."""

from typing import Any

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
BUTTONS = {
    "card_type": "button_interaction",
    "main_title": {"title": "收到新任务"},
    "task_id": "t-1",
    "button_list": [{"text": "去办", "key": "go"}, {"text": "转交", "key": "pass"}],
}


def send(wire: Wire, control: Control, msgtype: str = "text", body: Any = None, **more: Any) -> dict[str, Any]:
    wish = {"touser": "staff001", "agentid": control.company()["agentid"], "msgtype": msgtype}
    return wire.post("message/send", **{**wish, msgtype: {"content": "你好"} if body is None else body, **more})


def upload(wire: Wire, kind: str, name: str, body: bytes = PNG) -> str:
    answer = wire.raw(
        "POST", "media/upload", params={"access_token": wire.token, "type": kind}, files={"media": (name, body)}
    )
    media_id: str = answer["media_id"]
    return media_id


def test_every_type_arrives(control: Control, wire: Wire) -> None:
    image, video = upload(wire, "image", "a.png"), upload(wire, "video", "a.mp4")
    bodies: dict[str, Any] = {
        "text": {"content": "一" * 2048},
        "image": {"media_id": image},
        "voice": {"media_id": upload(wire, "voice", "a.amr")},
        "video": {"media_id": video, "title": "片"},
        "file": {"media_id": upload(wire, "file", "a.pdf")},
        "textcard": {"title": "题", "description": "<div class=\"gray\">说</div>", "url": "https://a.example.com"},
        "news": {"articles": [{"title": "题", "url": "https://a.example.com"}]},
        "mpnews": {"articles": [{"title": "题", "thumb_media_id": image, "content": "文"}]},
        "markdown": {"content": "# 题"},
        "interactive_taskcard": {"title": "题", "description": "说", "task_id": "old", "btn": [{"key": "k", "name": "好"}]},
        "template_card": BUTTONS,
    }  # fmt: skip
    for msgtype, body in bodies.items():
        assert send(wire, control, msgtype, body)["errcode"] == 0, msgtype
    inbox = control.inbox("staff001")
    assert [one["msgtype"] for one in inbox] == list(bodies)[::-1]
    assert len(inbox[-1]["body"]["content"].encode()) == 2046  # cut between characters
    assert control.inbox("staff002") == []
    sent = wire.post("message/get_statistics", time_type=0)["statistics"]
    assert sent == [{"agentid": control.company()["agentid"], "app_name": "活水", "count": len(bodies)}]
    assert wire.post("message/get_statistics", time_type=1)["statistics"] == []


@pytest.mark.parametrize(
    ("code", "msgtype", "body"),
    [
        (40008, "hologram", {}),
        (44004, "text", {"content": ""}),
        (41006, "image", {}),
        (40007, "image", {"media_id": "none"}),
        (41033, "textcard", {"title": "题", "url": "https://a.example.com"}),
        (40094, "textcard", {"title": "题", "description": "说", "url": "ftp://a"}),
        (45008, "news", {"articles": [{"title": "题", "url": "https://a.example.com"}] * 9}),
        (45002, "markdown", {"content": "一" * 700}),
        (48002, "miniprogram_notice", {"appid": "wx1", "title": "四个字吧"}),
        (42014, "interactive_taskcard", {"title": "题", "description": "说", "task_id": "空 格"}),
        (42019, "interactive_taskcard", {"title": "题", "description": "说", "task_id": "a", "btn": [{"name": "好"}]}),
        (42020, "interactive_taskcard", {"title": "题", "description": "说", "task_id": "a", "btn": [{"key": "k"}]}),
        (42018, "interactive_taskcard", {"title": "题", "description": "说", "task_id": "a", "btn": [{"key": "空 "}]}),
        (42031, "template_card", {"card_type": "hologram"}),
        (42033, "template_card", {"card_type": "text_notice"}),
        (42045, "template_card", {"card_type": "text_notice", "sub_title_text": "x"}),
        (42028, "template_card", {"card_type": "text_notice", "sub_title_text": "x", "card_action": {"type": 1}}),
        (42030, "template_card", {"card_type": "text_notice", "sub_title_text": "x", "card_action": {"type": 2}}),
        (42044, "template_card", {"card_type": "news_notice", "main_title": {"title": "题"}}),
        (42014, "template_card", {**BUTTONS, "task_id": ""}),
        (42038, "template_card", {**BUTTONS, "button_list": [{"key": "k"}]}),
        (42039, "template_card", {**BUTTONS, "button_list": [{"text": "好"}]}),
        (42027, "template_card", {**BUTTONS, "horizontal_content_list": [{}]}),
        (42029, "template_card", {**BUTTONS, "horizontal_content_list": [{"keyname": "k", "type": 2}]}),
        (42050, "template_card", {**BUTTONS, "horizontal_content_list": [{"keyname": "k", "type": 3}]}),
        (42035, "template_card", {**BUTTONS, "horizontal_content_list": [{"keyname": "k"}] * 7}),
        (42036, "template_card", {**BUTTONS, "vertical_content_list": [{"title": "k"}] * 5}),
        (42042, "template_card", {**BUTTONS, "jump_list": [{"title": "k"}] * 4}),
        (42051, "template_card", {**BUTTONS, "action_menu": {"action_list": [{"text": "a", "key": "k"}] * 2}}),
        (42043, "template_card", {**BUTTONS, "card_type": "vote_interaction", "checkbox": {}}),
        (42037, "template_card", {**BUTTONS, "card_type": "vote_interaction", "checkbox": {"question_key": "q"}}),
        (42047, "template_card", {**BUTTONS, "card_type": "multiple_interaction"}),
    ],
)
def test_refused_bodies(control: Control, wire: Wire, code: int, msgtype: str, body: dict[str, Any]) -> None:
    assert send(wire, control, msgtype, body)["errcode"] == code


def test_the_caps_of_cards_are_settings(control: Control, wire: Wire) -> None:
    card = {**BUTTONS, "vertical_content_list": [{"title": "k"}] * 5}
    control.settings(card_vertical_max=5)
    assert send(wire, control, "template_card", card)["errcode"] == 0


def test_receivers(control: Control, wire: Wire) -> None:
    partly = send(wire, control, touser="staff001|nobody", toparty="9999", totag="7")
    assert (partly["invaliduser"], partly["invalidparty"], partly["invalidtag"]) == ("nobody", "9999", "7")
    assert send(wire, control, touser="nobody")["errcode"] == 81013
    assert send(wire, control, touser="")["errcode"] == 81012
    assert send(wire, control, touser="|".join(f"u{n}" for n in range(1001)))["errcode"] == 40032
    assert send(wire, control, toparty="|".join(f"{n}" for n in range(101)))["errcode"] == 82002
    assert send(wire, control, totag="|".join(f"{n}" for n in range(101)))["errcode"] == 82003
    assert send(wire, control, agentid=7)["errcode"] == 301002
    assert send(wire, control, agentid=None)["errcode"] == 41011
    send(wire, control, touser="@all")
    assert len(control.inbox("staff013")) == 1


def test_pace_allowance_and_duplicates(control: Control, wire: Wire) -> None:
    for _ in range(32):
        assert send(wire, control)["errcode"] == 0
    assert len(control.inbox("staff001")) == 30
    control.settings(app_per_member_minute=1000, directory_accounts_max=1, app_sends_per_account=32)
    check = {"enable_duplicate_check": 1, "touser": "staff002", "duplicate_check_interval": 100}
    send(wire, control, **check)
    send(wire, control, **check)
    assert len(control.inbox("staff002")) == 1
    send(wire, control, touser="staff003")
    assert send(wire, control, touser="staff003")["errcode"] == 45009
    assert send(wire, control, safe=2)["errcode"] == 40058


def test_recall_within_a_day(control: Control, wire: Wire) -> None:
    control.freeze()
    first, second = send(wire, control)["msgid"], send(wire, control)["msgid"]
    assert wire.post("message/recall", msgid=first)["errcode"] == 0
    assert [one["msgid"] for one in control.inbox("staff001")] == [second]
    assert wire.post("message/recall", msgid="none")["errcode"] == 40058
    control.advance(86401)
    wire.new_token()
    assert wire.post("message/recall", msgid=second)["errcode"] == 42052


def test_a_card_is_answered_and_replaced(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.freeze()
    sent = send(wire, control, "template_card", BUTTONS)
    with pytest.raises(ControlError, match="no button"):
        control.card_answer("staff001", sent["msgid"], "other")
    control.card_answer("staff001", sent["msgid"], "go")
    control.wait_for_callbacks()
    event = receiver.events[-1]
    assert event["FromUserName"] == "staff001"
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "go", "t-1")
    assert event["CardType"] == "button_interaction"
    agentid = control.company()["agentid"]
    wish = {"agentid": agentid, "userids": ["staff001", "staff002"], "button": {"replace_name": "已办"}}
    done = wire.post("message/update_template_card", **wish, response_code=event["ResponseCode"])
    assert done["invaliduser"] == ["staff002"]
    assert control.inbox("staff001")[0]["closed"] == "已办"
    with pytest.raises(ControlError, match="已办"):
        control.card_answer("staff001", sent["msgid"], "go")
    again = wire.post("message/update_template_card", **wish, response_code=event["ResponseCode"])
    assert again["errcode"] == 60140
    control.advance(72 * 3600 + 1)
    wire.new_token()
    late = wire.post("message/update_template_card", **wish, response_code=sent["response_code"])
    assert late["errcode"] == 60140
    assert send(wire, control, "template_card", BUTTONS)["errcode"] == 42014  # task_id used before


def test_a_submitted_vote_and_a_new_card(control: Control, wire: Wire, receiver: Receiver) -> None:
    vote = {
        "card_type": "vote_interaction", "main_title": {"title": "几点到"}, "task_id": "v1",
        "checkbox": {"question_key": "q", "mode": 1, "option_list": [{"id": "a", "text": "早"}, {"id": "b", "text": "晚"}]},
        "submit_button": {"text": "交", "key": "sub"}, "action_menu": {"action_list": [{"text": "不再提醒", "key": "mute"}]},
    }  # fmt: skip
    sent = send(wire, control, "template_card", vote)
    with pytest.raises(ControlError, match="can't be chosen"):
        control.card_answer("staff001", sent["msgid"], "sub", {"q": ["c"]})
    control.card_answer("staff001", sent["msgid"], "sub", {"q": ["a", "b"]})
    control.card_answer("staff001", sent["msgid"], "mute")
    with pytest.raises(ControlError, match="submitted"):
        control.card_answer("staff001", sent["msgid"], "sub", {"q": ["a"]})
    newest = control.callbacks()["newest"]
    assert [one["event"] for one in newest[:2]] == ["template_card_menu_event", "template_card_event"]
    chosen = {"SelectedItem": [{"QuestionKey": "q", "OptionIds": {"OptionId": ["a", "b"]}}]}
    assert newest[1]["fields"]["SelectedItems"] == chosen
    new = {
        "card_type": "text_notice",
        "main_title": {"title": "已收"},
        "card_action": {"type": 1, "url": "https://a.b"},
    }
    wish = {"agentid": control.company()["agentid"], "response_code": sent["response_code"], "atall": 1}
    assert wire.post("message/update_template_card", **wish)["errcode"] == 40058
    assert wire.post("message/update_template_card", **wish, template_card=new)["errcode"] == 0
    assert control.inbox("staff001")[0]["body"]["main_title"]["title"] == "已收"


def test_old_task_cards(control: Control, wire: Wire) -> None:
    body = {
        "title": "题",
        "description": "说",
        "task_id": "o1",
        "btn": [{"key": "k", "name": "好", "replace_name": "已好"}],
    }
    sent = send(wire, control, "interactive_taskcard", body)
    assert control.card_answer("staff001", sent["msgid"], "k") == {"event": "taskcard_click"}
    wish = {"agentid": control.company()["agentid"], "userids": ["staff001", "staff009"]}
    assert wire.post("message/update_taskcard", **wish, task_id="o1", clicked_key="x")["errcode"] == 42017
    assert wire.post("message/update_taskcard", **wish, task_id="o1", clicked_key="k")["invaliduser"] == ["staff009"]
    assert control.inbox("staff001")[0]["closed"] == "已好"
    assert wire.post("message/update_taskcard", **wish, task_id="none", clicked_key="k")["errcode"] == 42016


def test_a_member_opens_the_app_and_writes_to_it(control: Control, receiver: Receiver) -> None:
    control.app_visit("staff001")
    control.wait_for_callbacks()
    control.app_visit("staff001", "你好")
    control.wait_for_callbacks()
    entered, written = receiver.events
    assert (entered["Event"], entered["FromUserName"]) == ("enter_agent", "staff001")
    assert "Event" not in written
    assert (written["MsgType"], written["Content"], written["FromUserName"]) == ("text", "你好", "staff001")
    assert int(written["MsgId"]) > 0
