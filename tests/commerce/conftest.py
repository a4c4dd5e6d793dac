"""The order file that the tests run on: the real one where it is there, else one of the same shape and dirt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from wellspring.commerce.sample_orders import write_sample
from wellspring.platform.paths import CHECKOUT

REAL = CHECKOUT.parent / "shared" / "data" / "online_retail_ii_2009_2010.parquet"
SLICE_LINES = 12_000


@pytest.fixture(scope="session")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("ORDERS")
    if named:
        return Path(named)
    if REAL.exists():
        return REAL
    return write_sample(tmp_path_factory.mktemp("orders") / "orders.parquet", seed=11, lines=120_000)


@pytest.fixture(scope="session")
def cut(whole_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    """`cut(first, last)`: those rows of the whole file as a Parquet file of their own."""
    folder = tmp_path_factory.mktemp("cut")

    def make(first: int, last: int) -> Path:
        path = folder / f"{first}-{last}.parquet"
        if not path.exists():
            pq.write_table(pq.read_table(whole_file).slice(first, last - first), path)
        return path

    return make


@pytest.fixture(scope="session")
def slice_file(cut: Callable[[int, int], Path]) -> Path:
    return cut(0, SLICE_LINES)


@pytest.fixture
def importer(app_client: Callable[..., Any], run_jobs: Callable[[], None]) -> Any:
    from commerce_steps import Importer

    return Importer(app_client("operator"), run_jobs)
