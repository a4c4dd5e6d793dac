"""Departments and users."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Page, Reply, Wire, one_of, pages, required

USER_ID_LIMIT = 10_000
COMPANY_MAIL, PERSONAL_MAIL = 1, 2


class WecomDepartment(Wire):
    """`order`: larger comes first. Names are missing for apps without the right to read them."""

    id: int
    name: str = ""
    name_en: str = ""
    parentid: int = 0
    order: int = 0
    department_leader: list[str] = Field(default_factory=list)


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


class UserOfDepartment(Wire):
    """One pair: a member of several departments comes several times."""

    userid: str
    department: int


class DepartmentReply(Reply):
    department: WecomDepartment


class DepartmentIds(Reply):
    """Departments without names."""

    department_id: list[WecomDepartment] = Field(default_factory=list)


class DepartmentList(Reply):
    department: list[WecomDepartment] = Field(default_factory=list)


class UserList(Reply):
    userlist: list[WecomUser] = Field(default_factory=list)


class UserNameList(Reply):
    userlist: list[WecomUserName] = Field(default_factory=list)


class UserReply(Reply, WecomUser):
    """user/get answers the user beside the envelope."""


class UserIdPage(Page):
    dept_user: list[UserOfDepartment] = Field(default_factory=list)


class UserIdReply(Reply):
    userid: str


class OpenIdReply(Reply):
    openid: str


class ActiveCount(Reply):
    active_cnt: int


DEPARTMENTS = Call("GET", "department/list", DepartmentList)
DEPARTMENT_IDS = Call("GET", "department/simplelist", DepartmentIds)
DEPARTMENT = Call("GET", "department/get", DepartmentReply)
USERS = Call("GET", "user/list", UserList)
USER_NAMES = Call("GET", "user/simplelist", UserNameList)
USER = Call("GET", "user/get", UserReply)
USER_IDS = Call("POST", "user/list_id", UserIdPage)
BY_MOBILE = Call("POST", "user/getuserid", UserIdReply)
BY_EMAIL = Call("POST", "user/get_userid_by_email", UserIdReply)
TO_OPENID = Call("POST", "user/convert_to_openid", OpenIdReply)
TO_USERID = Call("POST", "user/convert_to_userid", UserIdReply)
ACTIVE = Call("POST", "user/get_active_stat", ActiveCount)


class Directory:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def departments(self, below: int | None = None) -> list[WecomDepartment]:
        """All departments the app sees, or `below` one and its subtree."""
        return self._caller.call(DEPARTMENTS, query={} if below is None else {"id": below}).department

    def department_ids(self, below: int | None = None) -> list[WecomDepartment]:
        """Like `departments`, without names and leaders."""
        return self._caller.call(DEPARTMENT_IDS, query={} if below is None else {"id": below}).department_id

    def department(self, id: int) -> WecomDepartment:
        """Raises GiveUp(no_such_department | no_right_on_member)."""
        return self._caller.call(DEPARTMENT, query={"id": id}).department

    def users(self, department_id: int) -> list[WecomUser]:
        """The members of this department itself, without its children."""
        return self._caller.call(USERS, query={"department_id": department_id}).userlist

    def user_names(self, department_id: int) -> list[WecomUserName]:
        return self._caller.call(USER_NAMES, query={"department_id": department_id}).userlist

    def user(self, userid: str) -> WecomUser:
        """Raises GiveUp(user_left) for one who is gone or out of the app's scope."""
        required("userid", userid)
        return self._caller.call(USER, query={"userid": userid})

    def user_ids(self) -> Iterator[UserOfDepartment]:
        """Every pair of member and department the app sees. Raises GiveUp(no_right) for apps without the right to
        sync the directory."""
        for page in pages(self._caller, USER_IDS, limit=USER_ID_LIMIT):
            yield from page.dept_user

    def userid_by_mobile(self, mobile: str) -> str:
        """Raises GiveUp(no_such_user). Too many wrong numbers (a fifth of the company's size) block the call for a
        day: never for guessing."""
        required("mobile", mobile)
        return self._caller.call(BY_MOBILE, body={"mobile": mobile}).userid

    def userid_by_email(self, email: str, email_type: int = COMPANY_MAIL) -> str:
        """`email_type`: 1 the company's address, 2 a personal one."""
        required("email", email)
        one_of("email_type", email_type, (COMPANY_MAIL, PERSONAL_MAIL))
        return self._caller.call(BY_EMAIL, body={"email": email, "email_type": email_type}).userid

    def openid_of(self, userid: str) -> str:
        """The member's WeChat openid towards this company, for payments to members."""
        required("userid", userid)
        return self._caller.call(TO_OPENID, body={"userid": userid}).openid

    def userid_of(self, openid: str) -> str:
        """Raises GiveUp(no_such_user)."""
        required("openid", openid)
        return self._caller.call(TO_USERID, body={"openid": openid}).userid

    def active_count(self, date: str) -> int:
        """Members who used WeCom on a day, `YYYY-MM-DD`."""
        required("date", date)
        return self._caller.call(ACTIVE, body={"date": date}).active_cnt
