"""Who is asking, and which part of the data is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ScopeKind = Literal["own", "store", "region", "all"]


@dataclass(frozen=True)
class Scope:
    """`own`: the customers of `staff_id`. `store`, `region`: of the staff in the department tree under
    `department_id`. `all`: everybody. Domains apply it where queries are built (see people's facade)."""

    kind: ScopeKind = "all"
    department_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """A signed-in user, an API token, or the system itself (jobs, command line)."""

    kind: Literal["user", "token", "system"]
    id: int
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = field(default_factory=Scope)
    role: str = "system"

    def may(self, permission: str) -> bool:
        return self.kind == "system" or permission in self.permissions


SYSTEM = Actor(kind="system", id=0, name="system")
