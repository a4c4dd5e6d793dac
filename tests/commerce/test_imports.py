"""Re-imports, overlaps, cancelling, and power cuts: the result is the same, or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commerce_steps import Importer, fingerprint, scalar
from sqlalchemy import text

from wellspring.commerce.imports.running import run_import
from wellspring.platform.db import Database
from wellspring.platform.runtime import Platform


class PowerCut(BaseException):
    """Not an Exception, as a kill is none: nobody may catch it and tidy up."""


def test_the_same_file_again_changes_nothing(
    database: Database, importer: Importer, slice_file: Path, load_warehouse: Callable[[], int]
) -> None:
    first = importer.take(slice_file)
    before = fingerprint(database)
    load_warehouse()
    uploaded = importer.upload(slice_file)
    assert uploaded["run"]["same_file"]["id"] == first["id"]
    again = importer.take(slice_file)
    assert fingerprint(database) == before
    assert again["counts"]["orders"]["new"] == again["counts"]["orders"]["changed"] == 0
    assert again["counts"]["orders"]["unchanged"] == first["counts"]["orders"]["new"]
    assert again["counts"]["refunds"]["unchanged"] == first["counts"]["refunds"]["new"]
    assert again["counts"]["lines_taken"] == first["counts"]["lines_taken"]
    assert load_warehouse() == 0, "an unchanged row must not travel to the warehouse again"


def test_overlapping_files_come_to_the_same_as_one(
    database: Database, importer: Importer, cut: Callable[[int, int], Path], platform: Platform
) -> None:
    importer.take(cut(0, 9_000))
    whole = fingerprint(database)
    _empty(database)
    # Cut in the middle of orders, on purpose; the later part first, so that refunds come before their orders.
    importer.take(cut(4_003, 9_000))
    second = importer.take(cut(0, 6_011))
    parts = fingerprint(database)
    assert second["counts"]["orders"]["changed"] > 0
    assert {k: parts[k] for k in ("orders", "lines", "buyers")} == {k: whole[k] for k in ("orders", "lines", "buyers")}
    assert {row[0] for row in parts["refunds"]} == {row[0] for row in whole["refunds"]}
    found = sum(1 for row in parts["refund_lines"] if row[2])
    assert found == sum(1 for row in whole["refund_lines"] if row[2]), "orders that come later still get their refunds"


def _empty(database: Database) -> None:
    tables = "refund_line, refund, order_line, customer_order, product, event, identity, customer, import_run"
    with database.unit_of_work() as session:
        session.execute(text(f"truncate {tables} restart identity cascade"))


@pytest.mark.parametrize(
    ("step", "occurrence"), [("reading", 2), ("writing", 1), ("writing", 2), ("finishing", 1), ("done", 1)]
)
def test_a_power_cut_at_any_step_leaves_nothing_or_everything(
    platform: Platform, database: Database, importer: Importer, slice_file: Path, step: str, occurrence: int
) -> None:
    run = importer.upload(slice_file)["run"]
    importer.change(run, source="shop")
    importer.start(run)
    seen = 0

    def checkpoint(name: str) -> None:
        nonlocal seen
        seen += name == step
        if name == step and seen == occurrence:
            raise PowerCut

    with pytest.raises(PowerCut):
        run_import(platform, run["id"], checkpoint=checkpoint)
    orders = scalar(database, "select count(*) from customer_order")
    assert (orders > 0) == (step == "done")
    assert importer.read(run)["status"] == ("done" if step == "done" else "running")

    run_import(platform, run["id"])  # the job is taken up again
    ended = importer.read(run)
    assert ended["status"] == "done"
    assert ended["counts"]["lines_in"] == ended["lines_total"] == ended["lines_read"]
    assert ended["counts"]["orders"]["new"] == scalar(database, "select count(*) from customer_order")
    assert scalar(database, "select count(*) from import_rejection") == ended["counts"]["lines_rejected"]
    assert scalar(database, "select count(*) from pg_tables where tablename like 'import_stage%'") == 0


def test_a_header_without_lines_is_refused_and_taken_for_no_success(importer: Importer) -> None:
    header = "order,time,sku,name,quantity,price,buyer\n"
    run = importer.upload(header.encode())["run"]
    mapping = {"number": "order", "placed_at": "time", "price": "price"}
    importer.change(run, source="shop", mapping=mapping)
    answer = importer.client.post(f"/api/v1/imports/{run['id']}/run", headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "The file can't be read: it has a header, but no order lines below"
    assert importer.read(run)["status"] == "mapped"


def test_kill_9_and_start_again(
    platform: Platform,
    database: Database,
    importer: Importer,
    slice_file: Path,
    run_jobs: Callable[[], None],
    tmp_path: Path,
) -> None:
    run = importer.upload(slice_file)["run"]
    importer.change(run, source="shop")
    importer.start(run)
    program = (
        "from wellspring.app.domains import register_domains; register_domains()\n"
        "from types import SimpleNamespace as Space; from pathlib import Path; import sys, time\n"
        "from wellspring.platform.db import Database; from wellspring.platform.clock import SystemClock\n"
        "from wellspring.commerce.imports.running import run_import\n"
        "space = Space(database=Database(sys.argv[1]), clock=SystemClock(), secrets=None,"
        " folder=Space(files=Path(sys.argv[2])))\n"
        "def slow(step):\n"
        "    print(step, flush=True)\n"
        "    if step == 'writing': time.sleep(0.3)\n"
        "run_import(space, int(sys.argv[3]), checkpoint=slow)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, database.url, str(platform.folder.files), str(run["id"])],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == "writing":
            break
    time.sleep(0.5)
    assert child.poll() is None, "it must still be at work when it is killed"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert scalar(database, "select count(*) from customer_order") == 0
    run_jobs()  # its job is still in the queue
    ended = importer.read(run)
    assert ended["status"] == "done"
    assert ended["counts"]["orders"]["new"] == scalar(database, "select count(*) from customer_order")


def test_cancel_takes_nothing(platform: Platform, database: Database, importer: Importer, slice_file: Path) -> None:
    run = importer.upload(slice_file)["run"]
    importer.change(run, source="shop")
    importer.start(run)

    def cancel(step: str) -> None:
        if step == "writing":
            importer.client.post(f"/api/v1/imports/{run['id']}/cancel").raise_for_status()

    run_import(platform, run["id"], checkpoint=cancel)
    ended = importer.read(run)
    assert (ended["status"], ended["counts"]["lines_taken"]) == ("cancelled", 0)
    assert scalar(database, "select count(*) from customer_order") == 0
    assert scalar(database, "select count(*) from customer") == 0
    assert not (platform.folder.files / "imports" / f"{run['id']}.parquet").exists(), "the file goes with the import"


def test_a_run_that_waits_can_be_cancelled(importer: Importer, slice_file: Path, run_jobs: Callable[[], None]) -> None:
    run = importer.upload(slice_file)["run"]
    importer.change(run, source="shop")
    importer.start(run)
    importer.client.post(f"/api/v1/imports/{run['id']}/cancel").raise_for_status()
    run_jobs()
    assert importer.read(run)["status"] == "cancelled"
    assert importer.client.post(f"/api/v1/imports/{run['id']}/run").status_code == 409


def test_orders_reach_the_timeline_once(
    database: Database, importer: Importer, cut: Callable[[int, int], Path]
) -> None:
    file = cut(0, 3_000)
    importer.take(file)
    importer.take(file)
    told = scalar(database, "select count(*) from event where kind = 'order_placed'")
    assert told == scalar(database, "select count(*) from customer_order where customer_id is not null")


def test_the_rejected_lines_as_a_file(importer: Importer, slice_file: Path) -> None:
    run = importer.take(slice_file)
    answer = importer.client.get(f"/api/v1/imports/{run['id']}/rejections/export")
    assert answer.status_code == 200
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == run["counts"]["lines_rejected"] + 1
    assert rows[0].startswith("行号,原因代码,原因,细节,Invoice,StockCode")
    xlsx: Any = importer.client.get(f"/api/v1/imports/{run['id']}/rejections/export", params={"format": "xlsx"})
    assert xlsx.content[:2] == b"PK"


def test_two_workers_on_one_import_take_it_once(
    platform: Platform, database: Database, importer: Importer, slice_file: Path
) -> None:
    """A worker that was given up for dead comes back in the middle of its successor's work."""
    run = importer.upload(slice_file)["run"]
    importer.change(run, source="shop")
    importer.start(run)
    inner: list[str] = []

    def overtaken(step: str) -> None:
        if step == "writing" and not inner:
            inner.append("ran")
            run_import(platform, run["id"])

    run_import(platform, run["id"], checkpoint=overtaken)
    ended = importer.read(run)
    assert ended["status"] == "done"
    assert ended["counts"]["orders"]["new"] == scalar(database, "select count(*) from customer_order")
