"""Guesses which column is which, by its name (Chinese and English) and by what its values look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wellspring.commerce.imports.options import FIELDS, FieldName, Mapping, Options
from wellspring.commerce.imports.values import clean_text, instant_reader, read_decimal

SYNONYMS: dict[FieldName, tuple[str, ...]] = {
    "number": (
        "invoice", "invoiceno", "invoicenumber", "ordernumber", "orderno", "orderid", "order", "ordersn", "tradeid",
        "tid", "订单号", "订单编号", "订单id", "单号", "交易号", "小票号", "流水号", "主订单编号", "发票号", "销售单号",
    ),
    "placed_at": (
        "invoicedate", "orderdate", "ordertime", "placedat", "createdat", "created", "date", "time", "datetime",
        "paidat", "paytime", "下单时间", "订单时间", "支付时间", "付款时间", "订单付款时间", "订单创建时间", "创建时间", "成交时间",
        "交易时间", "日期", "时间", "销售时间", "开单时间",
    ),
    "buyer": (
        "customerid", "customer", "buyer", "buyerid", "userid", "memberid", "membernumber", "memberno", "mobile",
        "phone", "openid", "unionid", "客户编号", "客户id", "客户", "会员号", "会员编号", "会员卡号", "会员id", "买家id", "买家",
        "买家昵称", "手机号", "手机", "手机号码", "收货人手机", "联系电话", "用户id", "顾客编号",
    ),
    "code": (
        "stockcode", "sku", "skuid", "productcode", "productid", "itemcode", "itemid", "goodsid", "code", "article",
        "商品编码", "商品编号", "商品id", "商品代码", "货号", "款号", "商家编码", "sku编码", "skuid", "条码", "产品编码",
    ),
    "description": (
        "description", "productname", "product", "itemname", "title", "name", "goodsname", "商品名称", "商品", "商品标题",
        "宝贝标题", "品名", "产品名称", "货品名称",
    ),
    "quantity": (
        "quantity", "qty", "count", "num", "pieces", "units", "数量", "购买数量", "商品数量", "件数", "销售数量", "宝贝数量",
    ),
    "price": (
        "price", "unitprice", "unitcost", "单价", "商品单价", "价格", "售价", "成交单价", "销售单价",
    ),
    "amount": (
        "amount", "lineamount", "linetotal", "total", "subtotal", "paid", "payment", "sales", "金额", "实付金额", "实收金额",
        "小计", "商品金额", "应付金额", "实付", "成交金额", "买家实付", "销售金额", "订单金额",
    ),
    "store": ("store", "storecode", "storeid", "shop", "shopcode", "outlet", "门店", "门店编码", "门店编号", "店铺编号", "店号"),
    "line_id": ("lineid", "linenumber", "lineno", "orderlineid", "itemlineid", "oid", "子订单编号", "子订单号", "明细id", "行号"),
}  # fmt: skip

DATE_FORMATS = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y",
)  # fmt: skip
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")


class Guess(NamedTuple):
    """`sure`: fields whose column was named plainly. `ambiguous_date`: day and month could be either way round."""

    mapping: Mapping
    options: Options
    sure: list[FieldName]
    ambiguous_date: bool


def guess(columns: Sequence[str], sample: Sequence[Sequence[Any]], options: Options) -> Guess:
    """Best column of each field; a column is used once. `sample`: the first rows."""
    by_column = {name: [row[i] for row in sample if i < len(row)] for i, name in enumerate(columns)}
    date_format, ambiguous = _date_format(columns, by_column)
    options = options.model_copy(update={"date_format": date_format})
    scores = sorted(
        (
            (_score(field, column, values, options), -FIELDS.index(field), -position, field, column)
            for position, (column, values) in enumerate(by_column.items())
            for field in FIELDS
        ),
        reverse=True,
    )
    chosen: dict[FieldName, str] = {}
    sure: list[FieldName] = []
    for score, _, _, field, column in scores:
        if score >= 0.5 and field not in chosen and column not in chosen.values():
            chosen[field] = column
            if score >= 1:
                sure.append(field)
    if "price" in chosen and "amount" in chosen and "quantity" not in chosen:
        del chosen["price"]  # without a quantity the price of one piece says nothing of the line
    buyers = by_column[chosen["buyer"]] if "buyer" in chosen else []
    options = options.model_copy(update={"buyer_kind": _buyer_kind(chosen.get("buyer", ""), buyers)})
    return Guess(Mapping(**{str(field): column for field, column in chosen.items()}), options, sure, ambiguous)


def normal(name: str) -> str:
    """ "Customer ID", "customer_id" and "CustomerId" are one name; notes in brackets are dropped."""
    name = re.sub(r"[(（\[].*?[)）\]]", "", name.lower())
    return re.sub(r"[\s_\-./:：]+", "", name)


def _score(field: FieldName, column: str, values: Sequence[Any], options: Options) -> float:
    """1 and more: named plainly and shaped so; 0.5: one of the two; 0: neither."""
    name = normal(column)
    synonyms = SYNONYMS[field]
    shape = _shape(field, values, options)
    if name in synonyms:
        rank = 0.2 * (1 - synonyms.index(name) / len(synonyms))
        return (1.0 + rank) if shape > 0.5 else 0.4 * (shape > 0)
    if any(len(synonym) >= 3 and synonym in name for synonym in synonyms):
        return 0.7 if shape > 0.5 else 0.0
    if field == "placed_at" and shape > 0.9:
        return 0.6
    return 0.0


def _shape(field: FieldName, values: Sequence[Any], options: Options) -> float:
    """Share of the filled values that could be this field; 1 for fields of free text and for empty columns."""
    filled = [value for value in values if clean_text(value)]
    if not filled:
        return 1.0
    fits: Callable[[Any], bool]
    if field == "placed_at":
        read = instant_reader(options.date_format, ZoneInfo(options.time_zone))
        fits = lambda value: read(value) is not None  # noqa: E731
    elif field == "quantity":
        fits = lambda value: (number := read_decimal(value)) is not None and number == int(number)  # noqa: E731
    elif field in ("price", "amount"):
        fits = lambda value: read_decimal(value) is not None  # noqa: E731
    elif field == "number":
        fits = lambda value: any(c.isdigit() for c in clean_text(value))  # noqa: E731
    else:
        return 1.0
    return sum(1 for value in filled if fits(value)) / len(filled)


def _date_format(columns: Sequence[str], by_column: dict[str, list[Any]]) -> tuple[str, bool]:
    """The format that reads the dated column; (format, whether another order of day and month reads it too)."""
    named = [c for c in columns if normal(c) in SYNONYMS["placed_at"]]
    for column in [*named, *columns]:
        filled = [value for value in by_column[column] if clean_text(value)]
        if not filled:
            continue
        if _reads_all("auto", filled) and (column in named or not all(read_decimal(v) is not None for v in filled)):
            return "auto", False
        if all(isinstance(value, str) for value in filled):
            reading = [pattern for pattern in DATE_FORMATS if _reads_all(pattern, filled)]
            if reading:
                return reading[0], len({(p[:2]) for p in reading}) > 1
        if column in named and (unix := _unix_kind(filled)):
            return unix, False
    return "auto", False


def _reads_all(date_format: str, values: Sequence[Any]) -> bool:
    read = instant_reader(date_format, ZoneInfo("UTC"))
    return all(read(value) is not None for value in values)


def _unix_kind(values: Sequence[Any]) -> str | None:
    numbers = [number for value in values if (number := read_decimal(value)) is not None]
    if len(numbers) < len(values):
        return None
    low, high = datetime(2000, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
    if all(low <= number <= high for number in numbers):
        return "unix"
    return "unix_ms" if all(low <= number / 1000 <= high for number in numbers) else None


def _buyer_kind(column: str, values: Sequence[Any]) -> Any:
    name = normal(column)
    if "unionid" in name:
        return "unionid"
    if name.startswith("external"):
        return "external_userid"
    filled = [text for value in values if (text := clean_text(value))]
    if filled and all(_MOBILE.fullmatch(text.replace(" ", "").replace("-", "")) for text in filled):
        return "mobile"
    if "会员" in name or name.startswith("member"):
        return "member_number"
    return "buyer_id"
