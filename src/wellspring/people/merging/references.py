"""Which columns point at a customer. A merge moves those rows, its undo moves them back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class CustomerReference:
    """A column that names a customer in a table with a bigint key `id`."""

    table: str
    column: str = "customer_id"


_references: set[CustomerReference] = set()


def register_customer_reference(table: str, column: str = "customer_id") -> None:
    """Let merges move the rows of `table`. Registering again changes nothing."""
    _references.add(CustomerReference(table, column))


def customer_references() -> list[CustomerReference]:
    return sorted(_references)
