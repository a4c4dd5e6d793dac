"""Named refusals. A refusal has a stable code, an HTTP status and a message in the caller's language.

    Exception
     ├─ StartError        the process can't start: one plain sentence for the operator
     └─ Refusal           the request can't be done: shown to the caller
         ├─ NotFound      404
         ├─ Forbidden     403
         ├─ NotSignedIn   401
         ├─ Invalid       422, with the field named
         └─ Conflict      409

A domain's `errors.py` subclasses these; anything else that escapes is our bug and answers 500.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Language = Literal["zh", "en"]


class StartError(Exception):
    """The process can't start; the text is one sentence that names the cause and the mend."""


class Refusal(Exception):
    """Subclasses set `code`, `status`, `zh`, `en`; the texts are format strings over `params`."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "请求被拒绝。"
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        template = self.zh if language == "zh" else self.en
        try:
            return template.format(**self.params)
        except (KeyError, IndexError):
            return template

    def fields(self, language: Language) -> Mapping[str, str] | None:
        """Messages by form field, for errors that belong beside one."""
        return None


class NotFound(Refusal):
    code = "not_found"
    status = 404
    zh = "找不到{what}，可能已被删除，或不在你的数据范围内。"
    en = "{what} was not found: deleted, or outside your data scope."


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    zh = "你的账号没有这项权限：{permission}。"
    en = "Your account lacks this permission: {permission}."


class NotSignedIn(Refusal):
    code = "not_signed_in"
    status = 401
    zh = "请先登录。"
    en = "Please sign in."


class Conflict(Refusal):
    code = "conflict"
    status = 409
    zh = "与现有数据冲突。"
    en = "This conflicts with what is there."


class Invalid(Refusal):
    """`Invalid(field="name", zh="…", en="…")`: one field is wrong and why."""

    code = "invalid"
    status = 422

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        self.field = field
        self._texts: dict[Language, str] = {"zh": zh, "en": en}
        super().__init__(field=field)

    def message(self, language: Language) -> str:
        return self._texts[language]

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {self.field: self._texts[language]}
