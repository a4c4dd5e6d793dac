"""Calendar windows: which instants they cover, seen from one moment in the company's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MAX_DAYS = 36_500
"""A hundred years: the warehouse's time type reaches back to 1900."""
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


def problem(code: str, zh: str, en: str) -> PydanticCustomError:
    """A validation error that can be told in both languages."""
    return PydanticCustomError(f"segments_{code}", "{en}", {"zh": zh, "en": en})


def printable(value: str) -> str:
    """Texts are stored as JSON in PostgreSQL, which cannot hold the NUL character."""
    if any(ord(letter) < 32 for letter in value):
        raise problem("control", "不能有控制字符。", "Control characters are not allowed.")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError as error:
            raise problem("day", "日期要写成 2026-03-05 这样。", "Write the day like 2026-03-05.") from error
    if isinstance(value, date) and not isinstance(value, datetime) and not FIRST_DAY <= value <= LAST_DAY:
        raise problem(
            "day", f"日期要在 {FIRST_DAY} 到 {LAST_DAY} 之间。", f"The day must lie between {FIRST_DAY} and {LAST_DAY}."
        )
    return value


Day = Annotated[date, BeforeValidator(_day)]


@dataclass(frozen=True)
class Moment:
    """`now` and the time zone in which days begin. Instants are cut to milliseconds, as the warehouse keeps them."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Midnight of a calendar day, as an instant."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)


def milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class Ever(BaseModel):
    """No bounds."""

    model_config = STRICT
    kind: Literal["ever"] = "ever"


class Rolling(BaseModel):
    """The last `days` calendar days before today, and today so far."""

    model_config = STRICT
    kind: Literal["rolling"]
    days: int = Field(ge=1, le=MAX_DAYS)


class Between(BaseModel):
    """From the beginning of `start` to the end of `end`."""

    model_config = STRICT
    kind: Literal["between"]
    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Between:
        if self.end < self.start:
            raise problem("order", "结束日期在开始日期之前。", "The end lies before the start.")
        return self


AnyWindow = Ever | Rolling | Between
Window = Annotated[AnyWindow, Field(discriminator="kind")]


def bounds(window: AnyWindow, moment: Moment) -> tuple[datetime | None, datetime | None]:
    """(first instant inside, first instant after): None where it is open. For the compiler."""
    if isinstance(window, Rolling):
        return moment.start_of(moment.days_ago(window.days)), None
    if isinstance(window, Between):
        return moment.start_of(window.start), moment.start_of(window.end + timedelta(days=1))
    return None, None


def covers(window: AnyWindow, instant: datetime, moment: Moment) -> bool:
    """For the evaluator: by calendar days, without the instants that the compiler uses."""
    day = moment.day_of(instant)
    if isinstance(window, Rolling):
        return (moment.today - day).days <= window.days
    if isinstance(window, Between):
        return window.start <= day <= window.end
    return True


def window_words(window: AnyWindow, language: Literal["zh", "en"]) -> str:
    """ "近 180 天", "in the last 180 days"; empty for ever."""
    zh = language == "zh"
    if isinstance(window, Rolling):
        return f"近 {window.days} 天" if zh else f"in the last {window.days} {'day' if window.days == 1 else 'days'}"
    if isinstance(window, Between):
        return f"{window.start} 至 {window.end} 间" if zh else f"from {window.start} to {window.end}"
    return ""
