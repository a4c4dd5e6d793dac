"""Rules of the directory (reference, 4.1). Root department id = 1 (XE 81001)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from wecom_sim.company import App
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

ACTIVE, DISABLED, NOT_ACTIVATED, LEFT = 1, 2, 4, 5  # user status; values MEM


@dataclass
class Department:
    id: int
    name: str
    parentid: int
    order: int
    name_en: str = ""
    leaders: list[str] = field(default_factory=list)


@dataclass
class Staff:
    """A member. `follow_enabled`: 客户联系 is on. `admin_welcome`: a welcome set on the admin side, which takes the
    welcome code away from apps (D 92599). `confirmed`: takes new friends without a tap, else they stay half-added. `real_name`:
    verified with WeChat Pay or an id; `banned`: blocked by risk control."""

    userid: str
    name: str
    departments: list[int]
    position: str = ""
    mobile: str = ""
    gender: int = 0
    email: str = ""
    alias: str = ""
    status: int = ACTIVE
    is_leader: bool = False
    follow_enabled: bool = True
    admin_welcome: str = ""
    confirmed: bool = True
    resigned_at: float = 0.0
    real_name: bool = True
    banned: bool = False

    @property
    def main_department(self) -> int:
        return self.departments[0]

    @property
    def in_service(self) -> bool:
        return self.status == ACTIVE


class Directory:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.departments: Table[Department] = Table(kernel.store, "department", Department)
        self.staff: Table[Staff] = Table(kernel.store, "staff", Staff)
        # Areas that must do something when a member leaves the company.
        self.on_resign: list[Callable[[Staff], None]] = []

    # -- reading -----------------------------------------------------------------------------------------------------
    def department(self, department_id: int) -> Department | None:
        return self.departments.get(str(department_id))

    def below(self, root: int) -> list[int]:
        """`root` and every department under it."""
        children: dict[int, list[int]] = defaultdict(list)
        for department in self.departments:
            children[department.parentid].append(department.id)
        found, stack = [], [root]
        while stack:
            current = stack.pop()
            if self.department(current) is not None:
                found.append(current)
            stack += children[current]
        return sorted(found)

    def visible_departments(self, app: App) -> set[int]:
        return {department for root in app.departments for department in self.below(root)}

    def visible_userids(self, app: App) -> set[str]:
        """Members in the app's visible range; those who left are in nobody's."""
        if 1 in app.departments:
            return {member.userid for member in self.staff if member.status != LEFT}
        departments = self.visible_departments(app)
        return {
            member.userid
            for member in self.staff
            if member.status != LEFT and departments.intersection(member.departments)
        }

    def member_for(self, app: App, userid: str, missing: int = 41009) -> Staff:
        """A member by id. Raises `missing` when empty, 60111 when unknown or gone, 60011 when out of range."""
        if not userid:
            raise WireError(missing)
        member = self.staff.get(userid)
        if member is None or member.status == LEFT:
            raise WireError(60111)
        if 1 not in app.departments and not self.visible_departments(app).intersection(member.departments):
            raise WireError(60011)
        return member

    def sees(self, app: App, userid: str) -> bool:
        """Whether a member is in the app's visible range; those who left count by the departments they had."""
        member = self.staff.get(userid)
        if member is None:
            return False
        return 1 in app.departments or bool(self.visible_departments(app).intersection(member.departments))

    def takeover_for(self, app: App, userid: str) -> Staff:
        """A member who is to take over customers or groups. Raises 41009, 60111, 60011, 41054, 40098, 84074."""
        member = self.member_for(app, userid)
        if not member.in_service:
            raise WireError(41054)
        if not member.real_name:
            raise WireError(40098)
        if not member.follow_enabled:
            raise WireError(84074)
        return member

    def handover_for(self, app: App, userid: str) -> Staff:
        """A member who hands over, in service or not. Raises 41009, 60111, 60011."""
        if not userid:
            raise WireError(41009)
        if userid not in self.staff:
            raise WireError(60111)
        if not self.sees(app, userid):
            raise WireError(60011)
        return self.staff.rows[userid]

    def department_for(self, app: App, department_id: int) -> Department:
        department = self.department(department_id)
        if department is None:
            raise WireError(60003)
        if department_id not in self.visible_departments(app):
            raise WireError(60011)
        return department

    def members_of(self, department_id: int) -> list[Staff]:
        return [member for member in self.staff if department_id in member.departments and member.status != LEFT]

    def expand(self, departments: list[int]) -> list[Staff]:
        wanted = {found for root in departments for found in self.below(root)}
        return [member for member in self.staff if wanted.intersection(member.departments) and member.status != LEFT]

    # -- changing: what an admin does in the admin console --------------------------------------------------------------
    def add_department(self, name: str, parentid: int, *, quietly: bool = False) -> Department:
        if parentid and self.department(parentid) is None:
            raise ActionError("no_department", f"There is no department {parentid}.", 404)
        number = max((department.id for department in self.departments), default=0) + 1
        department = Department(number, name, parentid, 100_000_000 - number)
        self.departments.put(str(number), department)
        if not quietly:
            self._changed("create_party", Id=number, Name=name, ParentId=parentid, Order=department.order)
        return department

    def edit_department(self, department_id: int, name: str | None, parentid: int | None) -> Department:
        department = self.department(department_id)
        if department is None:
            raise ActionError("no_department", f"There is no department {department_id}.", 404)
        if parentid is not None and (self.department(parentid) is None or parentid in self.below(department_id)):
            raise ActionError("bad_parent", f"Department {parentid} can't be the parent.", 422)
        department.name = name if name is not None else department.name
        department.parentid = parentid if parentid is not None else department.parentid
        self.departments.touch(str(department_id))
        self._changed("update_party", Id=department_id, Name=name, ParentId=parentid)
        return department

    def delete_department(self, department_id: int) -> None:
        if self.department(department_id) is None or department_id == 1:
            raise ActionError("no_department", f"Department {department_id} can't be deleted.", 404)
        if len(self.below(department_id)) > 1 or self.members_of(department_id):
            raise ActionError("department_in_use", f"Department {department_id} still has departments or members.")
        self.departments.drop(str(department_id))
        self._changed("delete_party", Id=department_id)

    def add_member(self, member: Staff, *, quietly: bool = False) -> Staff:
        if member.userid in self.staff:
            raise ActionError("userid_exists", f"There is already a member {member.userid}.")
        for department_id in member.departments:
            if self.department(department_id) is None:
                raise ActionError("no_department", f"There is no department {department_id}.", 404)
        self.staff.put(member.userid, member)
        if not quietly:
            self._user_changed("create_user", member)
        return member

    def member(self, userid: str) -> Staff:
        """A member for a person's act; raises ActionError when there is none in service."""
        member = self.staff.get(userid)
        if member is None or not member.in_service:
            raise ActionError("no_such_staff", f"There is no member {userid} in service.", 404)
        return member

    def edit_member(self, userid: str, changes: dict[str, object]) -> Staff:
        member = self.member(userid)
        for name, value in changes.items():
            setattr(member, name, value)
        self.staff.touch(userid)
        self._user_changed("update_user", member)
        return member

    def resign(self, userid: str) -> Staff:
        """The member leaves the company: gone from the directory, the customers wait for handover."""
        member = self.member(userid)
        member.status = LEFT
        member.resigned_at = self._kernel.clock.now()
        self.staff.touch(userid)
        self._changed("delete_user", UserID=userid)
        for told in self.on_resign:
            told(member)
        return member

    def _user_changed(self, change: str, member: Staff) -> None:
        self._changed(
            change,
            UserID=member.userid,
            Name=member.name,
            Department=",".join(str(one) for one in member.departments),
            MainDepartment=member.main_department,
            IsLeaderInDept=",".join("1" if member.is_leader else "0" for _ in member.departments),
            Position=member.position,
            Status=member.status,
            Alias=member.alias,
        )

    def _changed(self, change: str, **fields: str | int | None) -> None:
        self._kernel.callbacks.raise_event("change_contact", ChangeType=change, **fields)
