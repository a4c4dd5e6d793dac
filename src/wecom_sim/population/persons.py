"""Traits of each customer, drawn once from the seed and their id."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from wecom_sim.contacts.state import Customer
from wecom_sim.population.catalogue import KINDS
from wecom_sim.population.chance import mean_one, normal, uniforms
from wecom_sim.population.parameters import Parameters


@dataclass(slots=True)
class Person:
    """`buying` and `sociable` are factors with mean 1; `openness` moves the log-odds of opening; `patience`:
    disturbances in the window that are borne."""

    external_userid: str
    buying: float
    sociable: float
    openness: float
    patience: float
    favourite: str


def person_of(parameters: Parameters, external_userid: str) -> Person:
    buying, sociable, openness, patience, favourite, *_ = uniforms(parameters.seed, "person", external_userid)
    return Person(
        external_userid,
        mean_one(parameters.buying_spread, buying),
        mean_one(parameters.sociable_spread, sociable),
        normal(openness),
        parameters.patience * mean_one(parameters.patience_spread, patience),
        tuple(KINDS)[int(favourite * len(KINDS))],
    )


class Persons:
    """All customers in the order of their table, which only grows; also as arrays for the day's drawing."""

    def __init__(self, parameters: Parameters, customers: Mapping[str, Customer]) -> None:
        self.parameters = parameters
        self._customers = customers
        self.rows: list[Person] = []
        self.index: dict[str, int] = {}
        self._arrays: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    def get(self, external_userid: str) -> Person:
        if external_userid not in self.index:
            self.keep_up()
        return self.rows[self.index[external_userid]]

    def keep_up(self) -> None:
        """Take in those who came since. The order must be the table's: the day's draws go by position."""
        known = len(self.rows)
        if known == len(self._customers):
            return
        for external_userid in islice(self._customers, known, None):
            self.index[external_userid] = len(self.rows)
            self.rows.append(person_of(self.parameters, external_userid))
        self._arrays = None

    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`buying` and `sociable` of everybody."""
        if self._arrays is None:
            self._arrays = (
                np.array([one.buying for one in self.rows]),
                np.array([one.sociable for one in self.rows]),
            )
        return self._arrays
