"""Wire: app messages to members."""

from typing import Any

from wecom_sim.app_messages.bodies import body_of
from wecom_sim.app_messages.cards import check_card
from wecom_sim.app_messages.state import Receivers
from wecom_sim.errors import WireError
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/message/"
SEND, OTHERS = "13.1 app messages [SK; XE; PQ]", "13.2 recall and update [PQ; CODE]"
LONGEST_CHECK = 4 * 3600  # MEM: duplicate_check_interval


def _piped(call: Call, name: str) -> list[str]:
    return list(dict.fromkeys(one for one in call.text(name).split("|") if one))


def _own_agentid(call: Call) -> None:
    if call.number("agentid", missing=41011) != call.app.agentid:
        raise WireError(301002)


@post(BASE + "send", source=SEND)
def send(call: Call) -> dict[str, Any]:
    msgtype = call.text("msgtype", missing=40008)
    _own_agentid(call)
    to: Receivers = call.sim.app_messages.receivers(
        call.app, _piped(call, "touser"), _piped(call, "toparty"), _piped(call, "totag")
    )
    safe = call.number("safe")
    if safe not in ((0, 1, 2) if msgtype == "mpnews" else (0, 1)):
        raise WireError(40058, "safe")
    interval = 0
    if call.number("enable_duplicate_check"):
        interval = call.number("duplicate_check_interval", call.sim.kernel.settings.app_duplicate_seconds)
        if not 0 < interval <= LONGEST_CHECK:
            raise WireError(40058, "duplicate_check_interval")
    body = body_of(call, msgtype)
    row, code = call.sim.app_messages.send(call.app, msgtype, body, to.userids, safe, interval)
    out = {
        "invaliduser": "|".join(to.invalid_users),
        "invalidparty": "|".join(to.invalid_parties),
        "invalidtag": "|".join(to.invalid_tags),
        "unlicenseduser": "",
        "msgid": row.msgid,
    }
    return out | ({"response_code": code} if code else {})


@post(BASE + "recall", source=OTHERS)
def recall(call: Call) -> dict[str, Any]:
    call.sim.app_messages.recall(call.app, call.text("msgid", missing=40058))
    return {}


@post(BASE + "update_template_card", source=OTHERS)
def update_template_card(call: Call) -> dict[str, Any]:
    _own_agentid(call)
    messages = call.sim.app_messages
    users, parties, tags = call.texts("userids"), call.numbers("partyids"), call.numbers("tagids")
    button, card = call.body.get("button"), call.body.get("template_card")
    if (button is None) == (card is None):
        raise WireError(40058, "give either button or template_card")
    replace_name = ""
    if card is not None:
        card = check_card(card, call.sim.kernel.settings)
    elif isinstance(button, dict) and isinstance(button.get("replace_name"), str) and button["replace_name"]:
        replace_name = button["replace_name"]
    else:
        raise WireError(40063, "missing button.replace_name")
    if not (users or parties or tags or call.number("atall")):
        raise WireError(81012)
    row = messages.redeem_code(call.app, call.text("response_code", missing=60140))
    if call.number("atall"):
        users = list(row.userids)
    users += [one.userid for one in call.sim.directory.expand(parties) if one.userid in row.userids]
    return {"invaliduser": messages.update_card(row, list(dict.fromkeys(users)), card, replace_name)}


@post(BASE + "update_taskcard", source="13.2 task card (old) [SK; MEM]")
def update_taskcard(call: Call) -> dict[str, Any]:
    _own_agentid(call)
    users = call.texts("userids")
    if not users:
        raise WireError(40031)
    replace_name = call.text("replace_name") or call.text("clicked_key", missing=40063)
    row = call.sim.app_messages.task(call.app, call.text("task_id", missing=42014))
    if "clicked_key" in call.body:
        button = next((one for one in row.body["btn"] if one["key"] == call.text("clicked_key")), None)
        if button is None:
            raise WireError(42017)
        replace_name = button.get("replace_name") or button["name"]
    # Once per member [MEM]: who is closed already counts as invalid.
    open_ones = [one for one in users if one not in row.closed]
    bad = call.sim.app_messages.update_card(row, open_ones, None, replace_name)
    return {"invaliduser": [one for one in users if one in bad or one not in open_ones]}


@post(BASE + "get_statistics", source="13.2 statistics [SK]")
def get_statistics(call: Call) -> dict[str, Any]:
    time_type = call.number("time_type")
    if time_type not in (0, 1):
        raise WireError(40058, "time_type")
    company = call.sim.kernel.company
    return {
        "statistics": [
            {"agentid": agentid, "app_name": app.name, "count": count}
            for agentid, count in call.sim.app_messages.sent_on(time_type).items()
            if (app := company.app_by_agentid(agentid)) is not None
        ]
    }
