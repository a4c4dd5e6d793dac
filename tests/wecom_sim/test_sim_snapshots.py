"""Snapshots: after going back, the same calls give the same answers."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError, SimulatorServer

START = 1_750_000_000
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def without_hint(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "errmsg": re.sub(r"hint: \[[^\]]*\]", "", answer["errmsg"])}


def a_day(control: Control, wire: Wire) -> list[Any]:
    """Calls, acts and passing time of many kinds, with all their answers."""
    who = [one["external_userid"] for one in control.customers(limit=20)]
    made = wire.ok("add_contact_way", type=2, scene=2, user=["staff001", "staff002"], state="x")
    seen: list[Any] = [
        made,
        control.scan(made["config_id"], customer={"name": "新客户"}),
        wire.contact("add_corp_tag", group_name="新组", tag=[{"name": "一"}]),
        wire.ok("add_msg_template", chat_type="single", external_userid=who, text={"content": "你好"}),
        control.confirm_everything(),
        wire.contact("list_contact_way", limit=1),
        wire.contact("get_contact_way", config_id="0" * 32),
        wire.post("media/upload", x=1),
    ]
    control.advance(86400)
    wire.new_token()
    seen += [wire.contact("batch/get_by_user", userid_list=["staff001"], limit=5) for _ in range(6)]
    control.population(running=True, buying_per_day=0.1)
    control.advance(3 * 86400)
    seen += [control.orders(), control.ledger_counts(), control.state(), control.clock()]
    return [without_hint(one) if isinstance(one, dict) and "errmsg" in one else one for one in seen]


@pytest.fixture
def frozen(control: Control) -> Control:
    control.set_clock(now=START, frozen=True)
    return control


def test_the_same_calls_give_the_same_answers(frozen: Control, wire: Wire) -> None:
    wire.new_token()
    frozen.faults({"kind": "errcode", "code": -1, "rate": 0.5, "path": "*/batch/*", "seed": 4})
    wire.contact("batch/get_by_user", userid_list=["staff001"])
    kept = frozen.snapshot("morning")
    token = wire.token
    first = a_day(frozen, wire)
    assert {one["errcode"] for one in first if isinstance(one, dict) and "errcode" in one} >= {0, -1, 41044}
    for _ in range(2):
        frozen.restore("morning")
        wire.token = token
        assert a_day(frozen, wire) == first
    assert kept["customers"] == 200
    assert [one["name"] for one in frozen.snapshots()] == ["morning"]


def test_pictures_quotas_and_windows_come_back(frozen: Control, wire: Wire) -> None:
    wire.new_token()
    frozen.settings(calls_per_minute_corp=3)
    url = wire.raw(
        "POST", "media/uploadimg", params={"access_token": wire.token}, files={"media": ("a.png", PNG, "image/png")}
    )["url"]  # fmt: skip
    codes = [wire.contact("get_corp_tag_list")["errcode"] for _ in range(3)]
    frozen.snapshot("s")
    codes.append(wire.contact("get_corp_tag_list")["errcode"])
    assert codes == [0, 0, 0, 45009]
    frozen.reset()
    assert not wire.http.get(url).is_success
    frozen.restore("s")
    assert wire.http.get(url).content == PNG
    assert wire.contact("get_corp_tag_list")["errcode"] == 45009


def test_a_running_clock_goes_on_from_then(control: Control) -> None:
    control.set_clock(now=START, frozen=False)
    control.snapshot("s")
    control.advance(40 * 86400)
    control.restore("s")
    assert START <= control.clock()["now"] < START + 60


def test_groups_still_lag_after_a_restore(frozen: Control, wire: Wire) -> None:
    wire.new_token()
    one, other = (row["external_userid"] for row in frozen.customers(limit=2))
    owner = frozen.customer(one)["relations"][0]["userid"]
    chat_id = frozen.group_create(owner, external_userids=[one])["chat_id"]
    frozen.advance(10)
    frozen.group_link(chat_id, owner, other)
    frozen.snapshot("s")
    frozen.advance(10)
    frozen.restore("s")

    def people() -> int:
        return len(wire.contact("groupchat/get", chat_id=chat_id)["group_chat"]["member_list"])

    assert people() == 2
    frozen.advance(10)
    assert people() == 3


def test_a_snapshot_is_replaced_listed_and_dropped(control: Control) -> None:
    control.snapshot("a")
    control.seed(customers=10)
    assert control.snapshot("a")["customers"] == 10
    control.snapshot("b")
    assert [one["name"] for one in control.snapshots() if one["name"] in "ab"] == ["a", "b"]
    control.post("snapshot-delete", {"name": "a"})
    with pytest.raises(ControlError) as refused:
        control.restore("a")
    assert refused.value.code == "no_such_snapshot"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "." * 3, "x" * 65])
def test_odd_names_are_refused(control: Control, name: str) -> None:
    with pytest.raises(ControlError) as refused:
        control.snapshot(name)
    assert refused.value.code == "bad_name"


def test_with_a_state_file_a_restore_is_durable(tmp_path: Path) -> None:
    with SimulatorServer(tmp_path / "state") as first:
        control = first.control
        control.set_clock(now=START, frozen=True)
        control.seed(customers=30)
        before, now = list(control.export()), control.clock()["now"]
        control.snapshot("s")
        control.seed(customers=5, seed=2)
        control.restore("s")
        # What a killed process leaves behind: everything that was answered is in the file and its log.
        for name in ("state", "state-wal"):
            shutil.copy(tmp_path / name, tmp_path / name.replace("state", "killed"))
        shutil.copytree(tmp_path / "state.snapshots", tmp_path / "killed.snapshots")
    with SimulatorServer(tmp_path / "killed") as again:
        assert list(again.control.export()) == before
        assert again.control.clock()["now"] == now
        assert [one["name"] for one in again.control.snapshots()] == ["s"]
    with SimulatorServer(tmp_path / "killed.snapshots" / "s.snapshot") as opened:
        assert list(opened.control.export()) == before
