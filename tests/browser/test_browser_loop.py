"""The loop, walked by hand through the console and the phones: code -> scan -> friend -> known -> reached -> measured."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from walking import OUT, Walk

from wellspring.app.demo import brand

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PAGES = [
    ("home", "/"),
    ("customers", "/customers"),
    ("groups", "/groups"),
    ("organisation", "/organisation"),
    ("channels", "/acquisition/channels"),
    ("live-codes", "/acquisition/live-codes"),
    ("orders", "/commerce/orders"),
    ("imports", "/commerce/imports"),
    ("segments", "/segments"),
    ("segment-new", "/segments/new"),
    ("features", "/insight/features"),
    ("lifetime-value", "/insight/lifetime-value"),
    ("broadcasts", "/outreach/broadcasts"),
    ("broadcast-new", "/outreach/broadcasts/new"),
    ("tasks", "/outreach/tasks"),
    ("wecom", "/settings/wecom"),
    ("company", "/settings/company"),
    ("care", "/settings/care"),
    ("users", "/settings/users"),
    ("sign-in-rules", "/settings/sign-in"),
    ("tokens", "/settings/tokens"),
    ("audit", "/settings/audit"),
]


def sign_in(walk: Walk) -> None:
    walk.page.goto(f"{walk.url}/")
    walk.page.locator("#login").fill("admin")
    walk.page.locator("#password").fill(walk.story.api.password)
    walk.page.locator("button[type=submit]").click()
    expect(walk.page.get_by_role("banner")).to_be_visible(timeout=15_000)


OPTIONS = ".ant-select-dropdown:visible .ant-select-item-option, .ant-select-dropdown:visible .ant-select-tree-treenode:not([aria-hidden])"


def choose_first(page: Page, selector: str) -> None:
    """Open a picker, take its first option, close it by clicking beside it (Escape would close the drawer too)."""
    page.locator(selector).click()
    page.locator(OPTIONS).first.wait_for()
    if "channel" in selector:  # a tree marks nothing before the first arrow
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".ant-drawer-header").click()
    page.wait_for_timeout(300)


def test_the_loop(walk: Walk) -> None:
    page, story = walk.page, walk.story
    sign_in(walk)

    walk.go("/acquisition/live-codes")
    page.get_by_role("button", name="新建活码").first.click()
    page.locator("#name").fill("武康店橱窗")
    choose_first(page, "#channel_id")
    choose_first(page, "#staff_ids")
    choose_first(page, "#tag_ids")
    page.locator(".ant-drawer textarea").first.fill("你好，橱窗里哪件想细看，拍给我就行。")
    page.get_by_role("button", name="建活码", exact=True).click()
    expect(page.get_by_text("启用中").first).to_be_visible(timeout=20_000)
    walk.picture("loop-1-live-code")

    code = brand.find(story.api, "/api/v1/live-codes", "武康店橱窗")
    assert code is not None
    state = story.api.get(f"/api/v1/live-codes/{code['id']}")["state"]
    way = next(one for one in story.simulator.get("qr") if one["state"] == state)
    phone = page.context.new_page()
    phone.on("pageerror", lambda error: walk.errors.append(str(error)))
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{story.simulator.base_url}/phone/scan/{way['config_id']}")
    phone.get_by_role("textbox", name="昵称", exact=True).fill("宋予")
    phone.locator("form button").last.click()
    expect(phone.get_by_text("拍给我就行")).to_be_visible(timeout=20_000)
    phone.screenshot(path=OUT / "loop-2-phone.png")

    walk.go("/customers?q=宋予")
    page.get_by_text("宋予").first.click()
    expect(page.get_by_text("橱窗").first).to_be_visible(timeout=10_000)
    walk.settle()
    walk.picture("loop-3-customer")

    brand.wait_for_warehouse(story.api)
    segment = brand.ensure_segment(story.api, "近 90 天买过的好友", brand.friends_who_bought(90))
    walk.go(f"/segments/{segment['id']}")
    expect(page.get_by_text("近 90 天").first).to_be_visible(timeout=10_000)
    walk.settle()
    walk.picture("loop-4-segment")

    walk.go(f"/outreach/broadcasts/new?segment={segment['id']}")
    page.locator("#name").fill("冬日香氛到店礼")
    page.locator("textarea").first.fill("天凉了，给你留了一支冬天的香。")
    page.get_by_role("button", name="保存并预演").click()
    expect(page.get_by_text(re.compile("人会收到")).first).to_be_visible(timeout=20_000)
    walk.settle()
    walk.picture("loop-5-rehearsal")
    page.get_by_role("button", name=re.compile("提交给 .* 位同事确认")).click()
    page.locator(".ant-modal:visible, .ant-popover:visible, .ant-popconfirm:visible").get_by_role(
        "button", name=re.compile("^提\\s*交$")
    ).click()
    expect(page.get_by_text(re.compile("等 .* 位同事确认")).first).to_be_visible(timeout=30_000)

    staff = page.context.new_page()
    staff.set_viewport_size({"width": 390, "height": 844})
    userid = next(task["userid"] for one in story.simulator.get("mass") for task in one["tasks"])
    staff.goto(f"{story.simulator.base_url}/phone/staff/{userid}#tasks")
    staff.locator("button.row[data-msgid]").first.click()
    staff.locator("#confirm").click()
    staff.wait_for_timeout(500)
    staff.screenshot(path=OUT / "loop-6-staff-phone.png")
    brand.confirm_all(story.simulator)

    expect(page.get_by_text(re.compile("送达 .* 人")).first).to_be_visible(timeout=60_000)
    walk.picture("loop-7-delivered")
    broadcast_page = page.url
    walk.page.goto(f"{broadcast_page.rstrip('/')}/result")
    walk.settle()
    walk.picture("loop-8-result")
    assert walk.errors == []


@pytest.mark.parametrize("walk", ["zh", "en"], indirect=True)
def test_every_page_opens_without_an_error(walk: Walk) -> None:
    """Wide and narrow; the browser's console stays clean, nothing says that it failed."""
    sign_in(walk)
    for width, height in ((1440, 900), (390, 844)):
        walk.page.set_viewport_size({"width": width, "height": height})
        for name, path in PAGES:
            walk.go(path)
            heading = walk.page.locator("h1").first
            expect(heading).to_be_visible(timeout=15_000)
            overflow = walk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path} is wider than the screen at {width} px by {overflow} px"
            walk.picture(f"{name}-{width}")
    assert walk.errors == []
