"""Rows for tests of segments and insight, written into PostgreSQL as the domains write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from wellspring.commerce.models import Order, Refund
from wellspring.people.models import (
    Customer,
    Department,
    Identity,
    Relationship,
    RelationshipChange,
    RelationshipTag,
    StaffDepartment,
    StaffMember,
    Store,
    Tag,
    TagGroup,
)

NOW = datetime.fromisoformat("2026-03-05T04:00:00+00:00")


class World:
    """Two stores with two staff each, three tags; customers, friendships and orders as asked."""

    def __init__(self, session: Session) -> None:
        self.session = session
        root = self._add(Department(name="半山集", kind="department", path="/1/"))
        self.stores = [self._store(root, name, code) for name, code in (("湖滨店", "HB"), ("武康店", "WK"))]
        self.staff = [self._staff(f"staff{i}", f"导购{i}", self.stores[i // 2]) for i in range(4)]
        group = self._add(TagGroup(name="意向"))
        self.tags = [self._add(Tag(group_id=group.id, name=name)) for name in ("香氛", "茶器", "到店")]

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _store(self, root: Department, name: str, code: str) -> Department:
        made = self._add(Department(name=name, kind="store", parent_id=root.id))
        made.path = f"/{root.id}/{made.id}/"
        self._add(Store(department_id=made.id, code=code, city="杭州"))
        return made

    def _staff(self, userid: str, name: str, store: Department) -> StaffMember:
        made = self._add(
            StaffMember(userid=userid, name=name, department_id=store.id, store_id=store.id, may_contact=True)
        )
        self._add(StaffDepartment(staff_id=made.id, department_id=store.id))
        return made

    def customer(
        self, name: str = "", *, mobile: bool = False, gender: int = 0, first_added_at: datetime | None = None
    ) -> Customer:
        made = self._add(Customer(name=name, gender=gender, first_added_at=first_added_at))
        if mobile:
            self._add(
                Identity(
                    customer_id=made.id, kind="mobile", value_index=f"m{made.id}", value_sealed=b"x",
                    first_seen_at=NOW, last_seen_at=NOW,
                )
            )  # fmt: skip
        return made

    def friend(
        self, customer: Customer, staff: int = 0, *, at: datetime = NOW, status: str = "friend", state: str = "",
        add_way: int = 1, tags: tuple[int, ...] = (), ended_at: datetime | None = None,
    ) -> Relationship:  # fmt: skip
        made = self._add(
            Relationship(
                customer_id=customer.id, staff_id=self.staff[staff].id, external_userid=f"wm{customer.id}",
                status=status, state=state, add_way=add_way, added_at=at, ended_at=ended_at,
            )
        )  # fmt: skip
        self._add(
            RelationshipChange(relationship_id=made.id, at=at, from_status=None, to_status="friend", cause="test")
        )
        if status in {"lost", "removed"}:
            self._add(
                RelationshipChange(
                    relationship_id=made.id, at=ended_at or at, from_status="friend", to_status=status, cause="test"
                )
            )
        for tag in tags:
            self._add(
                RelationshipTag(
                    relationship_id=made.id, customer_id=customer.id, tag_id=self.tags[tag].id, created_at=at
                )
            )
        return made

    def order(
        self,
        customer: Customer | None,
        *,
        at: datetime = NOW - timedelta(hours=1),
        fen: int = 10_000,
        store: int | None = None,
    ) -> Order:
        number = f"n{self.session.query(Order).count()}"
        return self._add(
            Order(
                source="pos", number=number, customer_id=customer.id if customer else None, placed_at=at,
                store_id=self.stores[store].id if store is not None else None, staff_id=None,
                goods_fen=fen, total_fen=fen, recorded_at=at,
            )
        )  # fmt: skip

    def refund(self, order: Order, *, at: datetime, fen: int) -> Refund:
        return self._add(
            Refund(
                source="pos", number=f"r{order.number}", order_id=order.id, customer_id=order.customer_id,
                refunded_at=at, goods_fen=fen, total_fen=fen, recorded_at=at,
            )
        )  # fmt: skip


def tree(*children: dict[str, Any], kind: str = "all") -> dict[str, Any]:
    return {"version": 1, "root": {"kind": kind, "children": list(children)}}


def orders(measure: str, operator: str, value: int, window: dict[str, Any] | None = None) -> dict[str, Any]:
    leaf = {"kind": "orders", "measure": measure, "comparison": {"operator": operator, "value": value}}
    return {**leaf, "window": window} if window else leaf
