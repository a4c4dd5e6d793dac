"""Who is in a segment and how it is kept, the features, lifetime value: walked through the console."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from test_browser_loop import OPTIONS, sign_in
from walking import Walk

from wellspring.app.demo import brand

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_segment_is_kept_and_shows_who_is_in_it(walk: Walk) -> None:
    page, story = walk.page, walk.story
    sign_in(walk)
    brand.wait_for_warehouse(story.api)
    segment = brand.ensure_segment(story.api, "近 90 天买过的好友", brand.friends_who_bought(90))
    walk.go(f"/segments/{segment['id']}/membership")
    expect(page.get_by_text("还没有记录谁进来、谁离开")).to_be_visible()
    page.get_by_role("button", name="打开更新").click()
    page.get_by_role("button", name=re.compile("^保\\s*存$")).click()
    expect(page.get_by_text("持续更新").first).to_be_visible(timeout=15_000)
    expect(page.get_by_text(re.compile("从今天的 .* 人开始记"))).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="现在的人").click()
    page.get_by_role("button", name="为什么").first.click()
    expect(page.locator(".ant-drawer").get_by_text("为什么在里面")).to_be_visible(timeout=15_000)
    walk.picture("membership")
    assert walk.errors == []


def test_everybody_of_a_segment_is_tagged_after_a_look(walk: Walk) -> None:
    page, story = walk.page, walk.story
    sign_in(walk)
    brand.wait_for_warehouse(story.api)
    segment = brand.ensure_segment(story.api, "近 90 天买过的好友", brand.friends_who_bought(90))
    walk.go(f"/segments/{segment['id']}")
    page.get_by_role("button", name=re.compile("^更\\s*多$")).click()
    page.get_by_role("menuitem", name="给这些人打标签").click()
    drawer = page.locator(".ant-drawer")
    drawer.locator(".ant-select").click()
    page.locator(OPTIONS).first.click()
    start = drawer.get_by_role("button", name=re.compile("给 .* 段好友关系打上"))
    expect(start).to_be_enabled(timeout=15_000)
    start.click()
    expect(drawer.get_by_text("已完成")).to_be_visible(timeout=60_000)
    walk.picture("tagging")
    assert walk.errors == []


def test_features_are_listed_and_their_limits_are_set(walk: Walk) -> None:
    page = walk.page
    sign_in(walk)
    walk.go("/insight/features")
    expect(page.locator("h1")).to_contain_text("个特征")
    page.get_by_role("textbox", name="名字、意思、公式").fill("p_alive")
    expect(page.locator(".ws-features > li")).to_have_count(2)
    page.get_by_role("button", name="设置口径").click()
    golden = page.get_by_label("黄金期多少天")
    golden.fill("21")
    page.get_by_role("button", name=re.compile("^保\\s*存$")).click()
    expect(page.get_by_text("已保存，正在给所有客户重新算")).to_be_visible(timeout=15_000)
    page.reload()
    page.get_by_role("button", name="设置口径").click()
    expect(page.get_by_label("黄金期多少天")).to_have_value("21")
    walk.picture("features")
    assert walk.errors == []


def test_lifetime_value_says_what_it_found_or_what_is_missing(walk: Walk) -> None:
    page = walk.page
    sign_in(walk)
    walk.go("/insight/lifetime-value")
    page.get_by_role("button", name=re.compile("拟合")).click()
    # 150 buyers are too few for a fit: the page says so and what to do.
    expect(page.get_by_text("拟合没有意义")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="去导入订单")).to_be_visible()
    walk.picture("lifetime-value")
    assert walk.errors == []
