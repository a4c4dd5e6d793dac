"""The running process examines itself for `wellspring doctor` on the same machine.

Embedded stores belong to one process, so the command can't open them beside it and asks instead. It proves itself with
the data folder's key, which whoever may read the folder has anyway.
"""

from __future__ import annotations

import hmac
import time
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel

from wellspring.app.doctor.findings import Level
from wellspring.app.doctor.inside import examine_platform
from wellspring.platform.auth.permissions import PUBLIC
from wellspring.platform.errors import NotSignedIn
from wellspring.platform.http import PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.secrets import SecretBox

router = make_router(tags=["operations"])

PROOF_HEADER = "x-doctor-proof"
PROOF_SECONDS = 60


class FindingView(BaseModel):
    name: str
    level: Level
    text: str


def proof(secrets: SecretBox, at: int) -> str:
    """Good for a minute around `at` (seconds, real time: the platform's clock may travel)."""
    return f"{at}.{secrets.sign(f'doctor:{at}')}"


@router.get("/doctor", dependencies=[Depends(PUBLIC)], include_in_schema=False)
def examine_self(platform: PlatformDep, x_doctor_proof: Annotated[str, Header()] = "") -> list[FindingView]:
    """Raises NotSignedIn without a fresh proof."""
    at, _, _ = x_doctor_proof.partition(".")
    fresh = at.isascii() and at.isdigit() and len(at) <= 12 and abs(time.time() - int(at)) <= PROOF_SECONDS
    if not fresh or not hmac.compare_digest(x_doctor_proof.encode(), proof(platform.secrets, int(at)).encode()):
        raise NotSignedIn()
    found = examine_platform(platform, running=True)
    return [FindingView(name=one.name, level=one.level, text=one.text) for one in found]
