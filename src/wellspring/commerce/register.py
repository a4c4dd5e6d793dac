"""What commerce adds to the platform at start: jobs, ticks, warehouse feeds, handlers."""

from __future__ import annotations

from wellspring.commerce import feeds
from wellspring.people.facade import register_customer_reference
from wellspring.platform.warehouse.feeds import register_feed


def register() -> None:
    """Called once per process, before anything is served."""
    from wellspring.commerce import jobs  # noqa: F401 - declares them

    for feed in feeds.ALL:
        register_feed(feed)
    for table in ("customer_order", "order_line", "refund"):
        register_customer_reference(table, "customer_id")
