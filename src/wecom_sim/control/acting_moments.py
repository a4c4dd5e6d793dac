"""Control: moments, as members publish them and customers react."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field

from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict

router = APIRouter(tags=["moments"])


@router.get("/moments")
async def moments(sim: Sim) -> list[dict[str, Any]]:
    """Every moment with what became of it at each member."""
    return [
        {**asdict(one), "parts": [asdict(part) for part in sim.moments.parts(one)], "there": sim.moments.is_there(one)}
        for one in sim.moments.rows
    ]


@router.get("/moments/of-staff/{userid}")
async def tasks(sim: Sim, userid: str) -> list[dict[str, Any]]:
    """What a member has to publish or has published, the newest first."""
    return [
        {**asdict(one), "published_at": part.published_at, "seen": len(part.seen), "reactions": len(part.reactions)}
        for one, part in sim.moments.tasks_of_staff(sim.directory.member(userid).userid)
    ]


@router.get("/moments/seen-by/{external_userid}")
async def feed(sim: Sim, external_userid: str) -> list[dict[str, Any]]:
    """What a customer sees, the newest first."""
    sim.contacts.customer(external_userid)
    return [
        {
            "moment_id": one.moment_id,
            "userid": part.userid,
            "published_at": part.published_at,
            "text": one.text,
            "attachments": one.attachments,
            "reactions": [asdict(reaction) for reaction in part.reactions],
        }
        for one, part in sim.moments.feed(external_userid)
    ]


class MomentConfirmIn(Strict):
    userid: str
    moment_id: str = "all"


@router.post("/moment-confirm")
async def confirm(sim: Sim, wish: MomentConfirmIn) -> dict[str, Any]:
    """The member publishes one moment of the company, or all that wait."""
    return {"confirmed": sim.showing.confirm(wish.userid, wish.moment_id)}


class MomentPublishIn(Strict):
    """`attachments` as on the wire, with any media_id; `tags`: visible to customers with one of them."""

    userid: str
    text: str = Field("", max_length=2000)
    attachments: list[dict[str, Any]] = Field([])
    tags: list[str] = Field([])
    location: dict[str, str] = Field({})


@router.post("/moment-publish")
async def publish(sim: Sim, wish: MomentPublishIn) -> dict[str, Any]:
    """A member publishes a moment of their own."""
    return asdict(sim.showing.publish_own(wish.userid, wish.text, wish.attachments, wish.tags, wish.location))


class MomentDeleteIn(Strict):
    userid: str
    moment_id: str


@router.post("/moment-delete")
async def delete(sim: Sim, wish: MomentDeleteIn) -> dict[str, str]:
    """A member deletes a moment of their own."""
    sim.showing.delete(wish.userid, wish.moment_id)
    return {"deleted": wish.moment_id}


class ReactIn(Strict):
    """`userid`: whose moment. `who`: a customer's external_userid, or the same member."""

    kind: Literal["like", "comment"]
    moment_id: str
    userid: str
    who: str
    text: str = Field("", max_length=1000)


@router.post("/moment-react")
async def react(sim: Sim, wish: ReactIn) -> dict[str, Any]:
    """Somebody likes or comments on a moment."""
    return asdict(sim.showing.react(wish.kind, wish.moment_id, wish.userid, wish.who, wish.text))
