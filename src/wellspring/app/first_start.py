"""The first administrator, made when a deployment starts for the first time."""

from __future__ import annotations

import os
import secrets
import sys

from wellspring.platform.auth import service
from wellspring.platform.db import advisory_lock
from wellspring.platform.runtime import Platform

LOGIN = "admin"


def ensure_first_admin(platform: Platform) -> None:
    """Nothing when there is an account already. The password is `WELLSPRING_ADMIN_PASSWORD`, or one that is made
    here and shown once, on the terminal and nowhere else."""
    given = os.environ.get("WELLSPRING_ADMIN_PASSWORD")
    with platform.database.unit_of_work() as session:
        advisory_lock(session, "first_admin")
        if not service.needs_admin(session):
            return
        password = given or secrets.token_urlsafe(12)
        service.create_first_admin(session, now=platform.clock.now(), login=LOGIN, password=password)
    if not given:
        sys.stderr.write(
            f"\nFirst start: sign in as {LOGIN} with the password {password}\n"
            "It is shown this once; change it under settings.\n\n"
        )
