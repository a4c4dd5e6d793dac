"""The population that lives by itself, and the truth about it."""

from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.seeding.population import SeedWish, seed
from wecom_sim.simulator import Simulator
from wecom_sim.testing import Control, ControlError, SimulatorServer

START = 1_750_000_000  # a Sunday evening in Shanghai
DAY = 86400.0
BORED = {"mass": 1.0, "group": 0.0, "moment": 0.0, "welcome": 0.0, "chat": 0.0}
NOTHING = {"mass": 0.0, "group": 0.0, "moment": 0.0, "welcome": 0.0, "chat": 0.0}
SURE = {"mass": 1.0, "group": 1.0, "moment": 1.0, "welcome": 1.0, "chat": 1.0}


@pytest.fixture
def still(control: Control) -> Control:
    """A frozen clock and 200 people who do nothing of their own accord and open everything at once."""
    control.set_clock(now=START, frozen=True)
    control.seed(customers=200, deleted_share=0)
    control.population(
        buying_per_day=0, chat_per_day=0, join_per_day=0, quit_per_day=0, forward_per_day=0, delete_per_day=0,
        delete_per_strain=0, message_effect=NOTHING, open=SURE, open_minutes=0.01, click=0, answer=NOTHING, forward=0,
        not_interested=0, join=0,
    )  # fmt: skip
    return control


def send(wire: Wire, control: Control, text: str = "新品到店", **more: object) -> str:
    wire.new_token()
    ids = [one["external_userid"] for one in control.customers(limit=1000)]
    msgid: str = wire.ok(
        "add_msg_template", chat_type="single", external_userid=ids, text={"content": text}, **more
    )["msgid"]  # fmt: skip
    control.confirm_everything()
    return msgid


def kinds(control: Control) -> dict[str, int]:
    counts: dict[str, int] = control.ledger_counts()
    return counts


def test_nothing_happens_until_it_runs(control: Control) -> None:
    control.set_clock(now=START, frozen=True)
    before = kinds(control)
    control.advance(30 * DAY)
    assert kinds(control) == before
    assert control.population()["running"] is False


def test_people_buy_and_the_feed_tells(control: Control) -> None:
    control.set_clock(now=START, frozen=True)
    control.population(running=True, buying_per_day=0.05)
    control.advance(30 * DAY)
    orders = control.orders()
    assert 150 < len(orders) < 500
    assert [one["seq"] for one in orders] == list(range(1, len(orders) + 1))
    assert control.orders(since=len(orders) - 2) == orders[-2:]
    times = [datetime.fromisoformat(one["placed_at"]).timestamp() for one in orders]
    assert times == sorted(times)
    assert times[0] >= START
    prices = {one["code"]: one["price"] for one in control.products()}
    line = orders[0]["lines"][0]
    assert round(float(line["unit_price"]) * 100) == prices[line["code"]]
    mobiles = {one["buyer"]["kind"] for one in control.orders(buyer="mobile")}
    assert mobiles == {"mobile"}


def test_the_same_seed_lives_the_same_life(control: Control) -> None:
    def live(step: float) -> list[object]:
        control.set_clock(now=START, frozen=True)
        control.seed(customers=150, seed=3)
        control.population(running=True, buying_per_day=0.05, delete_per_day=0.01)
        for _ in range(round(20 * DAY / step)):
            control.advance(step)
        return [control.orders(), [one for one in control.ledger() if one["kind"] == "customer_deleted"]]

    first = live(20 * DAY)
    assert first[0]
    assert first[1]
    assert live(20 * DAY) == first
    assert live(DAY / 2) == first


def test_deletions_raise_events(control: Control, receiver: Receiver) -> None:
    control.set_clock(now=START, frozen=True)
    control.population(running=True, delete_per_day=0.02, buying_per_day=0)
    control.advance(3 * DAY)
    control.wait_for_callbacks()
    deleted = [one for one in control.ledger() if one["kind"] == "customer_deleted"]
    heard = [one for one in receiver.events if one.get("ChangeType") == "del_follow_user"]
    assert len(heard) == len(deleted) > 0
    assert {one["ExternalUserID"] for one in heard} == {one["external_userid"] for one in deleted}


def test_an_effect_is_what_it_says(still: Control, wire: Wire) -> None:
    still.population(running=True)
    effect = still.effect("八折券", 0.5, 3)
    send(wire, still, "八折券，三天有效")
    still.advance(4 * DAY)
    truth = still.effects()[0]
    treated = still.treated(effect["number"])
    assert truth["treated"] == len(treated) == 200
    assert truth["true_effect"]["purchases_each"] == 0.5
    assert truth["true_effect"]["buyers_share"] == pytest.approx(0.5)
    assert 70 < truth["extra_purchases"] < 130
    buyers = {one["buyer"]["value"] for one in still.orders()}
    assert buyers == {one["external_userid"] for one in treated if one["extra_purchase"]}
    assert len(still.orders()) == truth["extra_purchases"]


def test_an_effect_by_msgid_counts_a_person_once(still: Control, wire: Wire) -> None:
    wire.new_token()
    ids = [one["external_userid"] for one in still.customers(limit=50)]
    body = {"chat_type": "single", "external_userid": ids, "text": {"content": "你好"}}
    msgid = wire.ok("add_msg_template", **body)["msgid"]
    still.effect(msgid, 1.0, 1)
    still.population(running=True)
    wire.ok("add_msg_template", **body)
    still.confirm_everything()
    still.advance(2 * DAY)
    assert still.effects()[0]["treated"] == 50
    assert len(still.orders()) == 50


def test_the_truth_counts_what_they_would_have_bought_anyway(still: Control, wire: Wire) -> None:
    still.population(running=True, buying_per_day=0.1, buying_spread=0, weekday=[1] * 7)
    still.effect("券", 0.5, 7)
    send(wire, still, "券")
    truth = still.effects()[0]["true_effect"]
    assert truth["buyers_share_without"] == pytest.approx(1 - 2.718281828**-0.7, abs=1e-6)
    assert truth["buyers_share"] == pytest.approx(0.5 * 2.718281828**-0.7, abs=1e-6)


def test_messages_are_opened_and_links_clicked(still: Control, wire: Wire) -> None:
    still.population(running=True, click=1.0)
    link = {"msgtype": "link", "link": {"title": "新品", "url": "https://shop.example/p/1?c=7"}}
    msgid = send(wire, still, attachments=[link])
    still.advance(3600)
    clicked = [one for one in still.ledger() if one["kind"] == "clicked"]
    assert len(clicked) == kinds(still)["opened"] == 200
    assert clicked[0]["data"] == {"url": "https://shop.example/p/1?c=7", "channel": "mass", "msgid": msgid}


def test_a_page_beside_a_chat_may_send_anything(server: SimulatorServer, still: Control, wire: Wire) -> None:
    """What a member sends from there is a card or a picture, not always words."""
    still.population(running=True, click=1.0, open={"chat": 1.0})
    wire.new_token()
    person = still.scan(wire.live_code("staff006"))["external_userid"]
    body = {"link": "https://shop.example/p/2", "title": "新品", "imgUrl": "", "desc": ""}
    wish = {"userid": "staff006", "external_userid": person, "msgtype": "news", "body": body}
    sent = httpx.post(f"{server.base_url}/phone/api/sidebar-send", json=wish, trust_env=False)
    assert sent.is_success, sent.text
    still.advance(86400)
    (click,) = [one for one in still.ledger(external_userid=person) if one["kind"] == "clicked"]
    assert click["data"]["url"] == "https://shop.example/p/2"


def test_answers_go_to_the_chat(still: Control, wire: Wire) -> None:
    still.population(running=True, answer={"mass": 1.0})
    send(wire, still)
    still.advance(3600)
    assert kinds(still)["chat"] == 200
    assert still.population()["parameters"]["answer"] == {**NOTHING, "mass": 1.0}


def test_too_much_drives_them_away(still: Control, wire: Wire) -> None:
    still.settings(mass_cap="off")
    still.population(running=True, patience=2, patience_spread=0, disturbance=BORED, delete_per_strain=1.0)
    for _ in range(2):
        send(wire, still)
    still.advance(2 * DAY)
    assert "customer_deleted" not in kinds(still), "they bear two"
    for _ in range(4):
        send(wire, still)
    who = still.customers(limit=1)[0]["external_userid"]
    assert still.person(who)["strain"] == 3.0
    still.advance(2 * DAY)
    assert kinds(still)["customer_deleted"] > 100
    still.advance(8 * DAY)
    assert still.person(who)["strain"] == 0.0


def test_the_bored_say_so_and_open_less(still: Control, wire: Wire) -> None:
    still.settings(mass_cap="off")
    still.population(running=True, patience=1, patience_spread=0, disturbance=BORED, not_interested=1.0)
    send(wire, still)
    still.advance(3600)
    assert kinds(still)["not_interested"] == still.population()["not_interested"] == 200
    still.population(not_interested_open=0.0)
    send(wire, still)
    still.advance(3600)
    assert kinds(still)["opened"] == 200


def test_friends_are_brought(still: Control, wire: Wire) -> None:
    wire.new_token()
    staff = [one["userid"] for one in still.staff() if one["follow_enabled"]]
    config_id = wire.live_code(*staff, state="friend")
    still.population(running=True, forward=1.0)
    send(wire, still)
    still.advance(600)
    forwarded = [one for one in still.ledger() if one["kind"] == "forwarded"]
    assert len(forwarded) == 200
    friend = still.customer(forwarded[0]["data"]["to"])
    assert forwarded[0]["data"]["config_id"] == config_id
    assert friend["relations"][0]["state"] == "friend"


def test_join_codes_in_messages_are_used(still: Control, wire: Wire) -> None:
    wire.new_token()
    one = still.customers(limit=1)[0]["external_userid"]
    owner = still.customer(one)["relations"][0]["userid"]
    chat_id = still.group_create(owner, external_userids=[one])["chat_id"]
    code = wire.ok("groupchat/add_join_way", scene=2, chat_id_list=[chat_id])["config_id"]
    still.population(running=True, join=1.0)
    send(wire, still, f"进群 https://work.example/join/{code}")
    still.advance(600)
    assert kinds(still)["group_joined"] > 150


def test_moments_are_liked(still: Control) -> None:
    still.population(running=True, answer={"moment": 1.0})
    still.post("moment-publish", {"userid": "staff001", "text": "今日新茶"})
    still.advance(600)
    assert kinds(still)["moment_like"] == kinds(still)["opened"] > 0


def test_stopping_ends_it(still: Control) -> None:
    still.population(running=True, chat_per_day=0.9)
    still.population(running=False)
    still.advance(3 * DAY)
    assert "chat" not in kinds(still)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"buying": 1}, "no_such_parameter"),
        ({"click": 1.5}, "bad_parameter"),
        ({"click": "often"}, "bad_parameter"),
        ({"hours": [1, 2]}, "bad_parameter"),
        ({"patience": 0}, "bad_parameter"),
        ({"patience": -1}, "bad_parameter"),
        ({"answer": {"letter": 0.1}}, "bad_parameter"),
    ],
)
def test_wrong_parameters_are_refused(control: Control, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(ControlError) as refused:
        control.population(**wrong)
    assert refused.value.code == code


def test_it_lives_on_after_a_restart(tmp_path: Path) -> None:
    def life(state_file: Path, restart: bool) -> list[object]:
        sim = Simulator(state_file)
        sim.kernel.clock.set(START)
        sim.kernel.clock.freeze()
        seed(sim, SeedWish(customers=100))
        sim.population.change({"buying_per_day": 0.1, "delete_per_day": 0.02})
        sim.population.run(True)
        sim.kernel.clock.advance(2.5 * DAY)
        if restart:
            sim.close()
            sim = Simulator(state_file)
        sim.kernel.clock.advance(2.5 * DAY)
        rows, kinds = list(sim.population.orders.log.rows), sim.kernel.ledger.counts()
        sim.close()
        return [rows, kinds]

    whole = life(tmp_path / "whole", False)
    assert whole[0]
    assert life(tmp_path / "restarted", True) == whole
