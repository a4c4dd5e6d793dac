"""What care adds to the platform at start: jobs, ticks, warehouse feeds, handlers."""

from __future__ import annotations

from wellspring.people.facade import register_customer_reference


def register() -> None:
    """Called once per process, before anything is served."""
    register_customer_reference("care_reservation", "customer_id")
