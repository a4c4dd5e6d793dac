"""Strategies (规则组): who may do what with customers, or with moments, in a part of the company.

Only the system secret of customer contact may call these; an app is refused with GiveUp(no_right).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    between,
    pages,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

LIST_LIMIT = 1000
MEMBER, DEPARTMENT = 1, 2
LARGEST_ID = 2**63 - 1


class StrategyId(Wire):
    strategy_id: int


class StrategyIds(Page):
    strategy: list[StrategyId] = Field(default_factory=list)


class Strategy(Wire):
    """`parent_id`: 0 for one of the first level. `privilege`: WeCom's flags by name, `view_customer_list` and so on."""

    strategy_id: int
    parent_id: int = 0
    strategy_name: str = ""
    create_time: int = 0
    admin_list: list[str] = Field(default_factory=list)
    privilege: dict[str, bool] = Field(default_factory=dict)


class StrategyReply(Reply):
    strategy: Strategy


class RangeItem(Wire):
    """`type`: 1 a member (`userid`), 2 a department (`partyid`)."""

    type: int
    userid: str = ""
    partyid: int = 0


class RangePage(Page):
    range: list[RangeItem] = Field(default_factory=list)


class StrategyCreated(Reply):
    strategy_id: int


@dataclass(frozen=True)
class StrategyCalls:
    listed: Call[StrategyIds]
    get: Call[StrategyReply]
    get_range: Call[RangePage]
    create: Call[StrategyCreated]
    edit: Call[Reply]
    delete: Call[Reply]


def _calls(kind: str) -> StrategyCalls:
    base = f"externalcontact/{kind}_strategy"
    return StrategyCalls(
        listed=Call("POST", f"{base}/list", StrategyIds),
        get=Call("POST", f"{base}/get", StrategyReply),
        get_range=Call("POST", f"{base}/get_range", RangePage),
        create=Call("POST", f"{base}/create", StrategyCreated, Effect.ONCE),
        edit=Call("POST", f"{base}/edit", Reply, Effect.REPEATABLE),
        delete=Call("POST", f"{base}/del", Reply, Effect.REPEATABLE),
    )


CUSTOMER = _calls("customer")
MOMENT = _calls("moment")


def members(*userids: str) -> list[RangeItem]:
    """Part of a range."""
    return [RangeItem(type=MEMBER, userid=one) for one in userids]


def departments(*ids: int) -> list[RangeItem]:
    """Part of a range."""
    return [RangeItem(type=DEPARTMENT, partyid=one) for one in ids]


class Strategies:
    def __init__(self, caller: Caller, calls: StrategyCalls) -> None:
        self._caller = caller
        self._calls = calls

    def ids(self) -> Iterator[int]:
        for page in pages(self._caller, self._calls.listed, limit=LIST_LIMIT):
            yield from (one.strategy_id for one in page.strategy)

    def get(self, strategy_id: int) -> Strategy:
        _check_id(strategy_id)
        return self._caller.call(self._calls.get, body={"strategy_id": strategy_id}).strategy

    def range_of(self, strategy_id: int) -> Iterator[RangeItem]:
        _check_id(strategy_id)
        for page in pages(self._caller, self._calls.get_range, strategy_id=strategy_id, limit=LIST_LIMIT):
            yield from page.range

    def create(
        self,
        strategy_name: str,
        *,
        admins: Sequence[str],
        range: Sequence[RangeItem],
        privilege: dict[str, bool] | None = None,
        parent_id: int | None = None,
    ) -> int:
        """Below `parent_id` where given: its range and privileges lie within the parent's."""
        required("strategy_name", strategy_name)
        required("admin_list", list(admins))
        body = without_none(
            parent_id=parent_id,
            strategy_name=strategy_name,
            admin_list=list(admins),
            privilege=privilege,
            range=_range("range", range),
        )
        return self._caller.call(self._calls.create, body=body).strategy_id

    def edit(
        self,
        strategy_id: int,
        *,
        strategy_name: str | None = None,
        admins: Sequence[str] | None = None,
        privilege: dict[str, bool] | None = None,
        range_add: Sequence[RangeItem] = (),
        range_del: Sequence[RangeItem] = (),
    ) -> None:
        """Admins are replaced; the range is added to and taken from."""
        _check_id(strategy_id)
        changes = without_none(
            strategy_name=strategy_name,
            admin_list=None if admins is None else list(admins),
            privilege=privilege,
            range_add=_range("range_add", range_add) if range_add else None,
            range_del=_range("range_del", range_del) if range_del else None,
        )
        self._caller.call(self._calls.edit, body={"strategy_id": strategy_id, **changes})

    def delete(self, strategy_id: int) -> None:
        _check_id(strategy_id)
        self._caller.call(self._calls.delete, body={"strategy_id": strategy_id})


def _check_id(strategy_id: int) -> None:
    between("strategy_id", strategy_id, 1, LARGEST_ID)


def _range(field: str, items: Sequence[RangeItem]) -> list[dict[str, Any]]:
    required(field, list(items))
    body: list[dict[str, Any]] = []
    for index, one in enumerate(items):
        if one.type == MEMBER and one.userid:
            body.append({"type": MEMBER, "userid": one.userid})
        elif one.type == DEPARTMENT and one.partyid:
            body.append({"type": DEPARTMENT, "partyid": one.partyid})
        else:
            raise BadArgument(f"{field}[{index}]", "type 1 needs a userid, type 2 a partyid")
    return body
