"""Reading a tree is strict: each problem stands at the path of its field, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from segments_world import orders, tree
from wellspring.segments.definition import MAX_DEPTH, MAX_LEAVES, parse
from wellspring.segments.errors import InvalidDefinition
from wellspring.segments.leaves import Names
from wellspring.segments.sentence import sentence

TAG = {"kind": "tag", "match": "any", "tag_ids": [1]}
REL = {"kind": "relationship", "statuses": ["friend"]}


def problems(raw: object) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as caught:
        parse(raw)
    assert caught.value.fields("zh").keys() == caught.value.fields("en").keys()
    return caught.value.problems


@pytest.mark.parametrize(
    ("leaf", "field"),
    [
        ({"kind": "tag", "match": "any", "tag_ids": []}, "tag_ids"),
        ({"kind": "tag", "match": "any", "tag_ids": ["1 or 1=1"]}, "tag_ids.0"),
        ({"kind": "tag", "match": "any", "tag_ids": [True]}, "tag_ids.0"),
        ({"kind": "tag", "match": "some", "tag_ids": [1]}, "match"),
        ({"kind": "tag", "match": "any"}, "tag_ids"),
        ({**TAG, "sql": "1"}, "sql"),
        ({"kind": "sql", "text": "1"}, "kind"),
        ({"kind": "relationship", "statuses": ["half"]}, "statuses.0"),
        ({**REL, "added": {"kind": "rolling", "days": 0}}, "added.days"),
        ({**REL, "added": {"kind": "rolling", "days": 99_999}}, "added.days"),
        ({**REL, "added": {"kind": "between", "start": "2026-02-30", "end": "2026-03-01"}}, "added.start"),
        ({**REL, "added": {"kind": "between", "start": "2026-03-02", "end": "2026-03-01"}}, "added"),
        ({**REL, "added": {"kind": "between", "start": "0001-01-01", "end": "2026-03-01"}}, "added.start"),
        ({**REL, "added": {"kind": "yesterday"}}, "added"),
        ({**REL, "states": ["x" * 65]}, "states.0"),
        ({**REL, "states": ["a\x00"]}, "states.0"),
        (orders("count", ">=", -1), ""),
        (orders("days_since_last", "<=", 99_999), ""),
        (orders("sum", ">=", 10**13), "comparison.value"),
        (orders("count", "!=", 1), "comparison"),
        (orders("median", ">=", 1), "measure"),
        (
            {"kind": "orders", "measure": "count", "comparison": {"operator": "between", "low": 3, "high": 1}},
            "comparison",
        ),
        ({"kind": "orders", "measure": "count", "comparison": {"operator": ">=", "value": 1.5}}, "comparison.value"),
        ({"kind": "profile"}, ""),
        ({"kind": "profile", "has_mobile": "yes"}, "has_mobile"),
        ({"kind": "profile", "genders": [3]}, "genders.0"),
        ("tag", ""),
    ],
)
def test_a_wrong_leaf_is_refused_at_its_field(leaf: Any, field: str) -> None:
    parse(tree(TAG))
    assert list(problems(tree(TAG, leaf))) == [f"root.children.1.{field}".rstrip(".")]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ([], "root"),
        ({"version": 2, "root": tree(TAG)["root"]}, "version"),
        ({"version": True, "root": tree(TAG)["root"]}, "version"),
        ({**tree(TAG), "name": "x"}, "name"),
        ({"version": 1, "root": TAG}, "root"),
        ({"version": 1, "root": {"kind": "all", "children": [TAG], "not": True}}, "root.not"),
        (tree(), "root.children"),
        (tree(*[TAG] * (MAX_LEAVES + 1)), "root"),
    ],
)
def test_a_wrong_tree_is_refused(raw: object, path: str) -> None:
    assert list(problems(raw)) == [path]


def nested(depth: int) -> dict[str, Any]:
    node: dict[str, Any] = TAG
    for _ in range(depth):
        node = {"kind": "any", "children": [node]}
    return {"version": 1, "root": node}


def test_depth_and_size_have_limits() -> None:
    parse(nested(MAX_DEPTH))
    assert problems(nested(MAX_DEPTH + 1))
    assert problems(nested(900))
    parse(tree(*[TAG] * MAX_LEAVES))
    half = {"kind": "any", "children": [TAG] * 40}
    assert problems(tree(half, half)) == {
        "root": (f"一个人群最多 {MAX_LEAVES} 条条件。", f"A segment has at most {MAX_LEAVES} conditions.")
    }


def test_every_problem_is_told_at_once() -> None:
    found = problems(tree({"kind": "tag", "match": "any", "tag_ids": []}, orders("count", ">=", -1)))
    assert set(found) == {"root.children.0.tag_ids", "root.children.1"}


NAMES = Names({"tag": {1: "香氛", 2: "茶器"}, "store": {7: "湖滨店"}, "staff": {}}, "¥")


@pytest.mark.parametrize(
    ("raw", "zh", "en"),
    [
        (
            tree(
                {
                    "kind": "relationship",
                    "statuses": ["friend"],
                    "store_ids": [7],
                    "added": {"kind": "rolling", "days": 30},
                },
                {"kind": "any", "children": [TAG, orders("sum", ">=", 20_050, {"kind": "rolling", "days": 180})]},
                {"kind": "none", "children": [orders("count", "=", 0)]},
            ),
            "是湖滨店的好友（近 30 天添加），并且（有标签 香氛，或者近 180 天净消费至少 ¥200.50），并且不符合「从没下过单」的客户。",
            "Everyone who is a friend of 湖滨店 (added in the last 30 days), and (has the tag 香氛, or spent at least"
            " ¥200.50 in the last 180 days), and is not someone who (placed no order so far).",
        ),
        (
            tree(
                {"kind": "tag", "match": "all", "tag_ids": [1, 2]},
                orders("days_since_last", "<=", 1),
                {"kind": "profile", "genders": [1, 2], "has_mobile": False},
                kind="none",
            ),
            "以下都不符合「同时有标签 香氛、茶器；最近一单距今至多 1 天；性别是男或女、没有手机号」的客户。",
            "Everyone except anyone who has all of the tags 香氛, 茶器, or last ordered at most 1 day ago, or is male or female"
            " and has no mobile number.",
        ),
        (
            tree(
                {"kind": "tag", "match": "none", "tag_ids": [9]},
                {
                    "kind": "orders",
                    "measure": "count",
                    "window": {"kind": "between", "start": "2026-01-01", "end": "2026-01-31"},
                    "comparison": {"operator": "between", "low": 1, "high": 3},
                },
                kind="any",
            ),
            "没有标签 已删除 #9，或者2026-01-01 至 2026-01-31 间下单 1 到 3 单的客户。",
            "Everyone who lacks the tag deleted #9, or placed between 1 and 3 orders from 2026-01-01 to 2026-01-31.",
        ),
    ],
)
def test_a_definition_reads_as_a_sentence(raw: object, zh: str, en: str) -> None:
    definition = parse(raw)
    assert sentence(definition, NAMES, "zh") == zh
    assert sentence(definition, NAMES, "en") == en
