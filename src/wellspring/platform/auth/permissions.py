"""Permissions: each is declared once, with the roles that have it, and used as a route's dependency.

    READ = permission("people.customer.read", zh="查看客户", en="View customers", roles=EVERYBODY)

    @router.get("/customers")
    def list_customers(session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> ...

A route without a Permission (or PUBLIC) among its dependencies answers 403 to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import HTTPConnection

from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.errors import CsrfRefused
from wellspring.platform.errors import Forbidden, NotSignedIn


class Role(StrEnum):
    """The people of the product. `admin` has every permission."""

    ADMIN = "admin"
    OPERATOR = "operator"
    STORE_MANAGER = "store_manager"
    STAFF = "staff"
    OWNER = "owner"
    ANALYST = "analyst"
    INTEGRATOR = "integrator"


ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.ADMIN: ("管理员", "Administrator"),
    Role.OPERATOR: ("总部运营", "HQ operator"),
    Role.STORE_MANAGER: ("店长", "Store manager"),
    Role.STAFF: ("导购", "Staff"),
    Role.OWNER: ("老板", "Owner"),
    Role.ANALYST: ("分析师", "Analyst"),
    Role.INTEGRATOR: ("集成", "Integrator"),
}
"""Chinese and English name of each role."""

EVERYBODY = tuple(role for role in Role if role is not Role.INTEGRATOR)
HEADQUARTERS = (Role.OPERATOR, Role.OWNER, Role.ANALYST)
OPERATORS = (Role.OPERATOR,)
MANAGERS = (Role.OPERATOR, Role.STORE_MANAGER)


@dataclass(frozen=True)
class Permission:
    """A dependency that hands the endpoint its Actor, or refuses."""

    name: str
    zh: str
    en: str
    roles: frozenset[Role]

    async def __call__(self, connection: HTTPConnection) -> Actor:
        actor: Actor | None = getattr(connection.state, "actor", None)
        if getattr(connection.state, "csrf_failed", False):
            raise CsrfRefused()
        if actor is None:
            raise NotSignedIn()
        if not actor.may(self.name):
            raise Forbidden(permission=self.name)
        return actor


class Public:
    """Marks a route that anyone may call (sign-in, health, callbacks that carry their own proof)."""

    async def __call__(self) -> None:
        return None


PUBLIC = Public()
_permissions: dict[str, Permission] = {}


def permission(name: str, *, zh: str, en: str, roles: Iterable[Role] = ()) -> Permission:
    """Declare a permission; administrators always have it."""
    if name in _permissions:
        raise ValueError(f"permission {name} is declared twice")
    declared = Permission(name, zh, en, frozenset({Role.ADMIN, *roles}))
    _permissions[name] = declared
    return declared


def permissions() -> list[Permission]:
    return sorted(_permissions.values(), key=lambda p: p.name)


def role_permissions(role: Role | str) -> frozenset[str]:
    return frozenset(p.name for p in _permissions.values() if Role(role) in p.roles)
