"""All features in the order in which they are shown, and their registration at start."""

from __future__ import annotations

from wellspring.insight.features.attention import ATTENTION
from wellspring.insight.features.base import register_feature
from wellspring.insight.features.buying import BUYING
from wellspring.insight.features.favourites import FAVOURITES
from wellspring.insight.features.lifecycle import LIFECYCLE
from wellspring.insight.features.lifetime_value.features import LIFETIME
from wellspring.insight.features.quadrant import QUADRANT
from wellspring.insight.features.rfm import RFM
from wellspring.insight.features.rhythm import RHYTHM
from wellspring.insight.features.sql import SOURCES
from wellspring.insight.features.traits import TRAITS
from wellspring.platform.warehouse.wide_columns import register_wide_source

OWN = (*BUYING, *RHYTHM, *FAVOURITES, *RFM, *LIFECYCLE, *QUADRANT, *TRAITS, *ATTENTION, *LIFETIME)


def register_features() -> None:
    """Sources and columns of the wide table. Safe to call again."""
    for source in SOURCES:
        register_wide_source(source)
    for feature in OWN:
        register_feature(feature)
