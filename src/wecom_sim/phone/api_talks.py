"""JSON behind groups, customer service, moments and app messages on the phones."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from wecom_sim.control import acting, acting_app_messages, acting_groups, acting_kf, acting_moments
from wecom_sim.control.deps import Sim
from wecom_sim.phone import codes, views, views_talks

router = APIRouter(prefix="/phone/api", include_in_schema=False)

ACTS: dict[str, Callable[..., Any]] = {
    "not-interested": acting.not_interested,
    "staff-edit": acting.staff_edit,
    "groups": acting_groups.create_group,
    "group-invite": acting_groups.invite_to_group,
    "group-quit": acting_groups.quit_group,
    "group-remove": acting_groups.remove_from_group,
    "group-change": acting_groups.change_group,
    "group-nickname": acting_groups.group_nickname,
    "group-dismiss": acting_groups.dismiss_group,
    "group-chat": acting_groups.group_chat,
    "moment-confirm": acting_moments.confirm,
    "moment-publish": acting_moments.publish,
    "moment-delete": acting_moments.delete,
    "moment-react": acting_moments.react,
    "kf-enter": acting_kf.enter,
    "kf-say": acting_kf.say,
    "kf-refuse": acting_kf.refuse,
    "kf-serve": acting_kf.serve,
    "card-answer": acting_app_messages.answer,
    "app-visit": acting_app_messages.visit,
}
for path, act in ACTS.items():
    router.post(f"/{path}")(act)


@router.get("/group")
async def group(sim: Sim, chat_id: str, me: str, after: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
    return views_talks.group(sim, chat_id, me, after)


@router.get("/group-members")
async def group_members(sim: Sim, chat_id: str, me: str) -> dict[str, Any]:
    return views_talks.group_members(sim, chat_id, me)


@router.get("/kf")
async def kf(sim: Sim, open_kfid: str, external_userid: str) -> dict[str, Any]:
    return views_talks.kf_chat(sim, open_kfid, external_userid)


@router.get("/moments")
async def moments(sim: Sim, external_userid: str) -> dict[str, Any]:
    return views_talks.feed(sim, external_userid)


@router.get("/moment")
async def moment(sim: Sim, userid: str, moment_id: str) -> dict[str, Any]:
    return views.moment_of_staff(sim, userid, moment_id)


@router.get("/inbox")
async def inbox(sim: Sim, userid: str, agentid: int) -> dict[str, Any]:
    return views_talks.inbox(sim, userid, agentid)


@router.get("/profile")
async def profile(sim: Sim, userid: str, external_userid: str) -> dict[str, Any]:
    return views_talks.profile(sim, userid, external_userid)


@router.get("/friends")
async def friends(sim: Sim, userid: str, query: str = "") -> list[dict[str, Any]]:
    """Customers of a member, the newest first."""
    return views.friends(sim, userid, query)


@router.get("/task-rows")
async def task_rows(sim: Sim, userid: str, msgid: str) -> list[dict[str, Any]]:
    """Whom the member may choose among before sending."""
    return views.task_rows(sim, userid, msgid)


@router.get("/resolve")
async def resolve(sim: Sim, text: Annotated[str, Query(max_length=4000)]) -> dict[str, str]:
    return {"path": codes.resolve(sim, text)}


@router.post("/decode")
async def decode(sim: Sim, request: Request) -> dict[str, str]:
    """The body is the picture itself."""
    return {"path": codes.resolve(sim, codes.decode(await request.body()))}
