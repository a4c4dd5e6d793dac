"""The product album: goods that members can show to customers out of WeCom's toolbar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_characters,
    between,
    count_between,
    pages,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

DESCRIPTION_CHARACTERS = 300
PRICE_FEN = 5_000_000
PICTURES = 9
LIST_LIMIT = 100
SERIAL = re.compile(r"[A-Za-z0-9]{0,128}")


class Product(Wire):
    """`price` in fen. `attachments`: `{"type": "image", "image": {"media_id"}}`."""

    product_id: str
    description: str = ""
    price: int = 0
    create_time: int = 0
    product_sn: str = ""
    attachments: list[dict[str, Any]] = Field(default_factory=list)


class ProductAdded(Reply):
    product_id: str


class ProductReply(Reply):
    product: Product


class ProductPage(Page):
    product_list: list[Product] = Field(default_factory=list)


ADD = Call("POST", "externalcontact/add_product_album", ProductAdded, Effect.ONCE)
GET = Call("POST", "externalcontact/get_product_album", ProductReply)
LIST = Call("POST", "externalcontact/get_product_album_list", ProductPage)
UPDATE = Call("POST", "externalcontact/update_product_album", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "externalcontact/delete_product_album", Reply, Effect.REPEATABLE)


class Album:
    """Pictures are media ids of `Uploads.attachment(..., attachment_type=2)`. An app changes only its own products."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(self, description: str, *, price: int, media_ids: Sequence[str], product_sn: str | None = None) -> str:
        """`price` in fen, at most 5,000,000; answers the product_id."""
        required("description", description)
        count_between("attachments", media_ids, 1, PICTURES)
        return self._caller.call(ADD, body=_body(description, price, media_ids, product_sn)).product_id

    def get(self, product_id: str) -> Product:
        """Raises GiveUp(product_deleted)."""
        required("product_id", product_id)
        return self._caller.call(GET, body={"product_id": product_id}).product

    def products(self) -> Iterator[Product]:
        """Everybody's, not only this app's."""
        for page in pages(self._caller, LIST, limit=LIST_LIMIT):
            yield from page.product_list

    def update(
        self,
        product_id: str,
        *,
        description: str | None = None,
        price: int | None = None,
        media_ids: Sequence[str] | None = None,
        product_sn: str | None = None,
    ) -> None:
        """`media_ids` replaces the pictures. Raises GiveUp(no_right_on_member) for another app's product."""
        required("product_id", product_id)
        if media_ids is not None:
            count_between("attachments", media_ids, 1, PICTURES)
        self._caller.call(UPDATE, body={"product_id": product_id, **_body(description, price, media_ids, product_sn)})

    def delete(self, product_id: str) -> None:
        required("product_id", product_id)
        self._caller.call(DELETE, body={"product_id": product_id})


def _body(
    description: str | None, price: int | None, media_ids: Sequence[str] | None, product_sn: str | None
) -> dict[str, Any]:
    at_most_characters("description", description, DESCRIPTION_CHARACTERS)
    between("price", price, 0, PRICE_FEN)
    if product_sn is not None and not SERIAL.fullmatch(product_sn):
        raise BadArgument("product_sn", "must be at most 128 letters and digits")
    pictures = None if media_ids is None else [{"type": "image", "image": {"media_id": one}} for one in media_ids]
    return without_none(description=description, price=price, product_sn=product_sn, attachments=pictures)
