"""Wire: contact ways."""

from dataclasses import replace
from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.ways.state import ContactWay
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
SOURCE = "5.4 contact way"


def qr_url(base_url: str, config_id: str) -> str:
    return f"{base_url}/qr/{config_id}.png"


def way_out(way: ContactWay, base_url: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "config_id": way.config_id,
        "type": way.type,
        "scene": way.scene,
        "style": way.style,
        "remark": way.remark,
        "skip_verify": way.skip_verify,
        "state": way.state,
        "user": way.user,
        "party": way.party,
        "is_temp": False,
        "is_exclusive": way.is_exclusive,
        "mark_source": way.mark_source,
    }
    return out | {"qr_code": qr_url(base_url, way.config_id)} if way.scene == 2 else out


def _refuse_temporary(call: Call) -> None:
    if call.flag("is_temp", False):
        raise WireError(48002, "temporary sessions are for the medical industry only; this company is not in it")


@post(BASE + "add_contact_way", right="contact", source=SOURCE)
def add_contact_way(call: Call) -> dict[str, Any]:
    _refuse_temporary(call)
    way = ContactWay(
        config_id="",
        type=call.number("type", missing=41037),
        scene=call.number("scene", missing=41038),
        style=call.number("style"),
        remark=call.text("remark"),
        skip_verify=call.flag("skip_verify", True),
        state=call.text("state"),
        user=list(dict.fromkeys(call.texts("user"))),
        party=list(dict.fromkeys(call.numbers("party"))),
        is_exclusive=call.flag("is_exclusive", False),
        mark_source=call.flag("mark_source", True),
        created_at=call.sim.kernel.clock.stamp(),
        owner=call.app.agentid,
    )
    made = call.sim.ways.add(way, call.app)
    out = {"config_id": made.config_id}
    return out | {"qr_code": qr_url(call.base_url, made.config_id)} if made.scene == 2 else out


@post(BASE + "get_contact_way", right="contact", source=SOURCE)
def get_contact_way(call: Call) -> dict[str, Any]:
    return {"contact_way": way_out(call.sim.ways.by_id(call.text("config_id")), call.base_url)}


@post(BASE + "list_contact_way", right="contact", source=SOURCE)
def list_contact_way(call: Call) -> dict[str, Any]:
    kernel = call.sim.kernel
    settings = kernel.settings
    end = call.number("end_time", kernel.clock.stamp())
    start = call.number("start_time", end - settings.contact_way_list_days * 86400)
    limit = call.limit(settings.contact_way_list_max, settings.contact_way_list_default)
    kind = f"ways {call.number('start_time')} {call.number('end_time')}"
    # Order of creation: ways made between two pages come last, so that a page boundary stays where it was.
    offset = kernel.cursors.decode(kind, call.text("cursor")) or 0
    found = [way for way in call.sim.ways.rows if start <= way.created_at <= end]
    more = offset + limit < len(found)
    return {
        "contact_way": [{"config_id": way.config_id} for way in found[offset : offset + limit]],
        "next_cursor": kernel.cursors.encode(kind, offset + limit) if more else "",
    }


@post(BASE + "update_contact_way", right="contact", source=SOURCE)
def update_contact_way(call: Call) -> dict[str, Any]:
    way = call.sim.ways.by_id(call.text("config_id"))
    changes: dict[str, Any] = {}
    for name in ("remark", "state"):
        if name in call.body:
            changes[name] = call.text(name)
    if "style" in call.body:
        changes["style"] = call.number("style")
    for name in ("skip_verify", "mark_source", "is_exclusive"):
        if name in call.body:
            changes[name] = call.flag(name, True)
    if "user" in call.body:
        changes["user"] = list(dict.fromkeys(call.texts("user")))
    if "party" in call.body:
        changes["party"] = list(dict.fromkeys(call.numbers("party")))
    changed = replace(way, **changes)
    call.sim.ways.check(changed, call.app)
    call.sim.ways.rows.put(way.config_id, changed)
    return {}


@post(BASE + "del_contact_way", right="contact", source=SOURCE)
def del_contact_way(call: Call) -> dict[str, Any]:
    call.sim.ways.rows.drop(call.sim.ways.by_id(call.text("config_id")).config_id)
    return {}
