"""The refusals of outreach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wellspring.platform.errors import Conflict, Invalid, Language, NotFound, Refusal


@dataclass(frozen=True)
class Problem:
    """One field that is wrong, and why."""

    field: str
    zh: str
    en: str


class ContentInvalid(Refusal):
    """Every problem of a form at once, each beside its field."""

    code = "broadcast_invalid"
    status = 422
    zh = "有 {count} 处要改：{first}"
    en = "{count} things to mend: {first}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(count=len(self.problems))

    def message(self, language: Language) -> str:
        first = self.problems[0].zh if language == "zh" else self.problems[0].en
        return (self.zh if language == "zh" else self.en).format(count=len(self.problems), first=first)

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {one.field: one.zh if language == "zh" else one.en for one in self.problems}


class BroadcastNotFound(NotFound):
    code = "broadcast_not_found"
    zh = "找不到这次群发，可能已被删除，或不在你的数据范围内。"
    en = "This broadcast was not found: deleted, or outside your data scope."


class TaskNotFound(NotFound):
    code = "broadcast_task_not_found"
    zh = "找不到这个任务，或不在你的数据范围内。"
    en = "This task was not found, or is outside your data scope."


class NotADraft(Conflict):
    code = "broadcast_not_a_draft"
    zh = "这次群发已经提交，内容和人群不能再改。"
    en = "This broadcast has been submitted: its content and audience can't be changed any more."


class NobodyToReach(Conflict):
    code = "broadcast_nobody_to_reach"
    zh = "这个人群现在一个人都发不到，先看预演里的原因。"
    en = "Nobody of this segment can be reached now: see the reasons in the rehearsal."


class NotRunning(Conflict):
    code = "broadcast_not_running"
    zh = "这次群发没有等待确认的部分，没有可以取消或提醒的。"
    en = "Nothing of this broadcast waits for confirmation: there is nothing to cancel or to remind of."


class NoResultYet(Conflict):
    code = "broadcast_no_result_yet"
    zh = "提交之后才有效果可看。"
    en = "There is a result only after submission."


class TooManyReminders(Conflict):
    code = "broadcast_too_many_reminders"
    zh = "24 小时内最多提醒 {limit} 次，请到 {after} 之后再提醒。"
    en = "At most {limit} reminders in 24 hours; the next one is possible after {after}."


class NotWaiting(Conflict):
    code = "broadcast_task_not_waiting"
    zh = "这个任务不在等待确认。"
    en = "This task does not wait for confirmation."


class FieldInvalid(Invalid):
    """One field of a broadcast outside its content."""

    code = "broadcast_invalid"
