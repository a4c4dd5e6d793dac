"""The main road: scan, event, welcome, tag, remark, mass message, result."""

from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control


def test_scan_to_mass_message(control: Control, wire: Wire, receiver: Receiver) -> None:
    code = wire.live_code("staff006", "staff007", state="window")
    scanned = control.scan(code, customer={"name": "宋予", "gender": 2})
    control.wait_for_callbacks()
    (event,) = receiver.events
    assert event["Event"] == "change_external_contact"
    assert event["ChangeType"] == "add_external_contact"
    assert event["UserID"] == scanned["userid"] == "staff006"
    assert event["ExternalUserID"] == scanned["external_userid"]
    assert event["State"] == "window"

    wire.ok("send_welcome_msg", welcome_code=event["WelcomeCode"], text={"content": "你好"})
    group = wire.ok("get_corp_tag_list")["tag_group"][0]
    pair = {"userid": scanned["userid"], "external_userid": scanned["external_userid"]}
    wire.ok("mark_tag", **pair, add_tag=[group["tag"][0]["id"]])
    wire.ok("remark", **pair, remark="宋予-橱窗", remark_mobiles=["13800001111"])
    shown = wire.get("externalcontact/get", external_userid=pair["external_userid"])
    (follow,) = shown["follow_user"]
    assert follow["state"] == "window"
    assert follow["remark"] == "宋予-橱窗"
    assert [tag["tag_id"] for tag in follow["tags"]] == [group["tag"][0]["id"]]

    made = wire.ok("add_msg_template", external_userid=[pair["external_userid"]], text={"content": "周末见"})
    assert made["fail_list"] == []
    assert wire.ok("get_groupmsg_task", msgid=made["msgid"])["task_list"] == [{"userid": "staff006", "status": 0}]
    control.confirm("staff006", made["msgid"])
    (row,) = wire.ok("get_groupmsg_send_result", msgid=made["msgid"], userid="staff006")["send_list"]
    assert (row["external_userid"], row["status"]) == (pair["external_userid"], 1)

    chat = control.customer(pair["external_userid"])["relations"][0]["chat"]
    assert [line["origin"] for line in chat] == ["note", "welcome", "mass"]
    kinds = [entry["kind"] for entry in control.ledger(external_userid=pair["external_userid"])]
    assert [kind for kind in kinds if not kind.startswith("callback")] == [
        "friend_added", "welcome_delivered", "tags_marked", "remark_written", "mass_delivered",
    ]  # fmt: skip
