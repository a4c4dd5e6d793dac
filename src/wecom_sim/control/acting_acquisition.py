"""Control: acquisition links, as customers use them and the platform counts."""

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter
from pydantic import Field

from wecom_sim.control.acting import PersonIn
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.errors import ActionError
from wecom_sim.people.actions import NewCustomer

router = APIRouter(tags=["acquisition links"])


class LinkUse(Strict):
    """`link`: the link's address, with ?customer_channel= where it has one, or its link_id. `add` false: only looked
    at. Without `external_userid` a new customer comes."""

    link: str
    channel: str = ""
    external_userid: str = ""
    customer: PersonIn | None = None
    add: bool = True


def token_of(link: str) -> tuple[str, str]:
    """What identifies a link, and the customer_channel in its address."""
    parts = urlsplit(link)
    token = parts.path.rpartition("/")[2]
    if not token:
        raise ActionError("no_such_link", "There is no link in this text.", 404)
    return token, parse_qs(parts.query).get("customer_channel", [""])[0]


@router.post("/acquire")
async def acquire(sim: Sim, wish: LinkUse) -> dict[str, Any]:
    """A customer opens an acquisition link and, unless `add` is false, adds the member behind it."""
    token, channel = token_of(wish.link)
    sim.acquisition.by_token(token)
    external_userid = wish.external_userid
    if not external_userid:
        person = wish.customer or PersonIn(name="新客户")
        external_userid = sim.people.become(NewCustomer(**person.model_dump())).external_userid
    if wish.add:
        return asdict(sim.acquiring.add(token, external_userid, wish.channel or channel))
    sim.acquiring.open(token, external_userid, wish.channel or channel)
    return {"external_userid": external_userid, "status": "looked"}


class QuotaIn(Strict):
    amount: int = Field(gt=0, le=10_000_000)
    days: float = Field(365, gt=0)


@router.post("/acquisition-quota")
async def buy(sim: Sim, wish: QuotaIn) -> dict[str, Any]:
    """An admin buys quota that ends after so many days."""
    return asdict(sim.acquisition.quota.add(wish.amount, wish.days))


class LinkIn(Strict):
    link_id: str


@router.post("/link-unavailable")
async def unavailable(sim: Sim, wish: LinkIn) -> dict[str, Any]:
    """The platform takes a link out of service: link_unavailable follows."""
    return asdict(sim.acquisition.make_unavailable(wish.link_id))


@router.post("/link-delete")
async def delete(sim: Sim, wish: LinkIn) -> dict[str, str]:
    """An admin deletes a link in the console: delete_link follows."""
    link = sim.acquisition.by_token(wish.link_id)
    sim.acquisition.delete(link)
    return {"deleted": link.link_id}
