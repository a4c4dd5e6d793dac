"""What the HTTP interface of the connection takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wellspring.wecom.client import DEFAULT_BASE_URL


class CompanyConnection(BaseModel):
    """The connection. Secrets are never given out: `..._set` says whether they are there. `connected`: there is a corp
    id and a secret, so calls can be made. `domain_proof`: public, it stands at a public address."""

    connected: bool
    corp_id: str = ""
    name: str = ""
    agent_id: int = 0
    base_url: str = DEFAULT_BASE_URL
    secret_set: bool = False
    token_set: bool = False
    aes_key_set: bool = False
    callback_url: str
    callback_tolerance_seconds: int = 3600
    sign_in_base_url: str = ""
    domain_proof: str = ""
    callback_verified_at: datetime | None = None
    connected_at: datetime | None = None
    last_full_sync_at: datetime | None = None
    last_error: str | None = None


class CompanyWish(BaseModel):
    """A secret left out stays as it is; the first time all three are needed."""

    model_config = ConfigDict(extra="forbid")

    corp_id: str = Field(max_length=64)
    name: str = Field("", max_length=100)
    agent_id: int = Field(0, ge=0)
    base_url: str = Field(DEFAULT_BASE_URL, max_length=300)
    secret: str | None = Field(None, max_length=200)
    token: str | None = Field(None, max_length=64)
    aes_key: str | None = Field(None, max_length=64)
    callback_tolerance_seconds: int | None = Field(None, ge=30, le=86_400)
    sign_in_base_url: str | None = Field(None, max_length=300)


class ConnectionChange(BaseModel):
    """Some of the settings, as the guide saves them step by step; what is left out stays. The first names the corp
    id. `sign_in_base_url` empty: WeCom's own sign-in pages. `domain_proof`: the name of WeCom's verification file."""

    model_config = ConfigDict(extra="forbid")

    corp_id: str | None = Field(None, max_length=64)
    name: str | None = Field(None, max_length=100)
    agent_id: int | None = Field(None, ge=1)
    base_url: str | None = Field(None, max_length=300)
    sign_in_base_url: str | None = Field(None, max_length=300)
    secret: str | None = Field(None, max_length=200)
    token: str | None = Field(None, max_length=64)
    aes_key: str | None = Field(None, max_length=64)
    domain_proof: str | None = Field(None, max_length=100)
    callback_tolerance_seconds: int | None = Field(None, ge=30, le=86_400)


CheckName = Literal[
    "token",
    "departments",
    "members",
    "follow_users",
    "customers",
    "groups",
    "tags",
    "contact_ways",
    "messages",
    "sign_in",
]


class Check(BaseModel):
    """One right that was tried. `reason`: a stable word when it doesn't work; `caller_ip`: this server's address as
    WeCom named it when it refused it."""

    name: CheckName
    works: bool
    count: int | None = None
    reason: str = ""
    message: str = ""
    caller_ip: str = ""


class Feature(BaseModel):
    """A part of the product, and the rights it goes without."""

    name: str
    missing: list[CheckName]


class ConnectionTest(BaseModel):
    """`checks` ends at the token when that can't be had: nothing else was tried then."""

    works: bool
    checks: list[Check]
    features: list[Feature]
    at: datetime | None = None


class GuideStep(BaseModel):
    """`reason`: a stable word; `detail`: what it is about, an address for instance; `at`: when it was seen."""

    name: Literal["company", "app", "callback", "address", "rights", "domain", "sync"]
    state: Literal["done", "todo", "failed"]
    reason: str = ""
    detail: str = ""
    at: datetime | None = None


class Guide(BaseModel):
    """The way to a working connection. `public_host`: what goes into WeCom's list of trusted domains;
    `host_is_public`: whether WeCom would take it."""

    connection: CompanyConnection
    steps: list[GuideStep]
    test: ConnectionTest | None
    last_callback_at: datetime | None
    public_host: str
    host_is_public: bool


class SyncRun(BaseModel):
    """`counts`: what has been handed over so far, by kind. `progress`: 0 to 1, by steps rather than customers.
    `corrections`: what was other than known, by a stable word; empty for the first sync, which corrects nothing.
    `skipped`: customer groups that WeCom would not show, by its reason.
    `first`: no sync was done before it."""

    id: int
    first: bool
    kind: Literal["full", "scheduled"]
    status: Literal["running", "done", "failed"]
    stage: str
    counts: dict[str, int]
    corrections: dict[str, int]
    skipped: dict[str, int]
    progress: float
    started_at: datetime
    finished_at: datetime | None
    error: str | None


class SyncState(BaseModel):
    running: bool
    latest: SyncRun | None
    last_full_sync_at: datetime | None


class WecomStatus(BaseModel):
    """For the shell's footer and the home page."""

    connected: bool
    company_name: str
    last_full_sync_at: datetime | None
    sync_running: bool
    last_callback_at: datetime | None
    inbox_pending: int
    inbox_failed: int
    outbox_open: int
    outbox_unknown: int


class OutboxEntry(BaseModel):
    """A call. `payload` without one-time codes."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    status: Literal["planned", "sending", "done", "refused", "unknown"]
    attempts: int
    errcode: int | None
    error: str | None
    payload: dict[str, Any]
    result: dict[str, Any]
    created_at: datetime
    not_after: datetime | None
    sending_at: datetime | None
    settled_at: datetime | None


class OutboxDecision(BaseModel):
    """A person's word on a call whose outcome WeCom could not tell. `reference`: what WeCom calls it (msgid,
    config_id), needed with took_effect where later calls refer to it."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["took_effect", "had_no_effect", "send_again"]
    reference: str | None = Field(None, max_length=200)


class MediaInfo(BaseModel):
    """`size`: bytes. `url`: where the picture is."""

    id: int
    filename: str
    content_type: str
    size: int
    url: str
