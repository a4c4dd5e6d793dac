"""JSON behind the phone pages. Acts are the very ones of the control API."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from wecom_sim.control import acting, acting_groups
from wecom_sim.control.deps import Sim
from wecom_sim.control.views import find_customers
from wecom_sim.errors import ActionError
from wecom_sim.phone import codes as scanning
from wecom_sim.phone import views

router = APIRouter(prefix="/phone/api", include_in_schema=False)

ACTS: dict[str, Callable[..., Any]] = {
    "scan": acting.scan,
    "customers": acting.new_customer,
    "chat": acting.chat,
    "customer-delete": acting.customer_delete,
    "staff-delete": acting.staff_delete,
    "staff-accept": acting.staff_accept,
    "confirm": acting.confirm,
    "group-join": acting_groups.join_group,
    "transfer-refuse": acting_groups.refuse_transfer,
}
for path, act in ACTS.items():
    router.post(f"/{path}")(act)


@router.get("/home")
async def home(sim: Sim) -> dict[str, Any]:
    return views.home(sim)


@router.get("/people")
async def people(sim: Sim, query: str = "") -> list[dict[str, Any]]:
    return [
        {
            "external_userid": one.external_userid,
            "name": one.name,
            "friends": sum(
                1
                for relation in sim.contacts.of_customer.get(one.external_userid, [])
                if relation.status in ("friend", "half")
            ),
        }
        for one in find_customers(sim, query, 12)
    ]


@router.get("/customer/{external_userid}")
async def customer(sim: Sim, external_userid: str) -> dict[str, Any]:
    return views.customer_home(sim, sim.contacts.customer(external_userid))


@router.get("/staff/{userid}")
async def staff(sim: Sim, userid: str, query: str = "") -> dict[str, Any]:
    return views.staff_home(sim, sim.directory.member(userid), query)


@router.get("/chat")
async def chat(sim: Sim, userid: str, external_userid: str, after: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
    relation = sim.contacts.relation(userid, external_userid)
    if relation is None:
        raise ActionError("no_relation", f"{userid} and {external_userid} never were friends.", 404)
    return views.chat(sim, relation, after)


@router.get("/task")
async def task(sim: Sim, userid: str, msgid: str) -> dict[str, Any]:
    return views.task_detail(sim, *views.task_of(sim, userid, msgid))


@router.get("/codes")
async def codes(sim: Sim) -> list[dict[str, Any]]:
    return scanning.rows(sim)


@router.get("/codes/{config_id}")
async def code(sim: Sim, config_id: str) -> dict[str, Any]:
    return scanning.row(sim, config_id)
