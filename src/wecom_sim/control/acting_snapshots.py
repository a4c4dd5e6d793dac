"""Control: keep the whole state under a name, and go back to it."""

from typing import Any

from fastapi import APIRouter, Request

from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.snapshots.state import Snapshots

router = APIRouter(tags=["snapshots"])


class NamedIn(Strict):
    name: str


def _snapshots(request: Request) -> Snapshots:
    kept: Snapshots = request.app.state.snapshots
    return kept


@router.post("/snapshot")
async def save(sim: Sim, request: Request, wish: NamedIn) -> dict[str, Any]:
    """Keep the state as it is now; an older snapshot of that name is replaced."""
    return _snapshots(request).save(sim, wish.name)


@router.get("/snapshots")
async def snapshots(request: Request) -> list[dict[str, Any]]:
    """The snapshots that there are."""
    return _snapshots(request).list()


@router.post("/restore")
async def restore(sim: Sim, request: Request, wish: NamedIn) -> dict[str, Any]:
    """Back to a snapshot, exactly: clock, ids, tokens, quotas, faults and their dice. Callbacks that were under way are
    sent again."""
    return _snapshots(request).restore(sim, wish.name)


@router.post("/snapshot-delete")
async def drop(request: Request, wish: NamedIn) -> list[dict[str, Any]]:
    """Forget a snapshot."""
    _snapshots(request).drop(wish.name)
    return _snapshots(request).list()
