"""Rules of strategies (reference, section 6). Strategy tags count towards the cap of corp tags."""

from dataclasses import dataclass, field
from typing import Any, Literal

from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table
from wecom_sim.tags.state import Tags

Kind = Literal["customer", "moment"]
PRIVILEGES: dict[Kind, tuple[str, ...]] = {
    "customer": (
        "view_customer_list", "view_customer_data", "view_room_list", "contact_me", "join_room", "share_customer",
        "oper_resign_customer", "oper_resign_group", "send_customer_msg", "edit_welcome_msg", "view_behavior_data",
        "view_room_data", "send_group_msg", "room_deduplication", "rapid_reply", "onjob_customer_transfer",
        "edit_anti_spam_rule", "export_customer_list", "export_customer_data", "export_customer_group_list",
    ),
    "moment": ("send_moment", "view_moment_list", "manage_moment_cover_and_sign"),
}  # fmt: skip


@dataclass
class Strategy:
    strategy_id: int
    kind: Kind
    parent_id: int
    name: str
    create_time: int
    admins: list[str]
    privilege: dict[str, bool]
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)


@dataclass
class StrategyTag:
    """A tag, or (group_id empty) a group of tags."""

    id: str
    group_id: str
    strategy_id: int
    name: str
    order: int
    create_time: int


class Strategies:
    def __init__(self, kernel: Kernel, tags: Tags) -> None:
        self._kernel = kernel
        self._corp_tags = tags
        self.rows: Table[Strategy] = Table(kernel.store, "strategy", Strategy)
        self.tags: Table[StrategyTag] = Table(kernel.store, "strategy_tag", StrategyTag)

    def of_kind(self, kind: Kind) -> list[Strategy]:
        return [one for one in self.rows if one.kind == kind]

    def by_id(self, kind: Kind, strategy_id: int) -> Strategy:
        """Raises 40058."""
        row = self.rows.get(str(strategy_id))
        if row is None or row.kind != kind:
            raise WireError(40058, "strategy_id")
        return row

    def create(
        self, kind: Kind, parent_id: int, name: str, admins: list[str], privilege: dict[str, Any],
        users: list[str], parties: list[int],
    ) -> Strategy:  # fmt: skip
        """Raises 40063, 40058. A child may have no privilege that its parent has not."""
        if not name or not admins:
            raise WireError(40063, "strategy_name and admin_list are needed")
        if not users and not parties:
            raise WireError(40063, "missing range")
        parent = self.by_id(kind, parent_id) if parent_id else None
        number = self._kernel.ids.state.counters.get("strategy", 0) + 1
        self._kernel.ids.state.counters["strategy"] = number
        row = Strategy(number, kind, parent_id, name, self._kernel.clock.stamp(), admins, {}, users, parties)
        self.set_privilege(row, privilege, parent)
        return self.rows.put(str(number), row)

    def set_privilege(self, row: Strategy, privilege: dict[str, Any], parent: Strategy | None) -> None:
        names = PRIVILEGES[row.kind]
        if set(privilege) - set(names):
            raise WireError(40058, "unknown privilege")
        for name in names:
            wanted = bool(privilege.get(name, row.privilege.get(name, False)))
            row.privilege[name] = wanted and (parent is None or parent.privilege[name])

    def delete(self, kind: Kind, strategy_id: int) -> None:
        """Its children and tags go along."""
        row = self.by_id(kind, strategy_id)
        for child in [one for one in self.rows if one.parent_id == row.strategy_id]:
            self.delete(kind, child.strategy_id)
        for tag in [one for one in self.tags if one.strategy_id == row.strategy_id]:
            self.tags.drop(tag.id)
        self.rows.drop(str(row.strategy_id))

    # -- tags ----------------------------------------------------------------------------------------------------------
    def group_tags(self, group_id: str) -> list[StrategyTag]:
        found = [one for one in self.tags if one.group_id == group_id]
        return sorted(found, key=lambda one: (-one.order, one.create_time))

    def groups(self, strategy_id: int = 0) -> list[StrategyTag]:
        return [one for one in self.tags if not one.group_id and strategy_id in (0, one.strategy_id)]

    def tag(self, tag_id: str) -> StrategyTag:
        row = self.tags.get(tag_id)
        if row is None:
            raise WireError(40068)
        return row

    def add_tags(
        self, strategy_id: int, group_id: str, group_name: str, order: int, wanted: list[tuple[str, int]]
    ) -> tuple[StrategyTag, list[StrategyTag]]:
        """First-level strategies only. Raises 40058, 40063, 40068, 40072, 40126."""
        settings, now = self._kernel.settings, self._kernel.clock.stamp()
        group = self.tag(group_id) if group_id else None
        if group is None and self.by_id("customer", strategy_id).parent_id:
            raise WireError(40058, "only a first-level strategy has tags of its own")
        if not wanted or (group is None and not group_name):
            raise WireError(40063, "group_name and tag are needed")
        if any(
            not 1 <= len(one) <= settings.tag_name_chars for one in [group_name or "-", *(one for one, _ in wanted)]
        ):
            raise WireError(40072)
        strategy_id = group.strategy_id if group else strategy_id
        if group is None:
            group = next((one for one in self.groups(strategy_id) if one.name == group_name), None)
        held = {one.name for one in self.group_tags(group.id)} if group else set()
        fresh = {name: at for name, at in wanted if name not in held}
        count = sum(1 for one in self._corp_tags.tags if not one.deleted) + sum(1 for one in self.tags if one.group_id)
        if count + len(fresh) > settings.corp_tags_max:
            raise WireError(40126)
        if group is None:
            ident = self._kernel.ids.text("strategy_tag", "st", 32)
            group = self.tags.put(ident, StrategyTag(ident, "", strategy_id, group_name, order, now))
        made = []
        for name, at in fresh.items():
            ident = self._kernel.ids.text("strategy_tag", "st", 32)
            made.append(self.tags.put(ident, StrategyTag(ident, group.id, strategy_id, name, at, now)))
        return group, made

    def edit_tag(self, tag_id: str, name: str, order: int | None) -> None:
        """Raises 40068, 40071, 40072."""
        row = self.tag(tag_id)
        if len(name) > self._kernel.settings.tag_name_chars:
            raise WireError(40072)
        beside = [one for one in self.tags if one.group_id == row.group_id and one.strategy_id == row.strategy_id]
        if any(one.name == name and one.id != tag_id for one in beside):
            raise WireError(40071)
        row.name = name or row.name
        row.order = row.order if order is None else order
        self.tags.touch(tag_id)

    def delete_tags(self, tag_ids: list[str], group_ids: list[str]) -> None:
        """A group whose last tag goes, goes too. Raises 40063, 40068."""
        if not tag_ids and not group_ids:
            raise WireError(40063, "tag_id and group_id are both empty")
        rows = [self.tag(one) for one in [*tag_ids, *group_ids]]
        for row in rows:
            for tag in self.group_tags(row.id) if not row.group_id else []:
                self.tags.drop(tag.id)
            self.tags.drop(row.id)
            if row.group_id and not self.group_tags(row.group_id):
                self.tags.drop(row.group_id)
