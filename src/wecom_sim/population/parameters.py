"""All that can be set about how people behave. README.md shows each where it is used."""

from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["mass", "group", "moment", "welcome", "chat"]


def _each(mass: float, group: float, moment: float, welcome: float, chat: float) -> dict[Channel, float]:
    return {"mass": mass, "group": group, "moment": moment, "welcome": welcome, "chat": chat}


@dataclass
class Parameters:
    """Probabilities are from 0 to 1, `*_per_day` are a day's, `*_spread` the standard deviation of a trait's logarithm
    (of its log-odds for opening). By channel: mass message, group message, moment, welcome message, a member's chat."""

    seed: int = 1
    # -- buying ------------------------------------------------------------------------------------------------------
    buying_per_day: float = 0.004
    buying_spread: float = 0.8
    weekday: list[float] = field(default_factory=lambda: [0.9, 0.9, 0.95, 1.0, 1.1, 1.15, 1.0])  # from Monday
    hours: list[float] = field(
        default_factory=lambda: [
            2, 1, 0.5, 0.3, 0.3, 0.5, 1, 2, 4, 5, 6, 6, 6, 5, 5, 5, 5, 5, 6, 8, 9, 9, 7, 4,
        ]
    )  # fmt: skip
    stranger_factor: float = 0.6  # of the buying of people who are no member's friend
    taste_strength: float = 4.0  # how much likelier the favourite kind of goods is than another
    second_item: float = 0.25
    message_effect: dict[Channel, float] = field(default_factory=lambda: _each(0.004, 0.002, 0.001, 0.01, 0.0))
    message_effect_days: float = 3.0
    # -- opening and what follows --------------------------------------------------------------------------------------
    open: dict[Channel, float] = field(default_factory=lambda: _each(0.45, 0.25, 0.15, 0.8, 0.9))
    open_spread: float = 0.8
    open_minutes: float = 45.0  # mean wait until something is opened
    click: float = 0.2  # having opened something with a link
    click_taste: float = 1.8  # factor where it names the favourite kind of goods
    answer: dict[Channel, float] = field(default_factory=lambda: _each(0.01, 0.005, 0.03, 0.08, 0.35))
    join: float = 0.05  # having opened something that holds a join way
    forward: float = 0.004  # having opened
    # -- of their own accord --------------------------------------------------------------------------------------------
    chat_per_day: float = 0.002
    join_per_day: float = 0.0005
    quit_per_day: float = 0.0002
    forward_per_day: float = 0.0003
    sociable_spread: float = 0.7
    # -- patience -------------------------------------------------------------------------------------------------------
    patience: float = 6.0  # mean number of disturbances in the window that somebody bears
    patience_spread: float = 0.5
    disturbance: dict[Channel, float] = field(default_factory=lambda: _each(1.0, 0.3, 0.1, 0.3, 0.0))
    disturbance_days: float = 7.0
    not_interested: float = 0.02  # having opened, at full strain
    not_interested_open: float = 0.3  # factor on opening from then on
    delete_per_day: float = 0.0002
    delete_per_strain: float = 0.01  # added a day for each unit of strain above 1

    def wrong(self) -> str:
        """What is wrong with it, in one sentence; empty when nothing is."""
        for name, value in vars(self).items():
            numbers = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
            if any(number < 0 for number in numbers):
                return f"{name} must not be negative."
            if name not in ABOVE_ONE and any(number > 1 for number in numbers):
                return f"{name} must be a probability from 0 to 1."
        if len(self.weekday) != 7 or len(self.hours) != 24 or not sum(self.hours):
            return "weekday needs 7 factors and hours 24 weights, not all 0."
        if not self.patience or not self.disturbance_days:
            return "patience and disturbance_days must be above 0."
        return ""


ABOVE_ONE = {
    "seed", "buying_spread", "weekday", "hours", "taste_strength", "message_effect_days", "open_spread", "open_minutes",
    "click_taste", "sociable_spread", "patience", "patience_spread", "disturbance", "disturbance_days",
}  # fmt: skip
