"""Write the table of typed calls in docs/wecom/developer.md from the code.

    python scripts/wecom_call_table.py            rewrite the table
    python scripts/wecom_call_table.py --check    fail when it isn't true

Which method makes which call is read from the method's code: it names the call.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from wellspring.wecom.calls.base import Call
from wellspring.wecom.client import Connection, WecomClient

PAGE = Path(__file__).parent.parent / "docs" / "wecom" / "developer.md"
BEGIN, END = "<!-- calls: written by scripts/wecom_call_table.py -->", "<!-- /calls -->"


@dataclass(frozen=True)
class Row:
    """`where`: the methods of the client, joined by commas."""

    call: Call[Any]
    where: str


def rows() -> list[Row]:
    """Every call that a method of the client makes, in the order of the client's attributes."""
    client = WecomClient(connection=Connection(base_url="http://nowhere.invalid"), tokens=None)  # type: ignore[arg-type]
    made: dict[Call[Any], list[str]] = {}
    for attribute, group in vars(client).items():
        if attribute.startswith("_") or not type(group).__module__.startswith("wellspring.wecom.calls."):
            continue
        known = described(sys.modules[type(group).__module__])
        known |= described(group)
        for name, method in vars(type(group)).items():
            if name.startswith("_") or not hasattr(method, "__code__"):
                continue
            for called in known.keys() & names(method.__code__, type(group)):
                made.setdefault(known[called], []).append(f"{attribute}.{name}")
    return [Row(call, ", ".join(f"`{where}`" for where in places)) for call, places in made.items()]


def described(holder: Any) -> dict[str, Call[Any]]:
    """The calls that a module or an instance holds, also those in a record of calls, by name."""
    found: dict[str, Call[Any]] = {}
    for name, value in vars(holder).items():
        if isinstance(value, Call):
            found[name] = value
        elif name == "_calls" and is_dataclass(value):
            found |= {field.name: getattr(value, field.name) for field in fields(value)}
    return found


def names(code: CodeType, group: type) -> set[str]:
    """What a piece of code refers to, the code within it and the group's own helpers included."""
    found = set(code.co_names)
    for one in code.co_consts:
        found |= names(one, group) if isinstance(one, CodeType) else set()
    for name in code.co_names:
        helper = vars(group).get(name) if name.startswith("_") else None
        helper = getattr(helper, "__func__", helper)
        found |= names(helper.__code__, group) if hasattr(helper, "__code__") else set()
    return found


def table() -> Iterator[str]:
    yield "| path | method of the client | a repeat is |"
    yield "|---|---|---|"
    for row in sorted(rows(), key=lambda one: one.call.path):
        yield f"| {row.call.method} `{row.call.path}` | {row.where} | {row.call.effect} |"


def page_with_table(page: str) -> str:
    """The page with the table between its two marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return before + "\n".join([BEGIN, *table(), END]) + after


if __name__ == "__main__":
    there = PAGE.read_text()
    wanted = page_with_table(there)
    if "--check" in sys.argv:
        sys.exit(0 if there == wanted else "docs/wecom/developer.md: run python scripts/wecom_call_table.py")
    PAGE.write_text(wanted)
