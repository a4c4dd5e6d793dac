"""Control: reading the population and the record of what happened."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from wecom_sim.clock import iso
from wecom_sim.control.deps import Sim
from wecom_sim.control.views import customer_row, find_customers, relation_out
from wecom_sim.errors import ActionError, WireError
from wecom_sim.messages.state import MassMessage
from wecom_sim.simulator import Simulator

router = APIRouter(tags=["reading"])


@router.get("/staff")
async def staff(sim: Sim) -> list[dict[str, Any]]:
    """Members, with their customers and what waits for them."""
    return [
        {
            **asdict(member),
            "friends": sum(1 for one in sim.contacts.of_staff[member.userid] if one.status == "friend"),
            "tasks_waiting": sum(
                1
                for message, task in sim.messages.tasks_of_staff(member.userid)
                if not task.status and not message.cancelled_at
            ),
        }
        for member in sim.directory.staff
    ]


@router.get("/departments")
async def departments(sim: Sim) -> list[dict[str, Any]]:
    """The tree of departments."""
    return [asdict(department) for department in sim.directory.departments]


@router.get("/tags")
async def tags(sim: Sim) -> list[dict[str, Any]]:
    """Corp tags by group."""
    return [
        {**asdict(group), "tags": [asdict(tag) for tag in sim.tags.of_group(group.id)]}
        for group in sim.tags.live_groups()
    ]


@router.get("/customers")
async def customers(
    sim: Sim,
    query: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """Customers whose name, id, mobile or remark contains `query`."""
    return [customer_row(customer) for customer in find_customers(sim, query, limit, offset)]


@router.get("/customers/{external_userid}")
async def customer(sim: Sim, external_userid: str) -> dict[str, Any]:
    """One customer whole: the person, all relations, everything in the chats."""
    kept = sim.contacts.customer(external_userid)
    relations = sim.contacts.of_customer.get(external_userid, [])
    return {
        **asdict(kept),
        "relations": [
            {
                **relation_out(sim, relation),
                "chat": [{"number": n, **asdict(line)} for n, line in sim.chats.lines(relation, limit=1000)],
            }
            for relation in relations
        ],
    }


@router.get("/export")
async def export(
    sim: Sim, cursor: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=50_000)] = 5000
) -> dict[str, Any]:
    """All relations in the order of their making. `next_cursor` is null on the last page."""
    rows = list(sim.contacts.relations.rows.values())
    page = rows[cursor : cursor + limit]
    return {
        "relations": [
            {
                "external_userid": one.external_userid,
                "userid": one.userid,
                "status": one.status,
                "on_api": one.on_api,
                "tags": sim.contacts.live_tags(one),
                "remark": one.remark,
                "description": one.description,
                "remark_mobiles": one.remark_mobiles,
                "state": one.state,
                "add_way": one.add_way,
                "createtime": one.createtime,
            }
            for one in page
        ],
        "total": len(rows),
        "next_cursor": cursor + limit if cursor + limit < len(rows) else None,
    }


@router.get("/qr")
async def live_codes(sim: Sim, request: Request) -> list[dict[str, Any]]:
    """Contact ways."""
    return [_code(sim, request, config_id) for config_id in sim.ways.rows.rows]


@router.get("/qr/{config_id}")
async def live_code(sim: Sim, request: Request, config_id: str) -> dict[str, Any]:
    """One contact way, with how many friends it brought each member."""
    return _code(sim, request, config_id)


def _code(sim: Simulator, request: Request, config_id: str) -> dict[str, Any]:
    try:
        way = sim.ways.by_id(config_id)
    except WireError as error:
        raise ActionError("no_such_code", f"There is no live code {config_id}.", 404) from error
    base_url = request.app.state.base_url(request)
    return {
        **asdict(way),
        "scan_url": f"{base_url}/phone/scan/{config_id}",
        "qr_code": f"{base_url}/qr/{config_id}.png",
        "members": [member.userid for member in sim.ways.members(way)],
    }


def _mass(sim: Simulator, message: MassMessage) -> dict[str, Any]:
    totals: dict[int, int] = {}
    tasks = sim.messages.tasks_of_message(message)
    for task in tasks:
        for row in task.rows:
            totals[row.status] = totals.get(row.status, 0) + 1
    return {
        **asdict(message),
        "digest": message.content.digest(),
        "tasks": [
            {"userid": one.userid, "status": one.status, "send_time": one.send_time, "customers": len(one.rows)}
            for one in tasks
        ],
        "customers_by_status": totals,
    }


@router.get("/mass")
async def mass_messages(sim: Sim) -> list[dict[str, Any]]:
    """Every mass message with its tasks and how many customers stand at which status."""
    return [_mass(sim, message) for message in sim.messages.rows]


# -- what happened -------------------------------------------------------------------------------------------------------
@router.get("/ledger")
async def ledger(
    sim: Sim,
    kind: str = "",
    after: Annotated[int, Query(ge=0)] = 0,
    external_userid: str = "",
    msgid: str = "",
    limit: Annotated[int, Query(ge=1, le=100_000)] = 1000,
) -> dict[str, Any]:
    """Entries with a number above `after`, oldest first; pass the last `seq` on to read further.

    `kind` may be a prefix that ends with an underscore, like `mass_`.
    """
    kept = sim.kernel.ledger
    found = kept.read(kind=kind, after=after, external_userid=external_userid, msgid=msgid, limit=limit)
    return {
        "entries": [{"seq": seq, "iso": iso(entry.at), **asdict(entry)} for seq, entry in found],
        "last": found[-1][0] if found else after,
        "total": len(kept),
    }


@router.get("/ledger/counts")
async def ledger_counts(sim: Sim) -> dict[str, int]:
    """How many entries there are of each kind."""
    return sim.kernel.ledger.counts()


@router.get("/calls")
async def calls(sim: Sim) -> list[dict[str, Any]]:
    """Wire calls since the process began, by path and errcode."""
    return [{"path": path, "errcode": code, "count": count} for (path, code), count in sorted(sim.auth.calls.items())]


@router.get("/callbacks")
async def callbacks(sim: Sim, status: str = "", limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> dict[str, Any]:
    """Totals, and the newest events."""
    kept = sim.kernel.callbacks
    rows = [row for row in kept.rows if not status or row.status == status]
    return {
        "counts": asdict(kept.counts()),
        "pending": kept.pending(),
        "newest": [asdict(row) for row in rows[: -limit - 1 : -1]],
    }
