"""What the operator says about a file: which column is what, and how to read it."""

from __future__ import annotations

from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, Field, field_validator, model_validator

from wellspring.commerce.rules import Kind

FieldName = Literal[
    "number", "placed_at", "buyer", "code", "description", "quantity", "price", "amount", "store", "line_id"
]
FIELDS: tuple[FieldName, ...] = (
    "number",
    "placed_at",
    "buyer",
    "code",
    "description",
    "quantity",
    "price",
    "amount",
    "store",
    "line_id",
)
BuyerKind = Literal["buyer_id", "mobile", "unionid", "external_userid", "member_number"]


class Mapping(BaseModel):
    """The column (by its name in the file) of each field; null: the file has no such column.

    `price` is of one piece, `amount` of the whole line: one of the two must be there. Without `quantity` every
    line is one piece; without `code` the description stands for it. `line_id`: the source's own id of a line.
    """

    number: str | None = None
    placed_at: str | None = None
    buyer: str | None = None
    code: str | None = None
    description: str | None = None
    quantity: str | None = None
    price: str | None = None
    amount: str | None = None
    store: str | None = None
    line_id: str | None = None

    def used(self) -> dict[FieldName, str]:
        return {field: column for field in FIELDS if (column := getattr(self, field))}


class Options(BaseModel):
    """`date_format`: auto (ISO and its relatives, Excel dates), unix, unix_ms, or a strptime pattern.
    `on_error`: all_or_nothing takes nothing while a line is broken; keep_good leaves the broken ones out.
    `encoding`, `delimiter`, `sheet`: of the file, as found or as corrected. `kinds`: product kinds by code."""

    source: str = Field("", max_length=60)
    buyer_kind: BuyerKind = "buyer_id"
    buyer_source: str | None = Field(None, max_length=60, description="Source of the buyer's identity; none: `source`")
    time_zone: str = "Asia/Shanghai"
    date_format: str = Field("auto", max_length=60)
    price_unit: Literal["major", "minor"] = "major"
    on_error: Literal["all_or_nothing", "keep_good"] = "all_or_nothing"
    encoding: Literal["utf-8", "gb18030"] | None = None
    delimiter: Literal[",", "\t", ";", "|"] | None = None
    sheet: str | None = Field(None, max_length=60)
    kinds: dict[str, Kind] = Field(default_factory=dict, max_length=1000)

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("unknown time zone")
        return value

    @field_validator("source", "buyer_source")
    @classmethod
    def _trimmed(cls, value: str | None) -> str | None:
        return value.strip() if value is not None else None

    @field_validator("kinds")
    @classmethod
    def _codes_upper(cls, value: dict[str, Kind]) -> dict[str, Kind]:
        return {" ".join(code.split()).upper(): kind for code, kind in value.items()}

    @model_validator(mode="after")
    def _date_format_reads(self) -> Options:
        if self.date_format not in ("auto", "unix", "unix_ms") and not {"%Y", "%m", "%d"} <= {
            self.date_format[i : i + 2] for i in range(len(self.date_format))
        }:
            raise ValueError("date_format is auto, unix, unix_ms or a pattern with %Y, %m and %d")
        return self

    @property
    def identity_source(self) -> str:
        """The source under which buyers are known: identities that are unique everywhere have none."""
        if self.buyer_kind in ("mobile", "unionid", "external_userid"):
            return ""
        return self.buyer_source or self.source
