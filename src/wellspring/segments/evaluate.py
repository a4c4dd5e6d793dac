"""The second way: one person judged in plain Python. For the operator it explains; for the tests it is the oracle."""

from __future__ import annotations

from dataclasses import dataclass

from wellspring.platform.errors import Language
from wellspring.segments.definition import Definition, Group, Node
from wellspring.segments.leaves import Facts, Leaf, Names
from wellspring.segments.windows import Moment


@dataclass(frozen=True)
class Verdict:
    """Of one node: `text` is what is the case for a leaf, how many children hold for a group."""

    path: str
    kind: str
    holds: bool
    clause: str
    text: str
    children: tuple[Verdict, ...] = ()


def holds(node: Node, facts: Facts, moment: Moment) -> bool:
    if isinstance(node, Leaf):
        return node.holds(facts, moment)
    assert isinstance(node, Group)
    found = [holds(child, facts, moment) for child in node.children]
    match node.kind:
        case "all":
            return all(found)
        case "any":
            return any(found)
        case "none":
            return not any(found)
        case "at_least":
            return sum(found) >= node.n


def explain(definition: Definition, facts: Facts, moment: Moment, names: Names, language: Language) -> Verdict:
    """Every node, whether it holds and why in words."""

    def judge(node: Node, path: str) -> Verdict:
        if isinstance(node, Leaf):
            text = node.evidence(facts, moment, names, language)
            kind = str(getattr(node, "kind", ""))
            return Verdict(path, kind, node.holds(facts, moment), node.clause(names, language), text)
        children = tuple(judge(child, f"{path}.children.{i}") for i, child in enumerate(node.children))
        hits = sum(child.holds for child in children)
        title, text = _group_words(node, hits, language)
        return Verdict(path, node.kind, holds(node, facts, moment), title, text, children)

    return judge(definition.root, "root")


def _group_words(group: Group, hits: int, language: Language) -> tuple[str, str]:
    n = len(group.children)
    if language == "zh":
        title = {"all": "全部满足", "any": "任一满足", "none": "都不满足", "at_least": f"至少满足 {group.n} 条"}[
            group.kind
        ]
        return title, f"{n} 条中了 {hits} 条"
    title = {
        "all": "All of these", "any": "Any of these", "none": "None of these", "at_least": f"At least {group.n} of these",
    }[group.kind]  # fmt: skip
    return title, f"{hits} of {n} hold"
