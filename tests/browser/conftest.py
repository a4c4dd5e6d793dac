"""The whole product with a small brand, and a real Chromium in front of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from walking import Walk

from browsers import missing
from wellspring.app.demo import brand
from wellspring.app.demo.order_file import read_account
from wellspring.app.demo.story import Story, close, open_story
from wellspring.commerce.sample_orders import write_sample
from wellspring.platform.paths import console_folder


@pytest.fixture(scope="module")
def running() -> Iterator[Story]:
    """Simulator and product with 300 customers, 3,000 order lines and a channel; what the walk needs from before."""
    if not (console_folder() / "index.html").exists():
        missing("The console is not built: run `make console`")
    folder = Path(tempfile.mkdtemp(prefix="wellspring-browser-"))
    folder.chmod(0o755)
    orders = folder / "orders.parquet"
    now = datetime.now(brand.ZONE)
    write_sample(orders, seed=5, lines=3_000, customers=150, until=now)
    story = open_story(folder, orders, customers=300)
    try:
        story.simulator_process.start()
        brand.seed(story.simulator, now=now, customers=300, random_seed=5, groups_per_store=2)
        story.product_process.start()
        story.api.sign_in()
        brand.connect(story.api, story.simulator)
        brand.start_sync(story.api)
        brand.finish_sync(story.api)
        friends = dict.fromkeys(one["external_userid"] for one in story.simulator.relations())
        brand.link_buyers(story.api, list(zip(friends, read_account(orders).buyers, strict=False)))
        brand.finish_import(story.api, brand.start_import(story.api, orders)["id"])
        brand.ensure_channel(story.api, "橱窗")
        yield story
    finally:
        close(story)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def walk(chromium: Browser, running: Story, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Signed out, at 1440 x 900; `request.param` is the language."""
    language = getattr(request, "param", "zh")
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_init_script(f"localStorage.setItem('wellspring.language', '{language}')")
    page = context.new_page()
    found = Walk(page, running, language)
    page.on(
        "console",
        lambda message: found.errors.append(f"{page.url}: {message.text}") if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: found.errors.append(f"{page.url}: {error}"))
    yield found
    context.close()
