"""A stage becomes orders, refunds and events: set by set, in one transaction, repeatable without effect.

The steps and their statements are in merge_sql.py; here is their order. Nobody sees anything before the
transaction ends, so a run that is cancelled or killed has taken nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.commerce.chunks import chunked
from wellspring.commerce.imports import merge_sql
from wellspring.commerce.imports.merge_sql import ORDERS, REFUNDS, Side
from wellspring.commerce.imports.options import Options
from wellspring.commerce.imports.staging import Stage
from wellspring.commerce.matching import MATCHED_KINDS
from wellspring.commerce.orders.refunding import match_returns
from wellspring.commerce.orders.timeline import Told, tell_orders, tell_refunds
from wellspring.people.facade import resolve_identities, stores
from wellspring.platform.db import advisory_lock
from wellspring.platform.runtime import Platform

BUYERS_AT_ONCE = 2_000
TOLD_AT_ONCE = 5_000
SLICE_LINES = 50_000
MOST_SLICES = 40

Wrote = Callable[[int], None]
"""Told how many lines have been written so far; may raise to stop the run."""


class Merge:
    """One run's lines into the truth. `run()` answers the figures of the report."""

    def __init__(
        self, session: Session, platform: Platform, stage: Stage, options: Options, now: datetime, wrote: Wrote
    ) -> None:
        self._session = session
        self._platform = platform
        self._stage = stage
        self._options = options
        self._now = now
        self._wrote = wrote
        self._lines_written = 0

    def run(self) -> dict[str, Any]:
        for statement in merge_sql.SESSION:
            self._execute(statement)
        # Two files of one source may hold the same orders: the second waits, and finds them there.
        advisory_lock(self._session, f"commerce.import:{self._options.source}")
        rows = self._execute(merge_sql.REPEATED_LINES, import_id=self._stage.import_id).mappings().all()
        repeated = [dict(row) for row in rows]
        self._execute(f'analyze "{self._stage.table}"')
        self._execute(merge_sql.PRODUCTS)
        buyers = self._resolve_buyers()
        unknown_stores = self._resolve_stores()
        for side in (ORDERS, REFUNDS):
            self._write_documents(side)
            self._write_lines(side)
        self._match()
        events = self._tell()
        return {
            "orders": self._summary(ORDERS),
            "refunds": self._summary(REFUNDS) | self._matched(),
            "buyers": buyers,
            "events": events,
            "unknown_stores": unknown_stores,
            "repeated_lines": repeated,
        }

    def _execute(self, statement: str, **parameters: Any) -> Any:
        return self._session.execute(text(statement.replace("{stage}", f'"{self._stage.table}"')), parameters)

    def _resolve_buyers(self) -> int:
        """Every buyer of the file becomes a customer, known or new; returns how many there are."""
        self._execute(merge_sql.BUYERS)
        buyers = self._execute(merge_sql.DISTINCT_BUYERS).scalars().all()
        for values in chunked(sorted(buyers), BUYERS_AT_ONCE):
            found = resolve_identities(
                self._session,
                self._platform,
                self._options.buyer_kind,
                self._options.identity_source,
                values,
                create=True,
                now=self._now,
            )
            if found:
                self._execute(
                    "insert into merge_buyer (buyer, customer_id)"
                    " select * from unnest(cast(:values as text[]), cast(:ids as bigint[]))",
                    values=list(found),
                    ids=list(found.values()),
                )
        self._execute("analyze merge_buyer")
        return len(buyers)

    def _resolve_stores(self) -> int:
        """Stores by their code; returns how many codes of the file nobody knows."""
        self._execute(merge_sql.STORES)
        codes = set(self._execute("select distinct store from {stage} where store <> ''").scalars())
        if not codes:
            return 0
        known = {store.code: store.id for store in stores(self._session) if store.code in codes}
        self._execute(
            "insert into merge_store (code, store_id)"
            " select * from unnest(cast(:codes as text[]), cast(:ids as bigint[]))",
            codes=list(known),
            ids=list(known.values()),
        )
        return len(codes - known.keys())

    def _write_documents(self, side: Side) -> None:
        source = {"source": self._options.source}
        self._execute(merge_sql.documents(side))
        self._execute(merge_sql.document_ids(side))
        self._execute(merge_sql.new_documents(side), **source, now=self._now)
        self._execute(f"analyze merge_{side.name}_id")
        self._execute(f"analyze merge_{side.name}")
        self._execute(merge_sql.known_documents(side), **source)
        self._execute(merge_sql.adopt(side))
        if side is ORDERS:
            self._execute(merge_sql.ADOPT_LINES)
        self._execute(f"analyze merge_{side.name}_id")

    def _write_lines(self, side: Side) -> None:
        self._execute(merge_sql.lines(side))
        self._execute(merge_sql.changes(side))
        total = int(self._execute(f"select count(*) from merge_{side.name}_line").scalar_one())  # noqa: S608
        size = max(SLICE_LINES, -(-total // MOST_SLICES))
        statement = merge_sql.write_lines(side)
        for first in range(1, total + 1, size):
            last = min(first + size - 1, total)
            self._execute(statement, first=first, last=last)
            self._lines_written += last - first + 1
            self._wrote(self._lines_written)
        self._execute(f"analyze merge_{side.name}_change")
        self._execute(merge_sql.recount(side))

    def _match(self) -> None:
        found = self._execute(merge_sql.OPEN_RETURNS, source=self._options.source, kinds=list(MATCHED_KINDS))
        match_returns(self._session, self._options.source, list(found.scalars()))

    def _tell(self) -> int:
        return self._stream(merge_sql.told(ORDERS), tell_orders) + self._stream(merge_sql.told(REFUNDS), tell_refunds)

    def _stream(self, statement: str, tell: Callable[[Session, list[Told]], int]) -> int:
        options = {"stream_results": True, "yield_per": TOLD_AT_ONCE}
        rows = self._session.execute(text(statement), execution_options=options)
        return sum(tell(self._session, [Told(*row) for row in part]) for part in rows.partitions())

    def _summary(self, side: Side) -> dict[str, int]:
        row = self._execute(merge_sql.summary(side)).mappings().one()
        return {name: int(value) for name, value in row.items()}

    def _matched(self) -> dict[str, int]:
        row = self._execute(merge_sql.MATCHED_REFUNDS, kinds=list(MATCHED_KINDS)).mappings().one()
        return {name: int(value) for name, value in row.items()}
