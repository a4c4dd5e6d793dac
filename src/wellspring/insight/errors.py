"""Refusals of insight."""

from __future__ import annotations

from wellspring.platform.errors import NotFound


class CustomerNotFound(NotFound):
    code = "CUSTOMER_NOT_FOUND"
    zh = "找不到这位客户，可能已被合并，或不在你的数据范围内。"
    en = "This customer was not found: merged into another one, or outside your data scope."

    def __init__(self) -> None:
        super().__init__(what="")
