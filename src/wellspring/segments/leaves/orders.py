"""Orders: a measure over a window, compared with a number. The null rules stand in the README."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from wellspring.platform.errors import Language
from wellspring.segments.comparisons import Comparison, comparison_words, fits, limits
from wellspring.segments.leaves.base import Facts, Leaf, Names
from wellspring.segments.leaves.measures import counted, having, limited, summed
from wellspring.segments.parts import All, Fits, Not, Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import MAX_DAYS, Ever, Moment, Window, covers, problem, window_words

Measure = Literal["count", "sum", "average_order", "days_since_last", "days_since_first", "refunds", "refunded"]
MONEY: frozenset[Measure] = frozenset({"sum", "average_order", "refunded"})
GIVEN_BACK: frozenset[Measure] = frozenset({"refunds", "refunded"})
DAYS: frozenset[Measure] = frozenset({"days_since_last", "days_since_first"})


def _from(query: Query, instant: datetime | None) -> list[str]:
    return [f"placed_at >= {query.instant(instant)}"] if instant else []


def _before(query: Query, instant: datetime | None) -> list[str]:
    return [f"placed_at < {query.instant(instant)}"] if instant else []


class OrdersLeaf(Leaf):
    """Values are orders for count, refunds for refunds, fen for sum, average_order and refunded, days for the others. A
    refund counts when it was made, whatever order it undoes."""

    tables: ClassVar[tuple[str, ...]] = ("orders", "refunds")
    kind: Literal["orders"]
    measure: Measure
    window: Window = Ever()
    comparison: Comparison

    @model_validator(mode="after")
    def _in_range(self) -> OrdersLeaf:
        values = [value for value in limits(self.comparison) if value is not None]
        if self.measure not in MONEY and min(values) < 0:
            raise problem("negative", "这里不能是负数。", "This cannot be negative.")
        if self.measure in DAYS and max(values) > MAX_DAYS:
            raise problem("days", f"最多 {MAX_DAYS} 天。", f"At most {MAX_DAYS} days.")
        return self

    # The warehouse

    def part(self, query: Query) -> Part:
        placed = query.happened("placed_at", self.window)
        listed = query.listed_days(self.window, "order_days", "order_fens", "refund_days", "refund_fens")
        if listed is not None and query.kept("orders", self.window) is None:
            return Fits(self._listed(query, listed))
        if self.measure in GIVEN_BACK:
            back = query.rows("refunds", *query.happened("refunded_at", self.window))
            if self.measure == "refunds":
                return counted(query, back, self.comparison)
            return summed(query, back, self.comparison, "sum(toInt128(total_fen))")
        if self.measure == "count":
            return self._counted(query, placed)
        if self.measure in DAYS:
            return self._last(query) if self.measure == "days_since_last" else self._first(query)
        spent = query.kept("spent", self.window)
        if self.measure == "sum" and spent is not None:
            return Fits(limited(query, self.comparison, spent))
        orders = query.kept("orders", self.window)
        if spent is not None and orders is not None:
            times = f" * toInt128({orders})"
            return Fits(f"{orders} > 0 and " + limited(query, self.comparison, f"toInt128({spent})", times))
        return self._summed(query, placed)

    def _listed(self, query: Query, inside: str) -> str:
        """Over the wide table's lists of days and amounts, of which `inside` chooses."""
        count = f"arrayCount(one -> {inside}, order_days)"
        bought, back = (
            f"arraySum((one, fen) -> if({inside}, fen, 0), {kind}_days, {kind}_fens)" for kind in ("order", "refund")
        )
        net = f"toInt128({bought} - {back})"
        match self.measure:
            case "count":
                return limited(query, self.comparison, f"toInt64({count})")
            case "sum":
                return limited(query, self.comparison, net)
            case "refunds":
                return limited(query, self.comparison, f"toInt64(arrayCount(one -> {inside}, refund_days))")
            case "refunded":
                return limited(query, self.comparison, f"toInt128({back})")
            case "average_order":
                return f"{count} > 0 and " + limited(query, self.comparison, net, f" * toInt128({count})")
        low, high = limits(self.comparison)
        moment = query.moment
        early, late = (None if days is None else moment.days_ago(days) for days in (high, low))
        if self.measure == "days_since_last":
            some = f"{inside} and {query.from_day(early)}" if early else inside
            none = f"{inside} and {query.from_day(late + timedelta(days=1))}" if late else None
        else:
            some = f"{inside} and one <= {query.day(late)}" if late else inside
            none = f"{inside} and one < {query.day(early)}" if early else None
        found = f"arrayExists(one -> {some}, order_days)"
        return found + (f" and not arrayExists(one -> {none}, order_days)" if none else "")

    def _counted(self, query: Query, placed: list[str]) -> Part:
        if kept := query.kept("orders", self.window):
            return Fits(limited(query, self.comparison, kept))
        return counted(query, query.rows("orders", *placed), self.comparison)

    def _summed(self, query: Query, placed: list[str]) -> Part:
        refunded = query.happened("refunded_at", self.window)
        rows = (
            f"from (select customer_id, toInt128(total_fen) as fen, toInt64(1) as n {query.rows('orders', *placed)}"
            f" union all select customer_id, -toInt128(total_fen), toInt64(0) {query.rows('refunds', *refunded)})"
        )
        if self.measure == "average_order":
            # sum / count >= v, without a division: sum >= v * count.
            condition = limited(query, self.comparison, "sum(fen)", " * toInt128(sum(n))")
            return having(rows, f"sum(n) > 0 and {condition}")
        return summed(query, rows, self.comparison, "sum(fen)")

    def _last(self, query: Query) -> Part:
        """The last order of the window lies in [since, until): there is one since then, and none later."""
        since, until = self._between(query)
        if isinstance(self.window, Ever) and query.keeps("last_order_at"):
            return self._kept(query, "last_order_at", since, until)
        some = People(query.rows("orders", *query.happened("placed_at", self.window), *_from(query, since)))
        if until is None:
            return some
        later = query.rows("orders", *query.happened("placed_at", self.window), *_from(query, until))
        return All((some, Not(People(later))))

    def _first(self, query: Query) -> Part:
        """The first order of the window lies in [since, until): there is one before the end, and none before since."""
        since, until = self._between(query)
        if isinstance(self.window, Ever) and query.keeps("first_order_at"):
            return self._kept(query, "first_order_at", since, until)
        some = People(query.rows("orders", *query.happened("placed_at", self.window), *_before(query, until)))
        if since is None:
            return some
        earlier = query.rows("orders", *query.happened("placed_at", self.window), *_before(query, since))
        return All((some, Not(People(earlier))))

    def _kept(self, query: Query, column: str, since: datetime | None, until: datetime | None) -> Part:
        conditions = [f"{column} >= {query.instant(since)}"] if since else []
        conditions += [f"{column} < {query.instant(until)}"] if until else []
        return Fits(" and ".join(["orders_ever > 0", *conditions]))

    def _between(self, query: Query) -> tuple[datetime | None, datetime | None]:
        """N days ago or more is before the end of that day; N days ago or less is from its beginning."""
        low, high = limits(self.comparison)
        moment = query.moment
        since = None if high is None else moment.start_of(moment.days_ago(high))
        until = None if low is None else moment.start_of(moment.days_ago(low) + timedelta(days=1))
        return since, until

    # One person

    def _rows(self, facts: Facts, table: str, column: str, moment: Moment) -> list[Mapping[str, Any]]:
        return [
            row for row in facts.rows(table) if row[column] <= moment.now and covers(self.window, row[column], moment)
        ]

    def value(self, facts: Facts, moment: Moment) -> int | Fraction | None:
        """The measure of this person; None where it has no value."""
        orders = self._rows(facts, "orders", "placed_at", moment)
        if self.measure in GIVEN_BACK:
            back = self._rows(facts, "refunds", "refunded_at", moment)
            return len(back) if self.measure == "refunds" else sum(row["total_fen"] for row in back)
        if self.measure == "count":
            return len(orders)
        if self.measure in DAYS:
            days: list[datetime] = [row["placed_at"] for row in orders]
            if not days:
                return None
            day = moment.day_of(max(days) if self.measure == "days_since_last" else min(days))
            return (moment.today - day).days
        net = sum(row["total_fen"] for row in orders) - sum(
            row["total_fen"] for row in self._rows(facts, "refunds", "refunded_at", moment)
        )
        if self.measure == "sum":
            return int(net)
        return Fraction(net, len(orders)) if orders else None

    def holds(self, facts: Facts, moment: Moment) -> bool:
        value = self.value(facts, moment)
        return value is not None and fits(self.comparison, value)  # type: ignore[arg-type]

    # Words

    def _amount(self, value: int, names: Names, language: Language) -> str:
        if self.measure in MONEY:
            return names.money(value)
        if self.measure == "count":
            return f"{value:,} 单" if language == "zh" else f"{value:,} {'order' if value == 1 else 'orders'}"
        if self.measure == "refunds":
            return f"{value:,} 次" if language == "zh" else f"{value:,} {'refund' if value == 1 else 'refunds'}"
        return f"{value:,} 天" if language == "zh" else f"{value:,} {'day' if value == 1 else 'days'}"

    def clause(self, names: Names, language: Language) -> str:
        zh, when = language == "zh", window_words(self.window, language).strip()
        low, high = limits(self.comparison)
        after = f" {when}" if when else ""
        if self.measure == "count" and high == 0:
            return (f"{when}没有下过单" if when else "从没下过单") if zh else f"placed no order{after or ' so far'}"
        if self.measure == "count" and (low, high) == (1, None):
            return f"{when}下过单" if zh else f"placed an order{after}"
        words = comparison_words(self.comparison, lambda v: self._amount(v, names, language), language)
        if zh:
            head = {
                "count": "下单", "sum": "净消费", "average_order": "平均每单",
                "days_since_last": "最近一单距今", "days_since_first": "第一单距今", "refunds": "退款", "refunded": "退款金额",
            }[self.measure]  # fmt: skip
            before = when if when else ("累计" if self.measure in {"count", "sum", "refunds", "refunded"} else "")
            return f"{before}{head}{words}" if words.startswith(("至", "正")) else f"{before}{head} {words}"
        head = {
            "count": "placed", "sum": "spent", "average_order": "spent on average per order",
            "days_since_last": "last ordered", "days_since_first": "first ordered", "refunds": "had", "refunded": "got back",
        }[self.measure]  # fmt: skip
        return f"{head} {words}{' ago' if self.measure in DAYS else ''}{after}"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh, when = language == "zh", window_words(self.window, language).strip()
        after = f" {when}" if when else ""
        value = self.value(facts, moment)
        orders = self._rows(facts, "orders", "placed_at", moment)
        if value is None or (self.measure == "count" and not orders):
            return f"{when}没有订单" if zh else f"no orders{after}"
        amount = self._amount(round(value), names, language)
        if self.measure in GIVEN_BACK:
            orders = []
        last = f"最近一单 {moment.day_of(max(row['placed_at'] for row in orders))}" if orders else ""
        if zh:
            head = {
                "count": "下了 ", "sum": "净消费 ", "average_order": "平均每单 ",
                "days_since_last": "最近一单距今 ", "days_since_first": "第一单距今 ", "refunds": "退款 ", "refunded": "退款金额 ",
            }[self.measure]  # fmt: skip
            return f"{when}{head}{amount}" + (f"，{last}" if last else "")
        head = {
            "count": "placed ", "sum": "spent ", "average_order": "on average ",
            "days_since_last": "last ordered ", "days_since_first": "first ordered ", "refunds": "had ", "refunded": "got back ",
        }[self.measure]  # fmt: skip
        tail = " ago" if self.measure in DAYS else " per order" if self.measure == "average_order" else ""
        newest = f", last on {moment.day_of(max(row['placed_at'] for row in orders))}" if orders else ""
        return f"{head}{amount}{tail}{after}{newest}"
