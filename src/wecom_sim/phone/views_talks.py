"""Groups, customer service, moments and app messages, as the phone pages show them."""

import re
from dataclasses import asdict
from typing import Any

from wecom_sim.errors import ActionError
from wecom_sim.groups.lines import GroupLine
from wecom_sim.groups.state import EXTERNAL, GroupChat
from wecom_sim.kf.state import KfAccount
from wecom_sim.kf.talk import CUSTOMER, MEMBER, QUEUE, SERVICER
from wecom_sim.moments.state import Moment, Publication, Reaction
from wecom_sim.simulator import Simulator

Out = dict[str, Any]
# What a list of chats leaves out of a markdown message: marks of headings, quotes and bold, tags, links' addresses.
MARKS = re.compile(r"^[#>]+ ?|\*\*|`|</?font[^>]*>|(?<=\])\([^)]*\)|[\[\]]", re.MULTILINE)


def name_of(sim: Simulator, ident: str) -> str:
    """The name of a member or a customer; the id itself where there is nobody."""
    member = sim.directory.staff.get(ident)
    if member is not None:
        return member.name
    customer = sim.contacts.customers.get(ident)
    return customer.name if customer else ident


def last_of(part: Out, at: float, name: str = "", side: str = "") -> Out:
    """What a list says of the last line; the page words kinds itself."""
    kind = part["msgtype"]
    body = part.get(kind) or {}
    text = body.get("content") or body.get("title") or body.get("head_content") or body.get("kind") or ""
    return {"kind": kind, "note": body.get("kind", ""), "side": side, "text": text, "at": at, "name": name}


def shown(sim: Simulator, part: Out) -> Out:
    """The part with the name of its file, which a phone shows and the wire's message lacks."""
    kind = part["msgtype"]
    body = part.get(kind) or {}
    media = sim.media.rows.get(body.get("media_id", "")) if kind in ("file", "video", "voice") else None
    if media is None:
        return part
    return {**part, kind: {**body, "filename": media.filename, "size": media.size}}


# -- customer groups -------------------------------------------------------------------------------------------------------
def group_row(sim: Simulator, chat: GroupChat, me: str) -> Out:
    lines = sim.group_lines.lines(chat.chat_id, limit=1)
    line: GroupLine | None = lines[0][1] if lines else None
    return {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "size": len(chat.members),
        "owner": chat.owner,
        "owner_name": name_of(sim, chat.owner),
        "manages": me == chat.owner or me in chat.admins,
        "notice": chat.notice,
        "last": last_of(line.part, line.at, name_of(sim, line.sender)) if line else None,
        "last_number": lines[0][0] if lines else 0,
        "last_mine": bool(line) and line is not None and line.sender == me,
        "at": line.at if line else float(chat.create_time),
    }


def group_of(sim: Simulator, chat_id: str, me: str) -> GroupChat:
    chat = sim.groups.chat(chat_id)
    if chat.member(me) is None:
        raise ActionError("not_in_group", f"{me} is not in the group.", 404)
    return chat


def group(sim: Simulator, chat_id: str, me: str, after: int) -> Out:
    chat = group_of(sim, chat_id, me)
    nicknames = {one.id: one.group_nickname for one in chat.members if one.group_nickname}
    lines = [
        {
            "number": number, "at": line.at, "sender": line.sender, "origin": line.origin,
            "part": shown(sim, line.part),
            "name": nicknames.get(line.sender) or name_of(sim, line.sender),
            "customer": line.sender in sim.contacts.customers,
        }
        for number, line in sim.group_lines.lines(chat_id, after)
    ]  # fmt: skip
    return {
        **group_row(sim, chat, me),
        "brand": sim.kernel.company.name,
        "me_name": nicknames.get(me) or name_of(sim, me),
        "now": sim.kernel.clock.now(),
        "lines": lines,
    }


def group_members(sim: Simulator, chat_id: str, me: str) -> Out:
    chat = group_of(sim, chat_id, me)
    return {
        **group_row(sim, chat, me),
        "now": sim.kernel.clock.now(),
        "members": [
            {
                "id": one.id,
                "name": one.group_nickname or name_of(sim, one.id),
                "customer": one.type == EXTERNAL,
                "owner": one.id == chat.owner,
                "admin": one.id in chat.admins,
            }
            for one in chat.members
        ],
    }


# -- customer service ------------------------------------------------------------------------------------------------------
def _shown(item: Out) -> bool:
    """Of events a phone shows only who came and went, and what was taken back."""
    return item["msgtype"] != "event" or item["event"]["event_type"] in (
        "session_status_change",
        "user_recall_msg",
        "servicer_recall_msg",
    )


def kf_row(sim: Simulator, account: KfAccount, external_userid: str) -> Out:
    row = sim.kf_talk.session(account.open_kfid, external_userid)
    items = [one for one in sim.kf_talk.items(account.open_kfid, external_userid) if one["msgtype"] != "event"]
    last = items[-1] if items else None
    return {
        "open_kfid": account.open_kfid,
        "external_userid": external_userid,
        "name": account.name,
        "customer_name": name_of(sim, external_userid),
        "state": row.state,
        "servicer": row.servicer,
        "servicer_name": name_of(sim, row.servicer) if row.servicer else "",
        "refuses": row.refuses,
        "count": len(items),
        "last": last_of(last, float(last["send_time"]), side="customer" if last["origin"] == CUSTOMER else "staff")
        if last
        else None,
        "last_number": len(items),
        "at": float(last["send_time"]) if last else row.entered_at,
    }


def kf_of_customer(sim: Simulator, external_userid: str) -> list[Out]:
    """The accounts that the customer has opened."""
    found = []
    for session in sim.kf_talk.sessions:
        account = sim.kf_accounts.rows.get(session.open_kfid)
        opened = session.entered_at or session.last_customer_at or session.greeted_at
        if session.external_userid == external_userid and account is not None and not account.deleted and opened:
            found.append(kf_row(sim, account, external_userid))
    return found


def kf_of_staff(sim: Simulator, userid: str) -> list[Out]:
    """Customers whom the member serves, or could take from the queue."""
    found = []
    for session in sim.kf_talk.sessions:
        account = sim.kf_accounts.rows.get(session.open_kfid)
        if account is None or account.deleted or session.state not in (QUEUE, MEMBER):
            continue
        mine = session.servicer == userid
        if mine or (session.state == QUEUE and userid in sim.kf_accounts.servicers(account)):
            found.append(kf_row(sim, account, session.external_userid))
    return found


def kf_chat(sim: Simulator, open_kfid: str, external_userid: str) -> Out:
    account = sim.kf_accounts.for_act(open_kfid)
    sim.contacts.customer(external_userid)
    items = sim.kf_talk.items(open_kfid, external_userid)
    gone = {one["event"].get("recall_msgid") for one in items if one["msgtype"] == "event"}
    lines = []
    for number, item in enumerate(items, 1):
        if not _shown(item) or item["msgid"] in gone:
            continue
        kind = item["msgtype"]
        servicer = item.get("servicer_userid", "")
        body: Out = item.get(kind) or {}
        if kind == "event":
            servicer = body.get("new_servicer_userid") or body.get("old_servicer_userid") or ""
            change = f"_{body['change_type']}" if "change_type" in body else ""
            body = {"kind": f"kf_{body['event_type']}{change}"}
            kind = "note"
        lines.append({
            "number": number,
            "at": item["send_time"],
            "side": {CUSTOMER: "customer", SERVICER: "staff", 0: "staff"}.get(item["origin"], "system"),
            "name": name_of(sim, servicer) if servicer else account.name,
            "part": shown(sim, {"msgtype": kind, kind: body}),
        })  # fmt: skip
    return {
        **kf_row(sim, account, external_userid),
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "lines": lines,
    }


# -- moments ---------------------------------------------------------------------------------------------------------------
def _reaction(sim: Simulator, one: Reaction) -> Out:
    ident = one.userid or one.external_userid
    return {"who": ident, "name": name_of(sim, ident), "text": one.text, "at": one.create_time}


def moment_row(sim: Simulator, moment: Moment, part: Publication) -> Out:
    return {
        "moment_id": moment.moment_id,
        "userid": part.userid,
        "name": name_of(sim, part.userid),
        "created": moment.create_time,
        "at": part.published_at,
        "text": moment.text,
        "attachments": moment.attachments,
        "location": moment.location.get("name", ""),
        "own": bool(moment.creator),
        "cancelled": bool(moment.cancelled_at),
        "seen": len(part.seen),
        "likes": [_reaction(sim, one) for one in part.reactions if one.kind == "like"],
        "comments": [_reaction(sim, one) for one in part.reactions if one.kind == "comment"],
    }


def feed(sim: Simulator, external_userid: str) -> Out:
    sim.contacts.customer(external_userid)
    return {
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
        "moments": [moment_row(sim, *pair) for pair in sim.moments.feed(external_userid)[:50]],
    }


def newest_moment(sim: Simulator, external_userid: str) -> int:
    """When the newest moment that the customer can see was published; 0 = there is none."""
    return max((part.published_at for _, part in sim.moments.feed(external_userid)), default=0)


# -- app messages ----------------------------------------------------------------------------------------------------------
def apps(sim: Simulator, userid: str) -> list[Out]:
    """Apps of the member, with the last message of each and the page that they open."""
    newest: dict[int, Any] = {}
    for row in sim.app_messages.inbox(userid):
        newest.setdefault(row.agentid, row)
    found = []
    for app in sim.kernel.company.apps:
        if app.kind != "app" or userid not in sim.directory.visible_userids(app):
            continue
        last = newest.get(app.agentid)
        found.append({
            "agentid": app.agentid,
            "name": app.name,
            "sidebar_url": app.sidebar_url,
            "last": app_preview(last.msgtype, last.body_for(userid), last.at) if last else None,
            "at": last.at if last else 0,
        })  # fmt: skip
    return found


def app_preview(msgtype: str, body: Out, at: float) -> Out:
    head = body.get("main_title") or {}
    articles = body.get("articles") or [{}]
    text = body.get("content") or body.get("title") or head.get("title") or articles[0].get("title") or ""
    return {"kind": msgtype, "text": MARKS.sub("", text) if msgtype == "markdown" else text, "at": at}


def inbox(sim: Simulator, userid: str, agentid: int) -> Out:
    """What the member got from one app, the oldest first."""
    sim.directory.member(userid)
    app = sim.kernel.company.app_by_agentid(agentid)
    if app is None:
        raise ActionError("no_such_app", f"There is no app {agentid}.", 404)
    rows = [one for one in sim.app_messages.inbox(userid) if one.agentid == agentid][:60]
    return {
        "now": sim.kernel.clock.now(),
        "agentid": agentid,
        "name": app.name,
        "sidebar_url": app.sidebar_url,
        "messages": [
            {
                "msgid": one.msgid,
                "at": one.at,
                "msgtype": one.msgtype,
                "body": one.body_for(userid),
                "closed": one.closed.get(userid, ""),
                "answered": one.answers.get(userid, ""),
            }
            for one in reversed(rows)
        ],
    }


# -- a customer, as the member sees them -----------------------------------------------------------------------------------
def profile(sim: Simulator, userid: str, external_userid: str) -> Out:
    relation = sim.contacts.relation(userid, external_userid)
    customer = sim.contacts.customer(external_userid)
    if relation is None or relation.staff_deleted_at:
        raise ActionError("no_relation", f"{userid} and {external_userid} are not friends.", 404)
    mine = set(sim.contacts.live_tags(relation))
    way = sim.ways.rows.get(relation.config_id)
    return {
        "now": sim.kernel.clock.now(),
        "userid": userid,
        "external_userid": external_userid,
        "name": customer.name,
        "gender": customer.gender,
        "corp_name": customer.corp_name,
        "remark": relation.remark,
        "description": relation.description,
        "mobiles": relation.remark_mobiles,
        "status": relation.status,
        "since": relation.createtime,
        "way": way.remark if way else "",
        "state": relation.state,
        "tag_groups": [
            {"name": group.name, "tags": [{"id": tag.id, "name": tag.name, "on": tag.id in mine} for tag in tags]}
            for group in sim.tags.live_groups()
            if (tags := sim.tags.of_group(group.id))
        ],
        "groups": [group_row(sim, one, userid) for one in sim.groups.of_member(external_userid)],
        "others": [
            asdict(one)["name"]
            for row in sim.contacts.of_customer.get(external_userid, [])
            if row.userid != userid and row.on_api and (one := sim.directory.staff.get(row.userid)) is not None
        ],
    }
