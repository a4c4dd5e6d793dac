"""What somebody bought: goods lines of orders by category, product and store. Refunds are not taken off: a line that was
given back was bought all the same; ask for the net sum of orders where money counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.comparisons import Comparison, comparison_words, fits, limits
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.leaves.measures import counted, summed
from wellspring.segments.leaves.tag import Ids
from wellspring.segments.parts import Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Ever, Moment, Window, covers, printable, problem, window_words

TABLE = "order_lines"
Category = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(printable)]


class BoughtLeaf(Leaf):
    """Empty lists ask for nothing. `measure`: orders with such a line, lines, pieces, or fen."""

    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    kind: Literal["bought"]
    categories: Annotated[list[Category], Field(default_factory=list, max_length=100)]
    product_ids: Ids = Field(default_factory=list)
    store_ids: Ids = Field(default_factory=list)
    measure: Literal["orders", "lines", "quantity", "amount"]
    window: Window = Ever()
    comparison: Comparison

    @model_validator(mode="after")
    def _in_range(self) -> BoughtLeaf:
        if self.measure in ("orders", "lines") and min(v for v in limits(self.comparison) if v is not None) < 0:
            raise problem("negative", "这里不能是负数。", "This cannot be negative.")
        return self

    def part(self, query: Query) -> Part:
        conditions = ["kind = 'goods'", *query.happened("placed_at", self.window)]
        if self.categories:
            conditions.append(f"category in {query.texts(self.categories)}")
        for column, ids in (("product_id", self.product_ids), ("store_id", self.store_ids)):
            if ids:
                conditions.append(f"{column} in {query.integers(ids)}")
        rows = query.rows(TABLE, *conditions)
        match self.measure:
            case "lines":
                return counted(query, rows, self.comparison)
            case "orders":
                if limits(self.comparison) == (1, None):
                    return counted(query, rows, self.comparison)
                return summed(query, rows, self.comparison, "toInt64(uniqExact(order_id))")
            case "quantity":
                return summed(query, rows, self.comparison, "sum(quantity)")
            case "amount":
                return summed(query, rows, self.comparison, "sum(toInt128(amount_fen))")

    def _lines(self, facts: Facts, moment: Moment) -> list[Mapping[str, Any]]:
        asked: tuple[tuple[str, Sequence[Any]], ...] = (
            ("category", self.categories),
            ("product_id", self.product_ids),
            ("store_id", self.store_ids),
        )
        return [
            row
            for row in facts.rows(TABLE)
            if row["kind"] == "goods"
            and row["placed_at"] <= moment.now
            and covers(self.window, row["placed_at"], moment)
            and all(row[column] in wanted for column, wanted in asked if wanted)
        ]

    def value(self, facts: Facts, moment: Moment) -> int:
        lines = self._lines(facts, moment)
        match self.measure:
            case "lines":
                return len(lines)
            case "orders":
                return len({row["order_id"] for row in lines})
            case "quantity":
                return sum(row["quantity"] for row in lines)
            case "amount":
                return sum(row["amount_fen"] for row in lines)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        return fits(self.comparison, self.value(facts, moment))

    def _amount(self, value: int, names: Names, language: Language) -> str:
        if self.measure == "amount":
            return names.money(value)
        zh, en = {"orders": ("单", "orders"), "lines": ("行", "lines"), "quantity": ("件", "pieces")}[self.measure]
        return f"{value:,} {zh if language == 'zh' else en}"

    def clause(self, names: Names, language: Language) -> str:
        zh, when = language == "zh", window_words(self.window, language).strip()
        what = [*self.categories, *([names.of("product", self.product_ids, language)] if self.product_ids else [])]
        goods = ("、" if zh else ", ").join(what) or ("商品" if zh else "goods")
        where = names.of("store", self.store_ids, language) if self.store_ids else ""
        words = comparison_words(self.comparison, lambda v: self._amount(v, names, language), language)
        if zh:
            return f"{when}{f'在{where}' if where else ''}买{goods} {words}"
        return f"bought {goods}{f' at {where}' if where else ''}{f' {when}' if when else ''}: {words}"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh, lines = language == "zh", self._lines(facts, moment)
        if not lines:
            return "没有买过" if zh else "bought none"
        amount = self._amount(self.value(facts, moment), names, language)
        newest = moment.day_of(max(row["placed_at"] for row in lines))
        return f"买了 {amount}，最近 {newest}" if zh else f"bought {amount}, newest {newest}"

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"store": self.store_ids, "product": self.product_ids}
