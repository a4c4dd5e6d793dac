"""Wire: moments."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.moments.state import CORP, DONE, PERSONAL, Moment, Reaction
from wecom_sim.paging import page_of, page_where
from wecom_sim.wire import Call, get, post

BASE = "/cgi-bin/externalcontact/"
CREATE, READ = "10.1 moment task [PQ 95094; GW]", "10.2 moments [PQ 93333]"
LINK_TITLE_BYTES = 64  # PQ 95094
IMAGES_MAX = 9  # PQ 95094


def _field(body: dict[str, Any], name: str, missing: int = 0) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise WireError(40058, f"wrong type of {name}")
    if missing and not value:
        raise WireError(missing, name)
    return value


def _attachments(call: Call) -> list[dict[str, Any]]:
    """Up to nine images, or one video, or one link; media ids of upload_attachment only."""
    given = call.body.get("attachments") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise call.ill_typed("attachments")
    kinds = {str(one.get("msgtype")) for one in given}
    if not kinds <= {"image", "video", "link"} or len(kinds) > 1:
        raise WireError(41065)
    if len(given) > (IMAGES_MAX if kinds == {"image"} else 1):
        raise WireError(41064, "invalid attachments size")
    shown = []
    for one in given:
        kind = one["msgtype"]
        body = one.get(kind)
        if not isinstance(body, dict) or not body:
            raise WireError(41088)
        media_id = _field(body, "media_id", 41006)
        call.sim.media.usable(media_id, "image" if kind == "link" else kind, attachment=1)
        kept = {"media_id": media_id}
        if kind == "link":
            kept = {"title": _field(body, "title"), "url": _field(body, "url", 40063), **kept}
            if len(kept["title"].encode()) > LINK_TITLE_BYTES:
                raise WireError(40058, "title is too long")
            if not kept["url"].startswith(("http://", "https://")):
                raise WireError(40094)
        shown.append({"msgtype": kind, kind: kept})
    return shown


def _range(call: Call) -> tuple[list[str], list[int], list[str]]:
    """Senders, departments and tags of visible_range."""
    given = call.body.get("visible_range") or {}
    if not isinstance(given, dict):
        raise call.ill_typed("visible_range")
    senders, customers = given.get("sender_list") or {}, given.get("external_contact_list") or {}
    if not isinstance(senders, dict) or not isinstance(customers, dict):
        raise call.ill_typed("visible_range")
    users, departments = senders.get("user_list") or [], senders.get("department_list") or []
    tags = customers.get("tag_list") or []
    for part, kind in ((users, str), (departments, int), (tags, str)):
        if not isinstance(part, list) or not all(isinstance(one, kind) for one in part):
            raise call.ill_typed("visible_range")
    if len(users) > call.sim.kernel.settings.moment_senders_max:
        raise WireError(40058, "too many senders")
    return users, departments, tags


@post(BASE + "add_moment_task", right="contact", source=CREATE)
def add_moment_task(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    corp = call.sim.kernel.company.corpid
    call.sim.auth.frequency.spend(
        "moment tasks a minute", corp, settings.moments_per_minute, 60, settings.block_minute_seconds
    )
    text = call.body.get("text") or {}
    if not isinstance(text, dict):
        raise call.ill_typed("text")
    words = _field(text, "content")
    if len(words) > settings.moment_text_chars:
        raise WireError(40058, "text is too long")
    attachments = _attachments(call)
    if not words and not attachments:
        raise WireError(41089)
    users, departments, tags = _range(call)
    moment = call.sim.moments.create(
        agentid=call.app.agentid, text=words, attachments=attachments, users=users, departments=departments, tags=tags,
        visible=call.sim.directory.visible_userids(call.app),
    )  # fmt: skip
    return {"jobid": moment.jobid}


@get(BASE + "get_moment_task_result", right="contact", source=READ)
def get_moment_task_result(call: Call) -> dict[str, Any]:
    moment, status = call.sim.moments.job(call.asked("jobid"))
    out: dict[str, Any] = {"status": status, "type": "add_moment_task"}
    if status == DONE:
        out["result"] = {
            "errcode": 0,
            "errmsg": "ok",
            "moment_id": moment.moment_id,
            "invalid_sender_list": {
                "user_list": moment.invalid_users,
                "department_list": moment.invalid_departments,
            },
            "invalid_external_contact_list": {"tag_list": moment.invalid_tags},
        }
    return out


@post(BASE + "cancel_moment_task", right="contact", source="10.2 moments [GW 97612]")
def cancel_moment_task(call: Call) -> dict[str, Any]:
    call.sim.moments.cancel(call.text("moment_id"))
    return {}


def moment_out(moment: Moment) -> dict[str, Any]:
    out: dict[str, Any] = {
        "moment_id": moment.moment_id,
        "create_time": str(moment.create_time),
        "create_type": PERSONAL if moment.creator else CORP,
        "visible_type": 0 if moment.tags else 1,
    }
    if moment.creator:
        out["creator"] = moment.creator
    if moment.text:
        out["text"] = {"content": moment.text}
    images = [one["image"] for one in moment.attachments if one["msgtype"] == "image"]
    if images:
        out["image"] = images
    for one in moment.attachments:
        if one["msgtype"] == "video":
            out["video"] = {"media_id": one["video"]["media_id"], "thumb_media_id": one["video"]["media_id"]}
        elif one["msgtype"] == "link":
            out["link"] = {"title": one["link"]["title"], "url": one["link"]["url"]}
    return out | ({"location": moment.location} if moment.location else {})


@post(BASE + "get_moment_list", right="contact", source=READ)
def get_moment_list(call: Call) -> dict[str, Any]:
    start, end = call.number("start_time", missing=40063), call.number("end_time", missing=40063)
    creator, wanted = call.text("creator"), call.number("filter_type", 2)
    if end < start or end - start > call.sim.kernel.settings.moment_list_days_max * 86400:
        raise WireError(40058, "start_time and end_time must span at most 30 days")
    if wanted not in (0, 1, 2):
        raise WireError(40058, "filter_type")
    moments, visible = call.sim.moments, call.sim.directory.visible_userids(call.app)

    def listed(one: Moment) -> bool:
        return (
            start <= one.create_time <= end
            and moments.is_there(one)
            and (not creator or one.creator == creator)
            and (wanted == 2 or bool(one.creator) == (wanted == 1))
            and (not one.creator or one.creator in visible)
        )

    page, cursor = page_where(call, f"moments {start} {end} {creator} {wanted}", moments.rows, listed, 20, 20)
    return {"moment_list": [moment_out(one) for one in page], "next_cursor": cursor}


@post(BASE + "get_moment_task", right="contact", source=READ)
def get_moment_task(call: Call) -> dict[str, Any]:
    moment = call.sim.moments.of_company(call.text("moment_id"))
    page, cursor = page_of(call, f"moment task {moment.moment_id}", call.sim.moments.parts(moment), 1000, 500)
    rows = [{"userid": one.userid, "publish_status": 1 if one.published_at else 0} for one in page]
    return {"task_list": rows, "next_cursor": cursor}


@post(BASE + "get_moment_customer_list", right="contact", source=READ)
def get_moment_customer_list(call: Call) -> dict[str, Any]:
    part = call.sim.moments.published(call.text("moment_id"), call.text("userid"))
    page, cursor = page_of(call, f"moment customers {part.moment_id} {part.userid}", part.chosen, 1000, 500)
    return {
        "customer_list": [{"userid": part.userid, "external_userid": one} for one in page],
        "next_cursor": cursor,
    }


@post(BASE + "get_moment_send_result", right="contact", source=READ)
def get_moment_send_result(call: Call) -> dict[str, Any]:
    part = call.sim.moments.published(call.text("moment_id"), call.text("userid"))
    page, cursor = page_of(call, f"moment seen {part.moment_id} {part.userid}", part.seen, 5000, 3000)
    return {"customer_list": [{"external_userid": one} for one in page], "next_cursor": cursor}


def _reaction(one: Reaction) -> dict[str, Any]:
    who = {"userid": one.userid} if one.userid else {"external_userid": one.external_userid}
    return {**who, "create_time": one.create_time}


@post(BASE + "get_moment_comments", right="contact", source=READ)
def get_moment_comments(call: Call) -> dict[str, Any]:
    part = call.sim.moments.published(call.text("moment_id"), call.text("userid"))
    return {
        "comment_list": [_reaction(one) for one in part.reactions if one.kind == "comment"],
        "like_list": [_reaction(one) for one in part.reactions if one.kind == "like"],
    }
