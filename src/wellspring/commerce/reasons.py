"""Why a line was not taken: stable codes with their sentences.

Two severities. `rule`: the line was understood and is no sale (a stock count, a bad debt); it never stops an
import. `broken`: the line could not be read; under "all or nothing" one such line keeps the whole file out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wellspring.platform.errors import Language

Severity = Literal["rule", "broken"]


@dataclass(frozen=True)
class Reason:
    code: str
    severity: Severity
    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


_ALL = (
    Reason(
        "STOCK_ADJUSTMENT",
        "rule",
        "库存调整：没有价格，也不属于任何客户的购买",
        "Stock adjustment: no price, and nobody's purchase",
    ),
    Reason("BAD_DEBT", "rule", "坏账记账，不是销售", "Bad debt entry, not a sale"),
    Reason("NEGATIVE_PRICE", "rule", "商品或邮费的单价是负数", "Goods or postage with a negative price"),
    Reason(
        "CANCELLATION_OF_NOTHING",
        "rule",
        "取消单却没有退回任何数量",
        "A cancellation that gives no quantity back",
    ),
    Reason("ZERO_QUANTITY", "rule", "数量是 0", "The quantity is 0"),
    Reason("TEST_PRODUCT", "rule", "测试商品，不算销售", "A test product, not a sale"),
    Reason(
        "REPEATED_LINE",
        "rule",
        "同一订单里同一个明细号出现了多次，只取最后一行",
        "The same line id came again later in this order: the last one counts",
    ),
    Reason("COLUMN_COUNT", "broken", "列数和表头不一样", "The number of columns differs from the header"),
    Reason("BROKEN_QUOTE", "broken", "引号没有配对", "A quotation mark has no partner"),
    Reason("UNREADABLE_TEXT", "broken", "文字编码读不出来", "The text can't be decoded"),
    Reason("CELL_TOO_LONG", "broken", "有一格超过 32,767 个字符", "A cell is longer than 32,767 characters"),
    Reason("NUMBER_MISSING", "broken", "没有订单号", "The order number is missing"),
    Reason("QUANTITY_UNREADABLE", "broken", "数量读不出来", "The quantity can't be read"),
    Reason("QUANTITY_NOT_WHOLE", "broken", "数量不是整数", "The quantity is not a whole number"),
    Reason("PRICE_UNREADABLE", "broken", "价格读不出来", "The price can't be read"),
    Reason("DATE_UNREADABLE", "broken", "下单时间读不出来", "The time of the order can't be read"),
    Reason("OUT_OF_RANGE", "broken", "数量或金额大得不像真的", "The quantity or the amount is beyond reason"),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in _ALL}
BROKEN: frozenset[str] = frozenset(reason.code for reason in _ALL if reason.severity == "broken")
