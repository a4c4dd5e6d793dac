"""Who may do what with segments."""

from __future__ import annotations

from wellspring.platform.auth.permissions import Role, permission

READ = permission(
    "segments.segment.read",
    zh="查看人群",
    en="View segments",
    roles=(Role.OPERATOR, Role.OWNER, Role.ANALYST, Role.STORE_MANAGER),
)
WRITE = permission("segments.segment.write", zh="编辑人群", en="Edit segments", roles=(Role.OPERATOR, Role.ANALYST))
EXPORT = permission(
    "segments.people.export",
    zh="导出人群名单",
    en="Export the people of a segment",
    roles=(Role.OPERATOR, Role.ANALYST),
)
TAG = permission("segments.people.tag", zh="给整个人群打标签", en="Tag everybody of a segment", roles=(Role.OPERATOR,))
CONFIGURE = permission("segments.settings.write", zh="设置人群", en="Change segment settings", roles=(Role.OPERATOR,))
