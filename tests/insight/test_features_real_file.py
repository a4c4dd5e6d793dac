"""A real shop's year of orders, worked out a second time with pandas and scipy.

Online Retail II, first sheet (D. Chen, 2019), UCI Machine Learning Repository, CC BY 4.0.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from feature_world import wide_rows
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from wellspring.insight.features.lifetime_value.service import fit_lifetime_value
from wellspring.platform.clock import FixedClock
from wellspring.platform.paths import CHECKOUT
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.wide import follow as keep_wide

FILE = Path(os.environ.get("ORDERS") or CHECKOUT.parent / "shared" / "data" / "online_retail_ii_2009_2010.parquet")
ZONE = "Asia/Shanghai"
NOW = datetime(2010, 12, 12, 4, 0, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the real orders are not here: {FILE}")


@dataclass(frozen=True)
class Shop:
    """`orders`, `refunds`: a row each with customer, at, fen. `wide`: the columns of the wide table by customer."""

    orders: pd.DataFrame
    refunds: pd.DataFrame
    wide: pd.DataFrame
    fitted: dict[str, Any]
    back_test: dict[str, Any]


def read_file() -> tuple[pd.DataFrame, pd.DataFrame]:
    lines = pd.read_parquet(FILE, columns=["Invoice", "Quantity", "InvoiceDate", "Price", "Customer ID"])
    lines = lines[lines["Customer ID"].notna()]
    lines = lines.assign(
        customer=lines["Customer ID"].astype(float).astype(int),
        at=pd.to_datetime(lines["InvoiceDate"], utc=True),
        fen=(lines["Quantity"].astype(float) * lines["Price"].astype(float) * 100).round().astype("int64"),
        undone=lines["Invoice"].astype(str).str.startswith("C"),
    )
    invoices = lines.groupby(["undone", "Invoice", "customer"], as_index=False).agg(
        at=("at", "min"), fen=("fen", "sum")
    )
    return invoices[~invoices["undone"]], invoices[invoices["undone"]].assign(fen=lambda rows: -rows["fen"])


@pytest.fixture
def shop(platform: Platform) -> Shop:
    orders, refunds = read_file()
    platform.clock = FixedClock(NOW)
    warehouse = platform.warehouse
    people = sorted({*orders["customer"], *refunds["customer"]})
    warehouse.insert("customers_settled", ("id", "created_at", "_version"), [(one, NOW, 1) for one in people])
    for table, at, rows in (("orders", "placed_at", orders), ("refunds", "refunded_at", refunds)):
        values = zip(rows["customer"].tolist(), rows["at"].dt.to_pydatetime(), rows["fen"].tolist(), strict=True)
        warehouse.insert(
            f"{table}_settled", ("id", "customer_id", at, "total_fen", "_version"),
            [(number, *row, 1) for number, row in enumerate(values, start=1)],
        )  # fmt: skip
    keep_wide(platform, [1], version=1)
    row = fit_lifetime_value(platform, by="test")
    assert row.status == "fitted", row.reason
    assert row.fitted is not None
    assert row.back_test is not None
    wide = pd.DataFrame.from_dict(wide_rows(platform), orient="index")
    return Shop(orders, refunds, wide, row.fitted, row.back_test)


def by_customer(shop: Shop, until: pd.Timestamp | None = None) -> pd.DataFrame:
    """x, t_x and T in rounded weeks of those who bought up to `until`."""
    days = shop.orders["at"].dt.tz_convert(ZONE).dt.normalize()
    end = days.max() if until is None else until
    bought = pd.DataFrame({"customer": shop.orders["customer"], "day": days})
    bought = bought[bought["day"] <= end].drop_duplicates()
    found = bought.groupby("customer")["day"].agg(["min", "max", "count"])

    def weeks(since: Any) -> Any:
        return np.floor(since.dt.days / 7 + 0.5)

    return pd.DataFrame(
        {"x": found["count"] - 1.0, "t_x": weeks(found["max"] - found["min"]), "T": weeks(end - found["min"])}
    )


def likelihood(logs: Any, seen: pd.DataFrame) -> float:
    """Minus the log-likelihood in the form with beta functions, each customer by itself."""
    r, alpha, a, b = np.exp(logs)
    x, t_x, weeks = (seen[name].to_numpy() for name in ("x", "t_x", "T"))
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + weeks)
    leaves = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    return -float((rate + np.where(x > 0, np.logaddexp(stays, leaves), stays)).sum())


def expected(parameters: dict[str, float], seen: pd.DataFrame, ahead: float) -> np.ndarray:
    """Equation (10) as it is printed."""
    r, alpha, a, b = (parameters[name] for name in ("r", "alpha", "a", "b"))
    x, t_x, weeks = (seen[name].to_numpy() for name in ("x", "t_x", "T"))
    series = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + weeks + ahead))
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + weeks) / (alpha + weeks + ahead)) ** (r + x) * series)
    odds = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + weeks) / (alpha + t_x)) ** (r + x), 0)
    return np.asarray(top / (1 + odds))


def test_buying_and_rfm(shop: Shop) -> None:
    spent = (
        shop.orders.groupby("customer")["fen"].sum().sub(shop.refunds.groupby("customer")["fen"].sum(), fill_value=0)
    )
    orders = shop.orders.groupby("customer").size()
    newest = shop.orders.groupby("customer")["at"].max().dt.tz_convert(ZONE).dt.normalize()
    wide = shop.wide
    assert len(wide) == 4_383
    assert (wide["orders_ever"] > 0).sum() == len(orders)
    assert wide["spent_ever"].sum() == spent.sum()
    buyers = wide.loc[orders.index]
    assert (buyers["orders_ever"] == orders).all()
    assert (buyers["spent_ever"] == spent.reindex(orders.index)).all()
    today = pd.Timestamp(NOW).tz_convert(ZONE).normalize()
    assert (buyers["recency_days"] == (today - newest).dt.days).all()
    for column, values in (
        ("rfm_r", newest),
        ("rfm_f", orders),
        ("rfm_m", spent.reindex(orders.index)),
    ):
        # 1 + whole fifths of the buyers that lie strictly below: the same rule without any cut point.
        below = values.rank(method="min").astype(int) - 1
        assert (buyers[column] == 1 + 5 * below // len(values)).all(), column
    assert set(wide.loc[wide["orders_ever"] == 0, "rfm_group"]) == {"none"}


def test_the_fit_is_the_maximum_of_a_likelihood_written_otherwise(shop: Shop) -> None:
    seen = by_customer(shop)
    fitted = shop.fitted["purchases"]
    logs = np.log([fitted[name] for name in ("r", "alpha", "a", "b")])
    assert shop.fitted["customers"] == len(seen)
    assert shop.fitted["distinct"] < len(seen)
    assert -likelihood(logs, seen) == pytest.approx(shop.fitted["purchases_fit"]["log_likelihood"], abs=1e-4)
    for start in (logs + 0.3, np.log([1.0, 8.0, 0.5, 20.0])):
        options = {"maxiter": 4_000, "maxfev": 4_000, "xatol": 1e-7, "fatol": 1e-7}
        other = minimize(likelihood, start, args=(seen,), method="Nelder-Mead", options=options)
        assert -other.fun <= shop.fitted["purchases_fit"]["log_likelihood"] + 1e-3
    r, alpha = fitted["r"], fitted["alpha"]
    assert 0.5 < r < 2
    assert 5 < alpha < 20


def test_every_customer_gets_what_the_model_says(shop: Shop) -> None:
    seen, parameters = by_customer(shop), shop.fitted["purchases"]
    wide = shop.wide.loc[seen.index]
    # The fit looks from the newest order's day; scores look from today, two days on.
    days = shop.orders["at"].dt.tz_convert(ZONE).dt.normalize()
    today = pd.Timestamp(NOW).tz_convert(ZONE).normalize()
    first = days.groupby(shop.orders["customer"]).min()
    seen["T"] = np.floor((today - first).dt.days / 7 + 0.5)
    for horizon in (90, 365):
        said = expected(parameters, seen, horizon / 7)
        np.testing.assert_allclose(wide[f"expected_purchases_{horizon}d"], said, rtol=1e-6)
    r, alpha, a, b = (parameters[name] for name in ("r", "alpha", "a", "b"))
    again = seen[seen["x"] > 0]
    odds = a / (b + again["x"] - 1) * ((alpha + again["T"]) / (alpha + again["t_x"])) ** (r + again["x"])
    np.testing.assert_allclose(wide.loc[again.index, "p_alive"], 1 / (1 + odds), rtol=1e-9)
    assert (wide["p_alive_known"] == (seen["x"] > 0)).all()
    p, q, gamma = (shop.fitted["spending"][name] for name in ("p", "q", "gamma"))
    mean = p * (gamma + wide["spent_ever"].clip(lower=0)) / (p * (seen["x"] + 1) + q - 1)
    np.testing.assert_allclose(wide["expected_value_365d"], expected(parameters, seen, 365 / 7) * mean, rtol=1e-6)


def test_gamma_gamma_is_the_maximum_too(shop: Shop) -> None:
    spent = (
        shop.orders.groupby("customer")["fen"].sum().sub(shop.refunds.groupby("customer")["fen"].sum(), fill_value=0)
    )
    seen = by_customer(shop)
    n = seen["x"] + 1
    value = (spent.reindex(seen.index) / n)[lambda one: one > 0]
    n = n[value.index]

    def minus(logs: Any) -> float:
        p, q, gamma = np.exp(logs)
        terms = (
            -betaln(p * n, q)
            + q * np.log(gamma / (gamma + n * value))
            + p * n * np.log(n * value / (gamma + n * value))
        )
        return -float((terms - np.log(value)).sum())

    fitted = shop.fitted["spending"]
    logs = np.log([fitted["p"], fitted["q"], fitted["gamma"]])
    assert shop.fitted["spending_fit"]["customers"] == len(value)
    assert -minus(logs) == pytest.approx(shop.fitted["spending_fit"]["log_likelihood"], rel=1e-6)
    other = minimize(minus, logs + 0.2, method="Nelder-Mead", options={"maxiter": 4_000, "xatol": 1e-8, "fatol": 1e-8})
    # Values are grouped in steps of half a percent: the parameters move by less than a thousandth.
    np.testing.assert_allclose(np.exp(other.x), np.exp(logs), rtol=2e-3)


def test_back_test(shop: Shop) -> None:
    tested = shop.back_test
    days = shop.orders["at"].dt.tz_convert(ZONE).dt.normalize()
    span = (days.max() - days.min()).days
    cut = days.min() + pd.Timedelta(days=round(span * 2 / 3))
    seen = by_customer(shop, cut)
    after = pd.DataFrame({"customer": shop.orders["customer"], "day": days})
    after = after[after["day"] > cut].drop_duplicates()
    seen["later"] = after.groupby("customer").size().reindex(seen.index).fillna(0)
    seen["said"] = expected(tested["model"], seen, (days.max() - cut).days / 7)
    assert tested["customers"] == len(seen)
    assert tested["actual"] == seen["later"].sum()
    assert tested["forecast"] == pytest.approx(seen["said"].sum(), rel=1e-6)
    assert tested["mean_absolute_error"] == pytest.approx((seen["said"] - seen["later"]).abs().mean(), rel=1e-6)
    steps = seen.groupby(seen["x"].clip(upper=7).astype(int))
    assert [row["earlier"] for row in tested["rows"]] == list(range(8))
    assert [row["customers"] for row in tested["rows"]] == steps.size().tolist()
    assert [row["actual"] for row in tested["rows"]] == steps["later"].sum().tolist()
    np.testing.assert_allclose([row["forecast"] for row in tested["rows"]], steps["said"].sum(), rtol=1e-6)
    assert tested["mean_absolute_error"] < tested["mean_absolute_error_of_none"]
    assert abs(tested["error"]) < 0.2
