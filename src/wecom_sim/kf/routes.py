"""Wire: sessions, messages, customers and statistics of customer service."""

from datetime import datetime, timedelta
from typing import Any

from wecom_sim.clock import SHANGHAI
from wecom_sim.days import day_of
from wecom_sim.errors import WireError
from wecom_sim.kf import account_routes  # noqa: F401  (fills ENDPOINTS)
from wecom_sim.kf.account_routes import account_of
from wecom_sim.kf.bodies import part_of
from wecom_sim.kf.talk import MEMBER
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/kf/"
SESSION, MESSAGES = "12 kf sessions [SI; GW]", "12 kf messages [SI; SK]"
UPGRADE, STATISTICS = "12 kf upgrade service [SK]", "12 kf statistics [SK; GW]"


def _customer(call: Call, name: str = "external_userid") -> str:
    external_userid = call.text(name, missing=41035)
    if external_userid not in call.sim.contacts.customers:
        raise WireError(40096)
    return external_userid


@post(BASE + "service_state/get", right="kf", source=SESSION)
def service_state_get(call: Call) -> dict[str, Any]:
    row = call.sim.kf_talk.session(account_of(call).open_kfid, _customer(call))
    return {"service_state": row.state} | ({"servicer_userid": row.servicer} if row.state == MEMBER else {})


@post(BASE + "service_state/trans", right="kf", source=SESSION)
def service_state_trans(call: Call) -> dict[str, Any]:
    account, external_userid = account_of(call), _customer(call)
    to = call.number("service_state", missing=40063)
    code = call.sim.kf_talk.move(account, external_userid, to, call.text("servicer_userid"))
    return {"msg_code": code} if code else {}


@post(BASE + "sync_msg", right="kf", source=MESSAGES)
def sync_msg(call: Call) -> dict[str, Any]:
    kernel, talk = call.sim.kernel, call.sim.kf_talk
    open_kfid = account_of(call).open_kfid
    token, cursor = call.text("token"), call.text("cursor")
    if token:
        talk.check_token(open_kfid, token)
    else:
        most = kernel.settings.kf_sync_without_token_per_minute
        call.sim.auth.frequency.spend("sync_msg without token", open_kfid, most, 60, 60)
    if call.number("voice_format") not in (0, 1):
        raise WireError(40058, "voice_format")
    if len(cursor.encode()) > 64:
        raise WireError(50100)
    kind = talk.cursor_kind(open_kfid)
    start, emptied = kernel.cursors.decode(kind, cursor) or (0, 0)
    items, end, more = talk.read(open_kfid, start, call.limit(1000, 1000))
    if items and kernel.settings.kf_empty_pages and not emptied:
        # has_more with an empty list (MEM): who keeps pulling gets the page with the next call.
        items, end, more, emptied = [], start, True, 1
    else:
        emptied = 0
    return {
        "next_cursor": kernel.cursors.encode(kind, [end, emptied]),
        "has_more": 1 if more else 0,
        "msg_list": items,
    }


@post(BASE + "send_msg", right="kf", source=MESSAGES)
def send_msg(call: Call) -> dict[str, Any]:
    account, external_userid = account_of(call), _customer(call, "touser")
    return {"msgid": call.sim.kf_talk.send(account, external_userid, call.text("msgid"), part_of(call))}


@post(BASE + "send_msg_on_event", right="kf", source=MESSAGES)
def send_msg_on_event(call: Call) -> dict[str, Any]:
    part = part_of(call, ("text", "msgmenu"))
    code = call.text("code", missing=40063)
    return {"msgid": call.sim.kf_talk.send_on_event(code, call.text("msgid"), part, call.app.kf_accounts)}


@post(BASE + "customer/batchget", right="kf", source="12 kf customers [SK]")
def customer_batchget(call: Call) -> dict[str, Any]:
    """Customers who came to an account in the last 48 h; all others are invalid."""
    wanted, settings = call.texts("external_userid_list"), call.sim.kernel.settings
    if not 1 <= len(wanted) <= 100:
        raise WireError(40058, "external_userid_list takes 1 to 100")
    since = call.sim.kernel.clock.now() - settings.kf_session_seconds
    shown, invalid = [], []
    for external_userid in dict.fromkeys(wanted):
        customer = call.sim.contacts.customers.get(external_userid)
        sessions = [one for one in call.sim.kf_talk.sessions if one.external_userid == external_userid]
        recent = [one for one in sessions if max(one.entered_at, one.last_customer_at) >= since]
        if customer is None or not recent:
            invalid.append(external_userid)
            continue
        row: dict[str, Any] = {
            "external_userid": external_userid,
            "nickname": customer.name,
            "avatar": customer.avatar,
            "gender": customer.gender,
        }
        if customer.unionid:
            row["unionid"] = customer.unionid
        last = max(recent, key=lambda one: one.entered_at)
        if call.number("need_enter_session_context") and last.entered_at:
            row["enter_session_context"] = {"scene": last.scene, "scene_param": last.scene_param}
        shown.append(row)
    return {"customer_list": shown, "invalid_external_userid": invalid}


@get(BASE + "customer/get_upgrade_service_config", right="kf", source=UPGRADE)
def get_upgrade_service_config(call: Call) -> dict[str, Any]:
    able = [one.userid for one in call.sim.directory.staff if one.follow_enabled and one.in_service]
    return {
        "member_range": {"userid_list": able, "department_id_list": []},
        "groupchat_range": {"chat_id_list": []},
    }


@post(BASE + "customer/upgrade_service", right="kf", source=UPGRADE)
def upgrade_service(call: Call) -> dict[str, Any]:
    account, external_userid = account_of(call), _customer(call)
    if call.sim.kernel.settings.kf_upgrade_set_in_admin:
        raise WireError(95015)
    kind = {1: "member", 2: "groupchat"}.get(call.number("type", missing=40063))
    body = call.body.get(kind) if kind else None
    if kind is None or not isinstance(body, dict):
        raise WireError(40058, "type must be 1 with member or 2 with groupchat")
    if kind == "member":
        call.sim.directory.member_for(call.app, str(body.get("userid", "")))
    elif not body.get("chat_id"):
        raise WireError(40063, "missing chat_id")
    row = call.sim.kf_talk.session(account.open_kfid, external_userid)
    row.upgraded = {"type": kind, **body}
    call.sim.kf_talk.touch(row)
    call.sim.kf_talk.count(account.open_kfid, external_userid, "upgraded")
    return {}


@post(BASE + "customer/cancel_upgrade_service", right="kf", source=UPGRADE)
def cancel_upgrade_service(call: Call) -> dict[str, Any]:
    row = call.sim.kf_talk.session(account_of(call).open_kfid, _customer(call))
    row.upgraded = {}
    call.sim.kf_talk.touch(row)
    return {}


def _days(call: Call) -> tuple[str, str]:
    settings = call.sim.kernel.settings
    start, end = call.number("start_time", missing=40063), call.number("end_time", missing=40063)
    first, last = day_of(start), day_of(end)
    today = datetime.fromtimestamp(call.sim.kernel.clock.now(), SHANGHAI).date()
    oldest = today - timedelta(days=settings.statistic_back_days)
    if last < first or (last - first).days >= settings.statistic_days_max or first < oldest or last >= today:
        raise WireError(40058, "at most 30 days, from yesterday back to the 180th")
    return f"{first}", f"{last}"


def _statistics(call: Call, servicer: str, whole: bool) -> dict[str, Any]:
    open_kfid = account_of(call).open_kfid if call.text("open_kfid") else ""
    first, last = _days(call)
    found: dict[str, dict[str, int]] = {}
    seen: dict[str, set[str]] = {}
    for one in call.sim.kf_talk.days:
        if (open_kfid and one.open_kfid != open_kfid) or not first <= one.day <= last:
            continue
        if bool(one.servicer) == whole or (servicer and one.servicer != servicer):
            continue
        row = found.setdefault(one.day, {"session_cnt": 0, "customer_cnt": 0, "customer_msg_cnt": 0})
        row["session_cnt"] += one.sessions
        row["customer_msg_cnt"] += one.messages
        seen.setdefault(one.day, set()).update(one.customers)
        row["customer_cnt"] = len(seen[one.day])
        if whole:
            for name, ids in (
                ("upgrade_service_customer_cnt", one.upgraded),
                ("msg_rejected_customer_cnt", one.refused),
            ):
                row[name] = row.get(name, 0) + len(ids)
    stamps = {day: int(datetime.fromisoformat(f"{day}T00:00:00+08:00").timestamp()) for day in found}
    return {"statistic_list": [{"stat_time": stamps[day], "statistic": found[day]} for day in sorted(found)]}


@post(BASE + "get_corp_statistic", right="kf", source=STATISTICS)
def get_corp_statistic(call: Call) -> dict[str, Any]:
    return _statistics(call, "", whole=True)


@post(BASE + "get_servicer_statistic", right="kf", source=STATISTICS)
def get_servicer_statistic(call: Call) -> dict[str, Any]:
    return _statistics(call, call.text("servicer_userid"), whole=False)


@get(BASE + "get_corp_qualification", right="kf", source="12 kf [SK]", shape_only=True)
def get_corp_qualification(call: Call) -> dict[str, Any]:
    return {"wechat_channels_binding": False}
