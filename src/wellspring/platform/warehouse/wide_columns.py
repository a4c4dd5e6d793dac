"""What the wide table holds: one row per customer with everything kept about them, so that most questions are one
scan of a few columns. Each domain registers its aggregates and columns here; the platform knows none of them.

A `WideSource` aggregates one fact table per customer; a `WideColumn` is an expression over the customer (`c`), the
sources (by their name) and other wide columns (by theirs). Everything is computed per customer, so it can be computed
shard by shard, and for a few customers alone after their facts changed.

Text of expressions comes from our code only. Values are parameters: these are always bound,

| parameter | type | what |
|---|---|---|
| `now` | Int64 | the moment, epoch milliseconds |
| `today` | Int64 | midnight before it in the company's time zone, epoch milliseconds |
| `d7`, `d30`, `d90`, `d180`, `d365` | Int64 | midnight 7, 30, ... days before today |
| `zone` | String | the company's time zone |

and a domain adds its own with `register_wide_parameters` (limits that an operator set, a fitted model).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

KEPT_DAYS = (7, 30, 90, 180, 365)
"""The usual windows: N calendar days before today, and today so far."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class WideSource:
    """Aggregates over `table` (a view of the warehouse with customer_id), grouped by customer.

    `columns`: name -> aggregate expression. `where`: a condition over the rows. In expressions a column is
    `<source>.<column>`; it has its type's default (0, '', 1970) for a customer without rows.
    """

    name: str
    table: str
    columns: Mapping[str, str]
    where: str = "1"


@dataclass(frozen=True)
class WideColumn:
    """`type`: the ClickHouse type, never Nullable: what has no value is a stated default (see the domain's README).
    `expression` may use `c.*`, `<source>.<column>`, the names of other wide columns, and parameters `{name:Type}`."""

    name: str
    type: str
    expression: str


Parameters = Callable[["Platform", Session], Mapping[str, Any]]

_sources: dict[str, WideSource] = {}
_columns: dict[str, WideColumn] = {}
_parameters: list[Parameters] = []


def register_wide_source(source: WideSource) -> None:
    if not _NAME.fullmatch(source.name) or not all(_NAME.fullmatch(name) for name in source.columns):
        raise ValueError(f"{source.name!r} is no name of a wide source")
    if _sources.setdefault(source.name, source) != source:
        raise ValueError(f"wide source {source.name!r} is registered twice")


def register_wide_column(column: WideColumn) -> None:
    if not _NAME.fullmatch(column.name):
        raise ValueError(f"{column.name!r} is no name of a wide column")
    if _columns.setdefault(column.name, column) != column:
        raise ValueError(f"wide column {column.name!r} is registered twice")


def register_wide_parameters(provider: Parameters) -> None:
    """`provider` answers name -> value; it is asked at each refresh, in a transaction."""
    if provider not in _parameters:
        _parameters.append(provider)


def wide_sources() -> list[WideSource]:
    return list(_sources.values())


def wide_columns() -> dict[str, WideColumn]:
    return dict(_columns)


def wide_parameters(platform: Platform, session: Session) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for provider in _parameters:
        found.update(provider(platform, session))
    return found
