"""Wire: who signed in, tickets of the JS-SDK."""

from typing import Any

from wecom_sim.directory.state import Staff
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, get, post

SIGN_IN, TICKETS = "4.2 OAuth [SK; XE 40029]", "4.4 JS-SDK [SK; COMM 2020-02]"


def _who(call: Call) -> tuple[str, str, str, str]:
    """userid, user_ticket, openid, external_userid of the code; only those that apply."""
    oauth = call.sim.oauth
    row = oauth.redeem(call.app, call.query.get("code", ""))
    if row.userid:
        return row.userid, oauth.ticket_for(call.app, row) if row.scope == "snsapi_privateinfo" else "", "", ""
    relations = call.sim.contacts.of_customer.get(row.external_userid, [])
    visible = call.sim.directory.visible_userids(call.app)
    shown = any(one.on_api and one.userid in visible for one in relations)
    return "", "", oauth.openid(row.external_userid), row.external_userid if shown else ""


@get("/cgi-bin/auth/getuserinfo", source=SIGN_IN)
def getuserinfo(call: Call) -> dict[str, Any]:
    userid, ticket, openid, external_userid = _who(call)
    found = {"userid": userid, "user_ticket": ticket, "openid": openid, "external_userid": external_userid}
    return {name: value for name, value in found.items() if value}


@get("/cgi-bin/user/getuserinfo", source="4.2 OAuth (legacy) [SK]")
def legacy_getuserinfo(call: Call) -> dict[str, Any]:
    userid, _, openid, external_userid = _who(call)
    found = {"UserId": userid, "DeviceId": "", "OpenId": openid, "external_userid": external_userid}
    return {name: value for name, value in found.items() if value or (userid and name == "DeviceId")}


def private_out(member: Staff, base_url: str) -> dict[str, Any]:
    return {
        "avatar": f"{base_url}/phone/static/icon.svg",
        "gender": str(member.gender),
        "mobile": member.mobile,
        "email": member.email,
        "biz_mail": member.email,
        "qr_code": f"{base_url}/phone/staff/{member.userid}",
        "address": "",
    }


@post("/cgi-bin/auth/getuserdetail", source="4.2 OAuth [SK; GW]")
def getuserdetail(call: Call) -> dict[str, Any]:
    member, agreed = call.sim.oauth.detail(call.app, call.text("user_ticket"))
    private = private_out(member, call.base_url)
    return {"userid": member.userid} | {name: private[name] for name in agreed}


@get("/cgi-bin/get_jsapi_ticket", source=TICKETS)
def get_jsapi_ticket(call: Call) -> dict[str, Any]:
    return _ticket(call, "jsapi")


@get("/cgi-bin/ticket/get", source=TICKETS)
def ticket_get(call: Call) -> dict[str, Any]:
    if call.query.get("type") != "agent_config":
        raise WireError(91040)
    return _ticket(call, "agent_config")


def _ticket(call: Call, kind: Any) -> dict[str, Any]:
    settings, frequency = call.sim.kernel.settings, call.sim.auth.frequency
    hour, corp = settings.block_hour_seconds, call.sim.kernel.company.corpid
    frequency.spend("jsapi tickets per corp", corp, settings.js_tickets_per_hour_corp, 3600, hour)
    frequency.spend("jsapi tickets per app", str(call.app.agentid), settings.js_tickets_per_hour_app, 3600, hour)
    ticket, seconds = call.sim.oauth.js_ticket(kind, call.app)
    return {"ticket": ticket, "expires_in": seconds}


@post("/cgi-bin/user/convert_to_openid", source="4.1 directory [SK]")
def convert_to_openid(call: Call) -> dict[str, Any]:
    return {"openid": call.sim.oauth.openid(call.sim.directory.member_for(call.app, call.text("userid")).userid)}


@post("/cgi-bin/user/convert_to_userid", source="4.1 directory [SK]")
def convert_to_userid(call: Call) -> dict[str, Any]:
    member = call.sim.oauth.by_openid(call.text("openid", missing=40058))
    if member is None:
        raise WireError(46004)
    return {"userid": call.sim.directory.member_for(call.app, member.userid).userid}
