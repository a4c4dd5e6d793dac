"""Control: the population that lives by itself, what it buys, and the truth about it."""

from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import Field

from wecom_sim.clock import iso
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.errors import ActionError
from wecom_sim.population.orders import Buyer
from wecom_sim.population.truth import of_effect, of_person, treated
from wecom_sim.simulator import Simulator

router = APIRouter(tags=["population"])


class PopulationIn(Strict):
    """Parameters are applied before the start. Those by channel may be given in part."""

    running: bool | None = None
    parameters: dict[str, Any] = Field({})


def _shown(sim: Simulator) -> dict[str, Any]:
    kept = sim.population
    return {
        "running": kept.row.running,
        "since": iso(kept.row.since) if kept.row.since else None,
        "parameters": asdict(kept.row.parameters),
        "people": len(sim.contacts.customers),
        "orders": len(kept.orders.log),
        "not_interested": sum(1 for one in kept.patience if one.not_interested_at),
        "effects": len(kept.effects),
        "treatments": len(kept.treatments),
    }


@router.get("/population")
async def population(sim: Sim) -> dict[str, Any]:
    """Whether it lives, and every parameter."""
    return _shown(sim)


@router.post("/population")
async def set_population(sim: Sim, wish: PopulationIn) -> dict[str, Any]:
    """Start or stop the population and change its parameters."""
    if wish.parameters:
        sim.population.change(wish.parameters)
    if wish.running is not None:
        sim.population.run(wish.running)
    return _shown(sim)


@router.get("/population/people/{external_userid}")
async def person(sim: Sim, external_userid: str) -> dict[str, Any]:
    """The hidden traits of one customer, and their patience now."""
    sim.contacts.customer(external_userid)
    return of_person(sim.population, external_userid)


class EffectIn(Strict):
    """`match`: a msgid, a moment_id, the state of a contact way (its welcome message), or anything that stands in the
    content, like a link. Who is reached from now on is treated, once a person."""

    match: str = Field(min_length=1, max_length=500)
    extra_purchase_probability: float = Field(ge=0, le=1)
    days: float = Field(gt=0, le=3650)


@router.post("/population/effects")
async def set_effect(sim: Sim, wish: EffectIn) -> dict[str, Any]:
    """Give a campaign a true effect: who is reached by what matches buys more."""
    effect = sim.population.set_effect(wish.match, wish.extra_purchase_probability, wish.days)
    return of_effect(sim.population, effect)


@router.get("/population/effects")
async def effects(sim: Sim) -> list[dict[str, Any]]:
    """Every effect with its truth."""
    return [of_effect(sim.population, one) for one in sim.population.effects]


@router.get("/population/effects/{number}")
async def effect(
    sim: Sim,
    number: int,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=50_000)] = 10_000,
) -> dict[str, Any]:
    """One effect with its truth and those whom it reached."""
    kept = sim.population.effects.get(str(number))
    if kept is None:
        raise ActionError("no_such_effect", f"There is no effect {number}.", 404)
    return of_effect(sim.population, kept) | treated_page(sim, number, after, limit)


def treated_page(sim: Simulator, number: int, after: int, limit: int) -> dict[str, Any]:
    page = treated(sim.population, number, after, limit)
    return {"people": page["treated"], "next": page["next"]}


@router.get("/products")
async def products(sim: Sim) -> list[dict[str, Any]]:
    """What there is to buy; prices in fen."""
    return [asdict(one) for one in sim.population.orders.goods]


@router.get("/orders")
async def orders(
    sim: Sim,
    since: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
    buyer: Buyer = "external_userid",
) -> Response:
    """Orders with a `seq` above `since`, as JSON lines, oldest first. `buyer`: how the shop knows its buyers; who has no
    unionid is named by mobile."""
    lines = sim.population.orders.feed(since, limit, buyer)
    return Response(b"".join(orjson.dumps(one) + b"\n" for one in lines), media_type="application/x-ndjson")
