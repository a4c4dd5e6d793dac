"""What `testing.Control` has beyond customers, contact ways and mass messages: one method per act, by area."""

from typing import Any

import httpx


class ControlError(AssertionError):
    """The control API refused; `code` is its stable code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(f"HTTP {status} {code}: {message}")


class Client:
    """Speaks the control API."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, trust_env=False, timeout=120)

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._decoded(self.http.get(f"/control/{path}", params=params))

    def post(self, path: str, body: Any = None) -> Any:
        return self._decoded(self.http.post(f"/control/{path}", json={} if body is None else body))

    @staticmethod
    def _decoded(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json()
        try:
            error = answer.json()["error"]
            raise ControlError(answer.status_code, error["code"], error["message"])
        except (ValueError, KeyError):
            raise ControlError(answer.status_code, "invalid", answer.text[:500]) from None


class Acts(Client):
    # -- signing in --------------------------------------------------------------------------------------------------
    def authorize(self, redirect_uri: str, userid: str = "", **wish: Any) -> Any:
        """Somebody opens the OAuth link and agrees: `location` and `code`."""
        return self.post("authorize", {"redirect_uri": redirect_uri, "userid": userid, **wish})

    def sign_in(self, key: str, userid: str) -> Any:
        """A member scans the QR code of the waiting page `key`."""
        return self.post("sign-in", {"key": key, "userid": userid})

    def js_config(self, **wish: Any) -> Any:
        return self.post("js-config", wish)

    def trusted_domains(self, *domains: str, agentid: int = 0) -> Any:
        return self.post("trusted-domains", {"domains": domains, "agentid": agentid})
