"""What the areas beyond contacts keep is still there after a restart from the state file."""

from pathlib import Path
from typing import Any

import httpx
from fastapi.testclient import TestClient
from sim_helpers import Wire

from wecom_sim.app import create_app
from wecom_sim.testing_acts import Acts


class Reopened:
    """A simulator on a state file, spoken to inside this process."""

    base_url = "http://testserver"

    def __init__(self, file: Path) -> None:
        self.client = TestClient(create_app(state_file=file, allow_remote=True), client=("127.0.0.1", 5000))
        self.client.__enter__()
        self.control: Any = Acts.__new__(Acts)
        self.control.http = self.client
        self.control.company = lambda: self.control.get("company")
        self.wire = Wire.__new__(Wire)
        self.wire.server, self.wire.http, self.wire.token = self, self.client, ""  # type: ignore[assignment]

    def close(self) -> None:
        self.client.__exit__(None, None, None)


def test_areas_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    first = Reopened(file)
    control, wire = first.control, first.wire
    control.post("seed", {"customers": 5})
    control.post("clock", {"frozen": True})
    token = wire.new_token()
    agentid = control.company()["agentid"]
    person = control.post("customers", {"name": "周宁"})["external_userid"]
    code = control.authorize("https://a.example.com", "staff001")["code"]
    sent = wire.post("message/send", touser="staff001", agentid=agentid, msgtype="text", text={"content": "好"})
    wire.ok("add_moment_task", text={"content": "新"})
    control.post("clock", {"advance_seconds": 5})
    control.moment_confirm("staff001")
    link = wire.ok("customer_acquisition/create_link", link_name="a", range={"user_list": ["staff001"]})["link"]
    control.acquire(link["url"], person)
    picture: Any = first.client.post(
        "/cgi-bin/media/upload", params={"access_token": token, "type": "image"},
        files={"media": ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)},
    ).json()  # fmt: skip
    open_kfid = wire.post("kf/account/add", name="客服", media_id=picture["media_id"])["open_kfid"]
    control.kf_say(open_kfid, person, "在吗")
    control.archive_permit(staff001=1)
    first.close()

    again = Reopened(file)
    control, wire = again.control, again.wire
    wire.token = token
    assert isinstance(again.client, httpx.Client)
    assert wire.get("auth/getuserinfo", code=code)["userid"] == "staff001"
    assert control.inbox("staff001")[0]["msgid"] == sent["msgid"]
    assert control.moments_of("staff001")[0]["published_at"]
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 999
    assert len(wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"]) == 1
    assert wire.post("kf/sync_msg", open_kfid=open_kfid)["msg_list"][0]["text"] == {"content": "在吗"}
    assert wire.post("kf/service_state/get", open_kfid=open_kfid, external_userid=person)["service_state"] == 0
    control.post("clock", {"advance_seconds": 49 * 3600})  # what was due before the restart still happens
    wire.new_token()
    assert wire.post("kf/service_state/get", open_kfid=open_kfid, external_userid=person)["service_state"] == 4
    assert wire.post("msgaudit/get_permit_user_list")["ids"] == ["staff001"]
    again.close()
