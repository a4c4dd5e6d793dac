"""One customer's features."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight.errors import CustomerNotFound
from wellspring.insight.features.base import Feature, Value, features
from wellspring.insight.features.population import context_now
from wellspring.insight.features.reading import read_history
from wellspring.people import facade as people
from wellspring.platform.auth.actor import Actor
from wellspring.platform.runtime import Platform


@dataclass(frozen=True)
class CustomerFeatures:
    customer_id: int
    now: datetime
    values: list[tuple[Feature, Value]]


def customer_features(session: Session, platform: Platform, actor: Actor, customer_id: int) -> CustomerFeatures:
    """Computed now, in plain Python, from the warehouse's facts about this one customer. Raises CustomerNotFound."""
    found = _in_reach(session, actor, customer_id)
    context = context_now(platform, session)
    history = read_history(platform.warehouse, found, own_acts=context.own_acts)
    values = [(feature, feature.value(history, context)) for feature in features().values()]
    return CustomerFeatures(found, context.now, values)


def _in_reach(session: Session, actor: Actor, customer_id: int) -> int:
    """The id of the surviving row, when it is in the actor's scope."""
    customer = session.get(people.Customer, customer_id)
    if customer is None:
        raise CustomerNotFound()
    survivor = customer.merged_into_id or customer.id
    reached = people.customers_in_scope(actor.scope)
    if reached is not None:
        query = select(people.Customer.id).where(people.Customer.id == survivor, people.Customer.id.in_(reached))
        if session.scalar(query) is None:
            raise CustomerNotFound()
    return int(survivor)
