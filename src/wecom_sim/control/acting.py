"""Control: acts of customers, members and admins; faults."""

import re
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field

from wecom_sim.callbacks.state import CallbackFaults
from wecom_sim.control.deps import Sim
from wecom_sim.control.views import relation_out
from wecom_sim.control.world import Strict
from wecom_sim.directory.state import Staff
from wecom_sim.errors import ActionError
from wecom_sim.faults.state import Fault, FaultKind
from wecom_sim.people.actions import NewCustomer

router = APIRouter(tags=["acting"])


class Pair(Strict):
    userid: str
    external_userid: str


class PersonIn(Strict):
    name: str = Field(min_length=1, max_length=64)
    gender: Literal[0, 1, 2] = 0
    unionid: str = ""
    mobile: str = ""
    city: str = ""


class ScanIn(Strict):
    """`qr` is any link that holds the config_id (the QR's content or the image's address). Without
    `external_userid` a new customer scans."""

    qr: str = ""
    config_id: str = ""
    external_userid: str = ""
    customer: PersonIn | None = None


def config_id_of(link: str) -> str:
    """The config_id (32 hex characters) inside a link. Raises ActionError."""
    found = re.search(r"[0-9a-f]{32}", link)
    if found is None:
        raise ActionError("no_such_code", "There is no live code in this link.", 404)
    return found.group()


@router.post("/scan")
async def scan(sim: Sim, wish: ScanIn) -> dict[str, Any]:
    """Scan a live code as a known or a new customer."""
    config_id = wish.config_id or config_id_of(wish.qr)
    if config_id not in sim.ways.rows:
        raise ActionError("no_such_code", f"There is no live code {config_id}.", 404)
    external_userid = wish.external_userid
    if not external_userid:
        person = wish.customer or PersonIn(name="新客户")
        external_userid = sim.people.become(NewCustomer(**person.model_dump())).external_userid
    return asdict(sim.people.scan(config_id, external_userid))


@router.post("/customers")
async def new_customer(sim: Sim, person: PersonIn) -> dict[str, Any]:
    """A person who is nobody's friend yet."""
    return asdict(sim.people.become(NewCustomer(**person.model_dump())))


@router.post("/customer-delete")
async def customer_delete(sim: Sim, pair: Pair) -> dict[str, Any]:
    """The customer deletes the member."""
    return relation_out(sim, sim.people.customer_delete(pair.userid, pair.external_userid))


@router.post("/not-interested")
async def not_interested(sim: Sim, pair: Pair) -> dict[str, Any]:
    """The customer taps 不感兴趣 about the member: only the ledger knows."""
    return relation_out(sim, sim.people.not_interested(pair.userid, pair.external_userid))


@router.post("/staff-delete")
async def staff_delete(sim: Sim, pair: Pair) -> dict[str, Any]:
    """The member deletes the customer."""
    return relation_out(sim, sim.people.staff_delete(pair.userid, pair.external_userid))


@router.post("/staff-accept")
async def staff_accept(sim: Sim, pair: Pair) -> dict[str, Any]:
    """The member accepts a request or a half-added customer."""
    code = sim.people.staff_accept(pair.userid, pair.external_userid)
    relation = sim.contacts.relation(pair.userid, pair.external_userid)
    assert relation is not None
    return {**relation_out(sim, relation), "welcome_code": code}


class EditIn(Pair):
    remark: str | None = Field(None, max_length=20)
    description: str | None = Field(None, max_length=150)
    remark_mobiles: list[str] | None = None
    add_tag: list[str] = Field([])
    remove_tag: list[str] = Field([])


@router.post("/staff-edit")
async def staff_edit(sim: Sim, wish: EditIn) -> dict[str, Any]:
    """The member edits remark or tags in the client: an edit event follows."""
    relation = sim.people.staff_edit(
        wish.userid, wish.external_userid, wish.remark, wish.description, wish.remark_mobiles, wish.add_tag,
        wish.remove_tag,
    )  # fmt: skip
    return relation_out(sim, relation)


class ChatIn(Pair):
    sender: Literal["customer", "staff"] = Field(alias="from")
    text: str = Field(min_length=1, max_length=4000)


@router.post("/chat")
async def chat(sim: Sim, wish: ChatIn) -> dict[str, Any]:
    """The customer or the member writes."""
    return asdict(sim.people.chat(wish.userid, wish.external_userid, wish.sender, wish.text))


class ConfirmIn(Strict):
    """`msgid` "all" confirms everything that waits. `external_userids`: only where the message allows selection, or
    the chosen chat_ids of a message for groups that names none."""

    userid: str
    msgid: str = "all"
    external_userids: list[str] | None = None


@router.post("/confirm")
async def confirm(sim: Sim, wish: ConfirmIn) -> dict[str, Any]:
    """The member confirms a mass message: it is sent now."""
    done = sim.people.confirm(wish.userid, wish.msgid, wish.external_userids)
    return {"confirmed": done}


class TagAdminIn(Strict):
    """action add: group_name and names; edit: id with name or order; delete: tag_ids or group_ids."""

    action: Literal["add", "edit", "delete"]
    group_name: str = ""
    names: list[str] = Field([])
    id: str = ""
    name: str = ""
    order: int | None = None
    tag_ids: list[str] = Field([])
    group_ids: list[str] = Field([])


@router.post("/tag-admin")
async def tag_admin(sim: Sim, wish: TagAdminIn) -> dict[str, Any]:
    """An admin changes corp tags in the admin console: tag events follow."""
    if wish.action == "add":
        group, made = sim.tags.admin_add(wish.group_name, wish.names)
        return {"group": asdict(group), "tags": [asdict(tag) for tag in made]}
    if wish.action == "edit":
        return {"changed": asdict(sim.tags.admin_edit(wish.id, wish.name, wish.order))}
    return {"deleted": [one.id for one in sim.tags.admin_delete(wish.tag_ids, wish.group_ids)]}


# -- the directory, as an admin changes it ---------------------------------------------------------------------------------
class StaffIn(Strict):
    userid: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")
    name: str = Field(min_length=1, max_length=64)
    departments: list[int] = Field([1], min_length=1)
    position: str = ""
    follow_enabled: bool = True


@router.post("/staff")
async def add_staff(sim: Sim, wish: StaffIn) -> dict[str, Any]:
    """A new member joins the company: an event follows."""
    return asdict(sim.directory.add_member(Staff(**wish.model_dump())))


class StaffChange(Strict):
    userid: str
    name: str | None = None
    departments: list[int] | None = None
    position: str | None = None
    follow_enabled: bool | None = None
    admin_welcome: str | None = None
    confirmed: bool | None = None
    real_name: bool | None = None
    banned: bool | None = None


@router.post("/staff-change")
async def change_staff(sim: Sim, wish: StaffChange) -> dict[str, Any]:
    """Change a member. `admin_welcome` takes the welcome code away from apps; `confirmed` false leaves new friends
    half-added until the member accepts; `real_name` false and `banned` keep them from taking over customers."""
    changes = wish.model_dump(exclude={"userid"}, exclude_none=True)
    for department_id in changes.get("departments", []):
        if sim.directory.department(department_id) is None:
            raise ActionError("no_department", f"There is no department {department_id}.", 404)
    return asdict(sim.directory.edit_member(wish.userid, changes))


class UserIn(Strict):
    userid: str


@router.post("/resign")
async def resign(sim: Sim, wish: UserIn) -> dict[str, Any]:
    """The member leaves the company: the customers wait for somebody to take them over."""
    return asdict(sim.directory.resign(wish.userid))


class DepartmentIn(Strict):
    name: str = Field(min_length=1, max_length=64)
    parentid: int = 1


@router.post("/departments")
async def add_department(sim: Sim, wish: DepartmentIn) -> dict[str, Any]:
    """A new department: an event follows."""
    return asdict(sim.directory.add_department(wish.name, wish.parentid))


class DepartmentChange(Strict):
    id: int
    name: str | None = None
    parentid: int | None = None
    delete: bool = False


@router.post("/department-change")
async def change_department(sim: Sim, wish: DepartmentChange) -> dict[str, Any]:
    """Rename, move or delete a department: an event follows."""
    if wish.delete:
        sim.directory.delete_department(wish.id)
        return {"deleted": wish.id}
    return asdict(sim.directory.edit_department(wish.id, wish.name, wish.parentid))


# -- faults ----------------------------------------------------------------------------------------------------------------
class FaultIn(Strict):
    """`code`: an errcode for kind errcode, an HTTP status for kind http. `times` 0 = no end."""

    kind: FaultKind
    path: str = "*"
    rate: float = Field(1.0, ge=0, le=1)
    code: int = -1
    latency_ms: int = Field(0, ge=0, le=600_000)
    times: int = Field(0, ge=0)
    seed: int = 1


@router.get("/faults")
async def faults(sim: Sim) -> list[dict[str, Any]]:
    """The wire faults in force, with how often each has hit."""
    return [asdict(fault) for fault in sim.faults.rows]


@router.post("/faults")
async def set_faults(sim: Sim, wishes: list[FaultIn]) -> list[dict[str, Any]]:
    """Replace all wire faults; an empty list ends them."""
    for wish in wishes:
        if wish.kind == "http" and not 400 <= wish.code <= 599:
            raise ActionError("bad_fault", "A fault of kind http needs a code from 400 to 599.", 422)
    sim.faults.set([Fault(**wish.model_dump()) for wish in wishes])
    return await faults(sim)


class CallbackFaultsIn(Strict):
    drop: float = Field(0.0, ge=0, le=1)
    duplicate: float = Field(0.0, ge=0, le=1)
    reorder: float = Field(0.0, ge=0, le=1)
    delay: float = Field(0.0, ge=0, le=1)
    delay_seconds: float = Field(1.0, ge=0, le=600)
    seed: int = 1


@router.get("/callback-faults")
async def callback_faults(sim: Sim) -> dict[str, Any]:
    """The callback faults in force."""
    return asdict(sim.kernel.callbacks.faults)


@router.post("/callback-faults")
async def set_callback_faults(sim: Sim, wish: CallbackFaultsIn) -> dict[str, Any]:
    """Replace the callback faults; an empty body ends them."""
    sim.kernel.callbacks.set_faults(CallbackFaults(**wish.model_dump()))
    return await callback_faults(sim)
