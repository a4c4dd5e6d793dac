"""Who may see the connection and who may change it."""

from __future__ import annotations

from wellspring.platform.auth.permissions import EVERYBODY, HEADQUARTERS, MANAGERS, Role, permission

STATUS = permission(
    "wecom.status.read", zh="查看企业微信连接状态", en="View the WeCom connection's state", roles=EVERYBODY
)
READ = permission(
    "wecom.connection.read", zh="查看企业微信设置与收发记录", en="View WeCom settings and traffic", roles=HEADQUARTERS
)
MANAGE = permission("wecom.connection.manage", zh="管理企业微信连接", en="Manage the WeCom connection")
SYNC = permission("wecom.sync.start", zh="发起企业微信同步", en="Start a WeCom sync", roles=(Role.OPERATOR,))
MEDIA_READ = permission("wecom.media.read", zh="查看图片素材", en="View pictures", roles=EVERYBODY)
MEDIA_WRITE = permission("wecom.media.write", zh="上传图片素材", en="Upload pictures", roles=MANAGERS)
