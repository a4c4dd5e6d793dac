"""Control: what members do with messages of an app."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict

router = APIRouter(tags=["app messages"])


@router.get("/inbox/{userid}")
async def inbox(sim: Sim, userid: str) -> list[dict[str, Any]]:
    """What a member got from apps, the newest first, as it looks to them now."""
    return [
        {
            **asdict(row),
            "body": row.body_for(userid),
            "closed": row.closed.get(userid, ""),
            "answered": row.answers.get(userid, ""),
        }
        for row in sim.app_messages.inbox(sim.directory.member(userid).userid)
    ]


class AnswerIn(Strict):
    """`key` of a button, of the submit button or of the card's menu; `selected`: question_key -> option ids."""

    userid: str
    msgid: str
    key: str
    selected: dict[str, list[str]] = Field({})


@router.post("/card-answer")
async def answer(sim: Sim, wish: AnswerIn) -> dict[str, Any]:
    """A member presses a button of a card or submits it: template_card_event follows."""
    return sim.answering.answer(wish.userid, wish.msgid, wish.key, wish.selected)


class AppVisitIn(Strict):
    """`agentid` 0 = the first app. With `text` the member writes to the app, else they only open it."""

    userid: str
    text: str = Field("", max_length=2048)
    agentid: int = 0


@router.post("/app-visit")
async def visit(sim: Sim, wish: AppVisitIn) -> dict[str, str]:
    """A member opens the app, or writes to it: an event or a message follows."""
    agentid = wish.agentid or sim.kernel.company.agentid
    if wish.text:
        return {"msgid": sim.answering.write(wish.userid, agentid, wish.text)}
    sim.answering.enter(wish.userid, agentid)
    return {"msgid": ""}
