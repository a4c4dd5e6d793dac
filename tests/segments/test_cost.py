"""A question that would read too much is refused before it is asked, and says which condition is to blame."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from trees import MOMENT, TABLES, load, people

from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import kept_day
from wellspring.segments.compile import Reach
from wellspring.segments.cost import check_cost, estimate
from wellspring.segments.definition import Definition, parse
from wellspring.segments.errors import SegmentTooCostly

WOMEN = {"kind": "profile", "genders": [2]}
TAGGED = {"kind": "tag", "match": "any", "tag_ids": [1]}


def viewed(window: dict[str, Any]) -> dict[str, Any]:
    comparison = {"operator": ">=", "value": 1}
    return {"kind": "events", "kinds": ["viewed"], "filters": [], "measure": "count", "window": window, "comparison": comparison}  # fmt: skip


EVER = viewed({"kind": "ever"})


def tree(*children: dict[str, Any], kind: str = "all") -> Definition:
    return parse({"version": 1, "root": {"kind": kind, "children": list(children)}})


def test_the_engine_estimates_what_is_left_after_months_are_ruled_out(platform: Platform) -> None:
    rows = people(200, seed=2)
    load(platform, rows, disturbed=False)
    reach = Reach(kept_day=kept_day(platform.warehouse))
    cost = estimate(platform.warehouse, tree(WOMEN, EVER), MOMENT, reach)
    assert cost.by_leaf["root.children.1"] >= len(rows["events"])
    assert cost.rows >= len(rows["events"]) + platform.warehouse.scalar("select count() from customer_wide")
    lately = estimate(platform.warehouse, tree(viewed({"kind": "rolling", "days": 1})), MOMENT, reach)
    assert lately.rows < cost.rows


def test_a_hopeless_question_is_refused_and_names_its_dearest_condition(platform: Platform) -> None:
    rows = people(200, seed=2)
    load(platform, rows, disturbed=False)
    reach = Reach(kept_day=kept_day(platform.warehouse))
    dear = tree(WOMEN, TAGGED, EVER)
    with pytest.raises(SegmentTooCostly) as refused:
        check_cost(platform.warehouse, dear, MOMENT, reach, max_rows=len(rows["events"]))
    assert refused.value.path == "root.children.2"
    assert "root.children.2" in refused.value.fields("zh")
    everything = sum(len(rows[table]) for table in TABLES) * 10
    check_cost(platform.warehouse, dear, MOMENT, reach, max_rows=everything)


def test_the_limit_is_a_setting_and_the_answer_a_named_error(
    platform: Platform, app_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(platform, people(200, seed=2), disturbed=False)
    client: TestClient = app_client("operator")
    assert client.get("/api/v1/segments/settings").json()["max_million_rows"] == 3_000
    body = {"definition": tree(EVER).dump()}
    assert client.post("/api/v1/segments/preview", json=body).status_code == 200
    monkeypatch.setattr("wellspring.segments.asking.MILLION", 0)
    for path, sent in (("preview", body), ("", {"name": "太费", **body})):
        answer = client.post(f"/api/v1/segments/{path}".rstrip("/"), json=sent)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "SEGMENT_TOO_COSTLY"), answer.text
    assert client.get("/api/v1/segments").json()["total"] == 0
