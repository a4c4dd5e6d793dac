"""Wire: reading customers, remarks."""

from typing import Any

from wecom_sim.contacts.state import Customer, Relation
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/externalcontact/"


def contact_out(customer: Customer) -> dict[str, Any]:
    out: dict[str, Any] = {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "type": customer.type,
        "avatar": customer.avatar,
        "gender": customer.gender,
    }
    if customer.type == 1 and customer.unionid:
        out["unionid"] = customer.unionid
    if customer.type == 2:
        out |= {"position": "", "corp_name": customer.corp_name, "corp_full_name": customer.corp_name}
    return out


def _follow(relation: Relation) -> dict[str, Any]:
    out: dict[str, Any] = {
        "userid": relation.userid,
        "remark": relation.remark,
        "description": relation.description,
        "createtime": relation.createtime,
        "remark_mobiles": relation.remark_mobiles,
        "add_way": relation.add_way,
        "oper_userid": relation.oper_userid,
    }
    if relation.remark_corp_name:
        out["remark_corp_name"] = relation.remark_corp_name
    if relation.state:
        out["state"] = relation.state
    return out


def follow_user_out(call: Call, relation: Relation) -> dict[str, Any]:
    """`follow_user` of get: tags with names."""
    tags = call.sim.tags
    shown: list[dict[str, Any]] = []
    for tag_id in call.sim.contacts.live_tags(relation):
        tag = tags.tags.rows[tag_id]
        group = tags.groups.rows[tag.group_id]
        shown.append({"group_name": group.name, "tag_name": tag.name, "tag_id": tag.id, "type": 1})
    shown += [{"group_name": "", "tag_name": name, "type": 2} for name in relation.personal_tags]
    return _follow(relation) | {"tags": shown}


def follow_info_out(call: Call, relation: Relation) -> dict[str, Any]:
    """`follow_info` of batch/get_by_user: tag ids, corp tags only."""
    return _follow(relation) | {"tag_id": call.sim.contacts.live_tags(relation)}


@get(BASE + "get_follow_user_list", right="contact", source="5.1 read [PQ]")
def get_follow_user_list(call: Call) -> dict[str, Any]:
    visible = call.sim.directory.visible_userids(call.app)
    members = (one for one in call.sim.directory.staff if one.follow_enabled and one.in_service)
    return {"follow_user": [member.userid for member in members if member.userid in visible]}


@get(BASE + "list", right="contact", source="5.1 read [PQ; MEM for 84061]")
def contact_list(call: Call) -> dict[str, Any]:
    member = call.sim.directory.member_for(call.app, call.query.get("userid", ""))
    shown = [one.external_userid for one in call.sim.contacts.of_staff[member.userid] if one.on_api]
    if not shown or not member.follow_enabled:
        raise WireError(84061)
    return {"external_userid": shown}


@get(BASE + "get", right="contact", source="5.1 read [PQ; SK]")
def contact_get(call: Call) -> dict[str, Any]:
    kernel = call.sim.kernel
    external_userid = call.query.get("external_userid", "")
    shown = call.sim.contacts.shown_to(call.app, external_userid)
    kind = f"get {external_userid}"
    start = kernel.cursors.decode(kind, call.query.get("cursor", "")) or 0
    end = start + kernel.settings.follow_users_per_page
    out: dict[str, Any] = {
        "external_contact": contact_out(call.sim.contacts.customers.rows[external_userid]),
        "follow_user": [follow_user_out(call, relation) for relation in shown[start:end]],
    }
    if end < len(shown):
        out["next_cursor"] = kernel.cursors.encode(kind, end)
    return out


@post(BASE + "batch/get_by_user", right="contact", source="5.1 read [SK; GW; CODE]")
def batch_get_by_user(call: Call) -> dict[str, Any]:
    kernel, contacts = call.sim.kernel, call.sim.contacts
    userids = call.texts("userid_list")
    if not userids:
        raise WireError(40063, "missing userid_list")
    if len(userids) > kernel.settings.batch_userids_max:
        raise WireError(40058, "too many userids")
    for userid in userids:
        call.sim.directory.member_for(call.app, userid)
    limit = call.limit(kernel.settings.batch_limit_max, kernel.settings.batch_limit_default)
    kind = "get_by_user " + ",".join(userids)
    at, offset = kernel.cursors.decode(kind, call.text("cursor")) or (0, 0)
    page: list[Relation] = []
    while at < len(userids) and len(page) < limit:
        relations = contacts.of_staff[userids[at]]
        while offset < len(relations) and len(page) < limit:
            if relations[offset].on_api:
                page.append(relations[offset])
            offset += 1
        if offset >= len(relations):
            at, offset = at + 1, 0
    return {
        "external_contact_list": [
            {
                "external_contact": contact_out(contacts.customers.rows[relation.external_userid]),
                "follow_info": follow_info_out(call, relation),
            }
            for relation in page
        ],
        "next_cursor": kernel.cursors.encode(kind, [at, offset]) if at < len(userids) else "",
    }


@post(BASE + "remark", right="contact", source="5.2 remark [PQ]")
def remark(call: Call) -> dict[str, Any]:
    contacts = call.sim.contacts
    relation = contacts.relation_for(call.app, call.text("userid"), call.text("external_userid"))
    changes: dict[str, str | list[str]] = {}
    for name, stored in {
        "remark": "remark",
        "description": "description",
        "remark_company": "remark_corp_name",
    }.items():
        if name in call.body:
            changes[stored] = call.text(name)
    if "remark_mobiles" in call.body:
        changes["remark_mobiles"] = call.texts("remark_mobiles")
    picture = call.text("remark_pic_mediaid")
    if picture:
        call.sim.media.usable(picture)
    elif not changes:
        raise WireError(40063, "remark, description, remark_company, remark_mobiles, remark_pic_mediaid are all empty")
    if changes:
        contacts.write_remark(relation, changes)
    return {}
