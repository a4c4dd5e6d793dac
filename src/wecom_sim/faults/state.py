"""Faults of wire calls: what to do to which call, how often, how many times."""

import random
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from wecom_sim.dice import dice_from, dice_state

FaultKind = Literal["latency", "errcode", "http", "cut_before", "cut_after", "token_revoked"]


@dataclass
class Fault:
    """`path` is a pattern with * and ?; `rate` a chance from 0 to 1; `times` how often at most (0 = no end).

    latency: wait `latency_ms` first. errcode: answer `code` without effect. http: answer HTTP `code` without effect.
    cut_before / cut_after: the connection breaks before / after the effect, without an answer. token_revoked: all
    tokens are revoked first, so that the call gets 40014.
    """

    kind: FaultKind
    path: str = "*"
    rate: float = 1.0
    code: int = -1
    latency_ms: int = 0
    times: int = 0
    seed: int = 1
    hits: int = 0


class Faults:
    def __init__(self) -> None:
        self.rows: list[Fault] = []
        self._random: list[random.Random] = []

    def set(self, faults: list[Fault]) -> None:
        self.rows = faults
        self._random = [random.Random(fault.seed) for fault in faults]  # noqa: S311

    def save(self) -> Any:
        """For a snapshot."""
        return [[asdict(fault), dice_state(dice)] for fault, dice in zip(self.rows, self._random, strict=True)]

    def load(self, kept: Any) -> None:
        self.rows = [Fault(**fault) for fault, _ in kept]
        self._random = [dice_from(dice) for _, dice in kept]

    def striking(self, path: str) -> list[Fault]:
        """The faults that hit this call; counting is part of asking."""
        hit = []
        for fault, dice in zip(self.rows, self._random, strict=True):
            if fault.times and fault.hits >= fault.times:
                continue
            if fnmatchcase(path, fault.path) and (fault.rate >= 1 or dice.random() < fault.rate):
                fault.hits += 1
                hit.append(fault)
        return hit
