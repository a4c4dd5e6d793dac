"""How one feature is spread over the customers: a histogram with quantiles, or counts by value.

The scale covers the middle 90 % of people in even steps; the first and last bin take what lies beyond and say so. So a
few very large buyers don't press everybody else into one bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, log10

from pydantic import BaseModel

from wellspring.insight.analysis.study import Study
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Feature, Kind, Words, features
from wellspring.insight.features.words import FLAGS
from wellspring.insight.metrics.groups import CustomerShare
from wellspring.platform.errors import Invalid, Language

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MEASURED: frozenset[Kind] = frozenset({"count", "money", "days", "amount", "probability"})
NAMED: frozenset[Kind] = frozenset({"flag", "choice", "reference", "score", "hour"})
MOST_BINS, MOST_VALUES = 24, 30
WHOLE: frozenset[Kind] = frozenset({"count", "days"})


class DistributionField(BaseModel):
    """Instants are left out: a day says more as days since."""

    name: str
    kind: Kind
    title: str
    definition: str


class DistributionBin(BaseModel):
    """Values from `low` up to below `high`. null: what lies beyond the scale is in it."""

    low: float | None
    high: float | None
    customers: int
    share: float | None


class NamedValue(BaseModel):
    value: str
    title: str
    customers: int
    share: float | None


class QuantileValue(BaseModel):
    level: float
    value: float


class Distribution(BaseModel):
    """`with_value` of `customers`; the rest have none. Money in fen. Of a measured field `bins`, `quantiles`, `mean`; of a named
    one `values`, largest first, the rest folded (value `others`)."""

    field: DistributionField
    customers: int
    with_value: int
    mean: float | None
    quantiles: list[QuantileValue]
    bins: list[DistributionBin]
    values: list[NamedValue]


def fields(language: Language) -> list[DistributionField]:
    return [_field(one, language) for one in features().values() if one.kind in MEASURED | NAMED]


def _field(feature: Feature, language: Language) -> DistributionField:
    title, definition = getattr(feature.title, language), getattr(feature.definition, language)
    return DistributionField(name=feature.name, kind=feature.kind, title=title, definition=definition)


def feature_named(name: str) -> Feature:
    """Only a registered name ever becomes a column of a query. Raises Invalid."""
    found = features().get(name)
    if found is None or found.kind not in MEASURED | NAMED:
        raise Invalid(field="field", zh="没有这个可以看分布的特征。", en="There is no such feature to look at.")
    return found


def read_distribution(
    study: Study, feature: Feature, language: Language, *, names: Callable[[Feature, str], str]
) -> Distribution:
    """`names`: the words for a value of a named field."""
    if feature.kind in NAMED:
        return _named(study, feature, language, names)
    known, column = feature.known, f"toFloat64({feature.name})"
    turned = ", ".join(f"{1 - level:g}" for level in LEVELS)
    # Counted from the top, quantileExact answers the element ceil(level * n) in ascending order.
    (row,) = study.query(
        f"select count() as people, countIf({known}) as n, avgIf({column}, {known}) as mean,"  # noqa: S608
        f" minIf({column}, {known}) as least, maxIf({column}, {known}) as most,"
        f" arrayMap(one -> -one, quantilesExactIf({turned})(-{column}, {known})) as quantiles"
        f" from {study.readable('customer_wide')} where {study.chosen('id')}"
    )
    n = int(row["n"])
    quantiles = [float(one) for one in row["quantiles"]] if n else []
    edges = bin_edges(row["least"], row["most"], quantiles[0], quantiles[-1], feature.kind) if n else []
    counts = _counts(study, feature, column, edges) if n else {}
    return Distribution(
        field=_field(feature, language),
        customers=int(row["people"]),
        with_value=n,
        mean=float(row["mean"]) if n else None,
        quantiles=[QuantileValue(level=level, value=value) for level, value in zip(LEVELS, quantiles, strict=False)],
        bins=bins(edges, counts, row["least"], row["most"]) if n else [],
        values=[],
    )


def _counts(study: Study, feature: Feature, column: str, edges: Sequence[float]) -> dict[float, int]:
    rows = study.query(
        f"select roundDown({column}, {{edges:Array(Float64)}}) as edge, count() as n"  # noqa: S608
        f" from {study.readable('customer_wide')} where {feature.known} and {study.chosen('id')} group by edge",
        edges=list(edges),
    )
    return {float(row["edge"]): int(row["n"]) for row in rows}


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below."""
    power: float = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def bin_edges(least: float, most: float, low: float, high: float, kind: Kind) -> list[float]:
    """Where bins begin. `low`, `high`: between them lie the middle 90 %."""
    if kind == "probability":
        return [round(index * 0.05, 2) for index in range(20)]
    if kind in WHOLE and most - least < MOST_BINS:
        return [float(value) for value in range(int(least), int(most) + 1)]
    smallest = {"money": 100.0, "count": 1.0, "days": 1.0}.get(kind, 0.0)
    # Whoever all have one value still get a bin around it.
    spread = (high - low) or (most - least) or abs(most) or 1.0
    step = max(smallest, nice_step(spread / (MOST_BINS - 4)))
    first, last = floor(low / step), max(floor(low / step), ceil(high / step))
    return [index * step for index in range(first, last + 1)]


def bins(edges: Sequence[float], counts: Mapping[float, int], least: float, most: float) -> list[DistributionBin]:
    total = sum(counts.values())
    step = edges[1] - edges[0] if len(edges) > 1 else 1.0
    found = []
    for index, edge in enumerate(edges):
        last = index == len(edges) - 1
        end = edge + step if last else edges[index + 1]
        customers = counts.get(edge, 0)
        found.append(
            DistributionBin(
                low=None if index == 0 and least < edge else edge,
                high=None if last and most > end else end,
                customers=customers,
                share=CustomerShare().value(customers, total),
            )
        )
    return found


def _named(study: Study, feature: Feature, language: Language, names: Callable[[Feature, str], str]) -> Distribution:
    rows = study.query(
        f"select toString({feature.name}) as value, countIf({feature.known}) as n, count() as people"  # noqa: S608
        f" from {study.readable('customer_wide')} where {study.chosen('id')} group by value"
    )
    counts = {str(row["value"]): int(row["n"]) for row in rows if row["n"]}
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if feature.kind in ("score", "hour"):
        ordered.sort(key=lambda item: int(item[0]))
    shown = [(value, names(feature, value), n) for value, n in ordered[:MOST_VALUES]]
    if rest := sum(n for _, n in ordered[MOST_VALUES:]):
        shown.append(("others", "其他" if language == "zh" else "Others", rest))
    return Distribution(
        field=_field(feature, language),
        customers=sum(int(row["people"]) for row in rows),
        with_value=total,
        mean=None,
        quantiles=[],
        bins=[],
        values=[
            NamedValue(value=value, title=title, customers=n, share=CustomerShare().value(n, total))
            for value, title, n in shown
        ],
    )


def value_words(feature: Feature, value: str, language: Language, stores: Mapping[int, str]) -> str:
    if feature.kind == "reference":
        return stores.get(int(value), value)
    if feature.kind == "hour":
        return f"{value}:00"
    known = FLAGS[int(value != "0")] if feature.kind == "flag" else feature.choices.get(value)
    return getattr(known, language) if known else value


def table(found: Distribution) -> Table:
    scale = 100 if found.field.kind == "money" else 1

    def shown(value: float | None) -> float | None:
        return None if value is None else value / scale

    window = Words(
        f"{found.field.title}：{found.with_value} 位有值，共 {found.customers} 位。{found.field.definition}",
        f"{found.field.title}: {found.with_value} with a value of {found.customers}. {found.field.definition}",
    )
    name = Words(f"分布-{found.field.title}", f"distribution-{found.field.name}")
    if found.values:
        heads = [Column(note=found.field.title), Column("customers"), Column("customer_share")]
        return Table(name, window, heads, [[one.title, one.customers, one.share] for one in found.values])
    return Table(
        name,
        window,
        [words("从", "From"), words("到（不含）", "To (below)"), Column("customers"), Column("customer_share")],
        [[shown(one.low), shown(one.high), one.customers, one.share] for one in found.bins],
    )
