"""What the HTTP interface of signing in by WeCom takes and gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

GrantableRole = Literal["operator", "store_manager", "staff", "owner", "analyst"]
RuleScope = Literal["own", "store", "region", "all"]


class RuleWish(BaseModel):
    """Members of the department and of those below it; `position`: whose position contains this, empty means any.
    `scope`: own customers, the member's store, the member's region, everything."""

    model_config = ConfigDict(extra="forbid")

    department_id: int
    position: str = Field("", max_length=60)
    role: GrantableRole
    scope: RuleScope


class RuleWishes(BaseModel):
    """In order: the first that fits decides."""

    model_config = ConfigDict(extra="forbid")

    rules: list[RuleWish] = Field(max_length=100)


class RuleView(BaseModel):
    """`members`: how many working members it decides for. `department_name` None: the department is gone."""

    department_id: int
    department_name: str | None
    position: str
    role: GrantableRole
    scope: RuleScope
    members: int


class SignInRules(BaseModel):
    """`possible`: a company is connected with its AgentId. `offered`: the sign-in page shows it. `without_rule`: working
    members whom no rule lets in."""

    possible: bool
    offered: bool
    rules: list[RuleView]
    without_rule: int


class SignInOffer(BaseModel):
    """The ways to sign in beside the password."""

    wecom: bool
