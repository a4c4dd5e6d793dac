"""Relationships: at least one that has everything asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.leaves.tag import Ids
from wellspring.segments.parts import Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import Ever, Moment, Window, covers, printable, window_words

TABLE = "relationships"
Status = Literal["friend", "lost", "removed"]
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "friend": ("好友", "friend"),
    "lost": ("已流失的客户", "lost customer"),
    "removed": ("被员工删除的客户", "customer removed by staff"),
}
ADD_WAYS: Mapping[int, tuple[str, str]] = {
    0: ("未知来源", "unknown"),
    1: ("扫描二维码", "scanned a QR code"),
    2: ("搜索手机号", "mobile number search"),
    3: ("名片分享", "shared card"),
    4: ("群聊", "group chat"),
    5: ("手机通讯录", "phone contacts"),
    6: ("微信联系人", "WeChat contact"),
    8: ("安装第三方应用时自动添加的客服", "service staff added by a third-party app"),
    9: ("搜索邮箱", "e-mail search"),
    10: ("视频号", "channels"),
    14: ("智慧硬件客服", "smart-hardware service"),
    15: ("上门服务客服", "on-site service"),
    16: ("获客链接", "acquisition link"),
    201: ("内部成员共享", "shared by a colleague"),
    202: ("管理员分配", "assigned by an administrator"),
}
"""WeCom's codes for how a customer was added (contact detail, field add_way)."""


class RelationshipLeaf(Leaf):
    """Empty lists ask for nothing. `states`: what the live code or link carried, compared as it is."""

    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    kind: Literal["relationship"]
    statuses: Annotated[list[Status], Field(min_length=1, max_length=3)]
    staff_ids: Ids = Field(default_factory=list)
    store_ids: Ids = Field(default_factory=list)
    add_ways: Annotated[list[Annotated[int, Field(ge=0, le=60_000)]], Field(default_factory=list, max_length=50)]
    states: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=64), AfterValidator(printable)]],
        Field(default_factory=list, max_length=50),
    ]
    added: Window = Ever()

    def part(self, query: Query) -> Part:
        conditions = [f"status in {query.texts(self.statuses)}"]
        if self.store_ids:
            conditions.append(f"staff_id in {query.staff_of(self.store_ids)}")
        for column, ids in (("staff_id", self.staff_ids), ("add_way", self.add_ways)):
            if ids:
                conditions.append(f"{column} in {query.integers(ids)}")
        if self.states:
            conditions.append(f"state in {query.texts(self.states)}")
        conditions += query.inside("added_at", self.added)
        return People(query.rows(TABLE, *conditions))

    def _fits(self, row: Mapping[str, Any], moment: Moment) -> bool:
        asked: tuple[tuple[str, Sequence[Any]], ...] = (
            ("staff_id", self.staff_ids),
            ("store_id", self.store_ids),
            ("add_way", self.add_ways),
            ("state", self.states),
        )
        return (
            row["status"] in self.statuses
            and all(row[column] in wanted for column, wanted in asked if wanted)
            and covers(self.added, row["added_at"], moment)
        )

    def holds(self, facts: Facts, moment: Moment) -> bool:
        return any(self._fits(row, moment) for row in facts.rows(TABLE))

    def clause(self, names: Names, language: Language) -> str:
        zh = language == "zh"
        status = ("或" if zh else " or ").join(STATUS_WORDS[s][0 if zh else 1] for s in self.statuses)
        whose = [
            *([names.of("store", self.store_ids, language)] if self.store_ids else []),
            *([names.of("staff", self.staff_ids, language)] if self.staff_ids else []),
        ]
        ways = [ADD_WAYS.get(way, (str(way), str(way)))[0 if zh else 1] for way in self.add_ways]
        when = window_words(self.added, language)
        details = [f"{when.strip()}添加" if zh else f"added {when}"] if when else []
        if ways:
            details.append(("来自" if zh else "by ") + ("、" if zh else ", ").join(ways))
        if self.states:
            details.append(("渠道参数 " if zh else "state ") + ("、" if zh else ", ").join(self.states))
        if zh:
            head = f"是{'、'.join(whose)}的{status}" if whose else f"是{status}"
            return head + (f"（{'，'.join(details)}）" if details else "")
        head = f"is a {status}" + (f" of {', '.join(whose)}" if whose else "")
        return head + (f" ({', '.join(details)})" if details else "")

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        rows = sorted(facts.rows(TABLE), key=lambda row: (not self._fits(row, moment), row["id"]))
        zh = language == "zh"
        if not rows:
            return "没有任何同事加过" if zh else "no staff member ever added this customer"
        row = rows[0]
        words: Mapping[str, tuple[str, str]] = {
            **STATUS_WORDS,
            "half": ("未通过的单向好友", "half-added friend"),
            "transferred": ("已转走的客户", "transferred customer"),
        }
        status = words.get(row["status"], (row["status"], row["status"]))[0 if zh else 1]
        staff, day = names.of("staff", [row["staff_id"]], language), moment.day_of(row["added_at"])
        more = len(rows) - 1
        if zh:
            return f"是{staff}的{status}，{day} 添加" + (f"；还有 {more} 位同事的关系" if more else "")
        return f"{status} of {staff}, added {day}" + (f"; {more} more relationships" if more else "")

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"staff": self.staff_ids, "store": self.store_ids}
