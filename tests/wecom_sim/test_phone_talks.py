"""What the phone pages read and do: groups, customer service, moments, apps, scanning. Plain HTTP."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image
from sim_helpers import Wire

from wecom_sim.phone import codes
from wecom_sim.testing import Control, SimulatorServer


class PhoneApi:
    def __init__(self, server: SimulatorServer) -> None:
        self.http = httpx.Client(base_url=f"{server.base_url}/phone/api", trust_env=False, timeout=30)

    def get(self, path: str, **params: Any) -> Any:
        return self.http.get(f"/{path}", params=params).json()

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(f"/{path}", json=body).json()

    def refusal(self, path: str, **body: Any) -> str:
        answer = self.post(path, **body)
        code: str = answer["error"]["code"]
        return code


@pytest.fixture
def api(server: SimulatorServer, control: Control) -> PhoneApi:
    return PhoneApi(server)


def customer(control: Control, wire: Wire, name: str = "宋予") -> str:
    """A friend of staff006."""
    found: str = control.scan(wire.live_code("staff006"), customer={"name": name})["external_userid"]
    return found


def service(wire: Wire) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    upload = {"media": ("a.png", picture.getvalue(), "image/png")}
    media = wire.raw("POST", "media/upload", params={"access_token": wire.token, "type": "image"}, files=upload)
    account: str = wire.post("kf/account/add", name="客服", media_id=media["media_id"])["open_kfid"]
    assert wire.post("kf/servicer/add", open_kfid=account, userid_list=["staff006"])["errcode"] == 0
    return account


# -- scanning --------------------------------------------------------------------------------------------------------------
def test_every_kind_of_code_can_be_chosen_and_leads_somewhere(api: PhoneApi, control: Control, wire: Wire) -> None:
    way = wire.live_code("staff006")
    chat_id = control.group_create("staff006", "老友群")["chat_id"]
    join = wire.ok("groupchat/add_join_way", scene=2, chat_id_list=[chat_id])["config_id"]
    kf = wire.post("kf/add_contact_way", open_kfid=service(wire), scene="door")["url"]
    link = wire.contact("customer_acquisition/create_link", link_name="投放", range={"user_list": ["staff006"]})
    url = link["link"]["url"]
    shown = api.get("codes")
    assert [one["kind"] for one in shown] == ["way", "join", "kf", "link"]
    assert api.get("resolve", text=f"http://x/qr/{way}.png") == {"path": f"/phone/scan/{way}"}
    assert api.get("resolve", text=join) == {"path": f"/phone/scan/{join}"}
    assert api.get("resolve", text=kf)["path"] == shown[2]["path"]
    assert api.get("resolve", text=url + "?customer_channel=ad1")["path"] == shown[3]["path"] + "?customer_channel=ad1"


@pytest.mark.parametrize("text", ["", "javascript:alert(1)", "http://evil/phone/scan/nothing", "/ca/none", "x" * 3000])
def test_texts_of_others_lead_nowhere(api: PhoneApi, text: str) -> None:
    assert api.get("resolve", text=text)["error"]["code"] == "no_such_code"


def test_a_picture_of_a_code_is_read(api: PhoneApi, server: SimulatorServer, wire: Wire) -> None:
    pytest.importorskip("zxingcpp")
    way = wire.live_code("staff006")
    picture = httpx.get(f"{server.base_url}/qr/{way}.png", trust_env=False).content
    assert api.http.post("/decode", content=picture).json() == {"path": f"/phone/scan/{way}"}


def test_pictures_without_a_code_are_told_apart(api: PhoneApi, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zxingcpp")
    blank = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(blank, "PNG")

    def code(body: bytes) -> str:
        found: str = api.http.post("/decode", content=body).json()["error"]["code"]
        return found

    assert code(blank.getvalue()) == "no_code_found"
    assert code(b"nothing of the kind") == "no_picture"
    assert code(b"") == "no_picture"
    monkeypatch.setattr(codes, "reader", None)
    assert code(blank.getvalue()) == "no_decoder"


# -- the customer ----------------------------------------------------------------------------------------------------------
def test_no_interest_is_written_down_and_changes_nothing_else(api: PhoneApi, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    pair = {"userid": "staff006", "external_userid": person}
    assert api.post("not-interested", **pair)["not_interested_at"] > 0
    assert api.refusal("not-interested", **pair) == "said_before"
    assert api.get("chat", **pair)["not_interested"] is True
    assert [one["external_userid"] for one in control.ledger(kind="not_interested")] == [person]
    wire.ok("add_msg_template", external_userid=[person], sender="staff006", text={"content": "周三会员日"})
    control.confirm("staff006")
    assert [one["external_userid"] for one in control.ledger(kind="mass_delivered")] == [person]


def test_a_customer_sees_chats_groups_and_services(api: PhoneApi, control: Control, wire: Wire) -> None:
    person, account = customer(control, wire), service(wire)
    chat_id = control.group_create("staff006", "老友群", [person])["chat_id"]
    control.kf_enter(person, open_kfid=account)
    home = api.get(f"customer/{person}")
    assert [one["userid"] for one in home["chats"]] == ["staff006"]
    assert [(one["chat_id"], one["size"], one["manages"]) for one in home["groups"]] == [(chat_id, 2, False)]
    assert [one["open_kfid"] for one in home["services"]] == [account]


def test_a_group_is_closed_to_outsiders(api: PhoneApi, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    chat_id = control.group_create("staff006", "老友群")["chat_id"]
    for path in ("group", "group-members"):
        assert api.get(path, chat_id=chat_id, me=person)["error"]["code"] == "not_in_group"
    assert api.refusal("group-chat", chat_id=chat_id, member=person, text="在吗") == "not_in_group"


def test_a_group_chat_names_its_speakers(api: PhoneApi, control: Control, wire: Wire) -> None:
    person = customer(control, wire, "<b>宋予</b>")
    chat_id = control.group_create("staff006", "老友群", [person])["chat_id"]
    api.post("group-chat", chat_id=chat_id, member=person, text="大家好")
    api.post("group-nickname", chat_id=chat_id, member=person, nickname="小宋")
    api.post("group-chat", chat_id=chat_id, member="staff006", text="欢迎")
    lines = api.get("group", chat_id=chat_id, me="staff006")["lines"]
    assert [(one["name"], one["customer"]) for one in lines] == [("小宋", True), ("顾晨", False)]
    assert api.get("group", chat_id=chat_id, me=person, after=lines[0]["number"])["lines"] == lines[1:]


def test_a_service_chat_keeps_its_order_while_the_clock_stands(api: PhoneApi, control: Control, wire: Wire) -> None:
    control.post("clock", {"frozen": True})
    person, account = customer(control, wire), service(wire)
    control.kf_say(account, person, text="一")
    to = {"open_kfid": account, "touser": person, "msgtype": "text"}
    assert wire.post("kf/send_msg", **to, text={"content": "二"})["errcode"] == 0
    taken_back = control.kf_say(account, person, text="三")["msgid"]
    assert wire.post("kf/send_msg", **to, text={"content": "四"})["errcode"] == 0
    lines = api.get("kf", open_kfid=account, external_userid=person)["lines"]
    assert [one["part"]["text"]["content"] for one in lines] == ["一", "二", "三", "四"]
    control.kf_recall(account, person, taken_back)
    kinds = [one["part"]["msgtype"] for one in api.get("kf", open_kfid=account, external_userid=person)["lines"]]
    assert kinds == ["text", "text", "text", "note"]


# -- the member ------------------------------------------------------------------------------------------------------------
def test_a_servicer_sees_who_waits(api: PhoneApi, control: Control, wire: Wire) -> None:
    person, account = customer(control, wire), service(wire)
    control.kf_say(account, person, text="在吗")
    assert api.get("staff/staff006")["services"] == []
    wire.post("kf/service_state/trans", open_kfid=account, external_userid=person, service_state=2)
    assert [one["external_userid"] for one in api.get("staff/staff006")["services"]] == [person]
    assert api.get("staff/staff007")["services"] == []
    api.post("kf-serve", open_kfid=account, external_userid=person, userid="staff006", action="take")
    assert api.get("kf", open_kfid=account, external_userid=person)["servicer"] == "staff006"


def test_a_member_chooses_among_the_customers_of_a_broadcast(api: PhoneApi, control: Control, wire: Wire) -> None:
    msgid = wire.ok("add_msg_template", sender="staff006", text={"content": "新品"}, allow_select=True)["msgid"]
    assert api.get("task", userid="staff006", msgid=msgid)["selectable"] is True
    rows = api.get("task-rows", userid="staff006", msgid=msgid)
    api.post("confirm", userid="staff006", msgid=msgid, external_userids=[rows[0]["id"]])
    assert [one["external_userid"] for one in control.ledger(kind="mass_confirmed", msgid=msgid)] == [""]
    assert api.get("task", userid="staff006", msgid=msgid)["customers"] == 1
    assert api.get("task-rows", userid="staff007", msgid=msgid)["error"]["code"] == "no_such_task"


def test_the_card_of_a_customer(api: PhoneApi, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    pair = {"userid": "staff006", "external_userid": person}
    group = wire.ok("add_corp_tag", group_name="喜好", tag=[{"name": "香氛"}])["tag_group"]
    api.post("staff-edit", **pair, remark="宋女士", add_tag=[group["tag"][0]["id"]])
    card = api.get("profile", **pair)
    on = [tag["name"] for one in card["tag_groups"] for tag in one["tags"] if tag["on"]]
    assert (card["name"], card["remark"], on) == ("宋予", "宋女士", ["香氛"])
    assert [one["id"] for one in api.get("friends", userid="staff006", query="宋女士")] == [person]
    api.post("staff-delete", **pair)
    assert api.get("profile", **pair)["error"]["code"] == "no_relation"
    assert api.get("friends", userid="staff006", query="宋女士") == []


def test_a_moment_with_its_reactions(api: PhoneApi, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    moment = control.moment_publish("staff006", "冬天的桌面")["moment_id"]
    act = {"moment_id": moment, "userid": "staff006"}
    api.post("moment-react", **act, kind="like", who=person)
    api.post("moment-react", **act, kind="comment", who=person, text="<i>想学</i>")
    shown = api.get("moments", external_userid=person)["moments"][0]
    assert [one["name"] for one in shown["likes"]] == ["宋予"]
    assert [one["text"] for one in shown["comments"]] == ["<i>想学</i>"]
    assert api.get("moment", userid="staff006", moment_id=moment)["seen"] > 0
    assert api.get("moment", userid="staff007", moment_id=moment)["error"]["code"] == "no_such_moment"
    assert api.get(f"customer/{person}")["moments_at"] == shown["at"]


def test_the_inbox_of_an_app(api: PhoneApi, control: Control, wire: Wire) -> None:
    agentid = control.company()["agentid"]
    assert (
        wire.post("message/send", touser="staff006", agentid=agentid, msgtype="text", text={"content": "去联系"})[
            "errcode"
        ]
        == 0
    )
    inbox = api.get("inbox", userid="staff006", agentid=agentid)
    assert [one["body"]["content"] for one in inbox["messages"]] == ["去联系"]
    assert api.get("inbox", userid="staff006", agentid=9)["error"]["code"] == "no_such_app"
    apps = api.get("staff/staff006")["apps"]
    assert [(one["agentid"], one["last"]["text"]) for one in apps] == [(agentid, "去联系")]
