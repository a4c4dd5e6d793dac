"""The phone pages: headers without a browser, the whole walk with one."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from phone_helpers import TOO_SMALL
from sim_helpers import Receiver, Wire

from wecom_sim.phone.views_talks import app_preview
from wecom_sim.testing import Control, SimulatorServer

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_pages_are_closed_to_foreign_scripts(server: SimulatorServer, control: Control) -> None:
    answer = httpx.get(f"{server.base_url}/phone/customer/%22%3E%3Cscript%3Ealert(1)", trust_env=False)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>alert" not in answer.text
    assert answer.text.count("<script") == 1


def test_both_languages_have_the_same_words() -> None:
    import wecom_sim

    words = Path(wecom_sim.__file__).parent / "phone" / "static" / "text.js"
    chinese, english = words.read_text(encoding="utf-8").split("const EN")
    assert set(re.findall(r'(\w+): "', chinese)) == set(re.findall(r'(\w+): "', english))


def test_a_list_shows_markdown_without_its_marks() -> None:
    text = '# 今天\n**12** 位新客\n> <font color="warning">3 位</font>待跟进 [看](https://a.example)'
    assert app_preview("markdown", {"content": text}, 0.0)["text"] == "今天\n12 位新客\n3 位待跟进 看"
    assert app_preview("text", {"content": "# 1"}, 0.0)["text"] == "# 1"


@pytest.mark.browser
def test_a_customer_scans_and_is_welcomed(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire, receiver: Receiver
) -> None:
    code = wire.live_code("staff006", remark="武康店橱窗")
    phone.goto(f"{server.base_url}/phone/scan/{code}")
    phone.get_by_placeholder("昵称").first.fill("<b>宋予</b>")
    assert phone.evaluate(TOO_SMALL) == []
    phone.locator("form button").first.click()
    phone.get_by_text("你已添加顾晨，现在可以开始聊天了").wait_for()
    control.wait_for_callbacks()
    link = {"title": "见面礼，一张 8 元券", "desc": "不设门槛", "url": f"{server.base_url}/healthz"}
    wire.ok(
        "send_welcome_msg",
        welcome_code=receiver.events[0]["WelcomeCode"],
        text={"content": "你好 <img src=x onerror=alert(1)>"},
        attachments=[{"msgtype": "link", "link": link}],
    )
    phone.get_by_text("你好 <img src=x onerror=alert(1)>").wait_for(timeout=5000)  # the page polls, and escapes
    assert phone.locator("a.link").get_attribute("href") == link["url"]
    assert phone.get_by_text("模拟手机，客户<b>宋予</b>，扫了「武康店橱窗」").count() == 1

    phone.get_by_placeholder("说点什么").fill("周末几点关门？")
    phone.get_by_role("button", name="发送").click()
    phone.locator(".m.r", has_text="周末几点关门？").wait_for()
    phone.get_by_label("更多").click()
    phone.get_by_role("button", name="删除联系人").click()
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="删除", exact=True).click()
    phone.get_by_text("还没有聊天").wait_for()
    assert [one["kind"] for one in control.ledger(kind="customer_deleted")] == ["customer_deleted"]


@pytest.mark.browser
def test_a_member_confirms_a_broadcast(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    phone.goto(f"{server.base_url}/phone/staff/staff006?lang=en#tasks")
    phone.get_by_text("No broadcast tasks.").wait_for()
    wire.ok("add_msg_template", sender="staff006", text={"content": "周三会员日"})
    phone.locator("[data-msgid]").click()
    phone.get_by_role("button", name="Confirm and send").click()
    phone.get_by_text("Delivered").wait_for()
    delivered = len(control.ledger(kind="mass_delivered"))
    assert delivered > 0
    assert phone.locator(".figures b").first.inner_text() == str(delivered)


@pytest.mark.browser
def test_a_member_accepts_a_request(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    phone.goto(f"{server.base_url}/phone/staff/staff006#requests")
    phone.get_by_text("没有等你确认的客户").wait_for()
    control.scan(wire.live_code("staff006", skip_verify=False), customer={"name": "宋予"})
    phone.get_by_role("button", name="通过").click()
    phone.get_by_text("没有等你确认的客户").wait_for()
    assert control.ledger(kind="friend_added")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/phone", "/phone/staff/nobody", "/phone/customer/wmnone"])
def test_pages_say_what_to_do_next(phone: "Page", server: SimulatorServer, control: Control, path: str) -> None:
    """Also for people who don't exist, and without an error in the console."""
    phone.goto(server.base_url + path)
    if path == "/phone":
        phone.get_by_role("link", name="顾晨").wait_for()
    else:
        phone.get_by_role("link", name="换个人").wait_for()


@pytest.mark.browser
def test_a_customer_joins_a_group_and_declines_another_member(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    chat_id = control.group_create("staff006", "老友群")["chat_id"]
    code = wire.ok("groupchat/add_join_way", scene=2, chat_id_list=[chat_id])["config_id"]
    made = control.scan(wire.live_code("staff006"), customer={"name": "宋予"})
    person = made["external_userid"]
    phone.goto(f"{server.base_url}/phone/scan/{code}?as={person}")
    phone.locator("#add").click()
    phone.get_by_text("已进群").wait_for()
    assert [one["id"] for one in control.group(chat_id)["members"]] == ["staff006", person]

    names = {"handover_userid": "staff006", "takeover_userid": "staff007"}
    wire.ok("transfer_customer", **names, external_userid=[person])
    phone.goto(f"{server.base_url}/phone/customer/{person}")
    phone.locator("[data-refuse]").wait_for()
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="拒绝").click()
    phone.locator("[data-refuse]").wait_for(state="detached")
    assert [one["status"] for one in control.transfers()] == [3]


@pytest.mark.browser
def test_an_owner_confirms_a_broadcast_to_groups(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    for name in ("老友群", "新品群"):
        control.group_create("staff006", name)
    wire.ok("add_msg_template", chat_type="group", sender="staff006", text={"content": "周三会员日"})
    phone.goto(f"{server.base_url}/phone/staff/staff006#tasks")
    phone.get_by_text("发到 2 个群").wait_for()
    phone.locator("[data-msgid]").click()
    phone.get_by_text("老友群、新品群").wait_for()
    phone.get_by_role("button", name="确认发送").click()
    phone.get_by_text("已送达").wait_for()
    assert phone.locator(".figures b").first.inner_text() == "2"
