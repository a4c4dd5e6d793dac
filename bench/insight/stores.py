"""A throw-away data folder with the brand in it, and asking it as the product does."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.insight.brand import NOW, Size

from wellspring.app.domains import register_domains
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings
from wellspring.platform.warehouse import kept_day, readable
from wellspring.segments.compile import Reach, compile_people, compile_size
from wellspring.segments.definition import Definition
from wellspring.segments.windows import Moment


@contextmanager
def opened(folder: Path | None = None) -> Iterator[Platform]:
    """A platform that stands still at the brand's present. `folder`: kept; else a new one, thrown away afterwards."""
    register_domains()
    made = folder or Path(tempfile.mkdtemp(prefix="wellspring-bench-", dir=os.environ.get("WELLSPRING_BENCH_FOLDER")))
    made.mkdir(parents=True, exist_ok=True)
    made.chmod(0o755)  # PostgreSQL doesn't run as root and looks in as another user
    platform = Platform.open(Settings(data=made / "data"), clock=FixedClock(NOW))
    try:
        yield platform
    finally:
        platform.close()
        if folder is None:
            shutil.rmtree(made, ignore_errors=True)


class Asking:
    """Questions about segments, put and answered as the API does, without its sessions and staff look-ups."""

    def __init__(self, platform: Platform, size: Size) -> None:
        from wellspring.segments.asking import moment_of

        self._warehouse = platform.warehouse
        self._staff_of_store = {store: size.staff_of(store) for store in (1, 2, 3)}
        with platform.database.unit_of_work() as session:
            self._moment: Moment = moment_of(session, platform)

    def _reach(self) -> Reach:
        return Reach(
            None,
            self._staff_of_store,
            kept_day=kept_day(self._warehouse),
            readable=partial(readable, self._warehouse),
        )

    def count(self, tree: Definition) -> int:
        query = compile_size(tree, self._moment, self._reach())
        (row,) = self._warehouse.query(query.sql, query.parameters)
        return int(row["matched"])

    def keep(self, tree: Definition, table: str) -> int:
        """Write the ids of everybody in the segment into a new table (id); how many."""
        query = compile_people(tree, self._moment, self._reach())
        self._warehouse.command(f"drop table if exists {table}")
        self._warehouse.command(f"create table {table} (id Int64) engine = MergeTree order by id")
        self._warehouse.command(f"insert into {table} {query.sql}", query.parameters, work="refresh")
        return int(self._warehouse.scalar(f"select count() from {table}"))

    def sql(self, tree: Definition) -> tuple[str, dict[str, object]]:
        """The question itself, to look at."""
        query = compile_size(tree, self._moment, self._reach())
        return query.sql, query.parameters
