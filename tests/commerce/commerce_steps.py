"""What an operator does in these tests, through the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text

from wellspring.platform.db import Database

Json = dict[str, Any]


class Importer:
    """Uploads, maps, runs; every step must be accepted unless said otherwise."""

    def __init__(self, client: TestClient, run_jobs: Callable[[], None]) -> None:
        self.client = client
        self._run_jobs = run_jobs

    def upload(self, file: Path | bytes, name: str = "orders.csv") -> Json:
        answer = self.try_upload(file, name)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def try_upload(self, file: Path | bytes, name: str = "orders.csv") -> Any:
        data = file if isinstance(file, bytes) else file.read_bytes()
        return self.client.post("/api/v1/imports", files={"file": (name, data)})

    def change(self, run: Json, **options: Any) -> Json:
        mapping = run["mapping"] | options.pop("mapping", {})
        body = {"mapping": mapping, "options": run["options"] | options}
        answer = self.client.put(f"/api/v1/imports/{run['id']}/mapping", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def start(self, run: Json) -> Json:
        answer = self.client.post(f"/api/v1/imports/{run['id']}/run")
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def read(self, run: Json) -> Json:
        return dict(self.client.get(f"/api/v1/imports/{run['id']}").json())

    def take(self, file: Path | bytes, **options: Any) -> Json:
        """Upload, take the guess, run to the end; the import as it stands then."""
        run = self.upload(file)["run"]
        self.change(run, **({"source": "shop", "time_zone": "Europe/London"} | options))
        self.start(run)
        self._run_jobs()
        return self.read(run)


def fingerprint(database: Database) -> Json:
    """Everything an import writes, without what differs from run to run (keys, times of recording)."""
    queries = {
        "orders": "select source, number, placed_at, customer_id is null, goods_fen, postage_fen, adjustment_fen, total_fen"
        " from customer_order order by 1, 2",
        "lines": "select o.number, l.line_key, p.code, l.kind, l.description, l.quantity, l.unit_price, l.amount_fen"
        " from order_line l join customer_order o on o.id = l.order_id join product p on p.id = l.product_id order by 1, 2",
        "refunds": "select r.number, o.number, r.refunded_at, r.goods_fen, r.total_fen from refund r"
        " left join customer_order o on o.id = r.order_id order by 1",
        "refund_lines": "select r.number, l.line_key, ol.line_key, oo.number, l.quantity, l.amount_fen from refund_line l"
        " join refund r on r.id = l.refund_id left join order_line ol on ol.id = l.order_line_id"
        " left join customer_order oo on oo.id = ol.order_id order by 1, 2",
        "buyers": "select value_index from identity where kind = 'buyer_id' order by 1",
        "events": "select kind, occurred_at, data ->> 'number' from event order by 1, 3",
    }
    with database.unit_of_work() as session:
        return {name: [tuple(row) for row in session.execute(text(query))] for name, query in queries.items()}


def scalar(database: Database, query: str) -> Any:
    with database.unit_of_work() as session:
        return session.scalar(text(query))
