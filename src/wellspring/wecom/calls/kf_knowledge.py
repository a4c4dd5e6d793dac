"""Customer service (微信客服): the knowledge base its machine answers from, in groups of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Effect, Page, Reply, Wire, pages, required, without_none

LIST_LIMIT = 100


class KnowledgeGroup(Wire):
    group_id: str
    name: str = ""
    is_default: int = 0


class KnowledgeGroupAdded(Reply):
    group_id: str


class KnowledgeGroups(Page):
    group_list: list[KnowledgeGroup] = Field(default_factory=list)


class Said(Wire):
    content: str = ""


class Question(Wire):
    text: Said = Said()


class SimilarQuestions(Wire):
    items: list[Question] = Field(default_factory=list)


class Answer(Wire):
    """`attachments` as they came: `{"msgtype": T, T: {...}}`."""

    text: Said = Said()
    attachments: list[dict[str, Any]] = Field(default_factory=list)


class Intent(Wire):
    """One question with other wordings and its answers."""

    intent_id: str
    group_id: str = ""
    question: Question = Question()
    similar_questions: SimilarQuestions = SimilarQuestions()
    answers: list[Answer] = Field(default_factory=list)


class IntentAdded(Reply):
    intent_id: str


class Intents(Page):
    intent_list: list[Intent] = Field(default_factory=list)


BASE = "kf/knowledge"
ADD_GROUP = Call("POST", f"{BASE}/add_group", KnowledgeGroupAdded, Effect.ONCE)
DELETE_GROUP = Call("POST", f"{BASE}/del_group", Reply, Effect.REPEATABLE)
RENAME_GROUP = Call("POST", f"{BASE}/mod_group", Reply, Effect.REPEATABLE)
GROUPS = Call("POST", f"{BASE}/list_group", KnowledgeGroups)
ADD_INTENT = Call("POST", f"{BASE}/add_intent", IntentAdded, Effect.ONCE)
DELETE_INTENT = Call("POST", f"{BASE}/del_intent", Reply, Effect.REPEATABLE)
CHANGE_INTENT = Call("POST", f"{BASE}/mod_intent", Reply, Effect.REPEATABLE)
INTENTS = Call("POST", f"{BASE}/list_intent", Intents)


class KfKnowledge:
    """Only the paths are confirmed by a source at hand; fields follow WeCom's published samples. No limit is checked
    here that isn't known: WeCom refuses."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add_group(self, name: str) -> str:
        required("name", name)
        return self._caller.call(ADD_GROUP, body={"name": name}).group_id

    def rename_group(self, group_id: str, name: str) -> None:
        required("group_id", group_id)
        required("name", name)
        self._caller.call(RENAME_GROUP, body={"group_id": group_id, "name": name})

    def delete_group(self, group_id: str) -> None:
        required("group_id", group_id)
        self._caller.call(DELETE_GROUP, body={"group_id": group_id})

    def groups(self) -> Iterator[KnowledgeGroup]:
        for page in pages(self._caller, GROUPS, limit=LIST_LIMIT):
            yield from page.group_list

    def add_intent(
        self, group_id: str, question: str, *, answers: Sequence[dict[str, Any]], similar: Sequence[str] = ()
    ) -> str:
        """`answers`: `{"text": {"content"}, "attachments": [...]}` each. Answers the intent_id."""
        required("group_id", group_id)
        required("question.text.content", question)
        required("answers", list(answers))
        body = {"group_id": group_id, **_wording(question, similar, answers)}
        return self._caller.call(ADD_INTENT, body=body).intent_id

    def change_intent(
        self,
        intent_id: str,
        *,
        question: str | None = None,
        similar: Sequence[str] | None = None,
        answers: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        """What is given is replaced."""
        required("intent_id", intent_id)
        self._caller.call(CHANGE_INTENT, body={"intent_id": intent_id, **_wording(question, similar, answers)})

    def delete_intent(self, intent_id: str) -> None:
        required("intent_id", intent_id)
        self._caller.call(DELETE_INTENT, body={"intent_id": intent_id})

    def intents(self, *, group_id: str | None = None, intent_id: str | None = None) -> Iterator[Intent]:
        for page in pages(self._caller, INTENTS, group_id=group_id, intent_id=intent_id, limit=LIST_LIMIT):
            yield from page.intent_list


def _wording(
    question: str | None, similar: Sequence[str] | None, answers: Sequence[dict[str, Any]] | None
) -> dict[str, Any]:
    others = None if not similar else {"items": [{"text": {"content": one}} for one in similar]}
    return without_none(
        question=None if question is None else {"text": {"content": question}},
        similar_questions=others,
        answers=None if answers is None else list(answers),
    )
