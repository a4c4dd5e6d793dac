"""The access token and the addresses callbacks come from."""

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


class Addresses:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def callback_ips(self) -> list[str]:
        """Source addresses of callbacks; a last part may be `*`."""
        return self._caller.call(CALLBACK_IPS).ip_list
