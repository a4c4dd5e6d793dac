"""The company (corp) and its apps: who may call, with which rights, and where events go."""

from dataclasses import dataclass, field
from typing import Literal

from wecom_sim.ids import Ids

ALL_RIGHTS = ["directory", "contact", "kf", "archive"]


@dataclass
class App:
    """A self-built app. `departments` is its visible range (1 = everybody); `rights`: directory (the directory-sync
    secret), contact (listed among the apps that may call 客户联系), kf (the same for 微信客服) and archive (the
    session-archive secret). `kind` contact_secret = the system secret of 客户联系 instead of an app. `trusted_domains`:
    hosts (with port where there is one) that OAuth may go back to; empty = every one. `miniprogram_appid`: the app is a
    mini program. `kf_accounts`: the open_kfid it may use; None = all. `sidebar_url`: its page beside a chat."""

    agentid: int
    name: str
    secret: str
    departments: list[int] = field(default_factory=lambda: [1])
    rights: list[str] = field(default_factory=lambda: list(ALL_RIGHTS))
    active: bool = True
    kind: Literal["app", "contact_secret"] = "app"
    trusted_domains: list[str] = field(default_factory=list)
    miniprogram_appid: str = ""
    kf_accounts: list[str] | None = None
    sidebar_url: str = ""


@dataclass
class Company:
    corpid: str
    name: str
    apps: list[App]
    token: str
    aes_key: str
    callback_url: str = ""

    @property
    def agentid(self) -> int:
        return self.apps[0].agentid

    def app_by_secret(self, secret: str) -> App | None:
        return next((app for app in self.apps if app.secret == secret and app.active), None)

    def app_by_agentid(self, agentid: int) -> App | None:
        return next((app for app in self.apps if app.agentid == agentid), None)


def new_company(ids: Ids, name: str, corpid: str = "", secret: str = "", token: str = "", aes_key: str = "") -> Company:
    """A company with one self-built app; what is not given is made from the seed."""
    return Company(
        corpid=corpid or "ww" + ids.hex("corpid", 16),
        name=name,
        apps=[App(1000002, "活水", secret or ids.text("secret", "", 42))],
        token=token or ids.text("callback_token", "", 24),
        # 43 characters whose last one carries only 4 bits, so that it decodes strictly
        aes_key=aes_key or ids.text("aes_key", "", 42) + "A",
    )
