"""Control: customer service, as customers and servicers use it."""

from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter
from pydantic import Field

from wecom_sim.control.deps import Sim
from wecom_sim.control.world import Strict
from wecom_sim.errors import ActionError

router = APIRouter(tags=["customer service"])


class KfPair(Strict):
    open_kfid: str
    external_userid: str


@router.get("/kf/{open_kfid}/{external_userid}")
async def conversation(sim: Sim, open_kfid: str, external_userid: str) -> dict[str, Any]:
    """The session and both sides of the conversation (origin 0 = sent by the API)."""
    sim.kf_accounts.for_act(open_kfid)
    row = sim.kf_talk.session(open_kfid, sim.contacts.customer(external_userid).external_userid)
    return {**asdict(row), "items": sim.kf_talk.items(open_kfid, external_userid)}


class EnterIn(Strict):
    """`url` as add_contact_way gave it, with &scene_param= where wanted; or the account alone."""

    external_userid: str
    url: str = ""
    open_kfid: str = ""


@router.post("/kf-enter")
async def enter(sim: Sim, wish: EnterIn) -> dict[str, str]:
    """The customer opens the chat: enter_session follows."""
    parts = urlsplit(wish.url)
    token = parts.path.rpartition("/")[2]
    link = sim.kf_accounts.links.get(token)
    if wish.url and link is None:
        raise ActionError("no_such_link", "This link leads nowhere.", 404)
    open_kfid = link.open_kfid if link else wish.open_kfid
    param = parse_qs(parts.query).get("scene_param", [""])[0]
    return {"welcome_code": sim.serving.enter(open_kfid, wish.external_userid, token, param), "open_kfid": open_kfid}


class KfSayIn(KfPair):
    """`text`, or a `part` like {"msgtype": "image", "image": {"media_id": …}}. `userid`: the servicer writes instead."""

    text: str = Field("", max_length=2048)
    part: dict[str, Any] | None = None
    menu_id: str = ""
    userid: str = ""


@router.post("/kf-say")
async def say(sim: Sim, wish: KfSayIn) -> dict[str, str]:
    """The customer writes to customer service, or with `userid` the servicer answers."""
    if wish.userid:
        return {"msgid": sim.serving.answer(wish.open_kfid, wish.external_userid, wish.userid, wish.text)}
    body = {"content": wish.text} | ({"menu_id": wish.menu_id} if wish.menu_id else {})
    part = wish.part or {"msgtype": "text", "text": body if wish.text else {}}
    return {"msgid": sim.serving.say(wish.open_kfid, wish.external_userid, part)}


class KfRecallIn(KfPair):
    msgid: str


@router.post("/kf-recall")
async def recall(sim: Sim, wish: KfRecallIn) -> dict[str, str]:
    """Whoever wrote the message takes it back."""
    sim.serving.recall(wish.open_kfid, wish.external_userid, wish.msgid)
    return {"recalled": wish.msgid}


class KfRefuseIn(KfPair):
    refuses: bool = True


@router.post("/kf-refuse")
async def refuse(sim: Sim, wish: KfRefuseIn) -> dict[str, bool]:
    """The customer takes no messages of the account: msg_send_fail follows each of them."""
    sim.serving.refuse(wish.open_kfid, wish.external_userid, wish.refuses)
    return {"refuses": wish.refuses}


class KfServeIn(KfPair):
    """take: from the queue, from a colleague, or again after the end; end: finish; reject, accept: the customer's
    messages."""

    userid: str
    action: Literal["take", "end", "reject", "accept"]


@router.post("/kf-serve")
async def serve(sim: Sim, wish: KfServeIn) -> dict[str, Any]:
    """A servicer takes, ends, rejects or accepts a customer."""
    ids = (wish.open_kfid, wish.external_userid, wish.userid)
    if wish.action == "take":
        return asdict(sim.serving.take(*ids))
    if wish.action == "end":
        return asdict(sim.serving.finish(*ids))
    sim.serving.set_reject(*ids, on=wish.action == "reject")
    return {"action": wish.action}


class KfReceivingIn(Strict):
    open_kfid: str
    userid: str
    receiving: bool
    stop_type: Literal[0, 1] = 0


@router.post("/kf-receiving")
async def receiving(sim: Sim, wish: KfReceivingIn) -> dict[str, Any]:
    """A servicer starts or stops to receive customers."""
    return asdict(sim.serving.set_receiving(wish.open_kfid, wish.userid, wish.receiving, wish.stop_type))
