"""Sign-in, API tokens, roles with data scope, and permissions declared per route."""

from wellspring.platform.auth.actor import Actor, Scope, ScopeKind
from wellspring.platform.auth.permissions import PUBLIC, Permission, Role, permission, permissions, role_permissions

__all__ = [
    "PUBLIC",
    "Actor",
    "Permission",
    "Role",
    "Scope",
    "ScopeKind",
    "permission",
    "permissions",
    "role_permissions",
]
