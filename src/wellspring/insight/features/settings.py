"""What an operator may set about features. The defaults are the figures of the practice, or say why."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wellspring.platform.stored_settings import StoredSettings


class FeatureSettings(BaseModel):
    """Days are calendar days in the company's time zone.

    Lifecycle: `established_purchases` within `established_days` make a habit (the practice: 4 orders in a year); a habit is in
    decline from `decline_from_days` or `decline_gaps` own gaps on, whichever is later (30), and lost after
    `lost_after_days` or `lost_gaps` own gaps (120). `rhythm_gaps`: how many own gaps make a rhythm. `golden_days`: the golden two weeks.
    Quadrant: lines in fen and orders a year; null: the median of the buyers.
    `gap_weight`: how many gaps of the average buyer the expected date is blended with.
    """

    model_config = ConfigDict(extra="forbid")

    established_purchases: int = Field(4, ge=2, le=100)
    established_days: int = Field(365, ge=1, le=3650)
    decline_from_days: int = Field(30, ge=1, le=3650)
    decline_gaps: float = Field(1.5, ge=0, le=100)
    lost_after_days: int = Field(120, ge=1, le=3650)
    lost_gaps: float = Field(3, ge=0, le=100)
    rhythm_gaps: int = Field(2, ge=1, le=100)
    golden_days: int = Field(14, ge=1, le=365)

    quadrant_value_fen: int | None = Field(None, ge=0, le=10**12)
    quadrant_orders: float | None = Field(None, ge=0, le=10_000)

    gap_weight: int = Field(2, ge=0, le=100)

    sticky_acts: int = Field(2, ge=1, le=365)
    sticky_days: int = Field(90, ge=1, le=3650)
    trusting_purchases: int = Field(2, ge=1, le=100)
    trusting_unhurt_days: int = Field(180, ge=1, le=3650)
    convertible_days: int = Field(365, ge=1, le=3650)

    ignoring_touches: int = Field(3, ge=1, le=100)
    ignoring_days: int = Field(90, ge=1, le=3650)
    tired_touches: int = Field(4, ge=1, le=100)
    tired_days: int = Field(30, ge=1, le=3650)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lost_after_days < self.decline_from_days or self.lost_gaps < self.decline_gaps:
            raise ValueError("lost must not begin before decline")
        return self


_stored = StoredSettings("insight.features", FeatureSettings)
read_settings = _stored.read
write_settings = _stored.write
