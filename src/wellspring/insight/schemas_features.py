"""What goes over the wire about features and lifetime value."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from wellspring.insight.features.base import Kind
from wellspring.insight.features.catalogue import Group


class ChoiceView(BaseModel):
    value: str
    zh: str
    en: str


class FeatureView(BaseModel):
    """`choices`: the named values; empty where values are numbers or the brand's own words."""

    name: str
    kind: Kind
    group: Group
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula: str
    source: str
    choices: list[ChoiceView]


class FeatureStandView(BaseModel):
    """`day`: the calendar day whose sliding windows everybody's columns hold, null: nobody was computed yet. `as_of`: facts
    committed before it are in them. `measured_at`: when cut points and medians over the `buyers` were measured.
    `rebuilding`: everybody is being computed anew, because a limit was changed."""

    day: date | None
    as_of: datetime | None
    behind_seconds: float | None
    measured_at: datetime | None
    buyers: int | None
    rebuilding: bool


class CustomerFeatureView(BaseModel):
    """`value` null: there is none. `label`: the value in the caller's words, where it is a choice, a flag or a store."""

    name: str
    kind: Kind
    group: Group
    title: str
    definition: str
    value: int | float | str | datetime | None
    label: str | None


class CustomerFeaturesView(BaseModel):
    """Computed now from what the warehouse holds; amounts in fen."""

    customer_id: int
    now: datetime
    features: list[CustomerFeatureView]


class PurchaseParameters(BaseModel):
    r: float
    alpha: float
    a: float
    b: float


class SpendingParameters(BaseModel):
    """`gamma` in fen."""

    p: float
    q: float
    gamma: float


class FitView(BaseModel):
    """`log_likelihood` over `customers`; of `starts` starting points `starts_agreed` came to the same top. `at_limit`: a
    parameter ran to its bound (hardly anybody leaves for good)."""

    log_likelihood: float
    customers: int
    starts_agreed: int
    starts: int
    steepest: float
    at_limit: bool


class OutlookView(BaseModel):
    """`alive` null: the model can't tell (one-time buyers)."""

    customers: int
    alive: float | None
    purchases_90d: float
    purchases_365d: float


class BackTestRow(BaseModel):
    """`earlier`: repeat purchases in the calibration time; 7 stands for 7 and more."""

    earlier: int
    customers: int
    forecast: float
    actual: int


class BackTestView(BaseModel):
    """`error`: (forecast - actual) / actual. The mean absolute errors are per customer: of the model, of the forecast that
    nobody comes back, of everybody going on at their own rate."""

    calibration_weeks: float
    held_out_weeks: float
    customers: int
    rows: list[BackTestRow]
    forecast: float
    actual: int
    error: float | None
    mean_absolute_error: float
    mean_absolute_error_of_none: float
    mean_absolute_error_of_same_rate: float
    model: PurchaseParameters
    fit: FitView


class FittedView(BaseModel):
    """Time in weeks. `distinct`: rows of equal (x, t_x, T) that the fit went over. `value_correlation`: of number and value of
    purchases, which the models take as none."""

    purchases: PurchaseParameters
    purchases_fit: FitView
    spending: SpendingParameters
    spending_fit: FitView
    value_correlation: float
    grid_weeks: int
    observed_from: date
    observed_until: date
    customers: int
    distinct: int
    one_time: OutlookView
    repeat: OutlookView


class FitReasonView(BaseModel):
    code: str
    text: str


class AttemptView(BaseModel):
    status: Literal["fitted", "refused"]
    reason: FitReasonView | None
    at: datetime
    by: str
    seconds: float


class LifetimeValueView(BaseModel):
    """`model` null: nothing was fitted yet. `last`: the newest attempt, which may have been refused while an older model
    stays in force. `fitting`: a fit is waiting or running now."""

    last: AttemptView | None
    fitted_at: datetime | None
    model: FittedView | None
    back_test: BackTestView | None
    back_test_reason: FitReasonView | None
    fitting: Literal["waiting", "running"] | None


class Started(BaseModel):
    job_id: int
