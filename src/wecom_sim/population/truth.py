"""The truth about effects, to hold estimates against."""

from math import exp
from typing import Any

from wecom_sim.clock import iso
from wecom_sim.population.rows import Effect, Treatment
from wecom_sim.population.state import Population


def _without(treatment: Treatment) -> float:
    """Chance of at least one purchase in the window without the effect."""
    return 1 - exp(-treatment.expected)


def of_effect(population: Population, effect: Effect) -> dict[str, Any]:
    """Means over those treated: `purchases_each` more purchases a person, `buyers_share` more people who buy at all."""
    treated = [one for one in population.treatments if one.effect == effect.number]
    count = len(treated)
    extra = effect.extra_purchase_probability
    buyers = sum(extra * (1 - _without(one)) for one in treated) / count if count else 0.0
    return {
        "number": effect.number,
        "match": effect.match,
        "extra_purchase_probability": extra,
        "days": effect.days,
        "set_at": iso(effect.set_at),
        "treated": count,
        "extra_purchases": sum(one.extra for one in treated),
        "true_effect": {
            "purchases_each": extra if count else 0.0,
            "buyers_share": buyers,
            "buyers_share_without": sum(map(_without, treated)) / count if count else 0.0,
        },
    }


def treated(population: Population, number: int, after: int, limit: int) -> dict[str, Any]:
    """Who was treated by an effect, in the order of treatment; pass `next` on as `after`."""
    rows = [one for one in population.treatments if one.effect == number]
    page = rows[after : after + limit]
    return {
        "treated": [
            {
                "external_userid": one.external_userid,
                "userid": one.userid,
                "channel": one.channel,
                "ref": one.ref,
                "at": iso(one.at),
                "extra_purchase": one.extra,
                "buys_without": _without(one),
            }
            for one in page
        ],
        "total": len(rows),
        "next": after + limit if after + limit < len(rows) else None,
    }


def of_person(population: Population, external_userid: str) -> dict[str, Any]:
    """Traits and present patience of one customer."""
    person, kept = population.persons.get(external_userid), population.patience.get(external_userid)
    return {
        "external_userid": external_userid,
        "buying": person.buying,
        "sociable": person.sociable,
        "openness": person.openness,
        "patience": person.patience,
        "favourite": person.favourite,
        "strain": population.strain(external_userid),
        "not_interested": bool(kept and kept.not_interested_at),
        "orders": sum(1 for one in population.orders.log.rows if one.external_userid == external_userid),
    }
