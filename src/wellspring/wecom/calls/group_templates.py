"""Welcome templates of groups: what a new group member is greeted with, once a group's owner has chosen one."""

from __future__ import annotations

from typing import Any

from wellspring.wecom.calls.base import Call, Caller, Effect, Reply, Wire, at_most_bytes, required, without_none
from wellspring.wecom.calls.content import TYPES, check_attachment
from wellspring.wecom.errors import BadArgument

TEXT_BYTES = 3000


class TemplateAdded(Reply):
    template_id: str


class TemplateText(Wire):
    content: str = ""


class GroupTemplate(Reply):
    """The text and the one attachment, whichever it is; an image comes back as `pic_url`."""

    text: TemplateText = TemplateText()
    image: dict[str, Any] | None = None
    link: dict[str, Any] | None = None
    miniprogram: dict[str, Any] | None = None
    video: dict[str, Any] | None = None
    file: dict[str, Any] | None = None

    @property
    def attachment(self) -> dict[str, Any] | None:
        """As `add` takes it."""
        for kind in TYPES:
            if (part := getattr(self, kind)) is not None:
                return {"msgtype": kind, kind: part}
        return None


BASE = "externalcontact/group_welcome_template"
ADD = Call("POST", f"{BASE}/add", TemplateAdded, Effect.ONCE)
EDIT = Call("POST", f"{BASE}/edit", Reply, Effect.REPEATABLE)
GET = Call("POST", f"{BASE}/get", GroupTemplate)
DELETE = Call("POST", f"{BASE}/del", Reply, Effect.REPEATABLE)


class GroupTemplates:
    """At most 100 per company; only the app that made one may edit or delete it (GiveUp not_the_creator)."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self,
        *,
        text: str | None = None,
        attachment: dict[str, Any] | None = None,
        notify: bool | None = None,
        agent_id: int | None = None,
    ) -> str:
        """`text`: `%NICKNAME%` stands for the new member. `notify`: tell the members of the app's scope (the default).
        Raises GiveUp(too_many_group_welcomes)."""
        more = without_none(notify=None if notify is None else int(notify), agentid=agent_id)
        return self._caller.call(ADD, body={**_body(text, attachment), **more}).template_id

    def edit(
        self,
        template_id: str,
        *,
        text: str | None = None,
        attachment: dict[str, Any] | None = None,
        agent_id: int | None = None,
    ) -> None:
        """Replaces text and attachment."""
        required("template_id", template_id)
        body = {"template_id": template_id, **_body(text, attachment), **without_none(agentid=agent_id)}
        self._caller.call(EDIT, body=body)

    def get(self, template_id: str) -> GroupTemplate:
        required("template_id", template_id)
        return self._caller.call(GET, body={"template_id": template_id})

    def delete(self, template_id: str, *, agent_id: int | None = None) -> None:
        required("template_id", template_id)
        self._caller.call(DELETE, body=without_none(template_id=template_id, agentid=agent_id))


def _body(text: str | None, attachment: dict[str, Any] | None) -> dict[str, Any]:
    """The attachment stands beside the text under its own name, not in a list."""
    if not text and not attachment:
        raise BadArgument("text", "text and attachment are both empty")
    at_most_bytes("text.content", text, TEXT_BYTES)
    body: dict[str, Any] = {"text": {"content": text}} if text else {}
    if attachment:
        check_attachment("attachment", attachment)
        kind = attachment["msgtype"]
        body[kind] = attachment[kind]
    return body
