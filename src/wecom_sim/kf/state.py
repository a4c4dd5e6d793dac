"""Rules of customer-service accounts and their servicers (reference, section 12)."""

import re
from dataclasses import dataclass, field
from typing import Any

from wecom_sim.company import App
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

SCENE = re.compile(r"[0-9A-Za-z_\-]{0,32}")  # MEM


@dataclass
class KfAccount:
    open_kfid: str
    name: str
    media_id: str
    owner: int
    servicers: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    stopped: dict[str, int] = field(default_factory=dict)  # userid -> stop_type: 0 stopped, 1 suspended
    deleted: bool = False


@dataclass
class KfLink:
    """What add_contact_way made: a customer who comes by it brings its scene along."""

    token: str
    open_kfid: str
    scene: str


class KfAccounts:
    def __init__(self, kernel: Kernel, directory: Directory) -> None:
        self._kernel = kernel
        self._directory = directory
        self.rows: Table[KfAccount] = Table(kernel.store, "kf_account", KfAccount)
        self.links: Table[KfLink] = Table(kernel.store, "kf_link", KfLink)

    def check_name(self, name: str) -> None:
        if not 1 <= len(name) <= self._kernel.settings.kf_name_chars:
            raise WireError(95006)

    def add(self, app: App, name: str, media_id: str) -> KfAccount:
        """Raises 95006, 95005. `media_id` was checked by the caller."""
        self.check_name(name)
        if sum(1 for one in self.rows if not one.deleted) >= self._kernel.settings.kf_accounts_max:
            raise WireError(95005)
        open_kfid = self._kernel.ids.text("kf_account", "wk", 32)
        return self.rows.put(open_kfid, KfAccount(open_kfid, name, media_id, app.agentid))

    def by_id(self, app: App, open_kfid: str) -> KfAccount:
        """Raises 95000 (empty or misshapen), 95004 (unknown, deleted), 48007 (not granted to the app)."""
        if not open_kfid.startswith("wk"):
            raise WireError(95000)
        row = self.rows.get(open_kfid)
        if row is None or row.deleted:
            raise WireError(95004)
        if app.kf_accounts is not None and open_kfid not in app.kf_accounts:
            raise WireError(48007)
        return row

    def live(self, app: App) -> list[KfAccount]:
        return [
            one
            for one in self.rows
            if not one.deleted and (app.kf_accounts is None or one.open_kfid in app.kf_accounts)
        ]

    def for_act(self, open_kfid: str) -> KfAccount:
        """An account for a person's act."""
        row = self.rows.get(open_kfid)
        if row is None or row.deleted:
            raise ActionError("no_such_account", f"There is no customer-service account {open_kfid}.", 404)
        return row

    def servicers(self, row: KfAccount) -> list[str]:
        """All members who serve, departments expanded."""
        members = [one.userid for one in self._directory.expand(row.departments) if one.in_service]
        return list(dict.fromkeys([*row.servicers, *members]))

    def change_servicers(
        self, app: App, row: KfAccount, userids: list[str], departments: list[int], add: bool
    ) -> list[dict[str, Any]]:
        """Answers one result per member and department; what is so already is `ignored`. Raises 40063, 40032, 40058."""
        settings = self._kernel.settings
        if not userids and not departments:
            raise WireError(40063, "userid_list and department_id_list are both empty")
        if len(userids) > 100:
            raise WireError(40032)
        if len(departments) > (20 if add else 100):
            raise WireError(40058, "too many departments")
        if add and len({*row.servicers, *userids}) > settings.kf_servicers_max:
            raise WireError(40058, "too many servicers")
        if add and len({*row.departments, *departments}) > settings.kf_departments_max:
            raise WireError(40058, "too many departments")
        results: list[dict[str, Any]] = []
        for userid in userids:
            results.append({"userid": userid, **self._change(app, row, userid, add)})
        for department_id in departments:
            results.append({"department_id": department_id, **self._change(app, row, department_id, add)})
        self.rows.touch(row.open_kfid)
        return results

    def _change(self, app: App, row: KfAccount, one: str | int, add: bool) -> dict[str, Any]:
        held: list[Any] = row.servicers if isinstance(one, str) else row.departments
        if add == (one in held):
            return {"errcode": 0, "errmsg": "ignored"}
        if add:
            try:
                if isinstance(one, str):
                    self._directory.member_for(app, one)
                else:
                    self._directory.department_for(app, one)
            except WireError as error:
                return {"errcode": error.code, "errmsg": error.message}
            held.append(one)
        else:
            held.remove(one)
        return {"errcode": 0, "errmsg": "success"}

    def make_link(self, row: KfAccount, scene: str) -> KfLink:
        """Raises 40058 for a scene that is too long or has other characters than letters, digits, _ and -."""
        if not SCENE.fullmatch(scene):
            raise WireError(40058, "scene")
        link = KfLink("kfc" + self._kernel.ids.hex("kf_link", 14), row.open_kfid, scene)
        return self.links.put(link.token, link)
