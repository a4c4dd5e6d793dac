"""Signing in through the client, by QR code; tickets of the JS-SDK."""

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError, SimulatorServer

BACK = "https://scrm.example.com/signed-in?from=wecom"


def info(wire: Wire, code: str) -> dict[str, Any]:
    return wire.get("auth/getuserinfo", code=code)


def test_a_code_tells_who_signed_in_once(control: Control, wire: Wire) -> None:
    answer = control.authorize(BACK, "staff001", state="s 1")
    query = parse_qs(urlsplit(answer["location"]).query)
    assert query == {"from": ["wecom"], "code": [answer["code"]], "state": ["s 1"]}
    assert info(wire, answer["code"]) == {"errcode": 0, "errmsg": "ok", "userid": "staff001"}
    assert info(wire, answer["code"])["errcode"] == 42022
    assert info(wire, "nonsense")["errcode"] == 40029
    assert info(wire, "")["errcode"] == 41008


def test_a_code_lives_five_minutes_and_belongs_to_one_app(control: Control, wire: Wire) -> None:
    control.freeze()
    code = control.authorize(BACK, "staff001")["code"]
    control.advance(301)
    assert info(wire, code)["errcode"] == 42003
    other = control.post("apps", {"name": "另一个"})
    code = control.authorize(BACK, "staff001", agentid=other["agentid"])["code"]
    assert info(wire, code)["errcode"] == 40029


def test_details_are_those_agreed_to(control: Control, wire: Wire) -> None:
    control.freeze()
    code = control.authorize(BACK, "staff001", scope="snsapi_privateinfo", fields=["mobile", "email"])["code"]
    ticket = info(wire, code)["user_ticket"]
    detail = wire.post("auth/getuserdetail", user_ticket=ticket)
    assert set(detail) == {"errcode", "errmsg", "userid", "mobile", "email"}
    assert detail["userid"] == "staff001"
    assert wire.post("auth/getuserdetail", user_ticket="x")["errcode"] == 84015
    control.advance(1801)
    assert wire.post("auth/getuserdetail", user_ticket=ticket)["errcode"] == 84014


def test_a_customer_gets_openid_and_a_member_out_of_range_nothing(control: Control, wire: Wire) -> None:
    known = next(one["external_userid"] for one in control.export() if one["on_api"])
    stranger = control.post("customers", {"name": "路人"})["external_userid"]
    found = info(wire, control.authorize(BACK, external_userid=known)["code"])
    assert found["external_userid"] == known
    assert found["openid"].startswith("o")
    assert "userid" not in found
    assert set(info(wire, control.authorize(BACK, external_userid=stranger)["code"])) == {"errcode", "errmsg", "openid"}
    app = control.post("apps", {"name": "武康", "departments": [6]})
    code = control.authorize(BACK, "staff013", agentid=app["agentid"])["code"]
    company = control.company()
    token = wire.raw("GET", "gettoken", params={"corpid": company["corpid"], "corpsecret": app["secret"]})
    wire.token = token["access_token"]
    assert info(wire, code)["errcode"] == 50002
    legacy = wire.get("user/getuserinfo", code="none")
    assert legacy["errcode"] == 40029


def test_only_trusted_domains_with_their_port(control: Control, wire: Wire) -> None:
    control.trusted_domains("scrm.example.com:8443")
    with pytest.raises(ControlError, match="50001"):
        control.authorize(BACK, "staff001")
    assert control.authorize("https://scrm.example.com:8443/x", "staff001")["code"]


def test_the_page_lets_choose_agree_and_goes_back(server: SimulatorServer, control: Control, wire: Wire) -> None:
    query = {
        "appid": control.company()["corpid"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_privateinfo",
        "state": "七",
        "agentid": str(control.company()["agentid"]),
    }
    with httpx.Client(base_url=server.base_url, trust_env=False) as browser:
        url = "/connect/oauth2/authorize"
        assert 'data-userid="staff001"' in browser.get(url, params=query).text
        consent = browser.get(url, params={**query, "as": "staff001"}).text
        assert 'data-field="mobile"' in consent
        agreed = browser.get(url, params={**query, "as": "staff001", "fields": "gender", "agreed": "1"})
        assert agreed.status_code == 302
        back = parse_qs(urlsplit(agreed.headers["location"]).query)
        assert back["state"] == ["七"]
        ticket = info(wire, back["code"][0])["user_ticket"]
        assert "gender" in wire.post("auth/getuserdetail", user_ticket=ticket)
        for wrong, code in (
            ({"appid": "ww0"}, "40013"),
            ({"agentid": "7"}, "40056"),
            ({"redirect_uri": "javascript:alert(1)"}, "50001"),
            ({"scope": "all"}, "40058"),
            ({"agentid": ""}, "4"),
        ):
            refused = browser.get(url, params={**query, **wrong})
            assert refused.status_code == 400
            assert f'id="trouble">{code}' in refused.text


def test_the_qr_page_waits_for_a_phone(server: SimulatorServer, control: Control, wire: Wire) -> None:
    control.freeze()
    company = control.company()
    query = {
        "login_type": "CorpApp",
        "appid": company["corpid"],
        "agentid": str(company["agentid"]),
        "redirect_uri": BACK,
        "state": "x",
    }
    with httpx.Client(base_url=server.base_url, trust_env=False) as browser:
        waiting = browser.get("/wwlogin/sso/login", params=query).headers["location"]
        key = waiting.rpartition("/")[2]
        assert 'http-equiv="refresh"' in browser.get(waiting).text
        assert 'lang="zh-CN"' in browser.get(waiting, headers={"accept-language": "zh-CN,en;q=0.8"}).text
        assert "Scan with WeCom" in browser.get(waiting, headers={"accept-language": "en-US,en;q=0.9"}).text
        assert browser.get(f"/wwlogin/qr/{key}.svg").headers["content-type"] == "image/svg+xml"
        assert 'data-userid="staff002"' in browser.get(f"/wwlogin/phone/{key}").text
        assert browser.get(f"/wwlogin/phone/{key}", params={"as": "staff002"}).status_code == 200
        back = browser.get(waiting)
        assert back.status_code == 302
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        assert info(wire, code)["userid"] == "staff002"
        with pytest.raises(ControlError, match="used before"):
            control.sign_in(key, "staff002")
        late = browser.get("/wwopen/sso/qrConnect", params=query).headers["location"]
        control.advance(301)
        assert browser.get(late).status_code == 410
        assert browser.get("/wwlogin/sso/login", params={**query, "login_type": ""}).status_code == 400


def test_tickets_and_the_signature_of_a_page(control: Control, wire: Wire) -> None:
    control.freeze()
    ticket = wire.get("get_jsapi_ticket")
    assert ticket["expires_in"] == 7200
    assert wire.get("get_jsapi_ticket")["ticket"] == ticket["ticket"]
    agent = wire.get("ticket/get", type="agent_config")["ticket"]
    assert agent != ticket["ticket"]
    assert wire.get("ticket/get", type="jsapi")["errcode"] == 91040
    url = "https://scrm.example.com/sidebar"
    signed = f"jsapi_ticket={agent}&noncestr=n&timestamp=7&url={url}"
    wish = {"url": url + "#/x", "timestamp": "7", "nonce_str": "n", "kind": "agent_config"}
    good = hashlib.sha1(signed.encode()).hexdigest()
    assert control.js_config(**wish, signature=good) == {"errMsg": "agentConfig:ok"}
    with pytest.raises(ControlError, match="40093"):
        control.js_config(**{**wish, "kind": "jsapi"}, signature=good)
    control.trusted_domains("elsewhere.example.com")
    with pytest.raises(ControlError, match="80001"):
        control.js_config(**wish, signature=good)
    control.settings(js_tickets_per_hour_app=3)
    assert [wire.get("get_jsapi_ticket")["errcode"] for _ in range(4)] == [0, 0, 0, 45009]


def test_openid_of_a_member_and_back(wire: Wire) -> None:
    openid = wire.post("user/convert_to_openid", userid="staff001")["openid"]
    assert wire.post("user/convert_to_userid", openid=openid)["userid"] == "staff001"
    assert wire.post("user/convert_to_userid", openid="oX")["errcode"] == 46004
