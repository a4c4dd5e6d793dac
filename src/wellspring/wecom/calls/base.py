"""A call as data: its path, its answer's shape, and what a repeat of it would do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from wellspring.wecom.errors import BadArgument


class Wire(BaseModel):
    """A piece of WeCom's JSON. Fields that WeCom adds later are ignored, fields it leaves out have defaults."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)


def without_nulls(data: Any) -> Any:
    """JSON in which null is absent: empty lists and texts come as null now and then. Once over the whole answer, and
    only where it has any, costs less than a look at each of its pieces while they are validated."""
    if isinstance(data, dict):
        return {name: without_nulls(value) for name, value in data.items() if value is not None}
    if isinstance(data, list):
        return [without_nulls(one) for one in data]
    return data


class Reply(Wire):
    """The envelope of every answer."""

    errcode: int = 0
    errmsg: str = ""


class Page(Reply):
    """One page of a list; `next_cursor` is empty on the last."""

    next_cursor: str = ""


class FileReply(Reply):
    """An answer that is a file and no JSON. `content_type` as the wire names it."""

    data: bytes = b""
    content_type: str = ""


R = TypeVar("R", bound=Reply)
P = TypeVar("P", bound=Page)
DAY = 86_400
SHANGHAI_OFFSET = 8 * 3600


class Effect(StrEnum):
    """What a repeat of the call does, hence how a cut connection is treated."""

    READ = "read"
    REPEATABLE = "repeatable"
    ONCE = "once"


@dataclass(frozen=True)
class Call(Generic[R]):
    """`path` begins behind /cgi-bin/."""

    method: str
    path: str
    reply: type[R]
    effect: Effect = Effect.READ


class Caller(Protocol):
    """What the groups of calls stand on: the client."""

    def call(
        self,
        call: Call[R],
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
    ) -> R: ...


def at_most_characters(field: str, value: str | None, limit: int) -> None:
    if value is not None and len(value) > limit:
        raise BadArgument(field, f"{len(value)} characters, at most {limit}")


def at_most_bytes(field: str, value: str | None, limit: int) -> None:
    """Bytes of UTF-8: a Chinese character is three."""
    if value is not None and (size := len(value.encode())) > limit:
        raise BadArgument(field, f"{size} bytes, at most {limit}")


def count_between(field: str, items: Any, low: int, high: int) -> None:
    if not low <= len(items) <= high:
        raise BadArgument(field, f"{len(items)} items, must be {low} to {high}")


def at_most_items(field: str, items: Collection[Any] | None, limit: int) -> None:
    if items is not None and len(items) > limit:
        raise BadArgument(field, f"{len(items)} items, at most {limit}")


def between(field: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise BadArgument(field, f"{value}, must be {low} to {high}")


def one_of(field: str, value: Any, allowed: Collection[Any]) -> None:
    if value not in allowed:
        raise BadArgument(field, f"{value!r}, must be one of {', '.join(map(str, allowed))}")


def at_most_days(field: str, start: int, end: int, days: int = 30) -> None:
    """A closed window of days, as WeCom counts them: both ends (seconds) floored to midnight in Shanghai."""
    first, last = (start + SHANGHAI_OFFSET) // DAY, (end + SHANGHAI_OFFSET) // DAY
    if not 1 <= last - first + 1 <= days:
        raise BadArgument(field, f"the window has {last - first + 1} days, must be 1 to {days}")


def at_most_seconds(field: str, start: int, end: int, seconds: int) -> None:
    """A window of time: the end not before the start, and not too long."""
    if not 0 <= end - start <= seconds:
        raise BadArgument(field, f"{end - start} seconds after the start, must be 0 to {seconds}")


def required(field: str, value: Any) -> None:
    if value in (None, "", [], {}):
        raise BadArgument(field, "is empty")


def without_none(**fields: Any) -> dict[str, Any]:
    """The body without what wasn't given: WeCom takes null for a value."""
    return {name: value for name, value in fields.items() if value is not None}


def pages(caller: Caller, call: Call[P], **fields: Any) -> Iterator[P]:
    """All pages of a list, following the cursor; `fields` are the body, None left out."""
    cursor, more = "", True
    while more:
        page = caller.call(call, body=without_none(**fields, cursor=cursor or None))
        yield page
        cursor, more = page.next_cursor, bool(page.next_cursor)
