"""Segments laid over each other: how many people are in each combination of two to four."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel

from wellspring.insight.analysis.table import Column, Table
from wellspring.insight.features.base import Words
from wellspring.insight.metrics.groups import CustomerShare

LEAST, MOST = 2, 4


class SegmentSize(BaseModel):
    id: int
    name: str
    customers: int


class SegmentCombination(BaseModel):
    """`inside`: ids of the segments these people are in, and they are in no other one. `share`: of all in any."""

    inside: list[int]
    customers: int
    share: float | None


class OverlapFound(BaseModel):
    """`anywhere`: people in at least one. `combinations`: largest first, those without anybody too."""

    segments: list[SegmentSize]
    anywhere: int
    everywhere: int
    combinations: list[SegmentCombination]


def build(names: Mapping[int, str], ids: Sequence[int], counts: Mapping[tuple[bool, ...], int]) -> OverlapFound:
    anywhere = sum(n for inside, n in counts.items() if any(inside))
    parts = [
        SegmentCombination(
            inside=[one for one, held in zip(ids, inside, strict=True) if held],
            customers=n,
            share=CustomerShare().value(n, anywhere),
        )
        for inside, n in counts.items()
        if any(inside)
    ]
    return OverlapFound(
        segments=[
            SegmentSize(
                id=one, name=names.get(one, ""), customers=sum(n for inside, n in counts.items() if inside[place])
            )
            for place, one in enumerate(ids)
        ],
        anywhere=anywhere,
        everywhere=counts.get((True,) * len(ids), 0),
        combinations=sorted(parts, key=lambda one: (-one.customers, len(one.inside), one.inside)),
    )


def table(found: OverlapFound, at: datetime) -> Table:
    names = [Column(note=one.name) for one in found.segments]
    return Table(
        Words("人群重叠", "overlap"),
        Words(
            f"{at:%Y-%m-%d} 的 {found.anywhere} 位客户至少在一个人群里；每位只在一行。",
            f"{found.anywhere} customers in at least one segment on {at:%Y-%m-%d}; each of them in one row.",
        ),
        [*names, Column("customers"), Column("customer_share")],
        [
            [*(int(one.id in part.inside) for one in found.segments), part.customers, part.share]
            for part in found.combinations
        ],
    )
