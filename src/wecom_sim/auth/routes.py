"""Wire: tokens and address lists."""

from typing import Any

from wecom_sim.wire import Call, get


@get("/cgi-bin/gettoken", token=False, source="1.2 token [SK; XE; COMM 2021-08]")
def gettoken(call: Call) -> dict[str, Any]:
    token, seconds = call.sim.auth.issue(call.query.get("corpid", ""), call.query.get("corpsecret", ""), call.ip)
    return {"access_token": token.token, "expires_in": seconds}


@get("/cgi-bin/getcallbackip", source="1.3 IP lists [SK]")
def getcallbackip(call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}


@get("/cgi-bin/get_api_domain_ip", source="1.3 IP lists [SK]")
def get_api_domain_ip(call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}
