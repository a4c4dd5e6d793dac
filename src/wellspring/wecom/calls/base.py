"""A call as data: its path, its answer's shape, and what a repeat of it would do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from wellspring.wecom.errors import BadArgument


class Wire(BaseModel):
    """A piece of WeCom's JSON. Fields that WeCom adds later are ignored, fields it leaves out have defaults."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        """Empty lists and texts come as null now and then."""
        if isinstance(data, dict) and None in data.values():
            return {name: value for name, value in data.items() if value is not None}
        return data


class Reply(Wire):
    """The envelope of every answer."""

    errcode: int = 0
    errmsg: str = ""


R = TypeVar("R", bound=Reply)


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


def required(field: str, value: Any) -> None:
    if value in (None, "", [], {}):
        raise BadArgument(field, "is empty")


def without_none(**fields: Any) -> dict[str, Any]:
    """The body without what wasn't given: WeCom takes null for a value."""
    return {name: value for name, value in fields.items() if value is not None}
