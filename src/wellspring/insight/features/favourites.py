"""Where, what and when a customer likes to buy. Ties go to the smallest, so that an answer does not flicker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History

OWN = "Own definition."
Thing = TypeVar("Thing", int, bytes)


def most_frequent(things: Iterable[Thing]) -> Thing | None:
    counted = Counter(things)
    return min(counted, key=lambda thing: (-counted[thing], thing), default=None)


class FavouriteStore(Feature):
    name = "favourite_store"
    kind = "reference"
    title = Words("常去门店", "Favourite store")
    definition = Words(
        "下单最多的门店；并列取编号最小的。", "The store of most orders; of equals the one with the smallest id."
    )
    formula = "mode of store_id over orders with a store"
    source = OWN
    type = "Int64"
    expression = "bought.favourite_store"
    known = "favourite_store > 0"

    def value(self, history: History, context: Context) -> Value:
        return most_frequent(order.store_id for order in context.orders(history) if order.store_id > 0)


class FavouriteCategory(Feature):
    name = "favourite_category"
    kind = "choice"
    title = Words("偏爱类目", "Favourite category")
    definition = Words(
        "商品行数最多的类目（运费和调整不算）；并列取字节序最前的。",
        "The category on most order lines of goods (no postage, no adjustments); of equals the first by its bytes.",
    )
    formula = "mode of category over order lines with kind = goods and a category"
    source = OWN
    type = "LowCardinality(String)"
    expression = "chosen.favourite_category"
    known = "favourite_category != ''"
    absent = ""

    def value(self, history: History, context: Context) -> Value:
        found = most_frequent(
            line.category.encode()
            for line in history.lines
            if line.kind == "goods" and line.category and line.placed_at <= context.now
        )
        return None if found is None else found.decode()


class FavouriteHour(Feature):
    name = "favourite_hour"
    kind = "hour"
    title = Words("常下单时段", "Favourite hour")
    definition = Words(
        "下单最多的钟点（公司时区，0–23）；并列取最早的。",
        "The hour of the day (company's time zone, 0 to 23) of most orders; of equals the earliest.",
    )
    formula = "mode of the hour of placed_at"
    source = OWN
    type = "Int16"
    expression = "if(bought.orders > 0, toInt16(bought.favourite_hour), -1)"
    known = "orders_ever > 0"
    absent = -1

    def value(self, history: History, context: Context) -> Value:
        return most_frequent(order.placed_at.astimezone(context.zone).hour for order in context.orders(history))


FAVOURITES: tuple[Feature, ...] = (FavouriteStore(), FavouriteCategory(), FavouriteHour())
