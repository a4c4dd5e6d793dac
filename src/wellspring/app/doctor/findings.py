"""What a check answers, and how a list of it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `text` says in one sentence what is the case and, unless all is well, how to mend it."""

    name: str
    level: Level
    text: str


def ok(name: str, text: str) -> Finding:
    return Finding(name, "ok", text)


def warning(name: str, text: str) -> Finding:
    return Finding(name, "warning", text)


def wrong(name: str, text: str) -> Finding:
    return Finding(name, "wrong", text)


def looked_at(name: str, check: Callable[..., Iterable[Finding]], *arguments: Any) -> list[Finding]:
    """The check's findings; a check that breaks is itself something wrong, and the others go on."""
    try:
        return list(check(*arguments))
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0][:200]
        return [wrong(name, f"Could not be looked at: {type(error).__name__}: {first_line}")]


def report(findings: Sequence[Finding]) -> str:
    """One line each, the worst last, where the eye rests."""
    width = max((len(finding.name) for finding in findings), default=0)
    order: dict[Level, int] = {"ok": 0, "warning": 1, "wrong": 2}
    lines = [
        f"{finding.level:<8} {finding.name:<{width}}  {finding.text}"
        for finding in sorted(findings, key=lambda finding: order[finding.level])
    ]
    counts = {level: sum(finding.level == level for finding in findings) for level in order}
    return "\n".join(
        [*lines, "", f"{counts['ok']} in order, {counts['warning']} to know about, {counts['wrong']} wrong."]
    )


def verdict(findings: Sequence[Finding]) -> int:
    """Exit code: 1 when something is wrong."""
    return int(any(finding.level == "wrong" for finding in findings))
