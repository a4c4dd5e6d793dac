"""The way the others do it: the same segments as SQL over a normalised PostgreSQL schema with the indexes it wants.

The rows are those of the warehouse, copied over. The server is the embedded one with its ordinary settings; a query
gets more memory than usual and as many workers as there are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import psycopg
from bench.insight.by_hand import TODAY, ZONE
from bench.insight.measuring import timed

from wellspring.platform.runtime import Platform

SCHEMA: Mapping[str, tuple[str, str]] = {
    "customer": ("id bigint primary key, first_added_at timestamptz, gender smallint, has_mobile boolean, merged_into_id bigint",
                 "select id, first_added_at, gender, has_mobile, merged_into_id from customers_settled"),
    "friendship": ("id bigint primary key, customer_id bigint, staff_id bigint, status text, add_way int, state text, added_at timestamptz",
                   "select id, customer_id, staff_id, status, add_way, state, added_at from relationships_settled"),
    "customer_tag": ("customer_id bigint, tag_id int, source text, created_at timestamptz",
                     "select customer_id, tag_id, source, created_at from relationship_tags_settled"),
    "orders": ("id bigint primary key, customer_id bigint, placed_at timestamptz, store_id bigint, total_fen bigint",
               "select id, customer_id, placed_at, store_id, total_fen from orders_settled order by id"),
    "refund": ("id bigint primary key, customer_id bigint, refunded_at timestamptz, total_fen bigint",
               "select id, customer_id, refunded_at, total_fen from refunds_settled"),
    "order_line": ("id bigint primary key, customer_id bigint, order_id bigint, category text, amount_fen bigint, placed_at timestamptz",
                   "select id, customer_id, order_id, category, amount_fen, placed_at from order_lines_settled order by id"),
    "event": ("id bigint primary key, customer_id bigint, kind text, occurred_at timestamptz, data jsonb",
              "select id, customer_id, kind, occurred_at, data from events_settled order by id"),
}  # fmt: skip
INDEXES = (
    "customer (gender)", "customer (first_added_at)", "friendship (customer_id, status)", "friendship (staff_id)",
    "customer_tag (tag_id, customer_id)", "customer_tag (customer_id, tag_id)",
    "orders (customer_id, placed_at) include (total_fen)", "orders (placed_at) include (customer_id, total_fen)",
    "refund (customer_id, refunded_at) include (total_fen)", "order_line (category, placed_at) include (customer_id)",
    "order_line (customer_id, placed_at)", "event (kind, occurred_at) include (customer_id)",
    "event (customer_id, kind, occurred_at)",
)  # fmt: skip


def _at(start: date) -> str:
    return f"timestamptz '{datetime.combine(start, time.min, ZONE).isoformat()}'"


def _ago(days: int) -> str:
    return _at(TODAY - timedelta(days=days))


_LIVING = "select count(*) from customer c where c.merged_into_id = 0 and "
_THEIRS = "where {0}.customer_id = c.id"
_ORDERED = "exists (select 1 from orders o where o.customer_id = c.id and o.placed_at >= {})"


def _net(placed: str, refunded: str) -> str:
    return (
        f"select customer_id from (select customer_id, total_fen as fen from orders where {placed} union all select customer_id,"
        f" -total_fen from refund where {refunded}) as moved group by customer_id having sum(fen) >= "
    )


_FOLLOWED = (
    "exists (select 1 from event e where e.customer_id = c.id and e.kind = 'message_clicked' and e.occurred_at >= {0} and exists"
    " (select 1 from orders o where o.customer_id = c.id and o.placed_at > e.occurred_at"
    " and o.placed_at <= e.occurred_at + interval '30 days'))"
)
_SPENT_YEAR = _net(f"placed_at >= {_ago(365)}", f"refunded_at >= {_ago(365)}")
QUESTIONS: Mapping[str, str] = {
    "women": f"{_LIVING} c.gender = 2",
    "one of five tags": f"{_LIVING} exists (select 1 from customer_tag t where t.customer_id = c.id and t.tag_id in (10, 20, 30, 40, 50))",
    "bought in 30 days": _LIVING + _ORDERED.format(_ago(30)),
    "spent 5,000 in a year": f"{_LIVING} c.id in ({_SPENT_YEAR} 500000)",
    "three orders, none for 180 days": f"{_LIVING} (select count(*) from orders o where o.customer_id = c.id) >= 3 and not "
    + _ORDERED.format(_ago(180)),
    "twice in some year": f"{_LIVING} c.id in (select customer_id from orders where placed_at >= {_at(date(2024, 5, 20))}"
    f" and placed_at < {_at(date(2025, 5, 20))} group by customer_id having count(*) >= 2)",
    "clicked, then ordered": _LIVING + _FOLLOWED.format(_ago(90)),
    "win back": f"{_LIVING} c.id in ({_SPENT_YEAR} 100000) and not {_ORDERED.format(_ago(90))}"
    " and exists (select 1 from friendship f where f.customer_id = c.id and f.status = 'friend')"
    " and (exists (select 1 from customer_tag t where t.customer_id = c.id and t.tag_id in (1, 2, 3, 4)) or exists (select 1 from"
    f" order_line l where l.customer_id = c.id and l.category in ('彩妆', '香水') and l.placed_at >= {_at(date(2025, 1, 1))}"
    f" and l.placed_at < {_at(date(2026, 1, 1))})) and not " + _FOLLOWED.format(_ago(180)),
}
"""Segments of the suite, each by the obvious SQL: a row per customer, conditions as subqueries that indexes answer."""


def copied(platform: Platform, folder: Path) -> psycopg.Connection[tuple[object, ...]]:
    """A database with the brand in it, analysed; the connection to it."""
    url = platform.database.url
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("create database others")
    connection = psycopg.connect(url, dbname="others", autocommit=True)
    connection.execute("set maintenance_work_mem = '1GB'")
    file = folder / "rows.tsv"
    for table, (columns, rows) in SCHEMA.items():
        connection.execute(f"create table {table} ({columns})")
        platform.warehouse.command(
            f"insert into function file('{file}', 'TSV') {rows}"
            " settings engine_file_truncate_on_insert = 1, output_format_tsv_crlf_end_of_line = 0"
        )
        with file.open("rb") as stream, connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
        file.unlink()
    for number, index in enumerate(INDEXES):
        connection.execute(f"create index others_{number} on {index}")
    connection.execute("vacuum analyze")
    connection.execute("set work_mem = '512MB'")
    connection.execute(f"set max_parallel_workers_per_gather = {os.cpu_count() or 1}")
    connection.execute("set statement_timeout = '20min'")
    return connection


def measured(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, tuple[float, int]]:
    """Name -> (seconds, people); the better of two runs."""
    found: dict[str, tuple[float, int]] = {}
    for name, question in QUESTIONS.items():

        def ask(sql: str = question) -> int:
            row = connection.execute(sql.encode()).fetchone()
            assert row is not None
            return int(str(row[0]))

        runs = [timed(ask) for _ in range(2)]
        found[name] = (min(seconds for seconds, _ in runs), runs[0][1])
    return found
