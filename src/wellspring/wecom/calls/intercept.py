"""Sensitive words: rules that stop or report what members write to customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    at_most_items,
    count_between,
    one_of,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

NAME_CHARACTERS = 20
WORDS = 300
WORD_CHARACTERS = 32
RANGE = 1000
PHONE, EMAIL, RED_PACKET = 1, 2, 3
BLOCK, WARN = 1, 2


class InterceptRange(Wire):
    user_list: list[str] = Field(default_factory=list)
    department_list: list[int] = Field(default_factory=list)


class Semantics(Wire):
    """1 phone number, 2 e-mail address, 3 red packet."""

    semantics_list: list[int] = Field(default_factory=list)


class InterceptRule(Wire):
    """`intercept_type`: 1 block and warn, 2 warn."""

    rule_id: str
    rule_name: str = ""
    create_time: int = 0
    word_list: list[str] = Field(default_factory=list)
    extra_rule: Semantics = Semantics()
    intercept_type: int = WARN
    applicable_range: InterceptRange = InterceptRange()


class RuleAdded(Reply):
    rule_id: str


class RuleList(Reply):
    rule_list: list[InterceptRule] = Field(default_factory=list)


class RuleReply(Reply):
    rule: InterceptRule


# Names are unique: an addition made again is refused with 41077, but the rule_id of the first is lost.
ADD = Call("POST", "externalcontact/add_intercept_rule", RuleAdded, Effect.ONCE)
LIST = Call("GET", "externalcontact/get_intercept_rule_list", RuleList)
GET = Call("POST", "externalcontact/get_intercept_rule", RuleReply)
UPDATE = Call("POST", "externalcontact/update_intercept_rule", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "externalcontact/del_intercept_rule", Reply, Effect.REPEATABLE)


class InterceptRules:
    """At most 100 per company."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self,
        rule_name: str,
        *,
        words: Sequence[str],
        intercept_type: int,
        users: Sequence[str] = (),
        departments: Sequence[int] = (),
        semantics: Sequence[int] = (),
    ) -> str:
        """Answers the rule_id. Raises GiveUp(name_exists | too_many_rules)."""
        required("rule_name", rule_name)
        count_between("word_list", words, 1, WORDS)
        _check(rule_name, words, intercept_type, semantics)
        if not users and not departments:
            raise BadArgument("applicable_range", "neither members nor departments are given")
        body = without_none(
            rule_name=rule_name,
            word_list=list(words),
            semantics_list=list(semantics) or None,
            intercept_type=intercept_type,
            applicable_range=_range("applicable_range", users, departments),
        )
        return self._caller.call(ADD, body=body).rule_id

    def rules(self) -> list[InterceptRule]:
        """Id, name and time of all; the rest by `get`."""
        return self._caller.call(LIST).rule_list

    def get(self, rule_id: str) -> InterceptRule:
        """Raises GiveUp(rule_deleted)."""
        required("rule_id", rule_id)
        return self._caller.call(GET, body={"rule_id": rule_id}).rule

    def update(
        self,
        rule_id: str,
        *,
        rule_name: str | None = None,
        words: Sequence[str] | None = None,
        intercept_type: int | None = None,
        semantics: Sequence[int] | None = None,
        add_users: Sequence[str] = (),
        add_departments: Sequence[int] = (),
        remove_users: Sequence[str] = (),
        remove_departments: Sequence[int] = (),
    ) -> None:
        """Words and semantics are replaced; the range is added to and taken from."""
        required("rule_id", rule_id)
        if words is not None:
            count_between("word_list", words, 1, WORDS)
        _check(rule_name, words or (), intercept_type, semantics or ())
        more = _range("add_applicable_range", add_users, add_departments)
        less = _range("remove_applicable_range", remove_users, remove_departments)
        changes = without_none(
            rule_name=rule_name,
            word_list=None if words is None else list(words),
            extra_rule=None if semantics is None else {"semantics_list": list(semantics)},
            intercept_type=intercept_type,
            add_applicable_range=more or None,
            remove_applicable_range=less or None,
        )
        self._caller.call(UPDATE, body={"rule_id": rule_id, **changes})

    def delete(self, rule_id: str) -> None:
        required("rule_id", rule_id)
        self._caller.call(DELETE, body={"rule_id": rule_id})


def _check(name: str | None, words: Sequence[str], kind: int | None, semantics: Sequence[int]) -> None:
    at_most_characters("rule_name", name, NAME_CHARACTERS)
    for word in words:
        required("word_list", word)
        at_most_characters("word_list", word, WORD_CHARACTERS)
    one_of("intercept_type", kind, (None, BLOCK, WARN))
    for one in semantics:
        one_of("semantics_list", one, (PHONE, EMAIL, RED_PACKET))


def _range(field: str, users: Sequence[str], departments: Sequence[int]) -> dict[str, Any]:
    at_most_items(f"{field}.user_list", users, RANGE)
    at_most_items(f"{field}.department_list", departments, RANGE)
    return without_none(user_list=list(users) or None, department_list=list(departments) or None)
