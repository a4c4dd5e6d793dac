"""Wire: the product album."""

from dataclasses import replace
from typing import Any

from wecom_sim.album.state import Product
from wecom_sim.errors import WireError
from wecom_sim.paging import page_where
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
SOURCE = "11 product album [PQ 95096]"


def _attachments(call: Call) -> list[dict[str, Any]]:
    given = call.body.get("attachments") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise call.ill_typed("attachments")
    for one in given:
        image = one.get("image")
        if one.get("type") != "image" or not isinstance(image, dict):
            raise WireError(41065)
        call.sim.media.usable(str(image.get("media_id", "")), "image", attachment=2)
    return given


def _out(row: Product) -> dict[str, Any]:
    return {
        "product_id": row.product_id,
        "description": row.description,
        "price": row.price,
        "create_time": row.create_time,
        "product_sn": row.product_sn,
        "attachments": row.attachments,
    }


@post(BASE + "add_product_album", right="contact", source=SOURCE)
def add_product_album(call: Call) -> dict[str, Any]:
    row = Product(
        "", call.app.agentid, call.sim.kernel.clock.stamp(), call.text("description"), call.number("price", missing=41086),
        call.text("product_sn"), _attachments(call),
    )  # fmt: skip
    return {"product_id": call.sim.album.add(row).product_id}


@post(BASE + "get_product_album", right="contact", source=SOURCE)
def get_product_album(call: Call) -> dict[str, Any]:
    return {"product": _out(call.sim.album.by_id(call.text("product_id")))}


@post(BASE + "get_product_album_list", right="contact", source=SOURCE)
def get_product_album_list(call: Call) -> dict[str, Any]:
    page, cursor = page_where(call, "album", call.sim.album.rows, lambda one: not one.deleted, 100, 50)
    return {"product_list": [_out(one) for one in page], "next_cursor": cursor}


@post(BASE + "update_product_album", right="contact", source=SOURCE)
def update_product_album(call: Call) -> dict[str, Any]:
    row = call.sim.album.by_id(call.text("product_id"), call.app)
    changes: dict[str, Any] = {name: call.text(name) for name in ("description", "product_sn") if name in call.body}
    if "price" in call.body:
        changes["price"] = call.number("price")
    if "attachments" in call.body:
        changes["attachments"] = _attachments(call)
    changed = replace(row, **changes)
    call.sim.album.check(changed)
    call.sim.album.rows.put(row.product_id, changed)
    return {}


@post(BASE + "delete_product_album", right="contact", source=SOURCE)
def delete_product_album(call: Call) -> dict[str, Any]:
    row = call.sim.album.by_id(call.text("product_id"), call.app)
    row.deleted = True
    call.sim.album.rows.touch(row.product_id)
    return {}
