"""Wire: the welcome message."""

from typing import Any

from wecom_sim.content import content_of
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, post


@post(
    "/cgi-bin/externalcontact/send_welcome_msg",
    right="contact",
    source="5.6 welcome message [PQ 92137; D 92599 2025/11]",
)
async def send_welcome_msg(call: Call) -> dict[str, Any]:
    code = call.text("welcome_code")
    if not code:
        raise WireError(41049)
    await call.sim.welcome.send(code, content_of(call))
    return {}
