"""Orders and refunds by API."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from commerce_steps import scalar
from fastapi.testclient import TestClient

from wellspring.commerce.jobs import forget_idempotency_keys
from wellspring.platform.auth import Scope
from wellspring.platform.db import Database
from wellspring.platform.runtime import Platform

Json = dict[str, Any]


def line(code: str = "A1", quantity: int = 1, price: str = "34.50", **more: Any) -> Json:
    return {"code": code, "quantity": quantity, "unit_price": price} | more


def order(number: str = "N1", lines: list[Json] | None = None, buyer: str | None = "V1", **more: Any) -> Json:
    given = {"number": number, "placed_at": "2026-03-01T10:00:00+08:00", "lines": lines or [line()]}
    return given | ({"buyer": {"kind": "buyer_id", "value": buyer}} if buyer else {}) | more


def refund(number: str = "R1", lines: list[Json] | None = None, **more: Any) -> Json:
    return {"number": number, "refunded_at": "2026-03-02T10:00:00+08:00", "lines": lines or [line()]} | more


@pytest.fixture
def shop(app_client: Callable[..., TestClient]) -> TestClient:
    return app_client("integrator")


def send(
    shop: TestClient, orders: list[Json] | None = None, refunds: list[Json] | None = None, **headers: str
) -> list[Json]:
    body = {"source": "pos", "orders": orders or [], "refunds": refunds or []}
    answer = shop.post("/api/v1/orders", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def outcomes(results: list[Json]) -> list[str]:
    return [f"{r['outcome']}:{r['reason']}" if r["reason"] else r["outcome"] for r in results]


def test_created_unchanged_updated(database: Database, shop: TestClient) -> None:
    first = order(lines=[line(), line(), line("POST", price="12")])
    assert outcomes(send(shop, [first])) == ["created"]
    assert outcomes(send(shop, [first])) == ["unchanged"]
    assert (
        scalar(database, "select goods_fen || '/' || postage_fen || '/' || total_fen from customer_order")
        == "6900/1200/8100"
    )
    assert outcomes(send(shop, [order(lines=[line(), line("A2", 2, "5")])])) == ["updated"]
    assert scalar(database, "select total_fen from customer_order") == 4450
    assert scalar(database, "select count(*) from order_line") == 2
    assert scalar(database, "select count(*) from event where kind = 'order_placed'") == 1


def test_one_bad_order_does_not_hold_up_the_others(database: Database, shop: TestClient) -> None:
    batch = [
        order("N1"),
        order("N2", store="nowhere"),
        order("N3", lines=[line(price="-1")]),
        order("N4", buyer=None) | {"buyer": {"kind": "mobile", "value": "12"}},
        order("N1"),
        order("N5", lines=[line("D", price="-1"), line()]),
        order("N6", lines=[line(id="x"), line("A2", id="x")]),
    ]
    results = send(shop, batch)
    assert outcomes(results) == [
        "created",
        "refused:store_unknown",
        "refused:price_negative",
        "refused:buyer_unreadable",
        "refused:number_repeated",
        "created",
        "refused:line_id_repeated",
    ]
    assert results[1]["message"] == "没有这个门店编码"
    assert scalar(database, "select count(*) from customer_order") == 2


def test_refunds_of_a_named_order(database: Database, shop: TestClient) -> None:
    send(shop, [order(lines=[line(quantity=3)])])
    assert outcomes(send(shop, refunds=[refund(lines=[line(quantity=2)], order_number="N1")])) == ["created"]
    assert outcomes(send(shop, refunds=[refund(lines=[line(quantity=2)], order_number="N1")])) == ["unchanged"]
    assert outcomes(send(shop, refunds=[refund(lines=[line(quantity=1)], order_number="N1")])) == [
        "refused:refund_differs"
    ]
    results = send(
        shop,
        refunds=[
            refund("R2", [line(quantity=2)], order_number="N1"),
            refund("R3", [line("A9")], order_number="N1"),
            refund("R4", order_number="N9"),
            refund("R5", order_number="N1") | {"refunded_at": "2026-02-01T00:00:00Z"},
            refund("R6", [line(quantity=1)], order_number="N1"),
        ],
    )
    assert outcomes(results) == [
        "refused:more_than_bought",
        "refused:more_than_bought",
        "refused:order_unknown",
        "refused:before_the_order",
        "created",
    ]
    assert outcomes(send(shop, [order(lines=[line(quantity=2)])])) == ["refused:already_refunded"]
    assert outcomes(send(shop, [order(lines=[line("A2")])])) == ["refused:already_refunded"]
    assert scalar(database, "select sum(quantity)::bigint from refund_line") == 3


def test_refunds_find_their_order_by_themselves(database: Database, shop: TestClient) -> None:
    early = order("N1") | {"placed_at": "2026-02-01T10:00:00+08:00"}
    results = send(
        shop,
        [early, order("N2"), order("N3", buyer="V2")],
        [refund(buyer={"kind": "buyer_id", "value": "V1"}), refund("R2", buyer={"kind": "buyer_id", "value": "V9"})],
    )
    assert outcomes(results) == ["created"] * 5
    found = "select o.number from refund r left join customer_order o on o.id = r.order_id where r.number = '{}'"
    assert scalar(database, found.format("R1")) == "N2"
    assert scalar(database, found.format("R2")) is None
    # The order comes late: the next word about its buyer finds it.
    send(shop, [order("N0", buyer="V9")], [refund("R7", [line("Z")], buyer={"kind": "buyer_id", "value": "V9"})])
    assert scalar(database, found.format("R2")) == "N0"


def test_the_same_key_answers_alike_and_other_content_is_refused(database: Database, shop: TestClient) -> None:
    headers = {"idempotency-key": "k1"}
    body = {"source": "pos", "orders": [order()]}
    first = shop.post("/api/v1/orders", json=body, headers=headers)
    again = shop.post("/api/v1/orders", json=body, headers=headers)
    assert first.json() == again.json()
    assert again.json()["results"][0]["outcome"] == "created"
    other = shop.post("/api/v1/orders", json={"source": "pos", "orders": [order("N2")]}, headers=headers)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert scalar(database, "select count(*) from customer_order") == 1


def test_one_key_sent_at_the_same_time_is_taken_once(database: Database, shop: TestClient) -> None:
    body = {"source": "pos", "orders": [order(f"N{n}", buyer=f"V{n}") for n in range(30)]}

    def call(_: int) -> Any:
        return shop.post("/api/v1/orders", json=body, headers={"idempotency-key": "race"}).json()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(call, range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert {r["outcome"] for r in answers[0]["results"]} == {"created"}
    assert scalar(database, "select count(*) from customer_order") == 30
    assert scalar(database, "select count(*) from event") == 30


def test_batches_without_a_key_race_without_doubles(database: Database, shop: TestClient) -> None:
    def call(turn: int) -> list[Json]:
        numbers = range(20) if turn % 2 else range(19, -1, -1)
        return send(shop, [order(f"N{n}", buyer=f"V{n}") for n in numbers])

    with ThreadPoolExecutor(4) as pool:
        results = [r for answer in pool.map(call, range(8)) for r in answer]
    assert sum(r["outcome"] == "created" for r in results) == 20
    assert {r["outcome"] for r in results} <= {"created", "unchanged"}
    assert scalar(database, "select count(*) from order_line") == 20


def test_limits_and_shapes(shop: TestClient) -> None:
    too_many = shop.post("/api/v1/orders", json={"source": "pos", "orders": [order(str(n)) for n in range(1001)]})
    assert too_many.status_code == 422
    for bad in (
        order() | {"placed_at": "2026-03-01T10:00:00"},
        order(lines=[line(quantity=0)]),
        order() | {"lines": []},
        order("a\x00b"),
        order(lines=[line(price="NaN")]),
        order(lines=[line(price="1e400")]),
    ):
        answer = shop.post("/api/v1/orders", json={"source": "pos", "orders": [bad]})
        assert answer.status_code == 422, bad


def test_the_list_searches_filters_sorts_and_counts_its_queries(
    shop: TestClient, app_client: Callable[..., TestClient], query_count: Callable[[], Any]
) -> None:
    send(shop, [order(f"N{n}", [line(quantity=n + 1)], buyer=f"V{n % 3}" if n % 4 else None) for n in range(12)])
    operator = app_client("operator")
    with query_count() as counted:
        page = operator.get("/api/v1/orders", params={"sort": "-total_fen", "page_size": 5}).json()
    assert counted.n <= 6
    assert (page["total"], [row["number"] for row in page["items"]]) == (12, ["N11", "N10", "N9", "N8", "N7"])
    assert operator.get("/api/v1/orders", params={"q": "n1"}).json()["total"] == 3
    assert operator.get("/api/v1/orders", params={"nobody": True}).json()["total"] == 3
    assert operator.get("/api/v1/orders", params={"source": "other"}).json()["total"] == 0
    assert operator.get("/api/v1/orders", params={"until": "2026-03-01T10:00:00+08:00"}).json()["total"] == 0
    assert operator.get("/api/v1/orders/sources").json() == ["pos"]
    exported = operator.get("/api/v1/orders/export", params={"q": "N1"}).content.decode("utf-8-sig").splitlines()
    assert exported[0].startswith("来源,订单号")
    assert len(exported) == 4
    assert operator.get("/api/v1/products", params={"q": "a"}).json()["items"][0]["code"] == "A1"


def test_one_order_with_its_refunds(shop: TestClient, app_client: Callable[..., TestClient]) -> None:
    made = send(shop, [order(lines=[line(quantity=3), line("POST", price="8")])], [refund(order_number="N1")])
    view = app_client("operator").get(f"/api/v1/orders/{made[0]['id']}").json()
    assert (view["goods_fen"], view["postage_fen"], view["refunded_fen"], view["lines"]) == (10350, 800, 3450, 2)
    assert view["order_lines"][0]["refunded_quantity"] == 1
    assert view["refunds"][0]["number"] == "R1"
    totals = app_client("operator").get(f"/api/v1/customers/{view['customer']['id']}/order-totals").json()
    assert (totals["orders"], totals["net_fen"]) == (1, 11150 - 3450)


def test_who_may_what(shop: TestClient, app_client: Callable[..., TestClient], platform: Platform) -> None:
    made = send(shop, [order()])[0]["id"]
    assert shop.get("/api/v1/imports").status_code == 403
    assert shop.get(f"/api/v1/orders/{made}").status_code == 200
    staff = app_client("staff", scope=Scope("own", staff_id=None))
    assert staff.get("/api/v1/orders").json()["total"] == 0
    assert staff.get(f"/api/v1/orders/{made}").status_code == 404
    assert staff.post("/api/v1/orders", json={"source": "pos", "orders": [order("X")]}).status_code == 403
    assert staff.get("/api/v1/orders/export").status_code == 403
    assert app_client("analyst").post("/api/v1/imports/1/run").status_code == 403
    assert app_client("operator").post("/api/v1/orders", json={"source": "pos", "orders": []}).status_code == 403


def test_keys_are_forgotten_after_a_month(database: Database, shop: TestClient, clock: Any, platform: Platform) -> None:
    send(shop, [order()], **{"idempotency-key": "old"})
    forget_idempotency_keys(platform)
    assert scalar(database, "select count(*) from idempotency_record") == 1
    clock.advance(timedelta(days=31))
    forget_idempotency_keys(platform)
    assert scalar(database, "select count(*) from idempotency_record") == 0
