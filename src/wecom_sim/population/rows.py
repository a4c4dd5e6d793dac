"""What is remembered of the population."""

from dataclasses import dataclass, field

from wecom_sim.population.parameters import Parameters


@dataclass
class PopulationRow:
    """`acts` counts what was planned, so that every planned act has its own number. `since`: when it was last started."""

    parameters: Parameters = field(default_factory=Parameters)
    running: bool = False
    since: float = 0.0
    acts: int = 0


@dataclass
class Patience:
    """`disturbed`: moment and weight of each disturbance that still counts. `userid`: who disturbed last."""

    external_userid: str
    disturbed: list[tuple[float, float]] = field(default_factory=list)
    userid: str = ""
    not_interested_at: float = 0.0

    def load(self, since: float) -> float:
        return sum(weight for at, weight in self.disturbed if at > since)


@dataclass
class Effect:
    """Set by POST /control/population/effects. `match`: a msgid, a moment_id, or anything that stands in the content."""

    number: int
    match: str
    extra_purchase_probability: float
    days: float
    set_at: float


@dataclass
class Treatment:
    """One person reached by what an effect matches. `extra`: chance gave them the extra purchase. `expected`: purchases
    expected in the window without the effect."""

    effect: int
    external_userid: str
    userid: str
    channel: str
    ref: str
    at: float
    extra: bool
    expected: float
