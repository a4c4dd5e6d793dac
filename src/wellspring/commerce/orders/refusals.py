"""Why an order or a refund of a batch was not taken: stable codes with their sentences."""

from __future__ import annotations

from wellspring.platform.errors import Language

REFUSALS: dict[str, tuple[str, str]] = {
    "number_repeated": ("同一批里这个单号出现了两次", "This number comes twice in the batch"),
    "line_id_repeated": ("同一张单里明细号重复", "A line id comes twice in this document"),
    "buyer_unreadable": (
        "买家标识无效（如手机号不对）",
        "The buyer's identity is not valid (a mobile that is none, say)",
    ),
    "store_unknown": ("没有这个门店编码", "No store has this code"),
    "price_negative": ("商品和邮费的单价不能是负数", "Goods and postage can't have a negative price"),
    "amount_out_of_range": ("金额大得不像真的", "The amount is beyond reason"),
    "order_unknown": ("这个来源没有这张订单", "There is no such order at this source"),
    "more_than_bought": ("退的比买的多", "More is given back than was bought"),
    "before_the_order": ("退款时间早于下单时间", "The refund is older than its order"),
    "already_refunded": ("已退过款的明细不能改小或删除", "A line that was refunded can't be made smaller or removed"),
    "refund_differs": (
        "这张退款单已记过，内容不同；退款不能改，请用新单号",
        "This refund is known with other content; use a new number",
    ),
}
"""code -> (Chinese, English)."""


class Refused(Exception):
    """One document of a batch can't be taken; the others can."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def message(reason: str, language: Language) -> str:
    zh, en = REFUSALS[reason]
    return zh if language == "zh" else en
