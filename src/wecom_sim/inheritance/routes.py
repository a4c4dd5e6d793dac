"""Wire: handing customers from one member to another."""

from typing import Any

from wecom_sim.directory.state import LEFT, Staff
from wecom_sim.errors import WireError
from wecom_sim.inheritance.state import Kind
from wecom_sim.paging import page_of
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/"
ON_JOB = "8 inheritance [PQ 92125, 94088; XE]"
RESIGNED = "8 inheritance [PQ 92124, 94081, 94082; XE]"


def _pair(call: Call) -> tuple[Staff, Staff]:
    directory = call.sim.directory
    handover = directory.handover_for(call.app, call.text("handover_userid"))
    return handover, directory.takeover_for(call.app, call.text("takeover_userid"))


def _ask(call: Call, kind: Kind, pair: tuple[Staff, Staff], message: str) -> dict[str, Any]:
    customers = list(dict.fromkeys(call.texts("external_userid")))
    if not customers:
        raise WireError(41035)
    if len(customers) > call.sim.kernel.settings.transfers_per_call:
        raise WireError(40058, "too many external_userid")
    answers: list[dict[str, Any]] = []
    for external_userid in customers:
        code = 0
        try:
            call.sim.transfers.ask(kind, *pair, external_userid, message)
        except WireError as error:
            code = error.code
        answers.append({"external_userid": external_userid, "errcode": code})
    return {"customer": answers}


@post(BASE + "transfer_customer", right="contact", source=ON_JOB)
def transfer_customer(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    handover, takeover = _pair(call)
    if handover.status == LEFT:
        raise WireError(60111, "handover_userid has resigned")
    message = call.text("transfer_success_msg")
    if len(message) > settings.transfer_message_chars:
        raise WireError(40058, "transfer_success_msg is too long")
    return _ask(call, "onjob", (handover, takeover), message or settings.transfer_message_default)


@post(BASE + "resigned/transfer_customer", right="contact", source=RESIGNED)
def resigned_transfer_customer(call: Call) -> dict[str, Any]:
    handover, takeover = _pair(call)
    if handover.status != LEFT:
        raise WireError(40097)
    return _ask(call, "resigned", (handover, takeover), "")


def _result(call: Call, kind: Kind) -> dict[str, Any]:
    handover = call.sim.directory.handover_for(call.app, call.text("handover_userid")).userid
    takeover = call.sim.directory.handover_for(call.app, call.text("takeover_userid")).userid
    rows = call.sim.transfers.results(kind, handover, takeover)
    most = call.sim.kernel.settings.transfer_result_page
    page, cursor = page_of(call, f"transfer {kind} {handover} {takeover}", rows, most, most)
    return {
        "customer": [
            {"external_userid": row.external_userid, "status": row.status, "takeover_time": row.takeover_time}
            for row in page
        ],
        "next_cursor": cursor,
    }


@post(BASE + "transfer_result", right="contact", source=ON_JOB)
def transfer_result(call: Call) -> dict[str, Any]:
    return _result(call, "onjob")


@post(BASE + "resigned/transfer_result", right="contact", source=RESIGNED)
def resigned_transfer_result(call: Call) -> dict[str, Any]:
    return _result(call, "resigned")


@post(BASE + "get_unassigned_list", right="contact", source=RESIGNED)
def get_unassigned_list(call: Call) -> dict[str, Any]:
    """The cursor wins over page_id; without it page_id counts up to the 50,000th row."""
    kernel = call.sim.kernel
    settings = kernel.settings
    page_id = call.number("page_id")
    size = call.number("page_size", settings.unassigned_page_max)
    if page_id < 0 or not 1 <= size <= settings.unassigned_page_max:
        raise WireError(40058, f"page_size must be 1 to {settings.unassigned_page_max}")
    after = kernel.cursors.decode("unassigned", call.text("cursor"))
    rows = call.sim.transfers.unassigned(call.app)
    if after is not None:
        rows = [row for row in rows if row[0] > tuple(after)]
    elif page_id * size < settings.unassigned_offset_max:
        rows = rows[page_id * size :]
    else:
        raise WireError(40058, "page further with the cursor")
    page, more = rows[:size], len(rows) > size
    return {
        "info": [
            {
                "handover_userid": member.userid,
                "external_userid": relation.external_userid,
                "dimission_time": int(member.resigned_at),
            }
            for _, member, relation in page
        ],
        "is_last": not more,
        "next_cursor": kernel.cursors.encode("unassigned", page[-1][0]) if more else "",
    }
