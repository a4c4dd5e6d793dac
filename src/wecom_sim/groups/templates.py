"""Rules of group welcome templates (reference, section 7.4)."""

from dataclasses import dataclass
from typing import Any

from wecom_sim.company import App
from wecom_sim.content import Content
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

PLACEHOLDER = "%NICKNAME%"


@dataclass
class GroupTemplate:
    """A text and at most one attachment, for owners to choose. `owner` is the agentid of the app that made it."""

    template_id: str
    owner: int
    text: str
    attachments: list[dict[str, Any]]
    notify: bool
    created_at: int

    def content_for(self, names: list[str]) -> Content:
        return Content(self.text.replace(PLACEHOLDER, "、".join(names)), self.attachments)


class GroupTemplates:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.rows: Table[GroupTemplate] = Table(kernel.store, "group_template", GroupTemplate)

    def add(self, app: App, content: Content, notify: bool) -> GroupTemplate:
        """Raises 41055."""
        if len(self.rows) >= self._kernel.settings.group_templates_max:
            raise WireError(41055)
        template_id = self._kernel.ids.text("group_template", "msg", 32)
        row = GroupTemplate(
            template_id, app.agentid, content.text, content.attachments, notify, self._kernel.clock.stamp()
        )
        return self.rows.put(template_id, row)

    def by_id(self, template_id: str) -> GroupTemplate:
        """Raises 40063, 40037."""
        if not template_id:
            raise WireError(40063, "missing template_id")
        row = self.rows.get(template_id)
        if row is None:
            raise WireError(40037)
        return row

    def own(self, app: App, template_id: str) -> GroupTemplate:
        """One that the app may change. Raises 41058 besides."""
        row = self.by_id(template_id)
        if row.owner != app.agentid:
            raise WireError(41058)
        return row

    def edit(self, row: GroupTemplate, content: Content) -> None:
        row.text, row.attachments = content.text, content.attachments
        self.rows.touch(row.template_id)

    def drop(self, row: GroupTemplate) -> None:
        self.rows.drop(row.template_id)
