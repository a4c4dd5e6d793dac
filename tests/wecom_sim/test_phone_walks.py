"""Whole walks on the phones in a browser, with hostile names and words in every place."""

import io
from typing import TYPE_CHECKING

import httpx
import pytest
from phone_helpers import TOO_SMALL
from PIL import Image
from sim_helpers import Wire

from wecom_sim.phone import codes
from wecom_sim.testing import Control, SimulatorServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=alert(1)>"


def customer(control: Control, wire: Wire, name: str = EVIL) -> str:
    found: str = control.scan(wire.live_code("staff006"), customer={"name": name})["external_userid"]
    return found


def test_a_customer_talks_in_a_group_and_leaves(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    person = customer(control, wire)
    chat_id = control.group_create("staff006", f"老友群{EVIL}", [person])["chat_id"]
    control.group_change(chat_id, "staff006", notice=EVIL)
    control.group_chat(chat_id, "staff006", EVIL)
    phone.goto(f"{server.base_url}/phone/customer/{person}")
    phone.locator(f"[data-ref='{chat_id}']").click()
    phone.locator(".b", has_text=EVIL).wait_for()
    phone.get_by_placeholder("说点什么").fill("我在")
    phone.get_by_role("button", name="发送").click()
    phone.locator(".m.r", has_text="我在").wait_for()
    phone.get_by_label("更多").click()
    phone.locator(f"[data-member='{person}']").wait_for()
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="退出群聊").click()
    phone.locator(".sheet").get_by_role("button", name="退出群聊").click()
    phone.locator("[data-ref='staff006']").wait_for()
    assert [one["id"] for one in control.group(chat_id)["members"]] == ["staff006"]


def test_a_customer_looks_at_moments_and_has_no_interest(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    person = customer(control, wire)
    bad = {"msgtype": "link", "link": {"title": EVIL, "url": "javascript:alert(1)"}}
    control.moment_publish("staff006", EVIL, attachments=[bad])
    phone.goto(f"{server.base_url}/phone/customer/{person}?lang=en#moments")
    phone.get_by_label("Like", exact=True).click()
    phone.locator(".likes", has_text=EVIL).wait_for()
    phone.get_by_label("Comment").click()
    phone.locator(".sheet input").fill("nice")
    phone.get_by_role("button", name="Send").click()
    phone.locator(".reactions", has_text="nice").wait_for()
    assert phone.evaluate(TOO_SMALL) == []
    assert phone.locator("a[href^='javascript']").count() == 0

    phone.evaluate("location.hash = 'chat/staff006/info'")
    phone.get_by_role("button", name="I'm not interested").click()
    phone.get_by_role("button", name="Not interested", exact=True).click()
    phone.get_by_role("button", name="Marked as not interested").wait_for()
    assert len(control.ledger(kind="not_interested")) == 1


def test_a_customer_scans_a_picture(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    pytest.importorskip("zxingcpp")
    person, code = customer(control, wire, "宋予"), wire.live_code("staff007")
    phone.goto(f"{server.base_url}/phone/customer/{person}#scan")
    blank = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(blank, "PNG")
    field = phone.locator("input[type=file]")
    field.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": blank.getvalue()})
    phone.get_by_text("这张图片里没有二维码").wait_for()
    picture = httpx.get(f"{server.base_url}/qr/{code}.png", trust_env=False).content
    field.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": picture})
    phone.locator("#add").click()
    phone.get_by_text("你已添加").wait_for()
    assert control.ledger(kind="friend_added")[-1]["external_userid"] == person


def test_a_browser_that_reads_codes_itself_is_used(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "reader", None)
    person, code = customer(control, wire, "宋予"), wire.live_code("staff007")
    phone.goto(f"{server.base_url}/phone/customer/{person}#scan")
    phone.locator(f"[data-code='{code}']").wait_for()
    picture = httpx.get(f"{server.base_url}/qr/{code}.png", trust_env=False).content
    file = {"name": "b.png", "mimeType": "image/png", "buffer": picture}
    phone.evaluate("delete globalThis.BarcodeDetector")
    phone.locator("input[type=file]").set_input_files(file)
    phone.get_by_text("请改用粘贴链接").wait_for()
    phone.evaluate(
        "(text) => { globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: text }]; } } }",
        f"{server.base_url}/phone/scan/{code}",
    )
    phone.locator("input[type=file]").set_input_files({**file, "name": "c.png"})
    phone.locator("#add").wait_for()
    assert f"/phone/scan/{code}" in phone.url


def test_a_customer_asks_the_service(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire, "宋予")
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    upload = {"media": ("a.png", picture.getvalue(), "image/png")}
    media = wire.raw("POST", "media/upload", params={"access_token": wire.token, "type": "image"}, files=upload)
    account = wire.post("kf/account/add", name="半山客服", media_id=media["media_id"])["open_kfid"]
    wire.post("kf/servicer/add", open_kfid=account, userid_list=["staff006"])
    link = wire.post("kf/add_contact_way", open_kfid=account, scene="door")["url"]
    phone.goto(link)
    phone.locator("[data-id]").first.wait_for()
    phone.get_by_placeholder("昵称").first.fill("新来的")
    phone.locator("form button").first.click()
    phone.get_by_placeholder("说点什么").fill("几点开门")
    phone.get_by_role("button", name="发送").click()
    phone.locator(".m.r", has_text="几点开门").wait_for()
    new = phone.url.split("/customer/")[1][:32]
    assert new != person
    wire.post("kf/service_state/trans", open_kfid=account, external_userid=new, service_state=2)
    phone.goto(f"{server.base_url}/phone/staff/staff006")
    phone.locator(f"[data-ref='{account}/{new}']").click()
    phone.get_by_role("button", name="接入", exact=True).click()
    phone.get_by_text("顾晨接入会话").wait_for()
    phone.get_by_placeholder("说点什么").fill("十点")
    phone.get_by_role("button", name="发送").click()
    phone.locator(".m.r", has_text="十点").wait_for()


def test_a_member_chooses_customers_and_publishes(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    person = customer(control, wire)
    wire.ok("add_msg_template", sender="staff006", text={"content": EVIL}, allow_select=True)
    phone.goto(f"{server.base_url}/phone/staff/staff006#tasks")
    phone.locator("[data-msgid]").click()
    phone.locator("#choose").click()
    phone.get_by_role("searchbox").fill("onerror")
    phone.locator(f"[data-pick='{person}'] input:checked").wait_for()
    for box in phone.locator("[data-pick] input:checked").all():
        box.click()
    phone.get_by_role("searchbox").fill("")
    phone.locator("[data-pick]").nth(1).wait_for()
    assert phone.evaluate(TOO_SMALL) == []
    rest = phone.locator("[data-pick] input:checked").count()
    phone.locator(".over .foot button").click()
    phone.locator("#confirm").click()
    phone.locator(".figures").wait_for()
    assert person not in [one["external_userid"] for one in control.ledger(kind="mass_delivered")]
    assert len(control.ledger(kind="mass_delivered")) <= rest

    control.post("settings", {"moment_job_seconds": 0})
    visible = {"sender_list": {"user_list": ["staff006"]}}
    wire.ok("add_moment_task", text={"content": f"上新{EVIL}"}, visible_range=visible)
    phone.evaluate("location.hash = 'tasks'")
    phone.locator("[data-moment]").click()
    phone.locator("#confirm").click()
    phone.get_by_text("位客户可见").wait_for()
    assert len(control.ledger(kind="moment_published")) == 1


def test_a_member_makes_and_runs_a_group(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    phone.goto(f"{server.base_url}/phone/staff/staff006#customers")
    phone.locator("#new-group").click()
    phone.locator(f"[data-pick='{person}']").click()
    phone.get_by_role("button", name="下一步").click()
    phone.locator(".sheet input").fill(EVIL)
    phone.get_by_role("button", name="建群").click()
    phone.get_by_label("更多").click()
    phone.get_by_role("button", name="群公告").click()
    phone.locator(".sheet textarea").fill("周三会员日")
    phone.get_by_role("button", name="保存").click()
    phone.locator(".value", has_text="周三会员日").wait_for()
    phone.get_by_role("button", name="邀请同事").click()
    phone.locator("[data-pick='staff007']").click()
    phone.get_by_role("button", name="完成 (1)").click()
    phone.locator("[data-member='staff007']").wait_for()
    phone.get_by_role("button", name="移出成员").click()
    phone.locator(f"[data-pick='{person}']").click()
    phone.get_by_role("button", name="移出 (1)").click()
    phone.locator(f"[data-member='{person}']").wait_for(state="detached")
    phone.locator("button.row", has_text="群主").click()
    phone.locator("[data-pick='staff007']").click()
    phone.get_by_role("button", name="完成").click()
    phone.get_by_role("button", name="退出群聊").wait_for()
    made = control.groups()[-1]
    assert (made["name"], made["notice"], made["owner"]) == (EVIL, "周三会员日", "staff007")


def test_a_member_answers_a_card_and_edits_a_customer(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire
) -> None:
    person, agentid = customer(control, wire), control.company()["agentid"]
    card = {
        "card_type": "vote_interaction", "main_title": {"title": EVIL}, "task_id": "t1",
        "checkbox": {"question_key": "q", "mode": 1, "option_list": [{"id": "a", "text": EVIL}, {"id": "b", "text": "乙"}]},
        "submit_button": {"text": "提交", "key": "go"},
    }  # fmt: skip
    sent = {"touser": "staff006", "agentid": agentid, "msgtype": "template_card", "template_card": card}
    assert wire.post("message/send", **sent)["errcode"] == 0
    phone.goto(f"{server.base_url}/phone/staff/staff006#apps")
    phone.locator(f"[data-ref='{agentid}']").click()
    phone.get_by_text("乙").click()
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="提交").click()
    phone.get_by_role("button", name="已提交").wait_for()
    answered = control.ledger(kind="app_card_answered")
    assert [one["data"]["selected"] for one in answered] == [{"q": ["b"]}]

    phone.evaluate(f"location.hash = 'customer/{person}'")
    phone.get_by_role("button", name="备注").click()
    phone.locator(".sheet input").fill("<b>宋</b>")
    phone.get_by_role("button", name="保存").click()
    phone.locator(".card b", has_text="<b>宋</b>").wait_for()
    assert phone.evaluate(TOO_SMALL) == []
