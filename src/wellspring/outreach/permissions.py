"""Who may do what with broadcasts and their tasks."""

from __future__ import annotations

from wellspring.platform.auth.permissions import MANAGERS, Role, permission

READERS = (Role.OPERATOR, Role.STORE_MANAGER, Role.OWNER, Role.ANALYST)

READ = permission("outreach.broadcast.read", zh="查看群发和效果", en="View broadcasts and results", roles=READERS)
WRITE = permission("outreach.broadcast.write", zh="编写群发", en="Write broadcasts", roles=MANAGERS)
SUBMIT = permission("outreach.broadcast.submit", zh="提交和取消群发", en="Submit and cancel broadcasts", roles=MANAGERS)
TOUCHES_EXPORT = permission(
    "outreach.touch.export", zh="导出触达名单", en="Export the list of touches", roles=(Role.OPERATOR, Role.ANALYST)
)
TASK_READ = permission("outreach.task.read", zh="查看群发任务", en="View broadcast tasks", roles=READERS)
TASK_REMIND = permission("outreach.task.remind", zh="提醒同事确认", en="Remind staff to confirm", roles=MANAGERS)
