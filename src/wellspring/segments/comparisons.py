"""Comparing a whole number with one or two others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from wellspring.segments.windows import STRICT, problem

LIMIT = 10**12
"""Ten billion yuan in fen; sums of such values stay far inside 128 bits."""

Value = Annotated[int, Field(ge=-LIMIT, le=LIMIT)]


class AtLeast(BaseModel):
    model_config = STRICT
    operator: Literal[">="]
    value: Value


class AtMost(BaseModel):
    model_config = STRICT
    operator: Literal["<="]
    value: Value


class Exactly(BaseModel):
    model_config = STRICT
    operator: Literal["="]
    value: Value


class Within(BaseModel):
    """Both ends included."""

    model_config = STRICT
    operator: Literal["between"]
    low: Value
    high: Value

    @model_validator(mode="after")
    def _in_order(self) -> Within:
        if self.high < self.low:
            raise problem("range", "上限比下限小。", "The upper limit is below the lower one.")
        return self


AnyComparison = AtLeast | AtMost | Exactly | Within
Comparison = Annotated[AnyComparison, Field(discriminator="operator")]


def limits(comparison: AnyComparison) -> tuple[int | None, int | None]:
    """(lowest value that fits, highest value that fits); None: no limit on that side."""
    match comparison:
        case AtLeast(value=value):
            return value, None
        case AtMost(value=value):
            return None, value
        case Exactly(value=value):
            return value, value
        case Within(low=low, high=high):
            return low, high


def fits(comparison: AnyComparison, value: float) -> bool:
    """`value` is an int, or a Fraction where a mean must be exact."""
    match comparison:
        case AtLeast():
            return value >= comparison.value
        case AtMost():
            return value <= comparison.value
        case Exactly():
            return value == comparison.value
        case Within():
            return comparison.low <= value <= comparison.high


def comparison_words(comparison: AnyComparison, unit: Callable[[int], str], language: Literal["zh", "en"]) -> str:
    """ "至少 2 单", "between ¥100 and ¥200"; `unit` writes a value with its unit."""
    zh = language == "zh"
    match comparison:
        case AtLeast(value=value):
            return ("至少 " if zh else "at least ") + unit(value)
        case AtMost(value=value):
            return ("至多 " if zh else "at most ") + unit(value)
        case Exactly(value=value):
            return ("正好 " if zh else "exactly ") + unit(value)
        case Within(low=low, high=high):
            # "1 到 3 单", "between 1 and 3 orders": a unit after the figure is said once.
            first = unit(low).split(" ")[0]
            return f"{first} 到 {unit(high)}" if zh else f"between {first} and {unit(high)}"
