"""The access token, and the addresses of WeCom."""

from __future__ import annotations

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Reply


class TokenReply(Reply):
    """`expires_in`: seconds, 7200. The same token comes again while it is valid."""

    access_token: str = ""
    expires_in: int = 7200


class IpList(Reply):
    ip_list: list[str] = Field(default_factory=list)


GET_TOKEN = Call("GET", "gettoken", TokenReply)
CALLBACK_IPS = Call("GET", "getcallbackip", IpList)
API_IPS = Call("GET", "get_api_domain_ip", IpList)


class Addresses:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def callback_ips(self) -> list[str]:
        """Source addresses of callbacks; a last part may be `*`."""
        return self._caller.call(CALLBACK_IPS).ip_list

    def api_ips(self) -> list[str]:
        """Addresses of qyapi.weixin.qq.com, for a firewall in front of the product."""
        return self._caller.call(API_IPS).ip_list
