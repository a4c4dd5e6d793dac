"""Corp tags in their groups, and marking."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

NAME_CHARACTERS = 30
MAX_ORDER = 2**32 - 1


class WecomTag(Wire):
    """`order`: larger comes first. `deleted` only appears when asked by id."""

    id: str
    name: str = ""
    create_time: int = 0
    order: int = 0
    deleted: bool = False


class WecomTagGroup(Wire):
    group_id: str
    group_name: str = ""
    create_time: int = 0
    order: int = 0
    deleted: bool = False
    tag: list[WecomTag] = Field(default_factory=list)


class TagList(Reply):
    tag_group: list[WecomTagGroup] = Field(default_factory=list)


class TagAdded(Reply):
    tag_group: WecomTagGroup


LIST = Call("POST", "externalcontact/get_corp_tag_list", TagList)
ADD = Call("POST", "externalcontact/add_corp_tag", TagAdded, Effect.ONCE)
EDIT = Call("POST", "externalcontact/edit_corp_tag", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "externalcontact/del_corp_tag", Reply, Effect.REPEATABLE)
MARK = Call("POST", "externalcontact/mark_tag", Reply, Effect.REPEATABLE)


class Tags:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def groups(self, *, tag_ids: Sequence[str] = (), group_ids: Sequence[str] = ()) -> list[WecomTagGroup]:
        """All groups with their tags; or those of the given groups; or those with the given tags."""
        body = without_none(tag_id=list(tag_ids) or None, group_id=list(group_ids) or None)
        return self._caller.call(LIST, body=body).tag_group

    def add(
        self,
        names: Sequence[str],
        *,
        group_id: str | None = None,
        group_name: str | None = None,
        order: int | None = None,
    ) -> WecomTagGroup:
        """New tags, into a group by id, or by name (which is made when it isn't there). Answers the created part."""
        required("tag", list(names))
        if not group_id and not group_name:
            raise BadArgument("group_name", "either group_id or group_name must be given")
        at_most_characters("group_name", group_name, NAME_CHARACTERS)
        for name in names:
            required("tag.name", name)
            at_most_characters("tag.name", name, NAME_CHARACTERS)
        check_order(order)
        tags = [{"name": name} for name in names]
        return self._caller.call(
            ADD, body=without_none(group_id=group_id, group_name=group_name, order=order, tag=tags)
        ).tag_group

    def edit(self, id: str, *, name: str | None = None, order: int | None = None) -> None:
        """A tag or a group. Only what this app created can be edited."""
        required("id", id)
        at_most_characters("name", name, NAME_CHARACTERS)
        check_order(order)
        self._caller.call(EDIT, body=without_none(id=id, name=name, order=order))

    def delete(self, *, tag_ids: Sequence[str] = (), group_ids: Sequence[str] = ()) -> None:
        """The last tag of a group takes the group along."""
        if not tag_ids and not group_ids:
            raise BadArgument("tag_id", "neither tag_id nor group_id is given")
        self._caller.call(DELETE, body=without_none(tag_id=list(tag_ids) or None, group_id=list(group_ids) or None))

    def mark(self, *, userid: str, external_userid: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Put corp tags on a pair of member and customer, or take them off."""
        required("userid", userid)
        required("external_userid", external_userid)
        if not add and not remove:
            raise BadArgument("add_tag", "neither add_tag nor remove_tag is given")
        self._caller.call(
            MARK,
            body=without_none(
                userid=userid,
                external_userid=external_userid,
                add_tag=list(add) or None,
                remove_tag=list(remove) or None,
            ),
        )


def check_order(order: int | None) -> None:
    if order is not None and not 0 <= order <= MAX_ORDER:
        raise BadArgument("order", f"{order}, must be 0 to {MAX_ORDER}")
