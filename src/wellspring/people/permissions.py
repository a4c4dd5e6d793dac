"""What one may do with people."""

from __future__ import annotations

from wellspring.platform.auth import permission
from wellspring.platform.auth.permissions import EVERYBODY, HEADQUARTERS, OPERATORS, Role

FRONT_LINE = (Role.OPERATOR, Role.STORE_MANAGER, Role.STAFF)

READ_ORGANISATION = permission(
    "people.organisation.read", zh="查看组织架构", en="View the organisation", roles=EVERYBODY
)
WRITE_ORGANISATION = permission("people.organisation.write", zh="设置门店", en="Set up stores", roles=OPERATORS)
READ = permission("people.customer.read", zh="查看客户", en="View customers", roles=EVERYBODY)
WRITE = permission(
    "people.customer.write", zh="给客户打标签、写备注", en="Tag customers, write remarks", roles=FRONT_LINE
)
EXPORT = permission(
    "people.customer.export", zh="导出客户", en="Export customers", roles=(*HEADQUARTERS, Role.STORE_MANAGER)
)
READ_GROUPS = permission("people.group.read", zh="查看客户群", en="View groups", roles=EVERYBODY)
EXPORT_GROUPS = permission(
    "people.group.export", zh="导出客户群", en="Export groups", roles=(*HEADQUARTERS, Role.STORE_MANAGER)
)
MOBILE = permission("people.customer.mobile", zh="查看客户手机号", en="See customers' mobiles", roles=FRONT_LINE)
MERGE = permission("people.customer.merge", zh="合并与拆分客户", en="Merge and split customers", roles=OPERATORS)
LINK = permission("people.identity.link", zh="对接身份", en="Link identities", roles=(Role.INTEGRATOR, Role.OPERATOR))
SIGN_IN_RULES = permission(
    "people.sign_in.manage", zh="设置企业微信登录", en="Set who signs in by WeCom", roles=(Role.OWNER,)
)
