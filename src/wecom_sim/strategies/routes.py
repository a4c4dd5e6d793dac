"""Wire: strategies and their tags. Only the system secret of 客户联系 may call these."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.paging import page_of
from wecom_sim.strategies.state import Kind, Strategy, StrategyTag
from wecom_sim.wire import Call, Handler, post

BASE = "/cgi-bin/externalcontact/"
SOURCE, TAGS = "6 strategies [SK; GW]", "6 strategy tags [PQ 94882]"


def _system_only(call: Call) -> None:
    if call.app.kind != "contact_secret":
        raise WireError(48002, "only the system secret of customer contact may do this")


def _range(call: Call, name: str) -> tuple[list[str], list[int]]:
    given = call.body.get(name) or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise call.ill_typed(name)
    users, parties = [], []
    for one in given:
        if one.get("type") == 1:
            users.append(call.sim.directory.member_for(call.app, str(one.get("userid", ""))).userid)
        elif one.get("type") == 2 and isinstance(one.get("partyid"), int):
            parties.append(call.sim.directory.department_for(call.app, one["partyid"]).id)
        else:
            raise WireError(40058, name)
    return users, parties


def _privilege(call: Call) -> dict[str, Any]:
    given = call.body.get("privilege") or {}
    if not isinstance(given, dict):
        raise call.ill_typed("privilege")
    return given


def _out(row: Strategy) -> dict[str, Any]:
    return {
        "strategy_id": row.strategy_id,
        "parent_id": row.parent_id,
        "strategy_name": row.name,
        "create_time": row.create_time,
        "admin_list": row.admins,
        "privilege": row.privilege,
    }


def _listed(call: Call, kind: Kind) -> dict[str, Any]:
    rows = [{"strategy_id": one.strategy_id} for one in call.sim.strategies.of_kind(kind)]
    page, cursor = page_of(call, f"strategies {kind}", rows, 1000, 1000)
    return {"strategy": list(page), "next_cursor": cursor}


def _get(call: Call, kind: Kind) -> dict[str, Any]:
    return {"strategy": _out(call.sim.strategies.by_id(kind, call.number("strategy_id", missing=40063)))}


def _get_range(call: Call, kind: Kind) -> dict[str, Any]:
    row = call.sim.strategies.by_id(kind, call.number("strategy_id", missing=40063))
    rows: list[dict[str, Any]] = [{"type": 1, "userid": one} for one in row.users]
    rows += [{"type": 2, "partyid": one} for one in row.parties]
    page, cursor = page_of(call, f"strategy range {row.strategy_id}", rows, 1000, 1000)
    return {"range": list(page), "next_cursor": cursor}


def _create(call: Call, kind: Kind) -> dict[str, Any]:
    users, parties = _range(call, "range")
    row = call.sim.strategies.create(
        kind, call.number("parent_id"), call.text("strategy_name"), call.texts("admin_list"), _privilege(call),
        users, parties,
    )  # fmt: skip
    return {"strategy_id": row.strategy_id}


def _edit(call: Call, kind: Kind) -> dict[str, Any]:
    strategies = call.sim.strategies
    row = strategies.by_id(kind, call.number("strategy_id", missing=40063))
    more_users, more_parties = _range(call, "range_add")
    less_users, less_parties = _range(call, "range_del")
    parent = strategies.by_id(kind, row.parent_id) if row.parent_id else None
    strategies.set_privilege(row, _privilege(call), parent)
    row.name = call.text("strategy_name") or row.name
    row.admins = call.texts("admin_list") or row.admins
    row.users = [one for one in dict.fromkeys([*row.users, *more_users]) if one not in less_users]
    row.parties = [one for one in dict.fromkeys([*row.parties, *more_parties]) if one not in less_parties]
    strategies.rows.touch(str(row.strategy_id))
    return {}


def _del(call: Call, kind: Kind) -> dict[str, Any]:
    call.sim.strategies.delete(kind, call.number("strategy_id", missing=40063))
    return {}


VERBS = {"list": _listed, "get": _get, "get_range": _get_range, "create": _create, "edit": _edit, "del": _del}
KINDS: tuple[Kind, ...] = ("customer", "moment")


def _handler(verb: str, kind: Kind) -> Handler:
    def handle(call: Call) -> dict[str, Any]:
        _system_only(call)
        return VERBS[verb](call, kind)

    return handle


for _kind in KINDS:
    for _verb in VERBS:
        post(f"{BASE}{_kind}_strategy/{_verb}", right="contact", source=SOURCE)(_handler(_verb, _kind))


def _group_out(call: Call, group: StrategyTag, tags: list[StrategyTag]) -> dict[str, Any]:
    return {
        "group_id": group.id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "strategy_id": group.strategy_id,
        "tag": [{"id": one.id, "name": one.name, "create_time": one.create_time, "order": one.order} for one in tags],
    }


@post(BASE + "get_strategy_tag_list", right="contact", source=TAGS)
def get_strategy_tag_list(call: Call) -> dict[str, Any]:
    _system_only(call)
    kept, tag_ids, group_ids = call.sim.strategies, call.texts("tag_id"), call.texts("group_id")
    groups = kept.groups(call.number("strategy_id"))
    if group_ids:
        groups = [one for one in groups if one.id in group_ids]
    out = []
    for group in groups:
        tags = kept.group_tags(group.id)
        if tag_ids and not group_ids:
            tags = [one for one in tags if one.id in tag_ids]
        if tags:
            out.append(_group_out(call, group, tags))
    return {"tag_group": out}


@post(BASE + "add_strategy_tag", right="contact", source=TAGS)
def add_strategy_tag(call: Call) -> dict[str, Any]:
    _system_only(call)
    given = call.body.get("tag")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise WireError(40063, "missing tag")
    if not all(isinstance(one.get("order", 0), int) for one in given):
        raise call.ill_typed("order")
    wanted = [(str(one.get("name", "")), int(one.get("order", 0))) for one in given]
    group, made = call.sim.strategies.add_tags(
        call.number("strategy_id"), call.text("group_id"), call.text("group_name"), call.number("order"), wanted
    )
    return {"tag_group": _group_out(call, group, made)}


@post(BASE + "edit_strategy_tag", right="contact", source=TAGS)
def edit_strategy_tag(call: Call) -> dict[str, Any]:
    _system_only(call)
    order = call.number("order") if "order" in call.body else None
    call.sim.strategies.edit_tag(call.text("id", missing=40063), call.text("name"), order)
    return {}


@post(BASE + "del_strategy_tag", right="contact", source=TAGS)
def del_strategy_tag(call: Call) -> dict[str, Any]:
    _system_only(call)
    call.sim.strategies.delete_tags(call.texts("tag_id"), call.texts("group_id"))
    return {}
