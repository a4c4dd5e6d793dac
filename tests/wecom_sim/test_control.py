"""Seeding, clock, settings, the state file, the command line."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from sim_helpers import Wire

from wecom_sim.paths import table
from wecom_sim.testing import Control, ControlError, SimulatorProcess, SimulatorServer
from wecom_sim.wire import ENDPOINTS


def test_the_same_seed_makes_the_same_population(control: Control) -> None:
    control.set_clock(now=1_800_000_000, frozen=True)
    first = control.seed(customers=300, seed=5)
    relations, someone = list(control.export()), control.customers(limit=300)
    company = control.company()
    again = control.seed(customers=300, seed=5)
    assert (list(control.export()), control.customers(limit=300)) == (relations, someone)
    assert control.company()["secret"] == company["secret"]
    assert first["tag_ids"] == again["tag_ids"]
    control.seed(customers=300, seed=6)
    assert control.customers(limit=300) != someone


def test_the_demo_brand(control: Control) -> None:
    made = control.seed()
    assert made["customers"] == 20_000
    assert made["seconds"] < 15  # a second or two; the machine may be busy
    assert len(made["staff_list"]) == 13
    lost = made["relations_by_status"]["customer_deleted"] / made["relations"]
    assert 0.03 < lost < 0.05
    rows = list(control.export())
    assert len({(one["userid"], one["external_userid"]) for one in rows}) == len(rows) == made["relations"]
    mobiles = sum(1 for one in rows if one["remark_mobiles"]) / len(rows)
    assert 0.27 < mobiles < 0.33
    per_customer: dict[str, int] = {}
    for one in rows:
        per_customer[one["external_userid"]] = per_customer.get(one["external_userid"], 0) + 1
    assert set(per_customer.values()) == {1, 2}


def test_a_brand_of_ones_own(control: Control, server: SimulatorServer) -> None:
    made = control.seed(
        brand={"name": "云上", "corpid": "ww0000000000000001", "secret": "s3cret"},
        stores=[{"name": "一店", "city": "南京", "staff": ["甲", "乙"]}, {"name": "二店"}],
        staff_per_store=3,
        customers=10,
        friends_per_customer={"1": 1.0},
    )
    assert (made["company"], made["corpid"], made["relations"]) == ("云上", "ww0000000000000001", 10)
    assert [one["name"] for one in made["staff_list"]][:2] == ["甲", "乙"]
    assert len(made["staff_list"]) == 2 + 3 + 1
    answer = Wire(server).raw("GET", "gettoken", params={"corpid": "ww0000000000000001", "corpsecret": "s3cret"})
    assert answer["errcode"] == 0
    for wrong in ({"customers": -1}, {"nonsense": 1}, {"friends_per_customer": {"0": 1}}):
        with pytest.raises(ControlError):
            control.seed(**wrong)


def test_clock(control: Control) -> None:
    assert control.set_clock(now="2026-11-20T15:42:00+08:00", frozen=True)["iso"] == "2026-11-20T07:42:00.000Z"
    assert control.advance(3600)["iso"] == "2026-11-20T08:42:00.000Z"
    assert control.clock()["iso"] == "2026-11-20T08:42:00.000Z"
    control.set_clock(frozen=False, speed=1000)
    first = control.clock()["now"]
    assert control.clock()["now"] > first


def test_settings_are_checked(control: Control) -> None:
    with pytest.raises(ControlError, match="no setting nonsense"):
        control.settings(nonsense=1)
    with pytest.raises(ControlError, match="mass_cap"):
        control.settings(mass_cap="sometimes")
    assert control.settings(mass_cap="day1")["mass_cap"] == "day1"


def test_ledger_reads_on_from_where_it_stopped(control: Control, wire: Wire) -> None:
    code = wire.live_code("staff006")
    people = [control.scan(code)["external_userid"] for _ in range(5)]
    first = control.get("ledger", kind="friend_added", limit=2)
    rest = control.get("ledger", kind="friend_added", after=first["last"])
    assert [one["external_userid"] for one in first["entries"] + rest["entries"]] == people
    assert control.ledger_counts()["friend_added"] == 5
    (only,) = control.ledger(external_userid=people[3])
    assert only["data"]["config_id"] == code


def test_customers_are_found_by_name_mobile_and_remark(control: Control, wire: Wire) -> None:
    made = control.scan(wire.live_code("staff006"), customer={"name": "宋予", "mobile": "19900001234"})
    control.staff_edit(made["userid"], made["external_userid"], remark="橱窗来的")
    for query in ("宋予", "19900001234", "橱窗来", made["external_userid"][:12]):
        assert made["external_userid"] in [one["external_userid"] for one in control.customers(query)]


def test_other_machines_may_not_use_the_control_api() -> None:
    from wecom_sim.control.deps import local_only
    from wecom_sim.errors import ActionError

    class Asked:
        def __init__(self, host: str, allow: bool) -> None:
            self.client = type("Client", (), {"host": host})
            self.app = type("App", (), {"state": type("State", (), {"allow_remote": allow})})

    local_only(Asked("127.0.0.1", False))  # type: ignore[arg-type]
    local_only(Asked("::1", False))  # type: ignore[arg-type]
    local_only(Asked("10.0.0.7", True))  # type: ignore[arg-type]
    with pytest.raises(ActionError, match="allow-remote"):
        local_only(Asked("10.0.0.7", False))  # type: ignore[arg-type]


def test_openapi_describes_the_control_api(control: Control, server: SimulatorServer) -> None:
    paths = httpx.get(f"{server.base_url}/openapi.json", trust_env=False).json()["paths"]
    unsaid = [
        (path, verb) for path, verbs in paths.items() for verb, one in verbs.items() if not one.get("description")
    ]
    assert unsaid == []
    assert {"/control/seed", "/control/scan", "/control/ledger", "/control/faults"} <= set(paths)
    assert not [path for path in paths if path.startswith("/cgi-bin")]


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with SimulatorProcess(state_file=tmp_path / "sim.db") as process:
        control = process.control
        control.seed(customers=50)
        control.set_clock(now="2026-11-20T15:42:00+08:00", frozen=True)
        wire = Wire(process)
        wire.new_token()
        code = wire.live_code("staff006", "staff007")
        friends = [control.scan(code, customer={"name": f"客{n}"}) for n in range(4)]
        wire.ok("send_welcome_msg", welcome_code=friends[0]["welcome_code"], text={"content": "你好"})
        msgid = wire.ok("add_msg_template", sender="staff006", text={"content": "周末见"})["msgid"]
        control.confirm("staff006", msgid)
        control.staff_delete(friends[3]["userid"], friends[3]["external_userid"])
        control.settings(mass_cap="day1")
        page = wire.ok("batch/get_by_user", userid_list=["staff006"], limit=3)
        parts = ("state", "company", "staff", "mass", "settings", "clock", "tags", "qr")
        before = {part: control.get(part) for part in parts}
        whole = (list(control.export()), control.ledger(), control.customer(friends[0]["external_userid"]))

        process.kill()
        process.start()
        assert {part: control.get(part) for part in parts} == before
        assert (list(control.export()), control.ledger(), control.customer(friends[0]["external_userid"])) == whole
        rest = wire.ok("batch/get_by_user", userid_list=["staff006"], limit=100, cursor=page["next_cursor"])
        read = page["external_contact_list"] + rest["external_contact_list"]
        shown = [one["external_userid"] for one in whole[0] if one["userid"] == "staff006" and one["on_api"]]
        assert [one["external_contact"]["external_userid"] for one in read] == shown
        again = wire.contact("send_welcome_msg", welcome_code=friends[0]["welcome_code"], text={"content": "你好"})
        assert again["errcode"] == 41051
        assert control.scan(code)["external_userid"] not in {one["external_userid"] for one in whole[0]}
        assert process.stop(signal.SIGTERM) == 0
        process.start()
        assert process.stop(signal.SIGINT) == 0


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wecom_sim.cli", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = serve("--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr.strip() == f"wecom-sim can't listen on 127.0.0.1:{port}: Address already in use."


def test_an_unusable_state_file_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "state.db"
    broken.write_text("this is no database, and long enough to be seen as none" * 20)
    ended = serve("--port", "0", "--state", str(broken))
    assert ended.returncode == 1
    assert "can't be used" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_readme_lists_the_paths_of_the_code() -> None:
    import wecom_sim

    readme = Path(wecom_sim.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert table() in readme
    for path, endpoint in ENDPOINTS.items():
        assert endpoint.source, path


def test_scans_at_once_lose_nobody_and_go_round(control: Control, wire: Wire) -> None:
    code = wire.live_code(*[f"staff{n:03d}" for n in range(1, 11)])
    made: list[str] = []

    def scan_some() -> None:
        mine = Control(wire.server.base_url)
        made.extend(mine.scan(code)["external_userid"] for _ in range(25))
        mine.close()

    people = [threading.Thread(target=scan_some) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(set(made)) == 100
    adds = control.get(f"qr/{code}")["adds"]
    assert set(adds.values()) == {10}
