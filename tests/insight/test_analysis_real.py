"""Cohorts, repurchase rate and curve of the whole file against an account with pandas that shares no code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from wellspring.commerce.sample_orders import write_sample
from wellspring.platform.paths import CHECKOUT
from wellspring.platform.runtime import Platform

REAL = CHECKOUT.parent / "shared" / "data" / "online_retail_ii_2009_2010.parquet"
URL = "/api/v1/insight/analysis"
ZONE = "Asia/Shanghai"


def found(client: TestClient, name: str, **asked: Any) -> Any:
    answer = client.get(f"{URL}/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["found"]


def read_orders(path: Path) -> pd.DataFrame:
    """One row per order of a known customer: `customer`, `at` in the company's zone. The lines that make an order are
    those that the domain of commerce takes: see its README."""
    lines = pd.read_parquet(path)
    invoice, code = lines["Invoice"].astype(str), lines["StockCode"].astype(str).str.strip().str.upper()
    known = lines["Customer ID"].notna()
    taken = (lines["Price"] >= 0) & ~code.str.startswith("TEST00") & ~((lines["Price"] == 0) & (lines["Quantity"] < 0))
    sold = (lines["Quantity"] > 0) & ~invoice.str.startswith("C")
    kept = lines[known & taken & sold].assign(invoice=invoice)
    local = pd.to_datetime(kept["InvoiceDate"]).dt.tz_localize("Europe/London").dt.tz_convert(ZONE)
    made = kept.assign(at=local).groupby("invoice", sort=False).agg(customer=("Customer ID", "first"), at=("at", "min"))
    return made.assign(day=made["at"].dt.normalize(), month=made["at"].dt.year * 12 + made["at"].dt.month - 1)


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if REAL.exists():
        return REAL
    return write_sample(tmp_path_factory.mktemp("orders") / "orders.parquet", seed=11, lines=40_000)


def test_the_whole_file_agrees_exactly(
    platform: Platform, app_client: Callable[..., TestClient], run_jobs: Callable[[], None],
    load_warehouse: Callable[[], int], whole_file: Path,
) -> None:  # fmt: skip
    client = app_client("operator")
    run = client.post("/api/v1/imports", files={"file": ("orders.parquet", whole_file.read_bytes())}).json()["run"]
    options = run["options"] | {"source": "shop", "time_zone": "Europe/London"}
    body = {"mapping": run["mapping"], "options": options}
    client.put(f"/api/v1/imports/{run['id']}/mapping", json=body).raise_for_status()
    client.post(f"/api/v1/imports/{run['id']}/run").raise_for_status()
    run_jobs()
    load_warehouse()

    made = read_orders(whole_file)
    last = made["at"].max().date()
    assert platform.warehouse.scalar("select count() from orders where customer_id != 0") == len(made)
    check_cohorts(client, made, last)
    check_rate(client, made, last)
    check_curve(client, made, last)
    middle = (made["at"].min() + (made["at"].max() - made["at"].min()) / 2).date()
    check_curve(client, made[made["at"].dt.date <= middle], middle)
    check_rfm(client, made)


def check_cohorts(client: TestClient, made: pd.DataFrame, last: date) -> None:
    answer = found(client, "retention", by="order", period="month", periods=14, until=last.isoformat())
    first = made.groupby("customer")["month"].min().rename("first")
    there = made.join(first, on="customer").drop_duplicates(["customer", "month"])
    expected = there.groupby(["first", "month"]).size()
    sizes = first.value_counts()
    checked = 0
    for cohort in answer["cohorts"]:
        begun = date.fromisoformat(cohort["begins"])
        number = begun.year * 12 + begun.month - 1
        assert cohort["size"] == sizes.get(number, 0)
        for cell in cohort["cells"]:
            customers = expected.get((number, number + cell["after"]), 0)
            assert cell["customers"] == customers, (begun, cell)
            assert cell["share"] == customers / cohort["size"]
            checked += 1
    assert checked > 60
    assert sum(cohort["size"] for cohort in answer["cohorts"]) == made["customer"].nunique()


def check_rate(client: TestClient, made: pd.DataFrame, last: date) -> None:
    for since in (made["at"].min().date(), (made["at"].max() - pd.Timedelta(days=90)).date()):
        answer = found(client, "repurchase", since=since.isoformat(), until=last.isoformat())
        orders = made[made["at"].dt.date >= since].groupby("customer").size()
        assert (answer["buyers"], answer["repeat_buyers"]) == (len(orders), (orders >= 2).sum())
        assert answer["repurchase_rate"] == (orders >= 2).sum() / len(orders)


def check_curve(client: TestClient, made: pd.DataFrame, until: date) -> None:
    """The estimate written as its definition says: day by day over who was still seen."""
    since = made["at"].min().date()
    answer = found(client, "repurchase", since=since.isoformat(), until=until.isoformat(), days=400)
    ordered = made.sort_values("at").groupby("customer")["day"].apply(list)
    end = pd.Timestamp(until, tz=ZONE)
    seen = [((days[1] - days[0]).days, True) if len(days) > 1 else ((end - days[0]).days, False) for days in ordered]
    left, expected = 1.0, {}
    for number in sorted({days for days, second in seen if second}):
        risk = sum(days >= number for days, _ in seen)
        bought = sum(second and days == number for days, second in seen)
        left *= 1 - bought / risk
        expected[number] = (risk, bought, 1 - left)
    points = {point["day"]: (point["at_risk"], point["bought"]) for point in answer["points"]}
    assert points == {number: (risk, bought) for number, (risk, bought, _) in expected.items()}
    for point in answer["points"]:
        assert point["share"] == pytest.approx(expected[point["day"]][2], abs=1e-12)
        assert point["low"] <= point["share"] <= point["high"]
    assert answer["first_time_buyers"] == len(seen)


def check_rfm(client: TestClient, made: pd.DataFrame) -> None:
    answer = found(client, "rfm")
    assert answer["buyers"] == made["customer"].nunique()
    scores: dict[int, int] = {}
    for cell in answer["cells"]:
        scores[cell["f"]] = scores.get(cell["f"], 0) + cell["customers"]
    orders = made.groupby("customer").size().sort_values(kind="stable").reset_index(drop=True)
    n = len(orders)
    cuts = [orders[n - 1 - int((1 - level) * n)] for level in (0.2, 0.4, 0.6, 0.8)]
    expected = orders.map(lambda value: 1 + sum(value > cut for cut in cuts)).value_counts().to_dict()
    assert scores == expected
