"""Departments and users."""

from __future__ import annotations

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Reply, Wire, required


class WecomDepartment(Wire):
    """`order`: larger comes first. Names are missing for apps without the right to read them."""

    id: int
    name: str = ""
    name_en: str = ""
    parentid: int = 0
    order: int = 0


class WecomUser(Wire):
    """A member. `status`: 1 active, 2 disabled, 4 not activated, 5 left. Mobile, avatar, gender and e-mail are not
    given to apps made after June 2022, so they are not relied on."""

    userid: str
    name: str = ""
    alias: str = ""
    avatar: str = ""
    position: str = ""
    department: list[int] = Field(default_factory=list)
    is_leader_in_dept: list[int] = Field(default_factory=list)
    main_department: int = 0
    status: int = 1
    open_userid: str = ""


class WecomUserName(Wire):
    userid: str
    name: str = ""
    department: list[int] = Field(default_factory=list)


class DepartmentList(Reply):
    department: list[WecomDepartment] = Field(default_factory=list)


class UserList(Reply):
    userlist: list[WecomUser] = Field(default_factory=list)


class UserNameList(Reply):
    userlist: list[WecomUserName] = Field(default_factory=list)


class UserReply(Reply, WecomUser):
    """user/get answers the user beside the envelope."""


DEPARTMENTS = Call("GET", "department/list", DepartmentList)
USERS = Call("GET", "user/list", UserList)
USER_NAMES = Call("GET", "user/simplelist", UserNameList)
USER = Call("GET", "user/get", UserReply)


class Directory:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def departments(self, below: int | None = None) -> list[WecomDepartment]:
        """All departments the app sees, or `below` one and its subtree."""
        return self._caller.call(DEPARTMENTS, query={} if below is None else {"id": below}).department

    def users(self, department_id: int) -> list[WecomUser]:
        """The members of this department itself, without its children."""
        return self._caller.call(USERS, query={"department_id": department_id}).userlist

    def user_names(self, department_id: int) -> list[WecomUserName]:
        return self._caller.call(USER_NAMES, query={"department_id": department_id}).userlist

    def user(self, userid: str) -> WecomUser:
        """Raises GiveUp(user_left) for one who is gone or out of the app's scope."""
        required("userid", userid)
        return self._caller.call(USER, query={"userid": userid})
