"""What every analysis is handed: whose customers, up to when, from where they are read.

An analysis asks one question per customer and counts the answers, so the sum over shards is the whole. Whose customers
those are, is decided here and nowhere else: the actor's data scope (customers with at least one relationship, of any
status, to the staff in scope; the same rule as for segments) and, where one is chosen, a segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from wellspring.platform import company_settings
from wellspring.platform.auth.actor import Scope
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import Warehouse, readable, staleness
from wellspring.platform.warehouse.client import Row
from wellspring.segments import facade as segments

MOMENT = timedelta(milliseconds=1)
"""The warehouse knows no shorter time."""


@dataclass(frozen=True)
class Study:
    """`people`: who is looked at; None: everybody. `as_of`: how fresh the facts are, by the platform's clock."""

    warehouse: Warehouse
    now: datetime
    zone: ZoneInfo
    people: segments.Selection | None = None
    as_of: datetime | None = None
    behind: timedelta | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def end_of(self, day: date | None) -> datetime:
        """The last instant that counts: the end of that day, never later than now."""
        return self.now if day is None else min(self.now, self.start_of(day + timedelta(days=1)) - MOMENT)

    def chosen(self, column: str = "customer_id") -> str:
        """The condition that a row belongs to somebody who is looked at."""
        nobody = f"{column} != 0"
        return nobody if self.people is None else f"{nobody} and {column} in ({self.people.ids})"

    def readable(self, table: str) -> str:
        return readable(self.warehouse, table)

    def query(self, sql: str, **parameters: Any) -> list[Row]:
        """`zone` and the parameters of the people are always bound; instants are bound as epoch milliseconds."""
        bound = {
            name: milliseconds(value) if isinstance(value, datetime) else value for name, value in parameters.items()
        }
        selected = dict(self.people.parameters) if self.people else {}
        return self.warehouse.query(sql, {**selected, "zone": self.zone.key, **bound})


def milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def open_study(session: Session, platform: Platform, scope: Scope, segment_id: int | None) -> Study:
    """Raises SegmentNotFound."""
    behind, now = staleness(session).behind, platform.clock.now()
    return Study(
        platform.warehouse,
        now,
        company_settings.read(session).zone,
        segments.select_people(session, platform, segment_id, scope),
        None if behind is None else now - behind,
        behind,
    )


def instant(parameter: str) -> str:
    return f"fromUnixTimestamp64Milli({{{parameter}:Int64}}, 'UTC')"


def day(expression: str) -> str:
    """The calendar day in the company's time zone, in days since 1970."""
    return f"toInt32(toDate({expression}, {{zone:String}}))"
