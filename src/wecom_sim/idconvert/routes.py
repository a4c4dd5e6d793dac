"""Wire: conversion of ids (reference, 5.3), and everybody who was ever served (contact_list, 5.1)."""

import hashlib
from typing import Any

from wecom_sim.contacts.state import Customer
from wecom_sim.errors import WireError
from wecom_sim.paging import page_of
from wecom_sim.wire import Call, post

CONTACT, CONVERT = "/cgi-bin/externalcontact/", "/cgi-bin/idconvert/"
SOURCE = "5.3 id conversion [SK]"


def _derived(call: Call, prefix: str, ident: str) -> str:
    """Another id of the same thing: the same one each time, and of the usual 32 characters."""
    text = f"{call.sim.kernel.company.corpid}:{prefix}:{ident}"
    return prefix + hashlib.sha256(text.encode()).hexdigest()[: 32 - len(prefix)]


def _by_unionid(call: Call) -> Customer | None:
    """The customer of a unionid, whether anybody's friend or not. Raises 610014, 610018 (openid of somebody else)."""
    unionid = call.text("unionid", missing=610014)
    found = next((one for one in call.sim.contacts.customers if one.unionid == unionid), None)
    openid = call.text("openid")
    if found is not None and openid and openid != call.sim.oauth.openid(found.external_userid):
        raise WireError(610018)
    return found


def _is_shown(call: Call, customer: Customer) -> bool:
    visible = call.sim.directory.visible_userids(call.app)
    relations = call.sim.contacts.of_customer.get(customer.external_userid, [])
    return any(one.on_api and one.userid in visible for one in relations)


@post(CONTACT + "unionid_to_external_userid", right="contact", source=SOURCE)
def unionid_to_external_userid(call: Call) -> dict[str, Any]:
    found = _by_unionid(call)
    if found is None:
        raise WireError(610014)
    if not _is_shown(call, found):
        raise WireError(84061)
    return {"external_userid": found.external_userid}


@post(CONVERT + "unionid_to_external_userid", right="contact", source=SOURCE)
def convert_unionid(call: Call) -> dict[str, Any]:
    """external_userid of a customer; a pending_id for somebody who is none yet."""
    call.text("openid", missing=40063)
    if call.number("subject_type") not in (0, 1):
        raise WireError(40058, "subject_type")
    found = _by_unionid(call)
    if found is not None and _is_shown(call, found):
        return {"external_userid": found.external_userid}
    ident = found.external_userid if found else call.text("unionid")
    return {"pending_id": _derived(call, "pi", ident)}


@post(CONVERT + "batch/external_userid_to_pending_id", right="contact", source=SOURCE)
def external_userid_to_pending_id(call: Call) -> dict[str, Any]:
    wanted = call.texts("external_userid")
    if not 1 <= len(wanted) <= 100:
        raise WireError(40058, "external_userid takes 1 to 100")
    known = call.sim.contacts.customers
    rows = [{"external_userid": one, "pending_id": _derived(call, "pi", one)} for one in wanted if one in known]
    return {"result": rows}


@post(CONTACT + "convert_to_openid", right="contact", source=SOURCE)
def convert_to_openid(call: Call) -> dict[str, Any]:
    external_userid = call.text("external_userid", missing=41035)
    call.sim.contacts.shown_to(call.app, external_userid)
    if call.sim.contacts.customers.rows[external_userid].type != 1:
        raise WireError(41056)
    return {"openid": call.sim.oauth.openid(external_userid)}


@post(CONTACT + "to_service_external_userid", right="contact", source=SOURCE, shape_only=True)
def to_service_external_userid(call: Call) -> dict[str, Any]:
    external_userid = call.text("external_userid", missing=41035)
    call.sim.contacts.shown_to(call.app, external_userid)
    return {"external_userid": _derived(call, "wm", external_userid)}


@post("/cgi-bin/service/externalcontact/unionid_to_external_userid_3rd", source=SOURCE, shape_only=True)
def unionid_to_external_userid_3rd(call: Call) -> dict[str, Any]:
    found, corpid = _by_unionid(call), call.sim.kernel.company.corpid
    rows = [{"corpid": corpid, "external_userid": found.external_userid}] if found else []
    return {"external_userid_info": rows}


def _new_ids(call: Call) -> dict[str, Any]:
    """Every id here is of the new kind already: it stays."""
    wanted, known = call.texts("external_userid_list"), call.sim.contacts.customers
    return {"items": [{"external_userid": one, "new_external_userid": one} for one in wanted if one in known]}


post(CONTACT + "get_new_external_userid", right="contact", source=SOURCE, shape_only=True)(_new_ids)


@post(CONTACT + "groupchat/get_new_external_userid", right="contact", source=SOURCE, shape_only=True)
def groupchat_get_new_external_userid(call: Call) -> dict[str, Any]:
    return _new_ids(call)


def _items(call: Call, listed: str, name: str, new_name: str, known: Any) -> dict[str, Any]:
    wanted = call.texts(listed)
    if not 1 <= len(wanted) <= 1000:
        raise WireError(40058, f"{listed} takes 1 to 1000")
    return {
        "items": [{name: one, new_name: one} for one in wanted if known(one)],
        f"invalid_{listed}": [one for one in wanted if not known(one)],
    }


@post(CONVERT + "external_tagid", right="contact", source=SOURCE, shape_only=True)
def external_tagid(call: Call) -> dict[str, Any]:
    tags = call.sim.tags
    return _items(
        call, "external_tagid_list", "external_tagid", "open_external_tagid",
        lambda one: tags.live(one) is not None or one in tags.groups,
    )  # fmt: skip


@post(CONVERT + "open_kfid", right="kf", source=SOURCE, shape_only=True)
def open_kfid(call: Call) -> dict[str, Any]:
    return _items(call, "open_kfid_list", "open_kfid", "new_open_kfid", lambda one: one in call.sim.kf_accounts.rows)


@post(CONVERT + "chatid", right="contact", source=SOURCE + " [MEM: path]", shape_only=True)
def chatid(call: Call) -> dict[str, Any]:
    known = {one.chat_id for one in call.sim.groups.live()}
    return _items(call, "chat_id_list", "chat_id", "new_chat_id", lambda one: one in known)


@post(CONTACT + "contact_list", right="contact", source="5.1 read [SK; BLOG gitcode]")
def contact_list(call: Call) -> dict[str, Any]:
    """Customers by follower, then people of groups who are nobody's friend: those with a masked name."""
    visible = call.sim.directory.visible_userids(call.app)
    rows: list[dict[str, Any]] = [
        {
            "is_customer": True,
            "tmp_openid": _derived(call, "tmp", one.external_userid),
            "external_userid": one.external_userid,
            "follow_userid": one.userid,
            "add_time": one.createtime,
        }
        for one in call.sim.contacts.relations
        if one.on_api and one.userid in visible
    ]
    for chat in call.sim.groups.live():
        if chat.owner not in visible:
            continue
        for member in chat.members:
            held = call.sim.contacts.of_customer.get(member.id, [])
            if member.type != 2 or any(one.on_api for one in held):
                continue
            customer = call.sim.contacts.customers.get(member.id)
            rows.append(
                {
                    "is_customer": False,
                    "tmp_openid": _derived(call, "tmp", member.id),
                    "name": (customer.name[:1] if customer else "") + "**",
                    "follow_userid": chat.owner,
                    "chat_id": chat.chat_id,
                    "chat_name": chat.name,
                    "add_time": member.join_time,
                }
            )
    page, cursor = page_of(call, "served", rows, 1000, 1000)
    return {"info_list": list(page), "next_cursor": cursor}
