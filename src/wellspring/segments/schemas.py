"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wellspring.segments.leaves.feature import FeatureKind

DefinitionJson = Annotated[
    dict[str, Any],
    Field(
        description='{"version": 1, "root": {"kind": "all"|"any"|"none"|"at_least", "children": [...]}}; "at_least" takes "n";'
        " the leaves and their fields stand in GET /api/v1/segments/catalogue. Checked strictly: unknown fields are refused by path.",
    ),
]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SegmentInput(Body):
    name: str
    description: str = ""
    definition: DefinitionJson


class SegmentChange(SegmentInput):
    """`version`: the one that was edited; another one meanwhile is a refusal."""

    version: int


class SegmentPiece(BaseModel):
    """A stretch of the sentence; `path` names the leaf it tells of."""

    text: str
    path: str | None


class SegmentView(BaseModel):
    """`sentence` is null when the definition uses a condition that this installation doesn't know."""

    id: int
    name: str
    description: str
    sentence: str | None
    version: int
    last_count: int | None
    last_counted_at: datetime | None
    created_by: str
    updated_by: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class SegmentDetail(SegmentView):
    """`names`: of the tags, staff, stores, products and segments in the definition, by kind and id, for the builder's pickers."""

    definition: DefinitionJson
    names: dict[str, dict[int, str]]


class SegmentVersionView(BaseModel):
    version: int
    name: str
    description: str
    sentence: str | None
    definition: DefinitionJson
    saved_at: datetime
    saved_by: str


class SegmentFreshness(BaseModel):
    """`as_of`: what was committed before it counts; `behind_seconds` real time; `stale`: a snapshot refuses."""

    as_of: datetime | None
    behind_seconds: float | None
    limit_minutes: int
    stale: bool


class SegmentPerson(BaseModel):
    id: int
    name: str
    staff_name: str
    store_name: str


class SegmentPreviewInput(Body):
    """`seed` chooses which people are shown; another one shows others."""

    definition: DefinitionJson
    seed: int = 0
    sample_size: Annotated[int, Field(ge=0, le=20)] = 4


class SegmentPreview(BaseModel):
    """`count` of `total` in the caller's scope; `by_leaf` by path, each leaf by itself."""

    count: int
    total: int
    by_leaf: dict[str, int]
    took_ms: int
    freshness: SegmentFreshness
    sentence: list[SegmentPiece]
    sample: list[SegmentPerson]


class SegmentExplainInput(Body):
    definition: DefinitionJson


class SegmentVerdict(BaseModel):
    """One node: does it hold for this customer, how it reads, and what is the case."""

    path: str
    kind: str
    holds: bool
    clause: str
    text: str
    children: list[SegmentVerdict]


class SegmentExplanation(BaseModel):
    customer_id: int
    name: str
    inside: bool
    root: SegmentVerdict


class SegmentSnapshotView(BaseModel):
    id: int
    segment_id: int | None
    size: int
    taken_at: datetime
    taken_by: str
    as_of: datetime


class SegmentLeafKind(BaseModel):
    """A kind of condition; `json_schema` describes its fields."""

    kind: str
    name: str
    json_schema: dict[str, Any]


class SegmentFeature(BaseModel):
    """A kept figure of a customer that conditions compare. `kind`: money in fen, percent as a whole number, days_ago and
    days_ahead in days from today; choice: one of `choices`, by code."""

    column: str
    kind: FeatureKind
    name: str
    choices: dict[str, str]


class SegmentCatalogue(BaseModel):
    version: int
    max_depth: int
    max_leaves: int
    leaves: list[SegmentLeafKind]
    add_ways: dict[int, str]
    features: list[SegmentFeature]


class SegmentEventKind(BaseModel):
    """`recent`: how often it happened in the last 90 days."""

    kind: str
    name: str
    recent: int


class SegmentEventProperty(BaseModel):
    """`kind`: what it mostly is. `values`: the commonest texts that several people have."""

    path: list[str]
    kind: Literal["text", "number"]
    seen: int
    values: list[str]


class SegmentEventProperties(BaseModel):
    """Learned from `sampled` events of the last 90 days: what is rare may be missing."""

    sampled: int
    properties: list[SegmentEventProperty]
