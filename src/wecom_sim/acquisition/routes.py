"""Wire: acquisition links."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wecom_sim.acquisition.state import Link
from wecom_sim.clock import SHANGHAI
from wecom_sim.days import day_of
from wecom_sim.errors import WireError
from wecom_sim.paging import page_of, page_where
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/externalcontact/customer_acquisition"
SOURCE = "5.5 acquisition links [PQ 97297/97298/97375; GW; SK]"


def _apps_only(call: Call) -> None:
    if call.app.kind != "app":
        raise WireError(48002, "the system secret of customer contact may not do this")


def _link(call: Call) -> Link:
    _apps_only(call)
    return call.sim.acquisition.by_id(call.app, call.text("link_id", missing=40063))


def _url(call: Call, link: Link) -> str:
    return f"{call.base_url}/ca/{link.token}"


def _part(call: Call, name: str) -> dict[str, Any]:
    value = call.body.get(name) or {}
    if not isinstance(value, dict):
        raise call.ill_typed(name)
    return value


def _listed(call: Call, body: dict[str, Any], name: str, kind: type) -> list[Any]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, kind) and not isinstance(one, bool) for one in value):
        raise call.ill_typed(name)
    return list(dict.fromkeys(value))


@post(f"{BASE}/list_link", right="contact", source=SOURCE)
def list_link(call: Call) -> dict[str, Any]:
    _apps_only(call)
    links, agentid = call.sim.acquisition.links, call.app.agentid
    page, cursor = page_where(
        call, f"links {agentid}", links, lambda one: one.owner == agentid and not one.deleted, 100, 100
    )
    return {"link_id_list": [one.link_id for one in page], "next_cursor": cursor}


@post(f"{BASE}/get", right="contact", source=SOURCE)
def get_link(call: Call) -> dict[str, Any]:
    link = _link(call)
    out: dict[str, Any] = {
        "link": {
            "link_name": link.name,
            "url": _url(call, link),
            "create_time": link.create_time,
            "skip_verify": link.skip_verify,
            "mark_source": link.mark_source,
        },
        "range": {"user_list": link.users, "department_list": link.departments},
    }
    if link.priority_type:
        option = {"priority_type": link.priority_type, "priority_userid_list": link.priority_users}
        out["priority_option"] = option
    return out


def _with_changes(call: Call, link: Link) -> Link:
    changes: dict[str, Any] = {}
    if "link_name" in call.body:
        changes["name"] = call.text("link_name")
    if "range" in call.body:
        part = _part(call, "range")
        changes["users"] = _listed(call, part, "user_list", str)
        changes["departments"] = _listed(call, part, "department_list", int)
    for name in ("skip_verify", "mark_source"):
        if name in call.body:
            changes[name] = call.flag(name, True)
    if "priority_option" in call.body:
        part = _part(call, "priority_option")
        kind = part.get("priority_type", 0)
        if not isinstance(kind, int):
            raise call.ill_typed("priority_type")
        changes["priority_type"] = kind
        changes["priority_users"] = _listed(call, part, "priority_userid_list", str)
    return replace(link, **changes)


@post(f"{BASE}/create_link", right="contact", source=SOURCE)
def create_link(call: Call) -> dict[str, Any]:
    _apps_only(call)
    blank = Link("", "", "", call.sim.kernel.clock.stamp(), call.app.agentid, [], [])
    link = call.sim.acquisition.create(_with_changes(call, blank), call.app)
    url = _url(call, link)
    return {"link": {"link_id": link.link_id, "link_name": link.name, "url": url, "create_time": link.create_time}}


@post(f"{BASE}/update_link", right="contact", source=SOURCE)
def update_link(call: Call) -> dict[str, Any]:
    changed = _with_changes(call, _link(call))
    call.sim.acquisition.check(changed, call.app)
    call.sim.acquisition.links.put(changed.link_id, changed)
    return {}


@post(f"{BASE}/delete_link", right="contact", source=SOURCE)
def delete_link(call: Call) -> dict[str, Any]:
    call.sim.acquisition.delete(_link(call))
    return {}


@post(f"{BASE}/customer", right="contact", source=SOURCE)
def customer(call: Call) -> dict[str, Any]:
    link = _link(call)
    page, cursor = page_of(call, f"link {link.link_id}", call.sim.acquisition.brought_by(link), 1000, 1000)
    return {
        "customer_list": [
            {
                "external_userid": one.external_userid,
                "userid": one.userid,
                "chat_status": one.chat_status,
                "state": one.state,
            }
            for one in page
        ],
        "next_cursor": cursor,
    }


@get("/cgi-bin/externalcontact/customer_acquisition_quota", right="contact", source=SOURCE)
def quota(call: Call) -> dict[str, Any]:
    _apps_only(call)
    kept = call.sim.acquisition.quota
    rows = [{"expire_date": int(one.expires_at), "balance": one.balance} for one in kept.live()]
    return {"total": kept.total(), "balance": kept.balance(), "quota_list": rows}


@post(f"{BASE}/statistic", right="contact", source=SOURCE)
def statistic(call: Call) -> dict[str, Any]:
    link, settings = _link(call), call.sim.kernel.settings
    start, end = call.number("start_time", missing=40063), call.number("end_time", missing=40063)
    first, last = day_of(start), day_of(end)
    today = datetime.fromtimestamp(call.sim.kernel.clock.now(), SHANGHAI).date()
    oldest = today - timedelta(days=settings.statistic_back_days)
    if last < first or (last - first).days >= settings.statistic_days_max or first < oldest or last > today:
        raise WireError(40058, "at most 30 days of the last 180")

    def count(days: dict[str, list[str]]) -> int:
        return len({one for day, ids in days.items() if f"{first}" <= day <= f"{last}" for one in ids})

    return {"click_link_customer_cnt": count(link.clicked), "new_customer_cnt": count(link.won)}


@post(f"{BASE}/get_chat_info", right="contact", source=SOURCE)
def get_chat_info(call: Call) -> dict[str, Any]:
    _apps_only(call)
    row, messages = call.sim.acquisition.chat_info(call.text("chat_key", missing=40063))
    info = {"recv_msg_cnt": messages, "link_id": row.link_id, "state": row.state}
    return {"userid": row.userid, "external_userid": row.external_userid, "chat_info": info}
