"""Wire: sensitive words."""

from dataclasses import replace
from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.intercept.state import InterceptRule
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/externalcontact/"
SOURCE = "11 sensitive words [PQ 95097; CODE]"


def _range(call: Call, name: str) -> tuple[list[str], list[int]]:
    given = call.body.get(name) or {}
    users = given.get("user_list", []) if isinstance(given, dict) else None
    departments = given.get("department_list", []) if isinstance(given, dict) else None
    if not isinstance(users, list) or not all(isinstance(one, str) for one in users):
        raise call.ill_typed(name)
    if not isinstance(departments, list) or not all(isinstance(one, int) for one in departments):
        raise call.ill_typed(name)
    for userid in users:
        call.sim.directory.member_for(call.app, userid)
    for department_id in departments:
        call.sim.directory.department_for(call.app, department_id)
    return users, departments


@post(BASE + "add_intercept_rule", right="contact", source=SOURCE)
def add_intercept_rule(call: Call) -> dict[str, Any]:
    users, departments = _range(call, "applicable_range")
    rule = InterceptRule(
        "", call.text("rule_name"), call.sim.kernel.clock.stamp(), call.texts("word_list"), call.numbers("semantics_list"),
        call.number("intercept_type", missing=40063), users, departments,
    )  # fmt: skip
    return {"rule_id": call.sim.intercept.add(rule).rule_id}


@get(BASE + "get_intercept_rule_list", right="contact", source=SOURCE)
def get_intercept_rule_list(call: Call) -> dict[str, Any]:
    live = call.sim.intercept.live()
    return {
        "rule_list": [{"rule_id": one.rule_id, "rule_name": one.name, "create_time": one.create_time} for one in live]
    }


@post(BASE + "get_intercept_rule", right="contact", source=SOURCE)
def get_intercept_rule(call: Call) -> dict[str, Any]:
    rule = call.sim.intercept.by_id(call.text("rule_id"))
    return {
        "rule": {
            "rule_id": rule.rule_id,
            "rule_name": rule.name,
            "word_list": rule.words,
            "extra_rule": {"semantics_list": rule.semantics},
            "intercept_type": rule.kind,
            "applicable_range": {"user_list": rule.users, "department_list": rule.departments},
        }
    }


@post(BASE + "update_intercept_rule", right="contact", source=SOURCE)
def update_intercept_rule(call: Call) -> dict[str, Any]:
    rule = call.sim.intercept.by_id(call.text("rule_id"))
    changes: dict[str, Any] = {}
    if "rule_name" in call.body:
        changes["name"] = call.text("rule_name")
    if "word_list" in call.body:
        changes["words"] = call.texts("word_list")
    if "intercept_type" in call.body:
        changes["kind"] = call.number("intercept_type")
    extra = call.body.get("extra_rule")
    if extra is not None:
        semantics = extra.get("semantics_list", []) if isinstance(extra, dict) else None
        if not isinstance(semantics, list):
            raise call.ill_typed("extra_rule")
        if not all(isinstance(one, int) for one in semantics):
            raise WireError(41084)
        changes["semantics"] = semantics
    more_users, more_departments = _range(call, "add_applicable_range")
    less_users, less_departments = _range(call, "remove_applicable_range")
    changes["users"] = [one for one in dict.fromkeys([*rule.users, *more_users]) if one not in less_users]
    departments = dict.fromkeys([*rule.departments, *more_departments])
    changes["departments"] = [one for one in departments if one not in less_departments]
    changed = replace(rule, **changes)
    call.sim.intercept.check(changed)
    call.sim.intercept.rows.put(rule.rule_id, changed)
    return {}


@post(BASE + "del_intercept_rule", right="contact", source=SOURCE)
def del_intercept_rule(call: Call) -> dict[str, Any]:
    rule = call.sim.intercept.by_id(call.text("rule_id"))
    rule.deleted = True
    call.sim.intercept.rows.touch(rule.rule_id)
    return {}
