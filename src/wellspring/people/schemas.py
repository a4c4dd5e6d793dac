"""What goes over the wire: organisation, staff, tags."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field, field_validator

DepartmentKind = Literal["department", "region", "store"]


class StoreView(BaseModel):
    """`hours`: as the store tells its customers, e.g. 10:00-22:00."""

    code: str
    city: str
    address: str
    latitude: float | None
    longitude: float | None
    hours: str


class DepartmentView(BaseModel):
    """A node of the tree. `staff` and `friends` count the whole subtree: members who have not left, and friendships
    that last. `kind_chosen`: an operator said so. `store` is set for stores."""

    id: int
    parent_id: int | None
    name: str
    kind: DepartmentKind
    kind_chosen: bool
    staff: int
    friends: int
    store: StoreView | None


class Organisation(BaseModel):
    """Departments of the caller's data scope, parents before children."""

    departments: list[DepartmentView]
    staff: int
    friends: int
    stores: int


class DepartmentChange(BaseModel):
    """Only what is given changes. Store fields are for stores."""

    kind: DepartmentKind | None = None
    code: str | None = Field(None, min_length=1, max_length=40)
    city: str | None = Field(None, max_length=40)
    address: str | None = Field(None, max_length=200)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    hours: str | None = Field(None, max_length=100)

    @field_validator("code", "city", "address", "hours")
    @classmethod
    def stripped(cls, value: str | None) -> str | None:
        return value.strip() if value is not None else None


class StoreRow(BaseModel):
    id: int
    name: str
    code: str
    city: str


class DepartmentRow(BaseModel):
    id: int
    name: str
    kind: DepartmentKind


class StaffRow(BaseModel):
    """`friends`: friendships that last. `may_contact`: has WeCom's customer-contact right."""

    id: int
    userid: str
    name: str
    alias: str
    avatar_url: str
    position: str
    status: Literal["active", "disabled", "inactive", "left"]
    may_contact: bool
    department_id: int | None
    department_name: str | None
    store_id: int | None
    store_name: str | None
    friends: int
    left_at: datetime | None


class TagRow(BaseModel):
    id: int
    name: str
    group_id: int
    group_name: str


class TagGroupView(BaseModel):
    id: int
    name: str
    tags: list[TagRow]


class TagTree(BaseModel):
    groups: list[TagGroupView]
