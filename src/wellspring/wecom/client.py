"""A thin, typed, synchronous client of WeCom's server API.

    client = WecomClient(base_url="https://qyapi.weixin.qq.com", tokens=tokens)
    client.customers.get("wm...").follow_user

Calls are grouped by noun; a call that no group has yet is data: `client.call(Call("POST", "path", SomeReply), body=...)`.
Retries by code happen here: a stale token is renewed once, -1 and 6000 are repeated at most three times, a read whose
connection breaks at most twice. Everything else is for the caller (see errors.py). Every request passes through
`Connection.send`, which asks the quota budget first (see quota/).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import httpx
import orjson
import structlog
from pydantic import ValidationError

from wellspring.platform.metrics import WECOM_CALLS
from wellspring.wecom.calls.acquisition import AcquisitionLinks
from wellspring.wecom.calls.album import Album
from wellspring.wecom.calls.app_messages import AppMessages
from wellspring.wecom.calls.archive import Archive
from wellspring.wecom.calls.auth import Addresses
from wellspring.wecom.calls.base import Call, Effect, FileReply, Reply, without_nulls
from wellspring.wecom.calls.behaviour import Behaviour
from wellspring.wecom.calls.customers import Customers
from wellspring.wecom.calls.directory import Directory
from wellspring.wecom.calls.group_templates import GroupTemplates
from wellspring.wecom.calls.groups import Groups
from wellspring.wecom.calls.handover import Handover
from wellspring.wecom.calls.ids import Ids
from wellspring.wecom.calls.intercept import InterceptRules
from wellspring.wecom.calls.join_ways import JoinWays
from wellspring.wecom.calls.kf_accounts import KfAccounts
from wellspring.wecom.calls.kf_desk import KfDesk
from wellspring.wecom.calls.kf_knowledge import KfKnowledge
from wellspring.wecom.calls.kf_messages import KfMessages
from wellspring.wecom.calls.media import Uploads
from wellspring.wecom.calls.messages import Messages
from wellspring.wecom.calls.moments import Moments
from wellspring.wecom.calls.sign_in import SignIn
from wellspring.wecom.calls.strategies import CUSTOMER, MOMENT, Strategies
from wellspring.wecom.calls.strategy_tags import StrategyTags
from wellspring.wecom.calls.tags import Tags
from wellspring.wecom.calls.tickets import Tickets
from wellspring.wecom.calls.ways import ContactWays
from wellspring.wecom.errors import (
    BUSY,
    OurMistake,
    OutcomeUnknown,
    RenewToken,
    RetryLater,
    SlowDown,
    Unreachable,
    error_for,
)

log = structlog.get_logger(__name__)
R = TypeVar("R", bound=Reply)

DEFAULT_BASE_URL = "https://qyapi.weixin.qq.com"
BUSY_REPEATS = 3
READ_REPEATS = 2
TOO_MANY_CALLS = 45009
BEFORE_EFFECT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class AccessToken:
    """`generation` grows with each renewal."""

    value: str = field(repr=False)
    generation: int


class Tokens(Protocol):
    """Where the client has its access token from."""

    def current(self) -> AccessToken: ...

    def renewed(self, stale: AccessToken) -> AccessToken:
        """A token that isn't `stale`: another caller's renewal, or a new one."""
        ...


class Budget(Protocol):
    """What is asked before each request leaves."""

    def spend(self, path: str, *, bulk: bool) -> None:
        """Raises SlowDown when the window has no room; nothing was called then."""
        ...

    def closed(self, path: str) -> float:
        """WeCom answered 45009: the seconds for which nobody calls."""
        ...


class Connection:
    """The wire: one request, one answer or one WecomError; repeats what may be repeated."""

    def __init__(
        self,
        *,
        base_url: str = DEFAULT_BASE_URL,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
        budget: Budget | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._sleep = sleep
        self._budget = budget
        self._http = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(timeout, connect=5.0),
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=40, max_keepalive_connections=20),
        )

    def close(self) -> None:
        self._http.close()

    def send(
        self,
        call: Call[R],
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
        bulk: bool = False,
    ) -> R:
        """`bulk`: work nobody waits for; it may not use up a window of calls."""
        busy = broken = 0
        while True:
            if self._budget is not None:
                self._budget.spend(call.path, bulk=bulk)
            try:
                return self._send_once(call, query or {}, body, files)
            except SlowDown as error:
                if error.errcode == TOO_MANY_CALLS and self._budget is not None:
                    error.seconds = self._budget.closed(call.path)
                raise
            except RetryLater as error:
                if error.errcode in BUSY and busy < BUSY_REPEATS:
                    busy += 1
                elif isinstance(error, Unreachable) and call.effect is Effect.READ and broken < READ_REPEATS:
                    broken += 1
                else:
                    raise
                self._sleep(0.2 * 2 ** (busy + broken - 1))

    def _send_once(
        self, call: Call[R], query: dict[str, Any], body: dict[str, Any] | None, files: dict[str, Any] | None
    ) -> R:
        arguments: dict[str, Any] = {"params": query}
        if files is not None:
            arguments["files"] = files
        elif call.method == "POST":
            arguments["content"] = orjson.dumps(body or {})
            arguments["headers"] = {"content-type": "application/json; charset=utf-8"}
        try:
            response = self._http.request(call.method, f"{self.base_url}/cgi-bin/{call.path}", **arguments)
        except BEFORE_EFFECT as error:
            raise self._failed(call, Unreachable, f"no connection ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            raise self._cut(call, f"the connection broke ({type(error).__name__})") from None
        if response.status_code != 200:
            raise self._cut(call, f"HTTP {response.status_code}")
        if issubclass(call.reply, FileReply) and "content-disposition" in response.headers:
            WECOM_CALLS.labels(call.path, "0").inc()
            return call.reply(data=response.content, content_type=response.headers.get("content-type", ""))
        try:
            answer = orjson.loads(response.content)
            if b"null" in response.content:
                answer = without_nulls(answer)
            errcode = int(answer.get("errcode", 0))
        except (ValueError, AttributeError, TypeError):
            raise self._cut(call, "the answer is not JSON") from None
        WECOM_CALLS.labels(call.path, str(errcode)).inc()
        if errcode != 0:
            raise error_for(errcode, str(answer.get("errmsg", "")), call.path, answer)
        try:
            return call.reply.model_validate(answer)
        except ValidationError as error:
            where = ", ".join(".".join(map(str, e["loc"])) for e in error.errors()[:5])
            kind = OutcomeUnknown if call.effect is Effect.ONCE else OurMistake
            raise kind(f"{call.path}: the answer lacks or mistypes {where}", path=call.path) from None

    def _cut(self, call: Call[R], why: str) -> Exception:
        """The request may have arrived: harmless for reads, to be asked about for the rest. An HTTP error of a
        repeatable call counts as a plain failure, since repeating it does no harm."""
        if call.effect is Effect.READ or (call.effect is Effect.REPEATABLE and why.startswith("HTTP")):
            return self._failed(call, Unreachable, why)
        return self._failed(call, OutcomeUnknown, why)

    def _failed(self, call: Call[R], kind: type[Unreachable] | type[OutcomeUnknown], why: str) -> Exception:
        WECOM_CALLS.labels(call.path, kind.__name__).inc()
        log.warning("wecom_call_failed", path=call.path, kind=kind.__name__, why=why)
        return kind(f"{call.path}: {why}", path=call.path)


class WecomClient:
    """Thread-safe; one per company and process. `bulk`: for work nobody waits for (see quota/)."""

    def __init__(self, *, connection: Connection, tokens: Tokens, bulk: bool = False) -> None:
        self._connection = connection
        self._tokens = tokens
        self._bulk = bulk
        self.addresses = Addresses(self)
        self.directory = Directory(self)
        self.customers = Customers(self)
        self.contact_ways = ContactWays(self)
        self.messages = Messages(self)
        self.tags = Tags(self)
        self.uploads = Uploads(self)
        self.tickets = Tickets(self)
        self.sign_in = SignIn(self)
        self.acquisition_links = AcquisitionLinks(self)
        self.groups = Groups(self)
        self.join_ways = JoinWays(self)
        self.group_templates = GroupTemplates(self)
        self.handover = Handover(self)
        self.customer_strategies = Strategies(self, CUSTOMER)
        self.moment_strategies = Strategies(self, MOMENT)
        self.strategy_tags = StrategyTags(self)
        self.moments = Moments(self)
        self.behaviour = Behaviour(self)
        self.album = Album(self)
        self.intercept_rules = InterceptRules(self)
        self.ids = Ids(self)
        self.archive = Archive(self)
        self.app_messages = AppMessages(self)
        self.kf_accounts = KfAccounts(self)
        self.kf_messages = KfMessages(self)
        self.kf_desk = KfDesk(self)
        self.kf_knowledge = KfKnowledge(self)

    def call(
        self,
        call: Call[R],
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
    ) -> R:
        """Make one call with the access token; raises a WecomError. `files` as httpx takes them."""
        token = self._tokens.current()
        try:
            return self._with_token(token, call, query, body, files)
        except RenewToken:
            token = self._tokens.renewed(token)
        try:
            return self._with_token(token, call, query, body, files)
        except RenewToken as error:
            raise RetryLater(f"{error} (with a token just renewed)", path=call.path, errcode=error.errcode) from None

    def _with_token(
        self,
        token: AccessToken,
        call: Call[R],
        query: dict[str, Any] | None,
        body: dict[str, Any] | None,
        files: dict[str, Any] | None,
    ) -> R:
        query = {**(query or {}), "access_token": token.value}
        return self._connection.send(call, query=query, body=body, files=files, bulk=self._bulk)

    def for_bulk_work(self) -> WecomClient:
        """The same connection and token; calls wait before they would crowd out others."""
        return WecomClient(connection=self._connection, tokens=self._tokens, bulk=True)
