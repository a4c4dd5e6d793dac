"""OAuth2, the QR code on a computer, and the signatures of pages in the client."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from calls_helpers import Brand, given_up, refused_field

from wecom_sim.testing import ControlError
from wellspring.wecom.calls.sign_in import authorize_url, qr_sign_in_url
from wellspring.wecom.calls.tickets import agent_config_arguments, config_arguments, js_signature
from wellspring.wecom.errors import OutcomeUnknown

BACK = "https://app.example.com/back?a=1&b=2"


def link(brand: Brand, *, private: bool = False) -> str:
    corp_id = brand.control.company()["corpid"]
    return authorize_url(
        corp_id=corp_id, agent_id=brand.agent_id, redirect_uri=BACK, state="s 1", private=private, host=brand.base_url
    )


def code_behind(url: str) -> str:
    """Go through the page as the client does; the query of the address it ends at."""
    answer = httpx.get(url, trust_env=False, follow_redirects=False)
    assert answer.status_code == 302, answer.text[:300]
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["a"], query["b"], query["state"]) == (["1"], ["2"], ["s 1"])
    return query["code"][0]


def test_a_member_opens_the_link(brand: Brand) -> None:
    code = code_behind(link(brand).replace("#", f"&as={brand.userids[0]}#"))
    visitor = brand.client.sign_in.visitor(code)
    assert (visitor.userid, visitor.user_ticket, visitor.openid) == (brand.userids[0], "", "")
    with given_up("code_used"):
        brand.client.sign_in.visitor(code)


def test_a_customer_opens_the_link(brand: Brand) -> None:
    customer = brand.customers_of(brand.busy()[0])[0]
    visitor = brand.client.sign_in.visitor(code_behind(link(brand).replace("#", f"&customer={customer}#")))
    assert (visitor.userid, visitor.external_userid) == ("", customer)
    assert visitor.openid


def test_private_details_are_those_agreed_to(brand: Brand) -> None:
    chosen = f"&as={brand.userids[0]}&agreed=1&fields=mobile,email#"
    visitor = brand.client.sign_in.visitor(code_behind(link(brand, private=True).replace("#", chosen)))
    details = brand.client.sign_in.private_details(visitor.user_ticket)
    assert details.userid == brand.userids[0]
    assert details.mobile
    assert details.qr_code == ""
    with given_up("ticket_invalid"):
        brand.client.sign_in.private_details("made-up")
    brand.control.advance(1801)
    with given_up("ticket_expired"):
        brand.client.sign_in.private_details(visitor.user_ticket)


def test_codes_expire_and_can_be_wrong(brand: Brand) -> None:
    code = brand.control.authorize(BACK, brand.userids[0])["code"]
    brand.control.advance(301)
    with given_up("code_expired"):
        brand.client.sign_in.visitor(code)
    with given_up("code_invalid"):
        brand.client.sign_in.visitor("made-up")


def test_a_lost_answer_leaves_the_code_in_doubt(brand: Brand) -> None:
    code = brand.control.authorize(BACK, brand.userids[0])["code"]
    brand.control.faults({"kind": "cut_after", "path": "/cgi-bin/auth/getuserinfo", "times": 1})
    with pytest.raises(OutcomeUnknown):
        brand.client.sign_in.visitor(code)
    brand.control.faults()


def test_the_older_path(brand: Brand) -> None:
    code = brand.control.authorize(BACK, brand.userids[1])["code"]
    assert brand.client.sign_in.legacy_visitor(code).userid == brand.userids[1]


def test_a_qr_code_on_a_computer(brand: Brand) -> None:
    corp_id = brand.control.company()["corpid"]
    url = qr_sign_in_url(corp_id=corp_id, agent_id=brand.agent_id, redirect_uri=BACK, state="s 1", host=brand.base_url)
    waiting = httpx.get(url, trust_env=False, follow_redirects=False).headers["location"]
    location = brand.control.sign_in(waiting.split("/")[-1], brand.userids[2])["location"]
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s 1"]
    assert brand.client.sign_in.visitor(query["code"][0]).userid == brand.userids[2]


def test_real_addresses_by_default() -> None:
    common = {"corp_id": "ww1", "agent_id": 7, "redirect_uri": "https://a.example/b c", "state": "x"}
    assert authorize_url(**common) == (  # type: ignore[arg-type]
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&redirect_uri=https%3A//a.example/b%20c"
        "&response_type=code&scope=snsapi_base&state=x&agentid=7#wechat_redirect"
    ).replace("%3A//a.example/b", "%3A%2F%2Fa.example%2Fb")
    assert qr_sign_in_url(**common).startswith(  # type: ignore[arg-type]
        "https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=ww1&agentid=7&redirect_uri=https"
    )


def test_pages_are_signed(brand: Brand) -> None:
    company, tickets = brand.control.company(), brand.client.tickets
    url, nonce, at = "https://app.example.com/sidebar?x=1", "nonce", brand.now()
    brand.control.trusted_domains("app.example.com")
    config = config_arguments(
        tickets.for_config().ticket,
        corp_id=company["corpid"],
        url=f"{url}#top",
        nonce=nonce,
        timestamp=at,
        api_names=["a"],
    )
    agent = agent_config_arguments(
        tickets.for_agent_config().ticket,
        corp_id=company["corpid"],
        agent_id=brand.agent_id,
        url=url,
        nonce=nonce,
        timestamp=at,
        api_names=["a"],
    )
    assert config["signature"] != agent["signature"]
    for kind, arguments in (("jsapi", config), ("agent_config", agent)):
        brand.control.js_config(
            kind=kind, url=url, timestamp=str(at), nonce_str=nonce, signature=arguments["signature"]
        )
    with pytest.raises(ControlError):
        brand.control.js_config(kind="jsapi", url=url, timestamp=str(at), nonce_str=nonce, signature=agent["signature"])
    brand.control.trusted_domains()


def test_a_ticket_stays_the_same_while_it_lives(brand: Brand) -> None:
    first = brand.client.tickets.for_config()
    assert brand.client.tickets.for_config().ticket == first.ticket
    assert 0 < first.expires_in <= 7200
    brand.control.advance(7201)
    assert brand.client.tickets.for_config().ticket != first.ticket


def test_the_published_example_of_a_signature() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    signature = js_signature(
        ticket, url="http://mp.weixin.qq.com?params=value", nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457
    )
    assert signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_what_is_missing_is_named_before_the_call() -> None:
    assert refused_field(lambda c: c.sign_in.visitor("")) == "code"
    assert refused_field(lambda c: c.sign_in.legacy_visitor("")) == "code"
    assert refused_field(lambda c: c.sign_in.private_details("")) == "user_ticket"
