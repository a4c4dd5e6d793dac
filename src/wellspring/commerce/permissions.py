"""What of commerce a role may do."""

from __future__ import annotations

from wellspring.platform.auth.permissions import EVERYBODY, HEADQUARTERS, OPERATORS, Role, permission

READ_ORDERS = permission(
    "commerce.order.read", zh="查看订单和商品", en="View orders and products", roles=(*EVERYBODY, Role.INTEGRATOR)
)
EXPORT_ORDERS = permission("commerce.order.export", zh="导出订单", en="Export orders", roles=HEADQUARTERS)
WRITE_ORDERS = permission(
    "commerce.order.write", zh="写入订单和退款", en="Write orders and refunds", roles=(Role.INTEGRATOR,)
)
READ_IMPORTS = permission("commerce.import.read", zh="查看导入", en="View imports", roles=HEADQUARTERS)
MANAGE_IMPORTS = permission("commerce.import.manage", zh="导入订单文件", en="Import order files", roles=OPERATORS)
