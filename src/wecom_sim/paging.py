"""Pages of lists on the wire: a signed cursor that belongs to one query, a limit that falls back to its default."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from wecom_sim.wire import Call

T = TypeVar("T")


def page_of(call: Call, kind: str, rows: Sequence[T], maximum: int, default: int) -> tuple[Sequence[T], str]:
    """The rows of the page that the call asks for, and `next_cursor` (empty on the last page). Raises 50100.

    `kind` names the query with all its parameters: a cursor of another query is refused.
    """
    cursors = call.sim.kernel.cursors
    start = cursors.decode(kind, call.text("cursor")) or 0
    end = start + call.limit(maximum, default)
    return rows[start:end], cursors.encode(kind, end) if end < len(rows) else ""


def page_where(
    call: Call, kind: str, rows: Iterable[T], wanted: Callable[[T], bool], maximum: int, default: int
) -> tuple[list[T], str]:
    """As `page_of`, of the rows that are `wanted` in a table that only grows. The cursor is a place in the whole table:
    what is deleted between two pages moves nothing. Raises 50100."""
    cursors = call.sim.kernel.cursors
    limit = call.limit(maximum, default)
    page: list[T] = []
    for place, row in enumerate(islice(rows, at := cursors.decode(kind, call.text("cursor")) or 0, None), at):
        if not wanted(row):
            continue
        if len(page) == limit:
            return page, cursors.encode(kind, place)
        page.append(row)
    return page, ""
