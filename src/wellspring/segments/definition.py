"""The typed tree of a segment, and reading it from JSON: strict, with limits, each problem at its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from wellspring.segments.errors import InvalidDefinition
from wellspring.segments.leaves import Leaf, leaf_kinds

VERSION = 1
MAX_DEPTH = 5
MAX_LEAVES = 60
"""Limits of a tree that a person can still read; also the bound on what one query may cost."""

GroupKind = Literal["all", "any", "none", "at_least"]
GROUPS: tuple[GroupKind, ...] = ("all", "any", "none", "at_least")


@dataclass(frozen=True)
class Group:
    """`all`: every child holds; `any`: at least one; `none`: not one; `at_least`: `n` of them (0 for the others)."""

    kind: GroupKind
    children: tuple[Node, ...]
    n: int = 0


Node = Group | Leaf


@dataclass(frozen=True)
class Definition:
    root: Group

    def dump(self) -> dict[str, Any]:
        """JSON for storing and for the console; `parse` reads it back to an equal definition."""
        return {"version": VERSION, "root": _dump(self.root)}


def _dump(node: Node) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return node.model_dump(mode="json")
    children = [_dump(child) for child in node.children]
    return {"kind": node.kind, **({"n": node.n} if node.kind == "at_least" else {}), "children": children}


def walk(node: Node, path: str = "root") -> Iterator[tuple[str, Node]]:
    """Every node with its path, parents first: `root`, `root.children.0`, ..."""
    yield path, node
    if isinstance(node, Group):
        for index, child in enumerate(node.children):
            yield from walk(child, f"{path}.children.{index}")


def leaves(definition: Definition) -> list[tuple[str, Leaf]]:
    return [(path, node) for path, node in walk(definition.root) if isinstance(node, Leaf)]


def parse(raw: object) -> Definition:
    """Raises InvalidDefinition with every problem found, by path."""
    reader = _Reader()
    root = reader.definition(raw)
    if reader.problems or root is None:
        raise InvalidDefinition(reader.problems)
    return Definition(root)


class _Reader:
    def __init__(self) -> None:
        self.problems: dict[str, tuple[str, str]] = {}
        self.leaves = 0

    def refuse(self, path: str, zh: str, en: str) -> None:
        self.problems.setdefault(path, (zh, en))

    def definition(self, raw: object) -> Group | None:
        if not isinstance(raw, Mapping):
            self.refuse("root", "人群条件要是一个对象。", "The definition must be an object.")
            return None
        if raw.get("version") != VERSION or isinstance(raw.get("version"), bool):
            self.refuse(
                "version", f"只认识第 {VERSION} 版的人群条件。", f"Only version {VERSION} of definitions is known."
            )
        self._no_others(raw, {"version", "root"}, "")
        node = self.node(raw.get("root"), "root", 1)
        if isinstance(node, Leaf):
            self.refuse("root", "最外层要是一组条件。", "The outermost node must be a group.")
            return None
        return node

    def node(self, raw: object, path: str, depth: int) -> Node | None:
        if not isinstance(raw, Mapping):
            self.refuse(path, "条件要是一个对象。", "A condition must be an object.")
            return None
        kind = raw.get("kind")
        if kind in GROUPS:
            return self.group(raw, path, depth)
        if not isinstance(kind, str) or kind not in leaf_kinds():
            self.refuse(f"{path}.kind", "没有这种条件。", "There is no such condition.")
            return None
        return self.leaf(raw, kind, path)

    def group(self, raw: Mapping[Any, Any], path: str, depth: int) -> Group | None:
        if depth > MAX_DEPTH:
            self.refuse(path, f"条件最多嵌套 {MAX_DEPTH} 层。", f"Conditions may be nested {MAX_DEPTH} levels at most.")
            return None
        counted = raw["kind"] == "at_least"
        self._no_others(raw, {"kind", "children", *(("n",) if counted else ())}, path)
        children = raw.get("children")
        if not isinstance(children, list) or not children:
            self.refuse(f"{path}.children", "这一组里还没有条件。", "This group has no condition yet.")
            return None
        if len(children) > MAX_LEAVES:
            self.too_many(path)
            return None
        nodes = [self.node(child, f"{path}.children.{i}", depth + 1) for i, child in enumerate(children)]
        n = raw.get("n") if counted else 0
        if counted and (not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= len(nodes)):
            zh, en = f"要是 1 到 {len(nodes)} 的整数。", f"This must be a whole number from 1 to {len(nodes)}."
            self.refuse(f"{path}.n", zh, en)
            return None
        return Group(raw["kind"], tuple(node for node in nodes if node is not None), n if isinstance(n, int) else 0)

    def leaf(self, raw: Mapping[Any, Any], kind: str, path: str) -> Leaf | None:
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            self.too_many("root")
            return None
        try:
            return leaf_kinds()[kind].model.model_validate(dict(raw))
        except ValidationError as error:
            for item in error.errors(include_url=False):
                field = ".".join([path, *_field_parts(item["loc"])])
                self.refuse(field, *_reason(item["type"], item.get("ctx", {})))
            return None

    def too_many(self, path: str) -> None:
        self.refuse(path, f"一个人群最多 {MAX_LEAVES} 条条件。", f"A segment has at most {MAX_LEAVES} conditions.")

    def _no_others(self, raw: Mapping[Any, Any], known: set[str], path: str) -> None:
        for key in raw:
            if key not in known:
                field = f"{path}.{str(key)[:40]}".lstrip(".")
                self.refuse(field, "不认识的字段。", "Unknown field.")


_UNION_TAGS = {"ever", "rolling", "between", ">=", "<=", "="}


def _field_parts(location: tuple[int | str, ...]) -> list[str]:
    """pydantic puts the tag of a chosen union member into the location; a form has no field for it."""
    return [str(part)[:40] for part in location if part not in _UNION_TAGS]


def _reason(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind.startswith("segments_"):
        return str(context["zh"]), str(context["en"])
    for start, zh, en in _REASONS:
        if kind.startswith(start):
            return zh.format(**context), en.format(**context)
    return "这里填得不对。", "This is not right."


_REASONS: tuple[tuple[str, str, str], ...] = (
    ("missing", "这一项要填。", "This is required."),
    ("extra_forbidden", "不认识的字段。", "Unknown field."),
    ("int_", "要填整数。", "This must be a whole number."),
    ("bool_", "只能是或否。", "This is yes or no."),
    ("string_too_long", "最多 {max_length} 个字。", "At most {max_length} characters."),
    ("string_too_short", "这一项要填。", "This is required."),
    ("string_", "要填文字。", "This must be text."),
    ("list_type", "要是一个列表。", "This must be a list."),
    ("too_short", "至少选 {min_length} 项。", "Choose at least {min_length}."),
    ("too_long", "最多选 {max_length} 项。", "Choose at most {max_length}."),
    ("greater_than_equal", "不能小于 {ge}。", "Must not be less than {ge}."),
    ("less_than_equal", "不能大于 {le}。", "Must not be more than {le}."),
    ("literal_error", "只能是 {expected}。", "This must be {expected}."),
    ("union_tag", "没有这种选择。", "There is no such choice."),
    ("date_", "要填日期，如 2026-03-05。", "This must be a day like 2026-03-05."),
)
