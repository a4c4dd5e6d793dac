"""The two things a demo talks to: the product's API as a signed-in browser would, and the simulator's control API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx

Json = dict[str, Any]


class Broken(Exception):
    """Something in the story does not hold; the text says what was expected and what was found."""


class Api:
    """The product, signed in by password. While the product is restarted, calls wait for it and are made again:
    every write the story makes is safe to repeat."""

    def __init__(self, base_url: str, login: str, password: str, *, patience: float = 90) -> None:
        self.base_url = base_url
        self.password = password
        self._credentials = {"login": login, "password": password}
        self._patience = patience
        self._http = httpx.Client(base_url=base_url, timeout=60, trust_env=False)

    def sign_in(self) -> None:
        answer = self._send("POST", "/api/v1/session", json=self._credentials)
        if answer.status_code != 204:
            raise Broken(f"sign-in answered {answer.status_code}: {answer.text[:300]}")
        self._http.headers["x-csrf-token"] = self._http.cookies["ws_csrf"]

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self._send(method, path, **options)
        if answer.status_code == 401:  # the clock of a story travels past the end of a sign-in
            self._http.cookies.clear()
            self.sign_in()
            answer = self._send(method, path, **options)
        if answer.status_code >= 400:
            raise Broken(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return self._http.request(method, path, **options)
            except httpx.TransportError as error:
                if time.monotonic() > deadline:
                    raise Broken(f"Wellspring does not answer {method} {path}: {error!r}") from error
                time.sleep(0.2)

    def get(self, path: str, **parameters: Any) -> Any:
        return self.request("GET", path, params=parameters).json()

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.request("POST", path, json=body, **options)
        return answer.json() if answer.content else None

    def put(self, path: str, body: Any) -> Any:
        answer = self.request("PUT", path, json=body)
        return answer.json() if answer.content else None

    def pages(self, path: str, **parameters: Any) -> Iterator[Json]:
        """Every item of a list."""
        page = 1
        while True:
            answer = self.get(path, page=page, page_size=200, **parameters)
            yield from answer["items"]
            if page * 200 >= answer["total"]:
                return
            page += 1


class Simulator:
    """The simulator's control API."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._http = httpx.Client(base_url=base_url, timeout=120, trust_env=False)

    def get(self, path: str, **parameters: Any) -> Any:
        return self._checked("GET", path, params=parameters)

    def post(self, path: str, **body: Any) -> Any:
        return self._checked("POST", path, json=body)

    def _checked(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, f"/control/{path}", **options)
        if answer.status_code >= 400:
            raise Broken(f"the simulator answered {answer.status_code} to {path}: {answer.text[:300]}")
        return answer.json()

    def ledger(self, kind: str) -> list[Json]:
        """Every entry of one kind (or prefix `mass_`), oldest first."""
        entries: list[Json] = []
        after = 0
        while True:
            answer = self.get("ledger", kind=kind, after=after, limit=1000)
            if not answer["entries"]:
                return entries
            entries += answer["entries"]
            after = answer["entries"][-1]["seq"]

    def relations(self) -> Iterator[Json]:
        cursor: int | None = None
        while True:
            answer = self.get("export", limit=1000, **({} if cursor is None else {"cursor": cursor}))
            yield from answer["relations"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return


def wait_until(what: str, check: Any, *, timeout: float = 60, every: float = 0.1) -> Any:
    """Ask `check()` until it gives something true; its value. Raises Broken after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        if value := check():
            return value
        if time.monotonic() > deadline:
            raise Broken(f"{what}: not within {timeout:g} s")
        time.sleep(every)


def expect(what: str, found: Any, wanted: Any) -> None:
    """Raises Broken unless both are equal."""
    if found != wanted:
        raise Broken(f"{what}: expected {wanted!r}, found {found!r}")
