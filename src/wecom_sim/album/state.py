"""Rules of the product album (reference, section 11)."""

import re
from dataclasses import dataclass
from typing import Any

from wecom_sim.company import App
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table


@dataclass
class Product:
    """`price` in fen; `owner` is the agentid of the app that made it."""

    product_id: str
    owner: int
    create_time: int
    description: str
    price: int
    product_sn: str
    attachments: list[dict[str, Any]]
    deleted: bool = False


class Album:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.rows: Table[Product] = Table(kernel.store, "product", Product)

    def check(self, row: Product) -> None:
        """Raises 41087, 41073, 41086, 41085, 41088, 41064."""
        settings = self._kernel.settings
        if not row.description:
            raise WireError(41087)
        if len(row.description) > settings.album_description_chars:
            raise WireError(41073)
        if not 0 <= row.price <= settings.album_price_max:
            raise WireError(41086)
        if not re.fullmatch(r"[A-Za-z0-9]{0,128}", row.product_sn):
            raise WireError(41085)
        if not row.attachments:
            raise WireError(41088)
        if len(row.attachments) > settings.attachments_max:
            raise WireError(41064)

    def add(self, row: Product) -> Product:
        self.check(row)
        row.product_id = self._kernel.ids.text("product", "", 32)
        return self.rows.put(row.product_id, row)

    def by_id(self, product_id: str, owner: App | None = None) -> Product:
        """Raises 41075, 41074, and 60011 where the `owner` wants to change another app's."""
        row = self.rows.get(product_id)
        if row is None:
            raise WireError(41075)
        if row.deleted:
            raise WireError(41074)
        if owner is not None and row.owner != owner.agentid:
            raise WireError(60011, "this app did not create the product")
        return row
