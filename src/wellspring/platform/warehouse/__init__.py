"""The warehouse: the ClickHouse engine (embedded chDB or a server), its schema, and the loader that fills it."""

from wellspring.platform.warehouse.client import Warehouse
from wellspring.platform.warehouse.feeds import Feed, feeds, register_feed
from wellspring.platform.warehouse.loader import Staleness, load_all, staleness

__all__ = ["Feed", "Staleness", "Warehouse", "feeds", "load_all", "register_feed", "staleness"]
