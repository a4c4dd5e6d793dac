"""One day's drawing: who does what of their own accord, and when."""

from collections.abc import Iterator

import numpy as np

from wecom_sim.clock import midnight
from wecom_sim.population.persons import Persons
from wecom_sim.population.profile import Profile

VERBS = ("buy", "chat", "join", "quit", "forward", "delete")


def planned(
    persons: Persons, profile: Profile, start: float, strains: dict[int, float]
) -> Iterator[tuple[float, str, str]]:
    """(moment, verb, who) from `start` to midnight. `strains`: index of a person -> strain above 1."""
    count, parameters = len(persons.rows), persons.parameters
    if not count:
        return
    dice = np.random.default_rng([parameters.seed, int(start)])
    rest = 1 - profile.share_until(start)
    buying, sociable = persons.arrays()
    deleting = np.full(count, parameters.delete_per_day)
    for index, strain in strains.items():
        deleting[index] += parameters.delete_per_strain * strain
    rates = {
        "buy": parameters.buying_per_day * profile.weekday_factor(midnight(start)) * buying,
        "chat": parameters.chat_per_day * sociable,
        "join": parameters.join_per_day * sociable,
        "quit": np.full(count, parameters.quit_per_day),
        "forward": parameters.forward_per_day * sociable,
        "delete": deleting,
    }
    for verb in VERBS:
        who: list[int] = np.nonzero(dice.random(count) < -np.expm1(-rates[verb] * rest))[0].tolist()
        for at, index in zip(profile.moments(start, dice.random(len(who))), who, strict=True):
            yield at, verb, persons.rows[index].external_userid
