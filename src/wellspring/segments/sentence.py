"""A definition as one readable sentence."""

from __future__ import annotations

from dataclasses import dataclass

from wellspring.platform.errors import Language
from wellspring.segments.definition import Definition, Group, Node
from wellspring.segments.leaves import Leaf, Names


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence; `path` is the leaf it tells of, None for the words between."""

    text: str
    path: str | None = None


def sentence_pieces(definition: Definition, names: Names, language: Language) -> list[Piece]:
    """Chinese: 是湖滨店的好友，并且近 180 天下过单，且不是……的客户。 English: Everyone who ..."""
    root, zh = definition.root, language == "zh"
    but = root.kind == "none" and not zh
    body = _group(Group("any", root.children) if but else root, "root", names, language)
    if zh:
        return [*body, Piece("的客户。")]
    return [Piece("Everyone except anyone who " if but else "Everyone who "), *body, Piece(".")]


def sentence(definition: Definition, names: Names, language: Language) -> str:
    return "".join(piece.text for piece in sentence_pieces(definition, names, language))


def _node(node: Node, path: str, names: Names, language: Language) -> list[Piece]:
    if isinstance(node, Leaf):
        return [Piece(node.clause(names, language), path)]
    pieces = _group(node, path, names, language)
    # "none of" already reads as one thing; the brackets are for what is joined by and / or.
    if node.kind in ("none", "at_least") or len(node.children) == 1:
        return pieces
    return [Piece("（" if language == "zh" else "("), *pieces, Piece("）" if language == "zh" else ")")]


def _group(group: Group, path: str, names: Names, language: Language) -> list[Piece]:
    zh = language == "zh"
    joint = {
        "all": "，并且" if zh else ", and ",
        "any": "，或者" if zh else ", or ",
        "none": "；" if zh else "; or ",
        "at_least": "；" if zh else "; ",
    }
    pieces: list[Piece] = []
    for index, child in enumerate(group.children):
        if index:
            pieces.append(Piece(joint[group.kind]))
        pieces += _node(child, f"{path}.children.{index}", names, language)
    if group.kind == "at_least":
        return [
            Piece("至少符合「" if zh else f"fits at least {group.n} of ("),
            *pieces,
            Piece(f"」中的 {group.n} 条" if zh else ")"),
        ]
    if group.kind != "none":
        return pieces
    single = len(group.children) == 1
    if zh:
        return [Piece("不符合「" if single else "以下都不符合「"), *pieces, Piece("」")]
    return [Piece("is not someone who ("), *pieces, Piece(")")]
