"""Rules of contact ways (reference, 5.4)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wecom_sim.company import App
from wecom_sim.contacts.state import Contacts
from wecom_sim.directory.state import Directory, Staff
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table


@dataclass
class ContactWay:
    """`adds` counts, per member, the friends that came by this way: the next one goes to the least loaded. `number`: the
    running number of its making, which a cursor names."""

    config_id: str
    type: int
    scene: int
    style: int
    remark: str
    skip_verify: bool
    state: str
    user: list[str]
    party: list[int]
    is_exclusive: bool
    mark_source: bool
    created_at: int
    owner: int
    adds: dict[str, int] = field(default_factory=dict)
    number: int = 0


class Ways:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self.rows: Table[ContactWay] = Table(kernel.store, "contact_way", ContactWay)
        self._last = 0
        for way in self.rows:
            # Ways of state files from before there were numbers are counted as they come.
            self._last = way.number = way.number or self._last + 1
        # Join ways of groups share the quota (D 96348).
        self.counted_elsewhere: Callable[[], int] = lambda: 0
        # Temporary ways are outside the quota (PQ, D 96311).
        self.uncounted: Callable[[], int] = lambda: 0

    def add(self, way: ContactWay, app: App) -> ContactWay:
        if len(self.rows) - self.uncounted() + self.counted_elsewhere() >= self._kernel.settings.contact_ways_max:
            raise WireError(41045)
        self.check(way, app)
        way.config_id = self._kernel.ids.hex("contact_way")
        self._last += 1
        way.number = self._last
        return self.rows.put(way.config_id, way)

    def check(self, way: ContactWay, app: App) -> None:
        """Raises 41039, 41040, 41042, 40058, 40003, 60003, 60011, 41041, 41054."""
        settings = self._kernel.settings
        if way.type not in (1, 2):
            raise WireError(41039)
        if way.scene not in (1, 2):
            raise WireError(41040)
        if way.style not in (0, 1, 2, 3):
            raise WireError(41042)
        if len(way.remark) > settings.contact_way_remark_chars:
            raise WireError(40058, "remark is too long")
        if len(way.state) > settings.contact_way_state_chars:
            raise WireError(40058, "state is too long")
        if way.type == 1 and (len(way.user) != 1 or way.party):
            raise WireError(40058, "type 1 takes exactly one user and no party")
        if not way.user and not way.party:
            raise WireError(40058, "user and party are both empty")
        for userid in way.user:
            member = self._directory.staff.get(userid)
            if member is None or not member.in_service:
                raise WireError(40003, userid)
            self._directory.member_for(app, userid)
        for department_id in way.party:
            self._directory.department_for(app, department_id)
        members = self.members(way)
        if len(members) > settings.contact_way_members_max:
            raise WireError(41041)
        if not members or any(not member.follow_enabled for member in members if member.userid in way.user):
            raise WireError(41054)

    def members(self, way: ContactWay) -> list[Staff]:
        """Members that a scan can reach: those named, then those of the departments; in service, 客户联系 on."""
        named = [self._directory.staff.rows[userid] for userid in way.user if userid in self._directory.staff]
        found = {member.userid: member for member in [*named, *self._directory.expand(way.party)]}
        return [one for one in found.values() if one.in_service and (one.follow_enabled or one.userid in way.user)]

    def by_id(self, config_id: str) -> ContactWay:
        if not config_id:
            raise WireError(41043)
        way = self.rows.get(config_id)
        if way is None:
            raise WireError(41044)
        return way

    def pick(self, way: ContactWay, external_userid: str) -> Staff:
        """Who gets the customer: a member who already is a friend, else the least loaded one [MEM, 5.4]."""
        eligible = [member for member in self.members(way) if member.follow_enabled]
        for member in eligible:
            relation = self._contacts.relation(member.userid, external_userid)
            if relation is not None and relation.status in ("friend", "half"):
                return member
        free = [member for member in eligible if self._contacts.may_add(member.userid)]
        if not free:
            raise ActionError("nobody_available", "No member behind this code can take another customer.")
        return min(free, key=lambda member: way.adds.get(member.userid, 0))

    def count_add(self, way: ContactWay, userid: str) -> None:
        way.adds[userid] = way.adds.get(userid, 0) + 1
        self.rows.touch(way.config_id)
