"""Rules of corp tags (reference, section 6)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from wecom_sim.company import App
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

T = TypeVar("T")


@dataclass
class TagGroup:
    """`owner` is the agentid of the app that made it, 0 for the admin console."""

    id: str
    name: str
    order: int
    create_time: int
    owner: int = 0
    deleted: bool = False


@dataclass
class Tag:
    id: str
    group_id: str
    name: str
    order: int
    create_time: int
    owner: int = 0
    deleted: bool = False


class Tags:
    """Deleted tags and groups stay as rows: they are still shown when asked for by id (PQ 92117)."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.groups: Table[TagGroup] = Table(kernel.store, "tag_group", TagGroup)
        self.tags: Table[Tag] = Table(kernel.store, "tag", Tag)
        self._of_group: dict[str, list[Tag]] = defaultdict(list)
        for tag in self.tags:
            self._of_group[tag.group_id].append(tag)

    # -- reading -----------------------------------------------------------------------------------------------------
    def live(self, tag_id: str) -> Tag | None:
        tag = self.tags.get(tag_id)
        return None if tag is None or tag.deleted else tag

    def of_group(self, group_id: str, deleted: bool = False) -> list[Tag]:
        found = [tag for tag in self._of_group[group_id] if deleted or not tag.deleted]
        return sorted(found, key=lambda tag: (-tag.order, tag.create_time))

    def live_groups(self) -> list[TagGroup]:
        return sorted((one for one in self.groups if not one.deleted), key=lambda one: (-one.order, one.create_time))

    def _group_named(self, name: str) -> TagGroup | None:
        return next((group for group in self.groups if group.name == name and not group.deleted), None)

    def _tag_named(self, group_id: str, name: str) -> Tag | None:
        return next((tag for tag in self.of_group(group_id) if tag.name == name), None)

    # -- changing ----------------------------------------------------------------------------------------------------
    def _check_name(self, name: str) -> None:
        if not name:
            raise WireError(40063, "missing name")
        if len(name) > self._kernel.settings.tag_name_chars:
            raise WireError(40072)

    def add(
        self, group_id: str, group_name: str, order: int, wanted: list[tuple[str, int]], owner: int
    ) -> tuple[TagGroup, list[Tag]]:
        """Create tags in a group, the group too when `group_name` is new. Answers the group and the tags made.

        A name that the group already has, or that comes twice in one call, is made once (PQ 92117).
        """
        if not wanted:
            raise WireError(40063, "no tag")
        for name, _ in wanted:
            self._check_name(name)
        group = self.groups.get(group_id) if group_id else self._group_named(group_name)
        if group_id and (group is None or group.deleted):
            raise WireError(40068)
        if group is None:
            self._check_name(group_name)
        names = dict.fromkeys(name for name, _ in wanted)
        fresh = [name for name in names if group is None or self._tag_named(group.id, name) is None]
        if sum(1 for tag in self.tags if not tag.deleted) + len(fresh) > self._kernel.settings.corp_tags_max:
            raise WireError(40126)
        now = self._kernel.clock.stamp()
        if group is None:
            group = TagGroup(self._kernel.ids.text("tag_group", "et", 32), group_name, order, now, owner)
            self.groups.put(group.id, group)
        orders = dict(wanted)
        made = [self._make(group.id, name, orders[name], now, owner) for name in fresh]
        return group, made

    def _make(self, group_id: str, name: str, order: int, now: int, owner: int) -> Tag:
        tag = Tag(self._kernel.ids.text("tag", "et", 32), group_id, name, order, now, owner)
        self.tags.put(tag.id, tag)
        self._of_group[group_id].append(tag)
        return tag

    def edit(self, tag_id: str, name: str, order: int | None, app: App | None) -> Tag | TagGroup:
        """Rename or reorder a tag or a group. Raises 40068, 40071, 60011 (tag of somebody else)."""
        found: Tag | TagGroup | None = self.live(tag_id) or self.groups.get(tag_id)
        if found is None or found.deleted:
            raise WireError(40068)
        self._check_owner(found, app)
        if name and name != found.name:
            self._check_name(name)
            taken: Tag | TagGroup | None
            taken = self._tag_named(found.group_id, name) if isinstance(found, Tag) else self._group_named(name)
            if taken is not None:
                raise WireError(40071)
            found.name = name
        if order is not None:
            found.order = order
        (self.tags if isinstance(found, Tag) else self.groups).touch(found.id)
        return found

    def delete(self, tag_ids: list[str], group_ids: list[str], app: App | None) -> list[Tag | TagGroup]:
        """Delete tags and whole groups; a group whose last tag goes, goes too. Answers what went, groups alone
        standing for their tags."""
        if not tag_ids and not group_ids:
            raise WireError(40063, "tag_id and group_id are both empty")
        tags = [self.live(tag_id) for tag_id in tag_ids]
        groups = [self.groups.get(group_id) for group_id in group_ids]
        live_tags = [tag for tag in tags if tag is not None]
        live_groups = [group for group in groups if group is not None and not group.deleted]
        if len(live_tags) != len(tags) or len(live_groups) != len(groups):
            raise WireError(40068)
        for tag in live_tags:
            self._check_owner(tag, app)
        for group in live_groups:
            self._check_owner(group, app)
        gone: list[Tag | TagGroup] = []
        for tag in live_tags:
            if tag.group_id not in group_ids:
                self._mark_deleted(tag)
                gone.append(tag)
        emptied = {tag.group_id for tag in live_tags if not self.of_group(tag.group_id)}
        for group_id in dict.fromkeys([*group_ids, *emptied]):
            group = self.groups.rows[group_id]
            for tag in self.of_group(group_id):
                self._mark_deleted(tag)
            group.deleted = True
            self.groups.touch(group_id)
            gone.append(group)
        return gone

    def _mark_deleted(self, tag: Tag) -> None:
        tag.deleted = True
        self.tags.touch(tag.id)

    def _check_owner(self, found: Tag | TagGroup, app: App | None) -> None:
        if app is not None and self._kernel.settings.tag_owner_only and found.owner != app.agentid:
            raise WireError(60011, "this app did not create the tag")

    # -- what an admin does in the admin console: the same rules, and events ----------------------------------------------
    def admin_add(self, group_name: str, names: list[str]) -> tuple[TagGroup, list[Tag]]:
        known = self._group_named(group_name)
        group, made = self._as_action(lambda: self.add("", group_name, 0, [(name, 0) for name in names], 0))
        if known is None:
            self._raise_event("create", group)
        for tag in made:
            self._raise_event("create", tag)
        return group, made

    def admin_edit(self, tag_id: str, name: str, order: int | None) -> Tag | TagGroup:
        found = self._as_action(lambda: self.edit(tag_id, name, order, None))
        self._raise_event("update", found)
        return found

    def admin_delete(self, tag_ids: list[str], group_ids: list[str]) -> list[Tag | TagGroup]:
        gone = self._as_action(lambda: self.delete(tag_ids, group_ids, None))
        for one in gone:
            self._raise_event("delete", one)
        return gone

    @staticmethod
    def _as_action(act: Callable[[], T]) -> T:
        try:
            return act()
        except WireError as error:
            raise ActionError(f"wire_{error.code}", error.message, 422) from error

    def _raise_event(self, change: str, what: Tag | TagGroup) -> None:
        kind = "tag" if isinstance(what, Tag) else "tag_group"
        self._kernel.callbacks.raise_event("change_external_tag", ChangeType=change, Id=what.id, TagType=kind)
