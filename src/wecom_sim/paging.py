"""Pages of lists on the wire: a signed cursor that belongs to one query, a limit that falls back to its default."""

from collections.abc import Sequence
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
