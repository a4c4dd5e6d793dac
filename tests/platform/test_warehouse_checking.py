"""The warehouse compared with PostgreSQL column by column, and made anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from segments_world import NOW, World
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import checking, load_all


@pytest.fixture
def world(platform: Platform) -> None:
    """Every kind of row, some of them changed and deleted after they were loaded."""
    with platform.database.unit_of_work() as session:
        made = World(session)
        people = [made.customer(f"客户 {i}", mobile=i % 2 == 0, first_added_at=NOW) for i in range(6)]
        for i, person in enumerate(people):
            made.friend(person, i % 4, tags=(i % 3,), at=NOW - timedelta(days=i), state="it's ✓")
            order = made.order(person, fen=1_000 + i, store=i % 2)
            if i % 3 == 0:
                made.refund(order, at=NOW, fen=500)
        made.order(None, fen=77)
    load_all(platform)
    with platform.database.unit_of_work() as session:
        session.execute(text("update customer_order set total_fen = total_fen + 1 where id % 2 = 0"))
        session.execute(text("update relationship set status = 'lost', ended_at = now() where id = 2"))
        session.execute(text("delete from relationship_tag where id = 1"))
        session.execute(text("update customer_order set customer_id = 1 where customer_id = 2"))
    load_all(platform)


@pytest.mark.usefixtures("world")
def test_every_column_agrees(platform: Platform) -> None:
    found = checking.verify(platform)
    assert [check for check in found if not check.agrees] == []
    rows = {check.table: check.in_warehouse for check in found}
    assert (rows["customers"], rows["orders"], rows["relationship_tags"]) == (6, 7, 5)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("damage", "table", "column"),
    [
        ("alter table orders_settled update total_fen = 5 where id = 1 settings mutations_sync = 1", "orders", "total_fen"),
        ("alter table customers_settled update gender = 2 where id = 3 settings mutations_sync = 1", "customers", "gender"),
        ("delete from relationships_settled where id = 1", "relationships", "id"),
    ],
)  # fmt: skip
def test_a_difference_is_named(platform: Platform, damage: str, table: str, column: str) -> None:
    platform.warehouse.command(damage)
    found = {check.table: check for check in checking.verify(platform)}
    assert column in found[table].differing
    assert [name for name, check in found.items() if not check.agrees] == [table]


@pytest.mark.usefixtures("world")
def test_made_anew_it_agrees_again(platform: Platform) -> None:
    platform.warehouse.command("delete from orders_settled where id = 1")
    platform.warehouse.command("truncate table customer_wide_settled")
    assert checking.rebuild(platform) > 0
    assert all(check.agrees for check in checking.verify(platform))
    assert platform.warehouse.scalar("select count() from customer_wide") == 6


@pytest.mark.usefixtures("world")
def test_an_administrator_does_both_over_http(
    app_client: Callable[..., TestClient], run_jobs: Callable[[], None], platform: Platform
) -> None:
    admin = app_client()
    assert all(check["agrees"] for check in admin.post("/api/v1/warehouse/verify").json())
    assert admin.post("/api/v1/warehouse/rebuild").status_code == 202
    run_jobs()
    assert platform.warehouse.scalar("select count() from orders") == 7
    assert app_client("operator").post("/api/v1/warehouse/rebuild").status_code == 403
