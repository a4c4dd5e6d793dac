"""Helpers of the session archive (会话内容存档) over HTTP. The messages themselves come by WeCom's native library only.

These take the archive's own secret: build a client with its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Reply, Wire, count_between, one_of, required, without_none

CHECKS = 100
OFFICE, SERVICE, ENTERPRISE = 1, 2, 3


class PermitUsers(Reply):
    ids: list[str] = Field(default_factory=list)


class Agreement(Wire):
    """`agree_status`: Agree, Disagree or Default_Agree. `external_userid`: the wire spells it exteranalopenid."""

    userid: str = ""
    external_userid: str = Field(default="", alias="exteranalopenid")
    status_change_time: int = 0
    agree_status: str = ""


class Agreements(Reply):
    agreeinfo: list[Agreement] = Field(default_factory=list)


class ArchivedMember(Wire):
    memberid: str
    jointime: int = 0


class ArchivedGroup(Reply):
    roomname: str = ""
    creator: str = ""
    room_create_time: int = 0
    notice: str = ""
    members: list[ArchivedMember] = Field(default_factory=list)


class Robot(Wire):
    robot_id: str = ""
    name: str = ""
    creator_userid: str = ""


class RobotReply(Reply):
    data: Robot = Robot()


PERMIT = Call("POST", "msgaudit/get_permit_user_list", PermitUsers)
SINGLE = Call("POST", "msgaudit/check_single_agree", Agreements)
ROOM = Call("POST", "msgaudit/check_room_agree", Agreements)
GROUP = Call("POST", "msgaudit/groupchat/get", ArchivedGroup)
ROBOT = Call("POST", "msgaudit/get_robot_info", RobotReply)


class Archive:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def permitted_users(self, edition: int | None = None) -> list[str]:
        """Whose chats are archived. `edition`: 1 office, 2 service, 3 enterprise; all without."""
        one_of("type", edition, (None, OFFICE, SERVICE, ENTERPRISE))
        return self._caller.call(PERMIT, body=without_none(type=edition)).ids

    def agreements(self, pairs: Sequence[tuple[str, str]]) -> list[Agreement]:
        """Of up to 100 pairs (userid, external_userid). Raises GiveUp(no_such_user) for a pair that isn't one."""
        count_between("info", pairs, 1, CHECKS)
        info = [{"userid": userid, "exteranalopenid": external_userid} for userid, external_userid in pairs]
        return self._caller.call(SINGLE, body={"info": info}).agreeinfo

    def agreements_in_room(self, roomid: str) -> list[Agreement]:
        """Of the customers in a group."""
        required("roomid", roomid)
        return self._caller.call(ROOM, body={"roomid": roomid}).agreeinfo

    def group(self, roomid: str) -> ArchivedGroup:
        """Of an internal group; customer groups raise GiveUp(not_an_internal_group)."""
        required("roomid", roomid)
        return self._caller.call(GROUP, body={"roomid": roomid})

    def robot(self, robot_id: str) -> Robot:
        required("robot_id", robot_id)
        return self._caller.call(ROBOT, body={"robot_id": robot_id}).data
