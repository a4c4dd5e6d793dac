"""What control routes share: the simulator, and who may come in."""

import ipaddress
from typing import Annotated

from fastapi import Depends, Request

from wecom_sim.errors import ActionError
from wecom_sim.simulator import Simulator


def current(request: Request) -> Simulator:
    sim: Simulator = request.app.state.sim
    return sim


def local_only(request: Request) -> None:
    """The control API can do everything without a password: by default only this machine may use it."""
    if request.app.state.allow_remote:
        return
    host = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ActionError("not_local", "The control API answers this machine only; start with --allow-remote.", 403)


Sim = Annotated[Simulator, Depends(current)]
