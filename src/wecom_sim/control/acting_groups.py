"""Control: customer groups, and transfers that customers refuse."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from wecom_sim.control.acting import PersonIn, config_id_of
from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.groups.join_ways import JoinWay
from wecom_sim.groups.state import GroupChat
from wecom_sim.people.actions import NewCustomer
from wecom_sim.simulator import Simulator

router = APIRouter(tags=["groups"])


def group_out(sim: Simulator, chat: GroupChat, lines: int = 0) -> dict[str, Any]:
    """The group as it is now (the wire lags); with the last `lines` bubbles."""
    out = {**asdict(chat), "status": sim.groups.status(chat)}
    if lines:
        found = sim.group_lines.lines(chat.chat_id, limit=lines)
        out["chat"] = [{"number": number, **asdict(line)} for number, line in found]
    return out


def _person(sim: Simulator, external_userid: str, customer: PersonIn | None) -> str:
    """The known customer, or a new one."""
    person = customer or PersonIn(name="新客户")
    return external_userid or sim.people.become(NewCustomer(**person.model_dump())).external_userid


# -- reading -------------------------------------------------------------------------------------------------------------
@router.get("/groups")
async def groups(sim: Sim) -> list[dict[str, Any]]:
    """All groups, dismissed ones too."""
    return [group_out(sim, chat) for chat in sim.groups.rows]


@router.get("/groups/{chat_id}")
async def group(sim: Sim, chat_id: str) -> dict[str, Any]:
    """One live group with what was said in it."""
    return group_out(sim, sim.groups.chat(chat_id), lines=1000)


@router.get("/join-ways")
async def join_ways(sim: Sim, request: Request) -> list[dict[str, Any]]:
    """Join ways of groups."""
    base_url = request.app.state.base_url(request)

    def out(way: JoinWay) -> dict[str, Any]:
        return {**asdict(way), "qr_code": f"{base_url}/qr/{way.config_id}.png"}

    return [out(way) for way in sim.join_ways.rows]


@router.get("/transfers")
async def transfers(sim: Sim) -> list[dict[str, Any]]:
    """Every transfer of a customer; status 1 done, 2 waiting, 3 refused, 4 takeover full."""
    return [asdict(row) for row in sim.transfers.rows]


# -- joining and leaving -------------------------------------------------------------------------------------------------
class GroupIn(Strict):
    """`external_userids` must be friends of `userid`, who owns the group; `userids` are colleagues."""

    userid: str
    name: str = Field("群聊", max_length=64)
    external_userids: list[str] = Field([])
    userids: list[str] = Field([])


@router.post("/groups")
async def create_group(sim: Sim, wish: GroupIn) -> dict[str, Any]:
    """A member makes a customer group."""
    chat = sim.group_people.create(wish.userid, wish.name, wish.external_userids, wish.userids)
    return group_out(sim, chat)


class JoinIn(Strict):
    """`qr`: a config_id or any link that holds it. Without `external_userid` a new customer scans."""

    qr: str
    external_userid: str = ""
    customer: PersonIn | None = None


@router.post("/group-join")
async def join_group(sim: Sim, wish: JoinIn) -> dict[str, Any]:
    """A customer scans a join way."""
    config_id = sim.join_ways.way(config_id_of(wish.qr)).config_id
    return asdict(sim.group_people.join_by_way(config_id, _person(sim, wish.external_userid, wish.customer)))


class InviteIn(Strict):
    chat_id: str
    userid: str
    external_userids: list[str] = Field([])
    userids: list[str] = Field([])


@router.post("/group-invite")
async def invite_to_group(sim: Sim, wish: InviteIn) -> dict[str, Any]:
    """Somebody in the group invites friends or colleagues."""
    chat = sim.group_people.invite(wish.chat_id, wish.userid, wish.external_userids, wish.userids)
    return group_out(sim, chat)


class LinkIn(Strict):
    """`inviter`: who in the group shared the link, a userid or an external_userid."""

    chat_id: str
    inviter: str
    external_userid: str = ""
    customer: PersonIn | None = None


@router.post("/group-link")
async def join_by_link(sim: Sim, wish: LinkIn) -> dict[str, Any]:
    """A customer opens an invitation link."""
    sim.groups.chat(wish.chat_id)
    person = _person(sim, wish.external_userid, wish.customer)
    return asdict(sim.group_people.join_by_link(wish.chat_id, wish.inviter, person))


class QuitIn(Strict):
    """`member`: a userid or an external_userid."""

    chat_id: str
    member: str


@router.post("/group-quit")
async def quit_group(sim: Sim, wish: QuitIn) -> dict[str, Any]:
    """Somebody leaves a group."""
    return group_out(sim, sim.group_people.quit(wish.chat_id, wish.member))


class RemoveIn(Strict):
    """`userid`: the owner or an admin."""

    chat_id: str
    userid: str
    members: list[str] = Field(min_length=1)


@router.post("/group-remove")
async def remove_from_group(sim: Sim, wish: RemoveIn) -> dict[str, Any]:
    """Owner or admin removes people."""
    return group_out(sim, sim.group_people.remove(wish.chat_id, wish.userid, wish.members))


# -- managing ------------------------------------------------------------------------------------------------------------
class GroupChange(Strict):
    """What is not given stays. `userid` acts: the owner for `owner`, else owner or admin. `welcome_template`: a
    template_id, empty = none. `owner` comes last."""

    chat_id: str
    userid: str
    name: str | None = Field(None, min_length=1, max_length=64)
    notice: str | None = Field(None, max_length=2000)
    admins: list[str] | None = None
    welcome_template: str | None = None
    owner: str | None = None


@router.post("/group-change")
async def change_group(sim: Sim, wish: GroupChange) -> dict[str, Any]:
    """Owner or admin changes name, notice, admins, welcome template or owner."""
    acts, chat = sim.group_people, sim.groups.chat(wish.chat_id)
    acts.change(wish.chat_id, wish.userid, wish.name, wish.notice)
    if wish.admins is not None:
        acts.set_admins(wish.chat_id, wish.userid, wish.admins)
    if wish.welcome_template is not None:
        acts.set_welcome(wish.chat_id, wish.userid, wish.welcome_template)
    if wish.owner is not None:
        acts.change_owner(wish.chat_id, wish.userid, wish.owner)
    return group_out(sim, chat)


class NicknameIn(QuitIn):
    nickname: str = Field(max_length=64)


@router.post("/group-nickname")
async def group_nickname(sim: Sim, wish: NicknameIn) -> dict[str, Any]:
    """Somebody changes their name in a group."""
    return group_out(sim, sim.group_people.nickname(wish.chat_id, wish.member, wish.nickname))


class DismissIn(Strict):
    chat_id: str
    userid: str


@router.post("/group-dismiss")
async def dismiss_group(sim: Sim, wish: DismissIn) -> dict[str, Any]:
    """The owner dismisses a group."""
    return group_out(sim, sim.group_people.dismiss(wish.chat_id, wish.userid))


class GroupChatIn(QuitIn):
    text: str = Field(min_length=1, max_length=4000)


@router.post("/group-chat")
async def group_chat(sim: Sim, wish: GroupChatIn) -> dict[str, Any]:
    """Somebody writes in the group."""
    sim.group_people.say(wish.chat_id, wish.member, wish.text)
    return group_out(sim, sim.groups.chat(wish.chat_id), lines=1)


# -- inheritance ---------------------------------------------------------------------------------------------------------
class RefuseIn(Strict):
    """`handover_userid` where transfers from several members wait; empty = all of them."""

    external_userid: str
    handover_userid: str = ""


@router.post("/transfer-refuse")
async def refuse_transfer(sim: Sim, wish: RefuseIn) -> list[dict[str, Any]]:
    """The customer declines the new member within the 24 h."""
    return [asdict(row) for row in sim.transfers.refuse(wish.external_userid, wish.handover_userid)]
