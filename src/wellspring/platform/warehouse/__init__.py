"""The warehouse: the ClickHouse engine (embedded chDB or a server), its schema, and the loader that fills it."""

from wellspring.platform.warehouse.client import Warehouse
from wellspring.platform.warehouse.feeds import Feed, feeds, register_feed
from wellspring.platform.warehouse.loader import Staleness, after_load, load_all, staleness
from wellspring.platform.warehouse.tables import readable
from wellspring.platform.warehouse.wide import kept_day

__all__ = [
    "Feed",
    "Staleness",
    "Warehouse",
    "after_load",
    "feeds",
    "kept_day",
    "load_all",
    "readable",
    "register_feed",
    "staleness",
]
