"""Control: the session archive, as admins and customers decide."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter

from wecom_sim.archive.state import Agreement
from wecom_sim.control.acting import Pair
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict

router = APIRouter(tags=["session archive"])


class PermitIn(Strict):
    """userid -> edition: 1 office, 2 service, 3 enterprise."""

    editions: dict[str, Literal[1, 2, 3]]


@router.post("/archive-permit")
async def permit(sim: Sim, wish: PermitIn) -> dict[str, Any]:
    """Whose chats are archived, by edition."""
    for userid in wish.editions:
        sim.directory.member(userid)
    sim.archive.permit(dict(wish.editions))
    return {"editions": sim.archive.editions}


class ConsentIn(Pair):
    status: Agreement = "Agree"


@router.post("/archive-consent")
async def consent(sim: Sim, wish: ConsentIn) -> dict[str, Any]:
    """A customer answers the notice of the archive: msg_audit_approved follows consent."""
    sim.contacts.customer(wish.external_userid)
    sim.directory.member(wish.userid)
    return asdict(sim.archive.consent(wish.userid, wish.external_userid, wish.status))
