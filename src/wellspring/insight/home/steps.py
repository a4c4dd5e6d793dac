"""What to do next: providers look, each for one thing, and answer it or None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from wellspring.insight.metrics.stores import StoreFigures
from wellspring.platform.auth.actor import Actor
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.loader import staleness
from wellspring.segments import facade as segments
from wellspring.wecom import facade as wecom

Tone = Literal["setup", "needs_you", "offer"]


@dataclass(frozen=True)
class NextStep:
    """`code` is stable. `title` says what is the case, `detail` what follows, `action` is the verb of the link.
    Texts are (zh, en). tone: setup (the product can't work without it), needs_you (people wait), offer."""

    code: str
    tone: Tone
    title: tuple[str, str]
    detail: tuple[str, str]
    action: tuple[str, str]
    link: str


@dataclass(frozen=True)
class StepContext:
    """What a provider may look at. `orders_known`, `friends_known`: whether there are any in the actor's scope.
    `stores`: today's figures by store, with names; `loss_target` per 1,000."""

    session: Session
    platform: Platform
    actor: Actor
    now: datetime
    orders_known: bool
    friends_known: bool
    stores: Sequence[tuple[str, StoreFigures]] = ()
    loss_target: float = 6


Provider = Callable[[StepContext], NextStep | None]
_providers: list[Provider] = []


def register_next_step(provider: Provider) -> None:
    """Shown in the order of tone, then of registration."""
    if provider not in _providers:
        _providers.append(provider)


_RANK: dict[Tone, int] = {"setup": 0, "needs_you": 1, "offer": 2}


def next_steps(context: StepContext) -> list[NextStep]:
    found = [step for provider in _providers if (step := provider(context)) is not None]
    return sorted(found, key=lambda step: _RANK[step.tone])


def connect_wecom(context: StepContext) -> NextStep | None:
    if wecom.company(context.session) is not None:
        return None
    return NextStep(
        "CONNECT_WECOM",
        "setup",
        ("还没有连接企业微信", "WeCom is not connected yet"),
        (
            "连上以后，部门、同事、客户和标签会自己同步过来。",
            "Departments, staff, customers and tags then come over by themselves.",
        ),
        ("去连接", "Connect"),
        "/settings/wecom",
    )


def import_orders(context: StepContext) -> NextStep | None:
    if context.orders_known:
        return None
    return NextStep(
        "IMPORT_ORDERS",
        "setup",
        ("还没有订单", "There are no orders yet"),
        (
            "导入 CSV、Excel 或 Parquet 文件，才知道谁买过、买了多少。",
            "Import a CSV, Excel or Parquet file to know who bought, and how much.",
        ),
        ("去导入", "Import"),
        "/commerce/imports",
    )


def make_segment(context: StepContext) -> NextStep | None:
    if not context.friends_known or not context.actor.may("segments.segment.write"):
        return None
    if segments.segment_count(context.session):
        return None
    return NextStep(
        "MAKE_SEGMENT",
        "offer",
        ("还没有人群", "There is no segment yet"),
        (
            "圈出一群人，群发时就只打扰该打扰的人。",
            "Choose a group of people, so that a broadcast disturbs only those it is for.",
        ),
        ("新建人群", "Build one"),
        "/segments/new",
    )


def figures_stand_still(context: StepContext) -> NextStep | None:
    behind = staleness(context.session).behind
    if behind is None or behind < timedelta(minutes=10):
        return None
    minutes = int(behind.total_seconds() // 60)
    return NextStep(
        "WAREHOUSE_BEHIND",
        "needs_you",
        (f"数据已经 {minutes} 分钟没有更新", f"The figures have not moved for {minutes} minutes"),
        (
            "后台任务可能停了。在服务器上运行 wellspring doctor 看原因。",
            "Background jobs may have stopped. Run wellspring doctor on the server.",
        ),
        ("看数据", "Look"),
        "/segments",
    )


def store_above_target(context: StepContext) -> NextStep | None:
    """The worst store above the target, when it is large enough to say so (200 friends)."""
    above = [
        (figures.loss_rate, name)
        for name, figures in context.stores
        if figures.loss_rate is not None and figures.friends >= 200 and figures.loss_rate > context.loss_target
    ]
    if not above:
        return None
    rate, name = max(above)
    target = f"{context.loss_target:g}"
    return NextStep(
        "LOSSES_ABOVE_TARGET",
        "needs_you",
        (
            f"{name}每千人流失 {rate:.1f}，高于目标 {target}",
            f"{name} loses {rate:.1f} per 1,000, above the target of {target}",
        ),
        (
            "近 30 天删除我们的人。看看最近给他们发了什么。",
            "Customers who deleted us in 30 days. See what was sent to them lately.",
        ),
        ("看流失的客户", "See who left"),
        "/customers?status=lost",
    )


def register_own() -> None:
    for provider in (connect_wecom, import_orders, figures_stand_still, store_above_target, make_segment):
        register_next_step(provider)
