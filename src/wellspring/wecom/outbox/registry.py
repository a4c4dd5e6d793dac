"""How each kind of call is made, asked about, and who wants to know how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.client import WecomClient
from wellspring.wecom.models import WecomOutbox

Payload = dict[str, Any]
Settled = Callable[[Session, Platform, WecomOutbox], None]


@dataclass(frozen=True)
class Resolution:
    """What WeCom said when asked about a call of unknown outcome.

    `done`: it took effect, `result` as the call would have answered. `absent`: WeCom shows no trace of it.
    `unclear`: it can't be told (yet); `note` says why, `candidates` what was found.
    """

    outcome: Literal["done", "absent", "unclear"]
    result: dict[str, Any] | None = None
    note: str = ""
    candidates: list[str] | None = None


@dataclass(frozen=True)
class Executor:
    """`make` calls WeCom and answers the result to be kept. `resolve` asks about a call of unknown outcome; None
    with `repeatable` means that making it again does no harm, None without it that WeCom can't tell.
    `already`: errcodes that say the effect is already there; `already_if_repeated`: that say so only when the call
    may have been made before (a welcome code works once, so making the call again is a way of asking).
    `patience`: seconds between two tries while `not_after` lasts, for calls that can't wait for the queue."""

    kind: str
    make: Callable[[Platform, WecomClient, Payload], dict[str, Any]]
    resolve: Callable[[Platform, WecomClient, WecomOutbox], Resolution] | None = None
    repeatable: bool = False
    already: frozenset[int] = frozenset()
    already_if_repeated: frozenset[int] = frozenset()
    patience: float | None = None


_executors: dict[str, Executor] = {}
_settled: dict[str, list[Settled]] = {}


def add_executor(executor: Executor) -> None:
    _executors[executor.kind] = executor


def executor_of(kind: str) -> Executor:
    """Raises KeyError for a kind nobody can make: a bug at the place that plans it."""
    return _executors[kind]


def on_settled(kind: str, handler: Settled) -> None:
    """`handler(session, platform, row)` runs in the transaction that records the end of a call of this kind:
    `row.status` is "done" (`row.result` is set) or "refused" (`row.error` is a stable reason, `row.errcode`
    WeCom's code). It runs once per call. Registering the same handler again changes nothing."""
    handlers = _settled.setdefault(kind, [])
    if handler not in handlers:
        handlers.append(handler)


def settled_handlers(kind: str) -> list[Settled]:
    return list(_settled.get(kind, ()))
