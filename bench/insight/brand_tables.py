"""The statements that write the brand, a month or a range of ids at a time."""

from __future__ import annotations

from collections.abc import Iterator

from bench.insight.brand import (
    BROADCASTS,
    CATEGORIES,
    PRODUCTS,
    STATES,
    TAGS,
    TOTAL_FEN,
    Month,
    Size,
    buyer,
    during,
    hashed,
    instant,
    months,
    owner,
    shares,
    tag_share,
    visitor,
)

CHUNK = 8_000_000
WRITING = (
    " settings max_insert_threads = 2, min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 400000000,"
    " max_partitions_per_insert_block = 0"
)
_FIRST, _LAST = months()[0].start, months()[-1].end


def statements(size: Size) -> Iterator[str]:
    yield from customers(size)
    yield from relationships(size)
    yield from tags(size)
    for month, first, rows in shares(size.orders):
        yield orders(size, month, first, rows)
        yield refunds(size, month, first, rows)
        yield order_lines(size, month, first, int(rows * size.line_share))
    for month, first, rows in shares(size.events):
        yield events(size, month, first, rows)
    yield from touches(size)


def counted(first: int, rows: int) -> str:
    """Rows numbered `i` from `first`."""
    return f"(select toInt64(number + {first}) as i from numbers({rows}))"


def ranges(rows: int) -> Iterator[tuple[int, int]]:
    for start in range(1, rows + 1, CHUNK):
        yield start, min(CHUNK, rows + 1 - start)


def listed(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def customers(size: Size) -> Iterator[str]:
    came = instant(f"{_FIRST} + intDiv(i * {_LAST - _FIRST}, {size.members + 1})")
    for first, rows in ranges(size.members):
        yield (
            "insert into customers_settled (id, created_at, first_added_at, gender, has_mobile, merged_into_id, _version)"
            f" select i, {came}, if({hashed(1)} % 100 < 8, null, {came}),"
            f" [0, 1, 1, 1, 2, 2, 2, 2, 2, 0][1 + {hashed(2)} % 10], {hashed(3)} % 10 < 6, if(i % 500 = 0, i - 1, 0), 1"
            f" from {counted(first, rows)}"
        )


def relationships(size: Size) -> Iterator[str]:
    """Everybody with one member of staff, every fifth with a second."""
    customer = f"if(i <= {size.members}, i, (i - {size.members}) * 5)"
    came = f"{_FIRST} + intDiv({customer} * {_LAST - _FIRST}, {size.members + 1})"
    added = f"least({came} + if(i <= {size.members}, 0, {hashed(31)} % 30000000000), {_LAST})"
    status = f"['friend', 'friend', 'friend', 'friend', 'friend', 'friend', 'friend', 'lost', 'lost', 'removed'][1 + {hashed(32)} % 10]"
    staff = f"1 + {hashed(33)} % {size.staff}"
    for first, rows in ranges(size.members * 6 // 5):
        yield (
            "insert into relationships_settled (id, customer_id, staff_id, store_id, status, add_way, state, added_at,"
            f" ended_at, _version) select i, {owner(customer)}, {staff} as staff, (staff - 1) % {size.stores} + 1,"
            f" {status} as state_now, [1, 1, 1, 2, 3, 4, 16, 16, 201, 202][1 + {hashed(34)} % 10],"
            f" {listed(STATES)}[1 + {hashed(35)} % {len(STATES)}], {instant(added)} as added,"
            f" if(state_now = 'friend', null, least(added + toIntervalSecond({hashed(36)} % 20000000), {instant(str(_LAST))})),"
            f" 1 from {counted(first, rows)}"
        )


def tags(size: Size) -> Iterator[str]:
    """Of each tag, one pair somewhere in every stretch of 1 / share customers."""
    first = 1
    pending: list[str] = []
    waiting = 0
    head = "insert into relationship_tags_settled (id, customer_id, relationship_id, tag_id, source, created_at, _version) "
    for tag in range(1, TAGS + 1):
        rows = max(1, int(size.members * tag_share(tag)))
        stretch = max(1, size.members // rows)
        customer = f"least((i - {first}) * {stretch} + {hashed(41)} % {stretch} + 1, {size.members})"
        pending.append(
            f"select i, {owner(customer)} as customer, customer, {tag},"
            f" ['wecom', 'wecom', 'wecom', 'wecom', 'wecom', 'wecom', 'wecom', 'manual', 'manual', 'live_code']"
            f"[1 + {hashed(42)} % 10], {instant(f'{_FIRST} + {hashed(43)} % {_LAST - _FIRST}')}, 1"
            f" from {counted(first, rows)}"
        )
        first, waiting = first + rows, waiting + rows
        if waiting > CHUNK or len(pending) == 20 or tag == TAGS:
            yield head + " union all ".join(pending)
            pending, waiting = [], 0


def orders(size: Size, month: Month, first: int, rows: int) -> str:
    store = f"1 + {hashed(15)} % {size.stores}"
    return (
        "insert into orders_settled (id, customer_id, placed_at, store_id, staff_id, source, goods_fen, postage_fen,"
        f" adjustment_fen, total_fen, _version) select i, {buyer(size, month.number)}, {instant(during(month, 13))},"
        f" {store}, 0, if({hashed(16)} % 10 < 6, 'pos', 'shop'), {TOTAL_FEN} as fen, 0, 0, fen, 1"
        f" from {counted(first, rows)}"
    )


def refunds(size: Size, month: Month, first: int, rows: int) -> str:
    """One in 33 orders is given back within a month of it."""
    back = f"{during(month, 13)} + {hashed(17)} % 2500000000"
    return (
        "insert into refunds_settled (id, customer_id, order_id, refunded_at, goods_fen, total_fen, _version)"
        f" select i, {buyer(size, month.number)}, i, {instant(back)}, {TOTAL_FEN} as fen, fen, 1"
        f" from {counted(first, rows)} where i % 33 = 0 and {back} < {_LAST}"
    )


def order_lines(size: Size, month: Month, first: int, rows: int) -> str:
    product = f"1 + toInt64({PRODUCTS} * pow(cityHash64(i, 18) / 18446744073709551616., 2))"
    return (
        "insert into order_lines_settled (id, customer_id, order_id, product_id, category, store_id, kind, quantity,"
        f" amount_fen, placed_at, _version) select i, {buyer(size, month.number)}, i, {product} as product,"
        f" {listed(CATEGORIES)}[1 + product % {len(CATEGORIES)}], 1 + {hashed(15)} % {size.stores}, 'goods',"
        f" 1 + {hashed(19)} % 3, {TOTAL_FEN}, {instant(during(month, 13))}, 1 from {counted(first, rows)}"
    )


KINDS = (
    *["page_viewed"] * 9, *["message_delivered"] * 5, *["message_clicked"] * 2, "coupon_opened", "friend_added", "tag_added",
    "remark_changed",
)  # fmt: skip


def events(size: Size, month: Month, first: int, rows: int) -> str:
    data = (
        "multiIf(kind = 'page_viewed', concat('{\"page\":', toString(hash % 300), ',\"seconds\":', toString(hash % 181), '}'),"
        f" kind in ('message_clicked', 'message_delivered'), concat('{{\"broadcast_id\":', toString(1 + hash % {BROADCASTS}), '}}'),"
        " '{}')"
    )
    return (
        "insert into events_settled (id, customer_id, kind, occurred_at, staff_id, data, _version)"
        f" select i, {visitor(size)}, {listed(KINDS)}[1 + {hashed(23)} % {len(KINDS)}] as kind,"
        f" {instant(during(month, 22))}, 0, {data}, 1"
        f" from (select i, {hashed(24)} as hash from {counted(first, rows)})"
    )


def touches(size: Size) -> Iterator[str]:
    """Each broadcast to a random few: one touch per member in all. Sent through the three years."""
    per = max(1, size.members // BROADCASTS)
    broadcast = f"1 + intDiv(i - 1, {per}) % {BROADCASTS}"
    sent = f"{_FIRST} + intDiv({broadcast} * {_LAST - _FIRST}, {BROADCASTS + 1})"
    status = "['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'refused', 'withheld'][1 + h % 8]"
    for first, rows in ranges(per * BROADCASTS):
        yield (
            "insert into touches_settled (id, customer_id, broadcast_id, arm, status, reason, assigned_at, settled_at, _version)"
            f" select i, {owner(f'1 + {hashed(51)} % {size.members}')}, {broadcast}, if(h % 10 = 0, 'control', 'treated') as arm,"
            f" if(arm = 'control', 'withheld', {status}) as status, '', {instant(sent)} as sent,"
            f" if(status = 'withheld', null, sent + toIntervalSecond(h % 80000)), 1"
            f" from (select i, {hashed(52)} as h from {counted(first, rows)})"
        )
