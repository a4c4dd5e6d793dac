"""All features in the order in which they are shown, and their registration at start."""

from __future__ import annotations

from typing import Literal

from wellspring.insight.features.attention import ATTENTION
from wellspring.insight.features.base import Feature, register_feature
from wellspring.insight.features.buying import BUYING
from wellspring.insight.features.favourites import FAVOURITES
from wellspring.insight.features.lifecycle import LIFECYCLE
from wellspring.insight.features.lifetime_value.features import LIFETIME
from wellspring.insight.features.quadrant import QUADRANT
from wellspring.insight.features.rfm import RFM
from wellspring.insight.features.rhythm import RHYTHM
from wellspring.insight.features.sql import HISTORY, SOURCES
from wellspring.insight.features.traits import TRAITS
from wellspring.platform.warehouse.wide_columns import register_wide_column, register_wide_source
from wellspring.segments import facade as segments

ASKED_ANYWHERE = (*RHYTHM, *RFM, *LIFECYCLE, *QUADRANT, *TRAITS, *ATTENTION, *LIFETIME)
"""What segments can ask about. What was bought has leaves of its own there, for any window; favourites have no fixed choices."""
OWN = (*BUYING, *RHYTHM, *FAVOURITES, *RFM, *LIFECYCLE, *QUADRANT, *TRAITS, *ATTENTION, *LIFETIME)

Group = Literal["buying", "rhythm", "value", "traits", "attention"]
GROUPS: dict[Group, tuple[Feature, ...]] = {
    "buying": (*BUYING, *FAVOURITES),
    "rhythm": (*RHYTHM, *LIFECYCLE),
    "value": (*RFM, *QUADRANT, *LIFETIME),
    "traits": TRAITS,
    "attention": ATTENTION,
}
"""Under which heading a feature is shown."""
_GROUP_OF: dict[str, Group] = {feature.name: group for group, members in GROUPS.items() for feature in members}


def group_of(name: str) -> Group:
    return _GROUP_OF[name]


def register_features() -> None:
    """Sources and columns of the wide table, fields of segments. Safe to call again."""
    for source in SOURCES:
        register_wide_source(source)
    for column in HISTORY:
        register_wide_column(column)
    for feature in OWN:
        register_feature(feature)
    for feature in ASKED_ANYWHERE:
        segments.register_feature_field(_field(feature))


def _field(feature: Feature) -> segments.FeatureField:
    return segments.FeatureField(
        column=feature.name,
        kind=_kind(feature),
        zh=feature.title.zh,
        en=_within_a_sentence(feature.title.en),
        known=feature.known,
        choices={value: (words.zh, words.en) for value, words in feature.choices.items()},
    )


def _kind(feature: Feature) -> Literal["money", "percent", "days_ahead", "choice", "number"]:
    match feature.kind:
        case "money":
            return "money"
        case "probability":
            return "percent"
        case "instant":
            return "days_ahead"
        case "choice":
            return "choice"
        case _:
            return "number"


def _within_a_sentence(title: str) -> str:
    return title[0].lower() + title[1:] if title[1:2].islower() else title
