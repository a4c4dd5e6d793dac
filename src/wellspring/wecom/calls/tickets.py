"""Tickets of the JS-SDK, and the signatures that a page in the client needs.

A ticket lives two hours and is the same one until then; 400 an hour per company and 100 per app may be asked for, so
whoever signs pages keeps it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from wellspring.wecom.calls.base import Call, Caller, Reply


class JsTicket(Reply):
    """`expires_in`: seconds, at most 7200."""

    ticket: str
    expires_in: int = 7200


CONFIG = Call("GET", "get_jsapi_ticket", JsTicket)
AGENT_CONFIG = Call("GET", "ticket/get", JsTicket)


def js_signature(ticket: str, *, url: str, nonce: str, timestamp: int) -> str:
    """The signature of `wx.config` or `wx.agentConfig`, by whose ticket it is. `url`: the page's whole address as the
    client sees it, what follows # left out; `timestamp`: seconds."""
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.split('#')[0]}"
    return hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324 (the platform's choice)


def config_arguments(
    ticket: str, *, corp_id: str, url: str, nonce: str, timestamp: int, api_names: list[str]
) -> dict[str, Any]:
    """What the page hands to `wx.config`; `ticket` of `Tickets.for_config`."""
    return {
        "beta": True,
        "appId": corp_id,
        "timestamp": timestamp,
        "nonceStr": nonce,
        "signature": js_signature(ticket, url=url, nonce=nonce, timestamp=timestamp),
        "jsApiList": api_names,
    }


def agent_config_arguments(
    ticket: str, *, corp_id: str, agent_id: int, url: str, nonce: str, timestamp: int, api_names: list[str]
) -> dict[str, Any]:
    """What the page hands to `wx.agentConfig`; `ticket` of `Tickets.for_agent_config`."""
    return {
        "corpid": corp_id,
        "agentid": agent_id,
        "timestamp": timestamp,
        "nonceStr": nonce,
        "signature": js_signature(ticket, url=url, nonce=nonce, timestamp=timestamp),
        "jsApiList": api_names,
    }


class Tickets:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def for_config(self) -> JsTicket:
        """The company's ticket, for `wx.config`."""
        return self._caller.call(CONFIG)

    def for_agent_config(self) -> JsTicket:
        """The app's ticket, for `wx.agentConfig`."""
        return self._caller.call(AGENT_CONFIG, query={"type": "agent_config"})
