"""A browser page that notes every error and keeps a picture of each stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from wellspring.app.demo.story import Story

OUT = Path(__file__).parents[1] / "out"


@dataclass
class Walk:
    """`errors`: what the browser's console said; must stay empty."""

    page: Page
    story: Story
    language: str
    errors: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.story.api.base_url

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_load_state("networkidle")

    def picture(self, name: str) -> None:
        OUT.mkdir(exist_ok=True)
        self.page.screenshot(path=OUT / f"{name}-{self.language}.png")
