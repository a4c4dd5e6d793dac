"""The result, against the same figures worked out one customer at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from outreach_world import World
from sqlalchemy import text

from wellspring.commerce.models import Order, Refund
from wellspring.platform.warehouse import load_all

ALL_IN = ("treated", "control")


def bought(world: World, purchases: list[tuple[int, timedelta, int, int]]) -> None:
    """(customer, after submission, goods, refunded goods) in fen; the refund comes an hour later."""
    now = world.clock.now()
    with world.platform.database.unit_of_work() as session:
        for number, (customer_id, after, goods, refunded) in enumerate(purchases):
            order = Order(
                source="pos", number=str(number), customer_id=customer_id, placed_at=now + after, goods_fen=goods,
                total_fen=goods + 900, postage_fen=900, recorded_at=now,
            )  # fmt: skip
            session.add(order)
            session.flush()
            if refunded:
                session.add(
                    Refund(
                        source="pos",
                        number=f"r{number}",
                        order_id=order.id,
                        customer_id=customer_id,
                        refunded_at=now + after + timedelta(hours=1),
                        goods_fen=refunded,
                        total_fen=refunded,
                        recorded_at=now,
                    )
                )


def test_result_counts_everybody_assigned_and_nothing_outside_the_window(world: World) -> None:
    broadcast_id = world.send(control_percent=40, result_days=3)
    touches = world.touches(broadcast_id)
    arms: dict[str, list[int]] = defaultdict(list)
    for touch in touches:
        arms[touch["arm"]].append(touch["customer_id"])
    treated, control = arms["treated"], arms["control"]
    hour, day = timedelta(hours=1), timedelta(days=1)
    bought(world, [
        *[(who, hour * (1 + place % 60), 10_000 + 100 * place, 0) for place, who in enumerate(treated[:30])],
        (treated[0], day, 5_000, 2_000),
        (control[0], hour, 7_700, 7_700),
        (control[1], 2 * day, 3_000, 0),
        (control[2], 3 * day + hour, 9_000, 0),  # too late
        (treated[31], -hour, 9_000, 0),  # before it
    ])  # fmt: skip
    with world.platform.database.unit_of_work() as session:
        session.execute(
            text("update relationship set status = 'lost', ended_at = :at where customer_id = :c"),
            {"at": world.clock.now() + hour, "c": treated[5]},
        )
    world.pass_time(4 * day)
    load_all(world.platform)
    answer = world.client("analyst").get(f"/api/v1/broadcasts/{broadcast_id}/result")
    assert answer.status_code == 200, answer.text
    seen = answer.json()

    assert seen["complete"]
    assert seen["running"] is False
    assert (seen["treated"]["customers"], seen["control"]["customers"]) == (len(treated), len(control))
    assert seen["delivered"] == 0, "nobody confirmed: they are in it all the same"
    assert (seen["treated"]["buyers"], seen["control"]["buyers"]) == (30, 2)
    sales = sum(10_000 + 100 * place for place in range(30)) + 5_000 - 2_000
    assert (seen["treated"]["sales_fen"], seen["control"]["sales_fen"]) == (sales, 3_000)
    assert seen["treated"]["orders"] == 31
    difference = 30 / len(treated) - 2 / len(control)
    assert abs(seen["rate"]["point"] - difference) < 1e-9
    assert seen["rate"]["decided"]
    assert seen["rate"]["low"] > 0
    assert (seen["treated"]["deleters"], seen["control"]["deleters"]) == (1, 0)
    assert seen["deletions"]["decided"] is False
    assert [point["day"] for point in seen["daily"]] == [0, 1, 2, 3]
    assert seen["daily"][-1]["treated"] == 30 / len(treated)
    assert seen["daily"][-1]["control"] == 2 / len(control)
    last = datetime.fromisoformat(seen["daily"][-1]["at"])
    assert last == datetime.fromisoformat(seen["window_end"])


def test_small_difference_says_how_many_it_would_take(world: World) -> None:
    broadcast_id = world.send(control_percent=30)
    arms: dict[str, list[int]] = defaultdict(list)
    for touch in world.touches(broadcast_id):
        arms[touch["arm"]].append(touch["customer_id"])
    bought(world, [(who, timedelta(hours=1), 5_000, 0) for who in (*arms["treated"][:5], arms["control"][0])])
    world.pass_time(timedelta(days=2))
    load_all(world.platform)
    seen = world.client().get(f"/api/v1/broadcasts/{broadcast_id}/result").json()
    assert seen["running"] is True
    assert seen["rate"]["decided"] is False
    assert seen["rate"]["low"] < 0 < seen["rate"]["high"]
    assert seen["needed_customers"] > seen["treated"]["customers"]
    assert len(seen["daily"]) == 3


def test_no_control_group_no_difference_and_no_result_before_submission(world: World) -> None:
    draft = world.draft(control_percent=0)
    refused = world.client().get(f"/api/v1/broadcasts/{draft}/result")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "broadcast_no_result_yet"
    world.submit(draft)
    load_all(world.platform)
    seen = world.client().get(f"/api/v1/broadcasts/{draft}/result").json()
    assert (seen["rate"], seen["deletions"], seen["sales_per_customer_fen"]) == (None, None, None)


def test_customer_merged_into_both_arms_is_left_out_and_counted(world: World) -> None:
    broadcast_id = world.send(control_percent=40)
    touches = world.touches(broadcast_id)
    one = next(touch for touch in touches if touch["arm"] == "treated")
    other = next(touch for touch in touches if touch["arm"] == "control")
    with world.platform.database.unit_of_work() as session:
        session.execute(
            text("update touch set customer_id = :a where customer_id = :b"),
            {"a": one["customer_id"], "b": other["customer_id"]},
        )
    load_all(world.platform)
    seen = world.client().get(f"/api/v1/broadcasts/{broadcast_id}/result").json()
    assert seen["in_both"] == 1
    arms = [touch["arm"] for touch in touches]
    assert seen["treated"]["customers"] == arms.count("treated") - 1
    assert seen["control"]["customers"] == arms.count("control") - 1


def test_home_offers_what_waits(world: World) -> None:
    world.send(control_percent=20, result_days=1)
    steps = {step["code"]: step for step in world.client().get("/api/v1/home").json()["next_steps"]}
    assert steps["BROADCAST_TASKS_WAIT"]["link"] == "/outreach/tasks?status=created"
    world.sim.confirm_everything()
    world.reconcile()
    world.pass_time(timedelta(days=1, hours=1))
    steps = {step["code"] for step in world.client().get("/api/v1/home").json()["next_steps"]}
    assert "BROADCAST_TASKS_WAIT" not in steps
    assert "BROADCAST_RESULT_READY" in steps
