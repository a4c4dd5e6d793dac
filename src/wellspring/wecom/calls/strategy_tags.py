"""Tags of customer strategies: corp tags that only members of a strategy see.

They count toward the company's 3,000. Only the system secret of customer contact may call these.
"""

from __future__ import annotations

from collections.abc import Sequence

from wellspring.wecom.calls.base import Call, Caller, Effect, Reply, at_most_characters, required, without_none
from wellspring.wecom.calls.tags import NAME_CHARACTERS, TagAdded, TagList, WecomTagGroup, check_order
from wellspring.wecom.errors import BadArgument

LIST = Call("POST", "externalcontact/get_strategy_tag_list", TagList)
ADD = Call("POST", "externalcontact/add_strategy_tag", TagAdded, Effect.ONCE)
EDIT = Call("POST", "externalcontact/edit_strategy_tag", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "externalcontact/del_strategy_tag", Reply, Effect.REPEATABLE)


class StrategyTags:
    """Marking is the same as with corp tags: `Tags.mark`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def groups(
        self, *, strategy_id: int | None = None, tag_ids: Sequence[str] = (), group_ids: Sequence[str] = ()
    ) -> list[WecomTagGroup]:
        """All groups with their tags, of one strategy or of all; groups win over tags when both are given."""
        body = without_none(strategy_id=strategy_id, tag_id=list(tag_ids) or None, group_id=list(group_ids) or None)
        return self._caller.call(LIST, body=body).tag_group

    def add(
        self,
        strategy_id: int,
        names: Sequence[str],
        *,
        group_id: str | None = None,
        group_name: str | None = None,
        order: int | None = None,
    ) -> WecomTagGroup:
        """New tags for a strategy of the first level, into a group by id, or by name (made when it isn't there)."""
        required("strategy_id", strategy_id or None)
        required("tag", list(names))
        if not group_id and not group_name:
            raise BadArgument("group_name", "either group_id or group_name must be given")
        at_most_characters("group_name", group_name, NAME_CHARACTERS)
        for name in names:
            required("tag.name", name)
            at_most_characters("tag.name", name, NAME_CHARACTERS)
        check_order(order)
        body = without_none(
            strategy_id=strategy_id,
            group_id=group_id,
            group_name=group_name,
            order=order,
            tag=[{"name": name} for name in names],
        )
        return self._caller.call(ADD, body=body).tag_group

    def edit(self, id: str, *, name: str | None = None, order: int | None = None) -> None:
        """A tag or a group."""
        required("id", id)
        at_most_characters("name", name, NAME_CHARACTERS)
        check_order(order)
        self._caller.call(EDIT, body=without_none(id=id, name=name, order=order))

    def delete(self, *, tag_ids: Sequence[str] = (), group_ids: Sequence[str] = ()) -> None:
        if not tag_ids and not group_ids:
            raise BadArgument("tag_id", "neither tag_id nor group_id is given")
        self._caller.call(DELETE, body=without_none(tag_id=list(tag_ids) or None, group_id=list(group_ids) or None))
