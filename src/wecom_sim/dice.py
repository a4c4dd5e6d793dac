"""The state of a random generator as JSON."""

import random
from typing import Any


def dice_state(dice: random.Random) -> list[Any]:
    version, numbers, gauss = dice.getstate()
    return [version, list(numbers), gauss]


def dice_from(state: list[Any]) -> random.Random:
    dice = random.Random()  # noqa: S311
    dice.setstate((state[0], tuple(state[1]), state[2]))
    return dice
