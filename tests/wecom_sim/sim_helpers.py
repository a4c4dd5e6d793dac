"""A wire client and a receiver of callbacks."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx

from wecom_sim import crypto
from wecom_sim.testing import Control


class Reached(Protocol):
    """A simulator in a thread or in a process."""

    base_url: str
    control: Control


class Wire:
    """Speaks the wire with a token of the first app."""

    def __init__(self, server: Reached) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.base_url, trust_env=False, timeout=30)
        self.token = ""

    def new_token(self) -> str:
        company = self.server.control.company()
        answer = self.raw("GET", "gettoken", params={"corpid": company["corpid"], "corpsecret": company["secret"]})
        assert answer["errcode"] == 0, answer
        self.token = answer["access_token"]
        return self.token

    def raw(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.http.request(method, f"/cgi-bin/{path}", **more)
        assert answer.status_code == 200
        decoded: dict[str, Any] = answer.json()
        return decoded

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        return self.raw("GET", path, params={"access_token": self.token, **params})

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.raw("POST", path, params={"access_token": self.token}, json=body)

    def contact(self, path: str, **body: Any) -> dict[str, Any]:
        return self.post(f"externalcontact/{path}", **body)

    def ok(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.contact(path, **body)
        assert answer["errcode"] == 0, answer
        return answer

    def live_code(self, *userids: str, **more: Any) -> str:
        config_id: str = self.ok("add_contact_way", type=2, scene=2, user=list(userids), **more)["config_id"]
        return config_id


class Receiver:
    """A callback endpoint. `answers`: statuses for the next POSTs, then 200; `slow`: seconds before each answer."""

    def __init__(self) -> None:
        self.corpid = self.token = self.aes_key = ""
        self.events: list[dict[str, str]] = []
        self.posts: list[tuple[float, dict[str, str]]] = []
        self.answers: list[int] = []
        self.slow: list[float] = []
        self.verify_with: str | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                signed = crypto.signature(receiver.token, query["timestamp"], query["nonce"], query["echostr"])
                assert signed == query["msg_signature"]
                plain = crypto.decrypt(receiver.aes_key, query["echostr"], receiver.corpid)
                self._reply(200, (receiver.verify_with or plain).encode())

            def do_POST(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                envelope = ElementTree.fromstring(body)
                encrypted = envelope.findtext("Encrypt") or ""
                signed = crypto.signature(receiver.token, query["timestamp"], query["nonce"], encrypted)
                assert signed == query["msg_signature"]
                plain = crypto.decrypt(receiver.aes_key, encrypted, receiver.corpid)
                # A nested list is read as its texts with commas between.
                event = {
                    one.tag: ",".join(inner.text or "" for inner in one) if len(one) else one.text or ""
                    for one in ElementTree.fromstring(plain)
                }
                receiver.posts.append((time.monotonic(), event))
                if receiver.slow:
                    time.sleep(receiver.slow.pop(0))
                status = receiver.answers.pop(0) if receiver.answers else 200
                if status == 200:
                    receiver.events.append(event)
                self._reply(status, b"")

            def _reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callback"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def listen_to(self, control: Control) -> None:
        company = control.company()
        self.corpid, self.token, self.aes_key = company["corpid"], company["token"], company["aes_key"]
        control.set_callback(self.url)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
