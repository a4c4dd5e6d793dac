"""Wire: corp tags and marking."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.tags.state import Tag, TagGroup
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
MAX_ORDER = 2**32  # PQ 92117: order in [0, 2^32)


def tag_out(tag: Tag, deleted: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"id": tag.id, "name": tag.name, "create_time": tag.create_time, "order": tag.order}
    return out | {"deleted": True} if deleted and tag.deleted else out


def group_out(group: TagGroup, tags: list[Tag], by_id: bool = False) -> dict[str, Any]:
    out: dict[str, Any] = {
        "group_id": group.id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "tag": [tag_out(tag, by_id) for tag in tags],
    }
    return out | {"deleted": True} if by_id and group.deleted else out


@post(BASE + "get_corp_tag_list", right="contact", source="6 corp tags [PQ 92117; PQ 92118; XE 40126]")
def get_corp_tag_list(call: Call) -> dict[str, Any]:
    tags = call.sim.tags
    group_ids, tag_ids = call.texts("group_id"), call.texts("tag_id")
    if group_ids:
        groups = [group for group in (tags.groups.get(one) for one in group_ids) if group is not None]
        return {"tag_group": [group_out(group, tags.of_group(group.id, deleted=True), True) for group in groups]}
    if tag_ids:
        found = [tag for tag in (tags.tags.get(one) for one in tag_ids) if tag is not None]
        by_group = {tag.group_id: [one for one in found if one.group_id == tag.group_id] for tag in found}
        return {"tag_group": [group_out(tags.groups.rows[key], part, True) for key, part in by_group.items()]}
    return {"tag_group": [group_out(group, tags.of_group(group.id)) for group in tags.live_groups()]}


def _order(call: Call, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise call.ill_typed("order")
    if not 0 <= value < MAX_ORDER:
        raise WireError(40058, "order out of range")
    return value


def _wanted(call: Call) -> list[tuple[str, int]]:
    value = call.body.get("tag")
    if not isinstance(value, list):
        raise WireError(40063, "missing tag")
    wanted = []
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("name", ""), str):
            raise call.ill_typed("tag")
        wanted.append((item.get("name", ""), _order(call, item.get("order"))))
    return wanted


@post(BASE + "add_corp_tag", right="contact", source="6 corp tags [PQ 92117; PQ 92118; XE 40126]")
def add_corp_tag(call: Call) -> dict[str, Any]:
    group_id, group_name = call.text("group_id"), call.text("group_name")
    if not group_id and not group_name:
        raise WireError(40063, "group_id and group_name are both empty")
    order = _order(call, call.body.get("order"))
    group, made = call.sim.tags.add(group_id, group_name, order, _wanted(call), call.app.agentid)
    return {"tag_group": group_out(group, made)}


@post(BASE + "edit_corp_tag", right="contact", source="6 corp tags [PQ 92117; PQ 92118; XE 40126]")
def edit_corp_tag(call: Call) -> dict[str, Any]:
    order = _order(call, call.body["order"]) if "order" in call.body else None
    call.sim.tags.edit(call.text("id", missing=40063), call.text("name"), order, call.app)
    return {}


@post(BASE + "del_corp_tag", right="contact", source="6 corp tags [PQ 92117; PQ 92118; XE 40126]")
def del_corp_tag(call: Call) -> dict[str, Any]:
    call.sim.tags.delete(call.texts("tag_id"), call.texts("group_id"), call.app)
    return {}


@post(BASE + "mark_tag", right="contact", source="6 corp tags [PQ 92117; PQ 92118; XE 40126]")
def mark_tag(call: Call) -> dict[str, Any]:
    contacts = call.sim.contacts
    relation = contacts.relation_for(call.app, call.text("userid"), call.text("external_userid"))
    contacts.mark(relation, call.texts("add_tag"), call.texts("remove_tag"))
    return {}
