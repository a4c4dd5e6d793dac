"""Wire: accounts, servicers and links of customer service."""

from typing import Any

from wecom_sim.kf.state import KfAccount
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/kf/"
SOURCE = "12 kf accounts [SK; GW; XE]"


def account_of(call: Call) -> KfAccount:
    return call.sim.kf_accounts.by_id(call.app, call.text("open_kfid"))


@post(BASE + "account/add", right="kf", source=SOURCE)
def account_add(call: Call) -> dict[str, Any]:
    media_id = call.text("media_id", missing=41006)
    call.sim.media.usable(media_id, "image")
    return {"open_kfid": call.sim.kf_accounts.add(call.app, call.text("name"), media_id).open_kfid}


@post(BASE + "account/update", right="kf", source=SOURCE)
def account_update(call: Call) -> dict[str, Any]:
    row, accounts = account_of(call), call.sim.kf_accounts
    name, media_id = call.text("name"), call.text("media_id")
    if name:
        accounts.check_name(name)
    if media_id:
        call.sim.media.usable(media_id, "image")
    row.name, row.media_id = name or row.name, media_id or row.media_id
    accounts.rows.touch(row.open_kfid)
    return {}


@post(BASE + "account/del", right="kf", source=SOURCE)
def account_del(call: Call) -> dict[str, Any]:
    row = account_of(call)
    row.deleted = True
    call.sim.kf_accounts.rows.touch(row.open_kfid)
    return {}


@post(BASE + "account/list", right="kf", source=SOURCE)
def account_list(call: Call) -> dict[str, Any]:
    start, limit = max(0, call.number("offset")), call.limit(100, 100)
    return {
        "account_list": [
            {
                "open_kfid": one.open_kfid,
                "name": one.name,
                "avatar": f"{call.base_url}/pic/{one.media_id}",
                "manage_privilege": True,
            }
            for one in call.sim.kf_accounts.live(call.app)[start : start + limit]
        ]
    }


@post(BASE + "add_contact_way", right="kf", source=SOURCE)
def add_contact_way(call: Call) -> dict[str, Any]:
    link = call.sim.kf_accounts.make_link(account_of(call), call.text("scene"))
    return {"url": f"{call.base_url}/kf/{link.token}?enc_scene={link.token[3:]}"}


@post(BASE + "servicer/add", right="kf", source=SOURCE)
def servicer_add(call: Call) -> dict[str, Any]:
    return {"result_list": _change(call, True)}


@post(BASE + "servicer/del", right="kf", source=SOURCE)
def servicer_del(call: Call) -> dict[str, Any]:
    return {"result_list": _change(call, False)}


def _change(call: Call, add: bool) -> list[dict[str, Any]]:
    users, departments = call.texts("userid_list"), call.numbers("department_id_list")
    return call.sim.kf_accounts.change_servicers(call.app, account_of(call), users, departments, add)


@get(BASE + "servicer/list", right="kf", source=SOURCE)
def servicer_list(call: Call) -> dict[str, Any]:
    row = call.sim.kf_accounts.by_id(call.app, call.query.get("open_kfid", ""))
    members: list[dict[str, Any]] = [
        {"userid": one, "status": 1, "stop_type": row.stopped[one]}
        if one in row.stopped
        else {"userid": one, "status": 0}
        for one in row.servicers
    ]
    return {"servicer_list": members + [{"department_id": one} for one in row.departments]}
