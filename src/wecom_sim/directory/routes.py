"""Wire: the read side of the directory."""

import re
from typing import Any

from wecom_sim.directory.state import LEFT, Department, Staff
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, get, is_number, post

MOBILE = re.compile(r"\+?[0-9]{5,20}")
WRONG_MOBILES = "wrong mobiles"
DAY = 86400


def department_out(department: Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "name": department.name,
        "name_en": department.name_en,
        "department_leader": department.leaders,
        "parentid": department.parentid,
        "order": department.order,
    }


def user_out(member: Staff, private: bool) -> dict[str, Any]:
    out: dict[str, Any] = {
        "userid": member.userid,
        "name": member.name,
        "department": member.departments,
        "order": [0 for _ in member.departments],
        "position": member.position,
        "is_leader_in_dept": [1 if member.is_leader else 0 for _ in member.departments],
        "direct_leader": [],
        "telephone": "",
        "alias": member.alias,
        "main_department": member.main_department,
        "extattr": {"attrs": []},
        "status": member.status,
        "external_position": member.position,
    }
    if private:
        out |= {"mobile": member.mobile, "gender": str(member.gender), "email": member.email, "avatar": ""}
    return out


def _department_id(call: Call, name: str, required: bool) -> int:
    value = call.query.get(name, "")
    if not value and not required:
        return 0
    if not is_number(value):
        raise WireError(40058, f"{name} must be a department id")
    return int(value)


def _listed(call: Call) -> list[Department]:
    directory = call.sim.directory
    visible = directory.visible_departments(call.app)
    root = _department_id(call, "id", required=False)
    if root:
        directory.department_for(call.app, root)
        visible &= set(directory.below(root))
    return [department for department in directory.departments if department.id in visible]


@get("/cgi-bin/department/list", source="4.1 directory [SK]")
def department_list(call: Call) -> dict[str, Any]:
    return {"department": [department_out(department) for department in _listed(call)]}


@get("/cgi-bin/department/simplelist", source="4.1 directory [SK]")
def department_simplelist(call: Call) -> dict[str, Any]:
    return {"department_id": [{"id": one.id, "parentid": one.parentid, "order": one.order} for one in _listed(call)]}


@get("/cgi-bin/department/get", source="4.1 directory [SK]")
def department_get(call: Call) -> dict[str, Any]:
    department = call.sim.directory.department_for(call.app, _department_id(call, "id", required=True))
    return {"department": department_out(department)}


def _members(call: Call) -> list[Staff]:
    department = call.sim.directory.department_for(call.app, _department_id(call, "department_id", required=True))
    return call.sim.directory.members_of(department.id)


@get("/cgi-bin/user/simplelist", source="4.1 directory [SK]")
def user_simplelist(call: Call) -> dict[str, Any]:
    return {
        "userlist": [
            {"userid": member.userid, "name": member.name, "department": member.departments}
            for member in _members(call)
        ]
    }


@get("/cgi-bin/user/list", source="4.1 directory [SK]")
def user_list(call: Call) -> dict[str, Any]:
    private = not call.sim.kernel.settings.hide_private_user_fields
    return {"userlist": [user_out(member, private) for member in _members(call)]}


@get("/cgi-bin/user/get", source="4.1 directory [SK]")
def user_get(call: Call) -> dict[str, Any]:
    member = call.sim.directory.member_for(call.app, call.query.get("userid", ""))
    return user_out(member, not call.sim.kernel.settings.hide_private_user_fields)


def _in_service(call: Call) -> list[Staff]:
    return [one for one in call.sim.directory.staff if one.status != LEFT]


@post("/cgi-bin/user/getuserid", source="4.1 directory [SK; XE 45009]")
def user_getuserid(call: Call) -> dict[str, Any]:
    """The member of a mobile number. Asking for too many wrong ones blocks the call for a day (XE 45009)."""
    members, frequency = _in_service(call), call.sim.auth.frequency
    corp = call.sim.kernel.company.corpid
    if frequency.blocked(WRONG_MOBILES, corp):
        raise WireError(45009, WRONG_MOBILES)
    mobile = call.text("mobile", missing=40063)
    if not MOBILE.fullmatch(mobile):
        raise WireError(60103)
    member = next((one for one in members if one.mobile == mobile), None)
    if member is None:
        most = max(1, int(len(members) * call.sim.kernel.settings.wrong_mobiles_share))
        frequency.spend(WRONG_MOBILES, corp, most, DAY, DAY)
        raise WireError(46004)
    return {"userid": call.sim.directory.member_for(call.app, member.userid).userid}


@post("/cgi-bin/user/get_userid_by_email", source="4.1 directory [SK]")
def user_get_userid_by_email(call: Call) -> dict[str, Any]:
    """email_type 1 the company's address, 2 a member's own; here a member has one address for both."""
    email = call.text("email", missing=40063)
    if call.number("email_type", 1) not in (1, 2):
        raise WireError(40058, "email_type must be 1 or 2")
    member = next((one for one in _in_service(call) if one.email == email), None)
    if member is None:
        raise WireError(46004)
    return {"userid": call.sim.directory.member_for(call.app, member.userid).userid}


@post("/cgi-bin/user/list_id", source="4.1 directory [SK]")
def user_list_id(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    if settings.list_id_needs_directory_right and "directory" not in call.app.rights:
        raise WireError(48002, "list_id is for the directory-sync secret")
    limit = call.limit(settings.list_id_max, settings.list_id_max)
    start = call.sim.kernel.cursors.decode("list_id", call.text("cursor")) or 0
    visible = call.sim.directory.visible_userids(call.app)
    pairs = [
        {"userid": member.userid, "department": department}
        for member in call.sim.directory.staff
        if member.userid in visible
        for department in member.departments
    ]
    page = pairs[start : start + limit]
    more = start + limit < len(pairs)
    return {
        "dept_user": page,
        "next_cursor": call.sim.kernel.cursors.encode("list_id", start + limit) if more else "",
    }
