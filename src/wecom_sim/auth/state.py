"""Rules of tokens (reference, 1.2), call frequency (1.4) and trusted addresses (1.3)."""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from wecom_sim.company import App
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table


@dataclass
class Token:
    token: str
    agentid: int
    secret: str
    expires_at: float
    revoked: bool = False


@dataclass
class Window:
    """One counting window that began at `start`; `blocked_until` is set once its limit was passed."""

    start: float = 0.0
    count: int = 0
    blocked_until: float = 0.0


class Frequency:
    """Counting windows per (what, who). Kept in memory only: a restart forgives."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._windows: dict[tuple[str, str], Window] = {}

    def spend(self, what: str, who: str, limit: int, length: float, block: float) -> None:
        """Count one call; raises 45009 while blocked or when this call passes `limit` in `length` seconds."""
        if limit <= 0:
            return
        now = self._kernel.clock.quota_now()
        window = self._windows.setdefault((what, who), Window(now))
        if now < window.blocked_until:
            raise WireError(45009, f"blocked for {what}")
        if now - window.start >= length:
            window.start, window.count = now, 0
        window.count += 1
        if window.count > limit:
            window.blocked_until = now + block
            window.start, window.count = now + block, 0
            raise WireError(45009, f"more than {limit} in {length:g} s for {what}")

    def blocked(self, what: str, who: str) -> bool:
        window = self._windows.get((what, who))
        return window is not None and self._kernel.clock.quota_now() < window.blocked_until

    def save(self) -> Any:
        """For a snapshot: times as seconds from now, for they run on real time."""
        now = self._kernel.clock.quota_now()
        return [
            [what, who, one.start - now, one.count, one.blocked_until - now]
            for (what, who), one in self._windows.items()
        ]

    def load(self, kept: Any) -> None:
        now = self._kernel.clock.quota_now()
        self._windows = {
            (what, who): Window(now + start, count, now + until) for what, who, start, count, until in kept
        }

    def forget(self) -> None:
        self._windows.clear()


class Auth:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.tokens: Table[Token] = Table(kernel.store, "token", Token)
        self.frequency = Frequency(kernel)
        kernel.keep_in_memory("frequency", self.frequency.save, self.frequency.load)
        self.calls: Counter[tuple[str, int]] = Counter()
        self._running: Counter[str] = Counter()
        # The list that still counts after another one was saved, and the time until which it does. In memory only: a
        # restart ends the wait.
        self._trusted_before: list[str] = []
        self._trusted_until = 0.0
        kernel.keep_in_memory("trusted_ips", self._save_trusted, self._load_trusted)

    def issue(self, corpid: str, secret: str, ip: str) -> tuple[Token, int]:
        """The token of (corpid, secret) and the seconds it still lives; the same one while it is valid."""
        if not corpid:
            raise WireError(41002)
        if not secret:
            raise WireError(41004)
        if self.frequency.blocked("wrong secrets", ip):
            raise WireError(45009, "too many wrong secrets from this ip")
        if corpid != self._kernel.company.corpid:
            raise WireError(40013)
        app = self._kernel.company.app_by_secret(secret)
        if app is None:
            limit = self._kernel.settings.wrong_secrets_per_hour
            self.frequency.spend("wrong secrets", ip, limit, 3600, 3600)
            raise WireError(40001)
        now = self._kernel.clock.now()
        for token in self.tokens:
            if token.secret == secret and not token.revoked and token.expires_at > now:
                return token, max(1, int(token.expires_at - now))
        seconds = self._kernel.settings.token_seconds
        fresh = Token(secrets.token_urlsafe(160), app.agentid, secret, now + seconds)
        self.tokens.put(fresh.token, fresh)
        return fresh, seconds

    def app_of(self, token: str) -> App:
        """The app that a token stands for. Raises 41001, 40014, 42001."""
        if not token:
            raise WireError(41001)
        found = self.tokens.get(token)
        if found is None or found.revoked:
            raise WireError(40014)
        if found.expires_at <= self._kernel.clock.now():
            raise WireError(42001)
        app = self._kernel.company.app_by_secret(found.secret)
        if app is None:
            raise WireError(40014)
        return app

    # -- trusted addresses -------------------------------------------------------------------------------------------
    def trusted_ips(self) -> list[str]:
        """The list that counts now; empty = everybody."""
        waiting = self._kernel.clock.quota_now() < self._trusted_until
        return self._trusted_before if waiting else self._kernel.settings.trusted_ips

    def trusted_ips_saved(self, before: list[str]) -> None:
        """A new list stands in the settings: for about a minute what counted `before` goes on counting (1.3)."""
        self._trusted_before = before
        self._trusted_until = self._kernel.clock.quota_now() + self._kernel.settings.trusted_ip_seconds

    def _save_trusted(self) -> Any:
        return [self._trusted_before, self._trusted_until - self._kernel.clock.quota_now()]

    def _load_trusted(self, kept: Any) -> None:
        self._trusted_before, wait = kept
        self._trusted_until = self._kernel.clock.quota_now() + wait

    def revoke_all(self) -> int:
        """What an admin's reset or an early invalidation does: every live token answers 40014 from now on."""
        live = [token for token in self.tokens if not token.revoked]
        for token in live:
            token.revoked = True
            self.tokens.touch(token.token)
        return len(live)

    @contextmanager
    def one_of_many(self, path: str) -> Iterator[bool]:
        """Count the call while it runs, waiting included. Answers whether too many of its path run already: then it is
        not counted, and is to be refused with 45033."""
        most = self._kernel.settings.calls_at_once
        if most and self._running[path] >= most:
            yield True
            return
        self._running[path] += 1
        try:
            yield False
        finally:
            self._running[path] -= 1

    def spend_call(self, path: str, ip: str, debug: bool) -> None:
        settings = self._kernel.settings
        trusted = self.trusted_ips()
        if trusted and ip not in trusted:
            raise WireError(60020)
        minute, hour = settings.block_minute_seconds, settings.block_hour_seconds
        corp = self._kernel.company.corpid
        self.frequency.spend(f"{path} per corp a minute", corp, settings.calls_per_minute_corp, 60, minute)
        self.frequency.spend(f"{path} per corp an hour", corp, settings.calls_per_hour_corp, 3600, hour)
        self.frequency.spend(f"{path} per ip a minute", ip, settings.calls_per_minute_ip, 60, minute)
        self.frequency.spend(f"{path} per ip an hour", ip, settings.calls_per_hour_ip, 3600, hour)
        if debug:
            self.frequency.spend("debug", corp, settings.debug_calls_per_minute, 60, minute)
