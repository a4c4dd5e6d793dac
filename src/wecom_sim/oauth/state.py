"""Rules of OAuth codes and user tickets (reference, 4.2 and 4.3) and of JS-SDK tickets (4.4)."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from wecom_sim.company import App
from wecom_sim.contacts.state import Contacts
from wecom_sim.directory.state import Directory, Staff
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

Scope = Literal["snsapi_base", "snsapi_privateinfo"]
TicketKind = Literal["jsapi", "agent_config"]
# What a member can let an app see (4.2, getuserdetail), in the order of the consent page.
PRIVATE_FIELDS = ("avatar", "gender", "mobile", "email", "biz_mail", "qr_code", "address")


@dataclass
class OAuthCode:
    """`userid` of a member, or `external_userid` of a customer. `fields`: what the member agreed to."""

    code: str
    agentid: int
    userid: str
    external_userid: str
    scope: Scope
    issued_at: float
    fields: list[str] = field(default_factory=list)
    used_at: float = 0.0


@dataclass
class UserTicket:
    ticket: str
    agentid: int
    userid: str
    fields: list[str]
    issued_at: float


@dataclass
class JsTicket:
    """One per corp for `wx.config` (agentid 0), one per app for `wx.agentConfig`."""

    ticket: str
    kind: TicketKind
    agentid: int
    expires_at: float


@dataclass
class SignIn:
    """A QR sign-in page that is open in a browser; `location` is set once somebody has scanned and agreed."""

    key: str
    agentid: int
    redirect_uri: str
    state: str
    opened_at: float
    location: str = ""


def host_of(url: str) -> str:
    """Host with the port where there is one; empty for what is no http address."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower() if parts.scheme in ("http", "https") else ""


def with_answer(redirect_uri: str, code: str, state: str) -> str:
    """The redirect_uri with code and state added to its query; its own query and fragment stay."""
    parts = urlsplit(redirect_uri)
    answer = urlencode({"code": code, "state": state} if state else {"code": code})
    return urlunsplit(parts._replace(query=f"{parts.query}&{answer}" if parts.query else answer))


class OAuth:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self.codes: Table[OAuthCode] = Table(kernel.store, "oauth_code", OAuthCode)
        self.user_tickets: Table[UserTicket] = Table(kernel.store, "user_ticket", UserTicket)
        self.js_tickets: Table[JsTicket] = Table(kernel.store, "js_ticket", JsTicket)
        self.sign_ins: Table[SignIn] = Table(kernel.store, "sign_in", SignIn)

    # -- what humans see and do --------------------------------------------------------------------------------------
    def app_for(self, appid: str, agentid: int, redirect_uri: str) -> App:
        """The app that a page wants to sign in to. Raises WireError 40013, 40056, 50003, 50001: the page shows it."""
        company = self._kernel.company
        if appid != company.corpid:
            raise WireError(40013)
        app = company.app_by_agentid(agentid or company.agentid)
        if app is None:
            raise WireError(40056)
        if not app.active:
            raise WireError(50003)
        host = host_of(redirect_uri)
        if not host or (app.trusted_domains and host not in [one.lower() for one in app.trusted_domains]):
            raise WireError(50001, host or "no http address")
        return app

    def agree(
        self, app: App, redirect_uri: str, state: str, scope: Scope, *, userid: str = "", external_userid: str = "",
        fields: list[str] | None = None,
    ) -> str:  # fmt: skip
        """The person at the phone goes on: answers where the browser goes."""
        if bool(userid) == bool(external_userid):
            raise ActionError("who", "Give either userid or external_userid.", 422)
        if userid:
            self._directory.member(userid)
        else:
            self._contacts.customer(external_userid)
        agreed = [one for one in PRIVATE_FIELDS if fields is None or one in fields]
        code = self._kernel.ids.text("oauth_code", "", 43)
        row = OAuthCode(
            code, app.agentid, userid, external_userid, scope, self._kernel.clock.now(),
            agreed if scope == "snsapi_privateinfo" else [],
        )  # fmt: skip
        self.codes.put(code, row)
        return with_answer(redirect_uri, code, state)

    def open_sign_in(self, app: App, redirect_uri: str, state: str) -> SignIn:
        key = self._kernel.ids.hex("sign_in")
        row = SignIn(key, app.agentid, redirect_uri, state, self._kernel.clock.now())
        return self.sign_ins.put(key, row)

    def sign_in(self, key: str) -> SignIn:
        """An open sign-in page. Raises ActionError when there is none, or when its QR code is too old."""
        row = self.sign_ins.get(key)
        if row is None:
            raise ActionError("no_such_sign_in", "There is no such sign-in page.", 404)
        age = self._kernel.clock.now() - row.opened_at
        if not row.location and age > self._kernel.settings.sign_in_seconds:
            raise ActionError("sign_in_expired", "The QR code has expired; open the sign-in page again.", 410)
        return row

    def agree_by_phone(self, key: str, userid: str) -> SignIn:
        """A member scans the QR code with the phone and agrees; the waiting page goes on."""
        row = self.sign_in(key)
        if row.location:
            raise ActionError("sign_in_used", "This QR code was used before.")
        app = self._kernel.company.app_by_agentid(row.agentid)
        assert app is not None
        row.location = self.agree(app, row.redirect_uri, row.state, "snsapi_base", userid=userid)
        self.sign_ins.touch(key)
        return row

    # -- wire --------------------------------------------------------------------------------------------------------
    def redeem(self, app: App, code: str) -> OAuthCode:
        """Use a code up. Raises 41008, 40029, 42022, 42003, 50002."""
        if not code:
            raise WireError(41008)
        row = self.codes.get(code)
        if row is None or row.agentid != app.agentid:
            raise WireError(40029)
        if row.used_at:
            raise WireError(42022)
        if self._kernel.clock.now() - row.issued_at > self._kernel.settings.oauth_code_seconds:
            raise WireError(42003)
        row.used_at = self._kernel.clock.now()
        self.codes.touch(code)
        if row.userid and row.userid not in self._directory.visible_userids(app):
            raise WireError(50002)
        return row

    def ticket_for(self, app: App, row: OAuthCode) -> str:
        """The user_ticket that goes with a code of scope snsapi_privateinfo."""
        ticket = self._kernel.ids.text("user_ticket", "", 64)
        self.user_tickets.put(ticket, UserTicket(ticket, app.agentid, row.userid, row.fields, self._kernel.clock.now()))
        return ticket

    def detail(self, app: App, ticket: str) -> tuple[Staff, list[str]]:
        """The member behind a user_ticket and the fields agreed to. Raises 84015, 84014."""
        row = self.user_tickets.get(ticket)
        if row is None or row.agentid != app.agentid:
            raise WireError(84015)
        if self._kernel.clock.now() - row.issued_at > self._kernel.settings.user_ticket_seconds:
            raise WireError(84014)
        return self._directory.member_for(app, row.userid), row.fields

    def openid(self, ident: str) -> str:
        """The WeChat openid of a person towards this company: the same one each time."""
        digest = hashlib.sha256(f"{self._kernel.company.corpid}:openid:{ident}".encode()).hexdigest()
        return "o" + digest[:27]

    def by_openid(self, openid: str) -> Staff | None:
        return next((one for one in self._directory.staff if self.openid(one.userid) == openid), None)

    def js_ticket(self, kind: TicketKind, app: App) -> tuple[str, int]:
        """The ticket and the seconds it still lives; the same one while it is valid."""
        agentid = app.agentid if kind == "agent_config" else 0
        now = self._kernel.clock.now()
        row = self.js_tickets.get(f"{kind}|{agentid}")
        if row is None or row.expires_at <= now:
            seconds = self._kernel.settings.js_ticket_seconds
            row = JsTicket(self._kernel.ids.text("js_ticket", "", 86), kind, agentid, now + seconds)
            self.js_tickets.put(f"{kind}|{agentid}", row)
        return row.ticket, max(1, int(row.expires_at - now))

    def check_js_config(
        self, app: App, kind: TicketKind, url: str, timestamp: str, nonce: str, signature: str
    ) -> dict[str, Any]:
        """What the client does when a page calls `wx.config` or `wx.agentConfig`. Raises 80001, 40093."""
        if app.trusted_domains and host_of(url) not in app.trusted_domains:
            raise WireError(80001)
        row = self.js_tickets.get(f"{kind}|{app.agentid if kind == 'agent_config' else 0}")
        signed = (
            f"jsapi_ticket={row.ticket if row else ''}&noncestr={nonce}&timestamp={timestamp}&url={url.split('#')[0]}"
        )
        digest = hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324
        if row is None or row.expires_at <= self._kernel.clock.now() or digest != signature:
            raise WireError(40093)
        return {"errMsg": "config:ok" if kind == "jsapi" else "agentConfig:ok"}
