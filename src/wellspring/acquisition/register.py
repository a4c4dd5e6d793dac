"""What acquisition adds to the platform at start: handlers of new friends and of settled calls, next steps."""

from __future__ import annotations

from wellspring.acquisition import arrivals, contact_ways, jobs, next_steps  # noqa: F401 - jobs declare themselves
from wellspring.acquisition.facade import live_code_names_by_state
from wellspring.insight import facade as insight
from wellspring.people import facade as people
from wellspring.wecom import facade as wecom


def register() -> None:
    """Called once per process, before anything is served."""
    people.on_friend_added(arrivals.friend_added)
    people.register_customer_reference("live_code_add")
    people.register_customer_reference("live_code_welcome")
    wecom.on_settled(arrivals.WELCOME, arrivals.welcome_settled)
    wecom.on_settled(contact_ways.ADD, contact_ways.contact_way_settled)
    wecom.on_settled(contact_ways.UPDATE, contact_ways.contact_way_settled)
    insight.register_state_names(live_code_names_by_state)
    for provider in (next_steps.codes_that_failed, next_steps.codes_without_receivers, next_steps.first_live_code):
        insight.register_next_step(provider)
