"""Wire: join ways 「加入群聊」."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.groups.join_ways import JoinWay
from wecom_sim.ways.routes import qr_url
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/groupchat/"
SOURCE = "7.2 join way [PQ 92229 2023/12; GW]"


def _wished(call: Call) -> JoinWay:
    remark_chars = call.sim.kernel.settings.contact_way_remark_chars
    automatic = call.number("auto_create_room", 1)
    if automatic not in (0, 1):
        raise WireError(40058, "auto_create_room must be 0 or 1")
    return JoinWay(
        config_id="",
        scene=call.number("scene", missing=40063),
        remark=call.text("remark")[:remark_chars],
        auto_create_room=bool(automatic),
        room_base_name=call.text("room_base_name"),
        room_base_id=call.number("room_base_id", 1),
        chat_id_list=list(dict.fromkeys(call.texts("chat_id_list"))),
        state=call.text("state"),
        mark_source=call.flag("mark_source", True),
        created_at=call.sim.kernel.clock.stamp(),
        owner=call.app.agentid,
    )


@post(BASE + "add_join_way", right="contact", source=SOURCE)
def add_join_way(call: Call) -> dict[str, Any]:
    return {"config_id": call.sim.join_ways.add(_wished(call), call.app).config_id}


@post(BASE + "get_join_way", right="contact", source=SOURCE)
def get_join_way(call: Call) -> dict[str, Any]:
    way = call.sim.join_ways.by_id(call.app, call.text("config_id"))
    out: dict[str, Any] = {
        "config_id": way.config_id,
        "scene": way.scene,
        "remark": way.remark,
        "auto_create_room": int(way.auto_create_room),
        "room_base_name": way.room_base_name,
        "room_base_id": way.room_base_id,
        "chat_id_list": way.chat_id_list,
        "state": way.state,
        "mark_source": way.mark_source,
    }
    if way.scene == 2:
        out["qr_code"] = qr_url(call.base_url, way.config_id)
    return {"join_way": out}


@post(BASE + "update_join_way", right="contact", source=SOURCE)
def update_join_way(call: Call) -> dict[str, Any]:
    """A full overwrite: what is not given falls back to its default."""
    way = call.sim.join_ways.by_id(call.app, call.text("config_id"))
    wished = _wished(call)
    call.sim.join_ways.check(wished, call.app)
    wished.config_id, wished.created_at, wished.joins = way.config_id, way.created_at, way.joins
    if (wished.room_base_name, wished.room_base_id) == (way.room_base_name, way.room_base_id):
        wished.rooms_made = way.rooms_made
    call.sim.join_ways.rows.put(way.config_id, wished)
    return {}


@post(BASE + "del_join_way", right="contact", source=SOURCE)
def del_join_way(call: Call) -> dict[str, Any]:
    call.sim.join_ways.rows.drop(call.sim.join_ways.by_id(call.app, call.text("config_id")).config_id)
    return {}
