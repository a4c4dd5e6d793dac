"""What acquisition's endpoints take and give. Money is integer fen, instants are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from wellspring.acquisition.rules import ATTACHMENTS_MAX, STAFF_MAX
from wellspring.platform.http import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Status = Literal["pending", "active", "failed"]
Shown = Literal["pending", "active", "failed", "archived"]


class Named(BaseModel):
    id: int
    name: str


# -- channels --------------------------------------------------------------------------------------------------------
class ChannelBody(BaseModel):
    """`cost_fen`: what the channel cost so far, in fen."""

    name: Name
    parent_id: int | None = None
    cost_fen: int = Field(default=0, ge=0, le=10**13)
    note: str = Field(default="", max_length=500)


class ChannelChange(BaseModel):
    """What is left out stays as it is. `archived` true takes the channel out of the lists, false brings it back."""

    name: Name | None = None
    parent_id: int | None = None
    cost_fen: int | None = Field(default=None, ge=0, le=10**13)
    note: str | None = Field(default=None, max_length=500)
    archived: bool | None = None


class FiguresView(BaseModel):
    """Adds through the codes of a channel; `kept`: still friends now. The period is the one asked for."""

    model_config = ConfigDict(from_attributes=True)
    adds: int
    kept: int
    period_adds: int
    period_kept: int
    live_codes: int


class ChannelView(BaseModel):
    """`own` counts the channel's own codes, `total` those of its branches too. `cost_per_add_fen`: whole cost over all
    adds ever; null without adds or when the caller sees only a part of them."""

    id: int
    name: str
    path: str
    depth: int
    parent_id: int | None
    cost_fen: int
    total_cost_fen: int
    cost_per_add_fen: int | None
    note: str
    archived_at: datetime | None
    created_at: datetime
    own: FiguresView
    total: FiguresView


class ChannelList(BaseModel):
    """The whole tree, parents before their branches."""

    items: list[ChannelView]
    total: int


# -- welcome ---------------------------------------------------------------------------------------------------------
class ImageAttachment(BaseModel):
    """A picture uploaded before (`POST /api/v1/media`)."""

    kind: Literal["image"]
    media_file_id: int


class LinkAttachment(BaseModel):
    kind: Literal["link"]
    title: str
    url: str
    desc: str = ""
    pic_url: str = ""


Attachment = Annotated[ImageAttachment | LinkAttachment, Field(discriminator="kind")]


class Welcome(BaseModel):
    """`text` may hold {name} (the customer's) and {staff}; at most 4000 bytes. Nothing at all: no welcome is sent."""

    text: str = Field(default="", max_length=4000)
    attachments: list[Attachment] = Field(default_factory=list, max_length=ATTACHMENTS_MAX)


class Poster(BaseModel):
    """Words over and under the QR; `look`: colours of the paper."""

    title: str = Field(default="", max_length=24)
    subtitle: str = Field(default="", max_length=48)
    look: Literal["paper", "teal", "ink"] = "paper"


# -- live codes ------------------------------------------------------------------------------------------------------
class LiveCodeBody(BaseModel):
    name: Name
    channel_id: int
    store_id: int | None = None
    staff_ids: list[int] = Field(min_length=1, max_length=STAFF_MAX)
    skip_verify: bool = True
    remark_template: str = Field(default="", max_length=100)
    tag_ids: list[int] = Field(default_factory=list, max_length=50)
    welcome: Welcome = Field(default_factory=Welcome)
    poster: Poster = Field(default_factory=Poster)


class LiveCodeChange(LiveCodeBody):
    """The whole code anew; `version` is the one that was read, so that nobody overwrites another's change unseen."""

    version: int


class StaffView(BaseModel):
    """`able`: may receive customers at present."""

    id: int
    name: str
    store_name: str | None
    able: bool


class CodeFigures(BaseModel):
    """`kept_30`: share (0..1) of the adds at least 30 days old that were still friends 30 days after; null without
    such adds. `cost_per_add_fen` is the channel's."""

    today: int
    last_30_days: int
    total: int
    kept_30: float | None
    kept_30_of: int
    cost_per_add_fen: int | None


class LiveCodeRow(BaseModel):
    id: int
    name: str
    channel: Named
    channel_path: str
    store: Named | None
    staff_count: int
    staff_names: list[str]
    staff_unable: int
    status: Shown
    error: str | None
    waiting: bool
    """A saved change has not reached WeCom yet."""
    created_at: datetime
    figures: CodeFigures


class LiveCodeTotals(BaseModel):
    """Over all codes that fit the filters, not only this page."""

    today: int
    last_30_days: int
    kept_30: float | None
    kept_30_of: int


class LiveCodePage(Page[LiveCodeRow]):
    totals: LiveCodeTotals


class WelcomeFigures(BaseModel):
    """Welcomes of the last 30 days. `median_seconds`: from the add to the delivery."""

    sent: int
    failed: int
    median_seconds: float | None
    reasons: dict[str, int]


class LiveCodeView(BaseModel):
    """`remark_example`: the remark that a customer called 小满 would get today."""

    id: int
    name: str
    channel: Named
    channel_path: str
    store: Named | None
    staff: list[StaffView]
    skip_verify: bool
    remark_template: str
    remark_example: str
    tags: list[Named]
    welcome: Welcome
    poster: Poster
    status: Status
    error: str | None
    waiting: bool
    archived_at: datetime | None
    version: int
    state: str
    has_qr: bool
    created_at: datetime
    figures: CodeFigures
    welcomes: WelcomeFigures


class OriginView(BaseModel):
    """Through which code and channel a customer came to a member of staff."""

    live_code: Named
    channel: Named
    channel_path: str
    staff: Named | None
    at: datetime
    still_friends: bool


class Origins(BaseModel):
    """Oldest first."""

    items: list[OriginView]
