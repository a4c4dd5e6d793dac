"""Wire: contact ways."""

from dataclasses import replace
from itertools import islice
from typing import Any

from wecom_sim.content import content_of
from wecom_sim.errors import WireError
from wecom_sim.ways.state import ContactWay
from wecom_sim.ways.temporary import TempWay
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
SOURCE = "5.4 contact way [PQ 92572; D 96311; D 96348 2025/12; SK]"


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


def _conclusions(call: Call) -> dict[str, Any]:
    """What is said at the end: text, and one of the others: image before link before miniprogram (5.4)."""
    given = call.body.get("conclusions")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise call.ill_typed("conclusions")
    kind = next((one for one in ("image", "link", "miniprogram") if given.get(one)), "")
    parts = [{"msgtype": kind, kind: given[kind]}] if kind else []
    content = content_of(replace(call, body={"text": given.get("text"), "attachments": parts}))
    return {"conclusions": given, "text": content.text, "attachments": content.attachments}


def _temporary(call: Call) -> TempWay | None:
    """What the call wants of a temporary session; None for a permanent way."""
    if not call.flag("is_temp", False):
        return None
    settings = call.sim.kernel.settings
    blank = TempWay(
        "", call.sim.kernel.clock.now(), call.number("expires_in", settings.temp_way_seconds),
        call.number("chat_expires_in", settings.temp_chat_seconds), call.text("unionid"), {}, "", [],
    )  # fmt: skip
    return replace(blank, **_conclusions(call))


def _with_changes(call: Call, row: TempWay) -> TempWay:
    changes: dict[str, Any] = {
        name: call.number(name) for name in ("expires_in", "chat_expires_in") if name in call.body
    }
    if "unionid" in call.body:
        changes["unionid"] = call.text("unionid")
    return replace(row, **changes, **_conclusions(call))


@post(BASE + "add_contact_way", right="contact", source=SOURCE)
def add_contact_way(call: Call) -> dict[str, Any]:
    temporary = _temporary(call)
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
    if temporary is not None:
        call.sim.temporary.check(way, temporary)
    made = call.sim.ways.add(way, call.app)
    if temporary is not None:
        call.sim.temporary.rows.put(made.config_id, replace(temporary, config_id=made.config_id))
    out = {"config_id": made.config_id}
    return out | {"qr_code": qr_url(call.base_url, made.config_id)} if made.scene == 2 else out


@post(BASE + "get_contact_way", right="contact", source=SOURCE)
def get_contact_way(call: Call) -> dict[str, Any]:
    way = call.sim.ways.by_id(call.text("config_id"))
    out, temporary = way_out(way, call.base_url), call.sim.temporary.rows.get(way.config_id)
    if temporary is not None:
        out |= {"is_temp": True, "conclusions": temporary.conclusions}
        out |= {name: getattr(temporary, name) for name in ("expires_in", "chat_expires_in", "unionid")}
    return {"contact_way": out}


@post(BASE + "list_contact_way", right="contact", source=SOURCE)
def list_contact_way(call: Call) -> dict[str, Any]:
    kernel = call.sim.kernel
    settings = kernel.settings
    end = call.number("end_time", kernel.clock.stamp())
    start = call.number("start_time", end - settings.contact_way_list_days * 86400)
    limit = call.limit(settings.contact_way_list_max, settings.contact_way_list_default)
    kind = f"ways {call.number('start_time')} {call.number('end_time')}"
    # By running number: ways made or deleted between two pages leave the page boundary where it was.
    after = kernel.cursors.decode(kind, call.text("cursor")) or 0
    temporary = call.sim.temporary.rows
    listed = (way for way in call.sim.ways.rows if way.number > after and way.config_id not in temporary)
    found = list(islice((way for way in listed if start <= way.created_at <= end), limit + 1))
    page = found[:limit]
    return {
        "contact_way": [{"config_id": way.config_id} for way in page],
        "next_cursor": kernel.cursors.encode(kind, page[-1].number) if len(found) > limit else "",
    }


@post(BASE + "update_contact_way", right="contact", source=SOURCE)
def update_contact_way(call: Call) -> dict[str, Any]:
    way = call.sim.ways.by_id(call.text("config_id"))
    temporary = call.sim.temporary.rows.get(way.config_id)
    if temporary is not None and call.sim.temporary.expired(temporary):
        raise WireError(41044, "the temporary way has expired")
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
    if temporary is not None:
        temporary = _with_changes(call, temporary)
        call.sim.temporary.check_spans(temporary)
        call.sim.temporary.rows.put(way.config_id, temporary)
    call.sim.ways.rows.put(way.config_id, changed)
    return {}


@post(BASE + "del_contact_way", right="contact", source=SOURCE)
def del_contact_way(call: Call) -> dict[str, Any]:
    call.sim.ways.rows.drop(call.sim.ways.by_id(call.text("config_id")).config_id)
    return {}


@post(BASE + "close_temp_chat", right="contact", source=SOURCE)
def close_temp_chat(call: Call) -> dict[str, Any]:
    relation = call.sim.contacts.relation_for(call.app, call.text("userid"), call.text("external_userid"))
    call.sim.temporary.close(relation)
    return {}
