"""A page beside a chat: what may be framed, signatures, sending, and the whole way in a browser."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest
from phone_helpers import TOO_SMALL
from sim_helpers import Wire

from wecom_sim.testing import Control, SimulatorServer

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page


def post(server: SimulatorServer, path: str, **body: Any) -> Any:
    return httpx.post(f"{server.base_url}/phone/api/{path}", json=body, trust_env=False).json()


def customer(control: Control, wire: Wire, name: str = "宋予") -> str:
    found: str = control.scan(wire.live_code("staff006"), customer={"name": name})["external_userid"]
    return found


def signature(ticket: str, url: str) -> str:
    return hashlib.sha1(f"jsapi_ticket={ticket}&noncestr=n&timestamp=1&url={url}".encode()).hexdigest()


# -- what may be framed ----------------------------------------------------------------------------------------------------
def policy(server: SimulatorServer, path: str) -> str:
    found: str = httpx.get(server.base_url + path, trust_env=False).headers["content-security-policy"]
    return found


def test_only_pages_that_the_admin_set_may_be_framed(server: SimulatorServer, control: Control) -> None:
    assert "frame-src 'self'" in policy(server, "/phone/staff/staff006")
    control.post("sidebar", {"url": "https://page.example/side?x=1"})
    assert "frame-src 'self' https://page.example" in policy(server, "/phone/staff/staff006")
    assert "frame-src" not in policy(server, "/phone/customer/wm1")
    control.post("sidebar", {"url": ""})
    assert "page.example" not in policy(server, "/phone/staff/staff006")


def test_phones_are_framed_by_nobody_and_the_sample_by_phones(server: SimulatorServer) -> None:
    for path in ("/phone", "/phone/staff/staff006", "/phone/customer/wm1"):
        assert "frame-ancestors 'none'" in policy(server, path)
    sample = policy(server, "/phone/sidebar-sample")
    assert "frame-ancestors 'self'" in sample
    assert "unsafe" not in sample
    script = httpx.get(f"{server.base_url}/jssdk.js", trust_env=False)
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//page", "http://a; script-src *", "http://a'b", "ftp://a"])
def test_addresses_that_are_no_page(server: SimulatorServer, control: Control, url: str) -> None:
    answer = httpx.post(f"{server.base_url}/control/sidebar", json={"url": url}, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_url")


# -- signatures ------------------------------------------------------------------------------------------------------------
PAGE = "http://page.example/side"


def wish(control: Control, ticket: str, kind: str = "agent_config", **changes: Any) -> dict[str, Any]:
    company = control.company()
    made = {
        "userid": "staff006", "kind": kind, "corpid": company["corpid"], "agentid": company["agentid"], "url": PAGE,
        "timestamp": "1", "nonce_str": "n", "signature": signature(ticket, PAGE),
    }  # fmt: skip
    return {**made, **changes}


def test_both_tickets_sign(server: SimulatorServer, control: Control, wire: Wire) -> None:
    agent, jsapi = wire.get("ticket/get", type="agent_config")["ticket"], wire.get("get_jsapi_ticket")["ticket"]
    assert post(server, "js-config", **wish(control, agent)) == {"errMsg": "agentConfig:ok", "contact": True}
    assert post(server, "js-config", **wish(control, jsapi, "jsapi"))["errMsg"] == "config:ok"
    assert post(server, "js-config", **wish(control, jsapi))["error"]["code"] == "wire_40093"


def test_what_makes_a_configuration_fail(server: SimulatorServer, control: Control, wire: Wire) -> None:
    ticket = wire.get("ticket/get", type="agent_config")["ticket"]

    def code(**changes: Any) -> str:
        found: str = post(server, "js-config", **wish(control, ticket, **changes))["error"]["code"]
        return found

    assert code(corpid="ww0") == "wire_40013"
    assert code(agentid=9) == "wire_40056"
    assert code(url=PAGE + "?other") == "wire_40093"
    assert code(userid="nobody") == "no_such_staff"
    control.post("clock", {"advance_seconds": 7201})
    assert code() == "wire_40093"
    control.post("trusted-domains", {"domains": ["other.example"]})
    assert code() == "wire_80001"


def test_an_app_that_the_member_does_not_see(server: SimulatorServer, control: Control, wire: Wire) -> None:
    hidden = control.post("apps", {"name": "外店", "departments": [control.get("departments")[-1]["id"]]})
    sees = (
        hidden["departments"][0] in next(one for one in control.staff() if one["userid"] == "staff006")["departments"]
    )
    assert not sees
    answer = post(server, "js-config", **wish(control, "t", agentid=hidden["agentid"]))
    assert answer["error"]["code"] == "wire_60011"


def test_only_the_sample_is_signed(server: SimulatorServer) -> None:
    def sign(url: str) -> Any:
        return httpx.get(f"{server.base_url}/phone/api/sample-config", params={"url": url}, trust_env=False).json()

    assert sign("http://page.example/phone/sidebar-sample")["error"]["code"] == "not_the_sample"
    assert sign(f"{server.base_url}/phone")["error"]["code"] == "not_the_sample"
    assert len(sign(f"{server.base_url}/phone/sidebar-sample")["agent_config"]) == 40


# -- sending ---------------------------------------------------------------------------------------------------------------
def test_what_a_page_sends_stands_in_the_chat(server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    to = {"userid": "staff006", "external_userid": person}
    news = {"link": "https://a.example", "title": "见面礼", "desc": "8 元券", "imgUrl": ""}
    mini = {"appid": "wx1", "title": "会员中心", "page": "p", "imgUrl": "https://a.example/1.png"}
    for kind, body in (("text", {"content": "在的"}), ("news", news), ("miniprogram", mini)):
        assert "error" not in post(server, "sidebar-send", **to, msgtype=kind, body=body)
    lines = control.get(f"customers/{person}")["relations"][0]["chat"][1:]
    assert [(one["side"], one["part"]["msgtype"]) for one in lines] == [
        ("staff", "text"), ("staff", "link"), ("staff", "miniprogram"),
    ]  # fmt: skip
    assert [one["data"]["text"] for one in control.ledger(kind="chat")] == ["在的", "见面礼", "会员中心"]


def test_what_a_page_may_not_send(server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire)

    def code(msgtype: str, body: dict[str, Any], **to: str) -> str:
        pair = {"userid": "staff006", "external_userid": person, **to}
        found: str = post(server, "sidebar-send", **pair, msgtype=msgtype, body=body)["error"]["code"]
        return found

    assert code("text", {"content": " "}) == "bad_field"
    assert code("news", {"title": "a", "link": "javascript:alert(1)"}) == "bad_field"
    assert code("news", {"title": "a", "link": "https://a", "imgUrl": "data:x"}) == "bad_field"
    assert code("image", {"mediaid": "none"}) == "wire_40007"
    assert code("voice", {}) == "bad_msgtype"
    assert code("text", {"content": "在"}, userid="staff007") == "not_friends"
    assert code("text", {"content": "在"}, chat_id="wrnone") == "no_such_group"


def test_rules_of_sensitive_words_hold_for_pages_too(server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire)
    rule = {
        "rule_name": "词",
        "word_list": ["返现"],
        "intercept_type": 1,
        "applicable_range": {"user_list": ["staff006"]},
    }
    wire.ok("add_intercept_rule", **rule)
    answer = post(
        server, "sidebar-send", userid="staff006", external_userid=person, msgtype="text", body={"content": "返现"}
    )
    assert answer["error"]["code"] == "intercepted"


# -- signing in inside the frame -------------------------------------------------------------------------------------------
def test_a_framed_page_signs_in_without_asking(server: SimulatorServer, control: Control) -> None:
    query = {
        "appid": control.company()["corpid"], "redirect_uri": "http://page.example/back", "response_type": "code",
        "scope": "snsapi_base", "state": "s",
    }  # fmt: skip
    url = f"{server.base_url}/connect/oauth2/authorize?{urlencode(query)}"
    cookie = {"cookie": "wecom-sim-member=staff006"}
    framed = httpx.get(url, headers={**cookie, "sec-fetch-dest": "iframe"}, trust_env=False)
    assert framed.headers["location"].startswith("http://page.example/back?code=")
    whole = httpx.get(url, headers={**cookie, "sec-fetch-dest": "document"}, trust_env=False)
    assert whole.status_code == 200
    assert "frame-ancestors 'self'" in whole.headers["content-security-policy"]


# -- in a browser ----------------------------------------------------------------------------------------------------------
@pytest.mark.browser
def test_the_sample_page_shows_every_call(phone: "Page", server: SimulatorServer, control: Control, wire: Wire) -> None:
    person = customer(control, wire, "<b>宋予</b>")
    phone.goto(f"{server.base_url}/phone/staff/staff006#chat/{person}")
    phone.get_by_role("button", name="示例页").click()
    page = phone.frame_locator("iframe")
    page.locator("#agent-config", has_text="agentConfig:ok").wait_for()
    page.locator("#config", has_text="config:ok").wait_for()

    def call(name: str, expected: str) -> dict[str, Any]:
        page.locator(f"[data-call='{name}']").click()
        page.locator("#result", has_text=expected).wait_for()
        found: dict[str, Any] = json.loads(page.locator("#result").inner_text())
        return found

    assert call("getContext", "getContext:ok")["entry"] == "single_chat_tools"
    assert call("getCurExternalContact", "getCurExternalContact:ok")["userId"] == person
    call("getCurExternalChat", "getCurExternalChat:fail without context of external chat")
    call("sendChatMessage.image", "sendChatMessage:fail")
    call("sendChatMessage.news", "sendChatMessage:ok")
    page.locator("[data-call='openUserProfile']").click()
    phone.locator("#opened-profile", has_text="<b>宋予</b>").wait_for()
    phone.locator(".over").get_by_label("返回").click()
    page.locator("[data-call='selectExternalContact']").click()
    phone.locator(f"[data-pick='{person}']").click()
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="完成 (1)").click()
    page.locator("#result", has_text=person).wait_for()
    page.locator("#wrong").click()
    page.locator("#agent-config", has_text="agentConfig:fail 40093").wait_for()
    phone.get_by_label("返回").click()
    phone.locator("a.link, .link", has_text="冬天的桌面").wait_for()


class AppPage:
    """An app's own server: its page configures itself for any address and shows what came of it."""

    def __init__(self, simulator: str, corpid: str, agentid: int, ticket: str) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = outer.html().encode()
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/side"
        self._keys = {
            "corpid": corpid, "agentid": agentid, "timestamp": "1", "nonceStr": "n",
            "signature": signature(ticket, self.url), "jsApiList": ["getContext", "sendChatMessage"],
        }  # fmt: skip
        self._simulator = simulator
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def html(self) -> str:
        return f"""<!doctype html><link rel="icon" href="data:,"><script src="{self._simulator}/jssdk.js"></script>
<pre id="out"></pre><script>
const tell = (answer) => (document.getElementById("out").textContent += answer.err_msg + "\\n");
// Before any configuration: the phone must refuse.
wx.invoke("sendChatMessage", {{msgtype: "text", text: {{content: "too early"}}}}, (answer) => {{
  tell(answer);
  wx.agentConfig({{...{json.dumps(self._keys)}, fail: tell, success() {{
    wx.invoke("getCurExternalContact", {{}}, tell);  // not in jsApiList
    wx.invoke("sendChatMessage", {{msgtype: "text", text: {{content: "<i>来自应用</i>"}}}}, tell);
  }}}});
}});
</script>"""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def app_page(server: SimulatorServer, control: Control, wire: Wire) -> Iterator[AppPage]:
    company = control.company()
    ticket = wire.get("ticket/get", type="agent_config")["ticket"]
    page = AppPage(server.base_url, company["corpid"], company["agentid"], ticket)
    yield page
    page.close()


@pytest.mark.browser
def test_a_page_of_another_origin_talks_to_the_phone(
    phone: "Page", server: SimulatorServer, control: Control, wire: Wire, app_page: AppPage
) -> None:
    person = customer(control, wire)
    agentid = control.company()["agentid"]
    phone.goto(f"{server.base_url}/phone/staff/staff006#chat/{person}")
    phone.get_by_role("button", name="示例页").wait_for()
    control.post("sidebar", {"url": app_page.url})  # the open phone does not know of it yet: it loads itself anew
    phone.evaluate(f"location.hash = 'tools/{agentid}/chat/{person}'")
    page: FrameLocator = phone.frame_locator("iframe")
    page.locator("#out", has_text="sendChatMessage:ok").wait_for()
    assert page.locator("#out").inner_text().split("\n")[:3] == [
        "sendChatMessage:fail no permission", "getCurExternalContact:fail no permission", "sendChatMessage:ok",
    ]  # fmt: skip
    # Whoever is not the framed page is not heard: this window asks the phone itself.
    phone.evaluate(
        "postMessage({wecomSim: 1, id: 1, call: 'invoke', name: 'sendChatMessage', "
        "args: {msgtype: 'text', text: {content: 'forged'}}}, '*')"
    )
    phone.get_by_label("返回").click()
    phone.locator(".m.r", has_text="<i>来自应用</i>").wait_for()
    assert phone.get_by_text("forged").count() == 0


@pytest.mark.browser
def test_a_page_outside_a_phone_is_told_so(phone: "Page", server: SimulatorServer, app_page: AppPage) -> None:
    phone.goto(app_page.url)
    phone.locator("#out", has_text="not open on a simulated phone").first.wait_for()
