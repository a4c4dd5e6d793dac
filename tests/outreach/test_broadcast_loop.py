"""A broadcast from draft to its end, against the simulated WeCom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from outreach_world import World
from sqlalchemy import text

from wecom_sim.testing import ControlError


def test_rehearsal_writes_nothing_and_says_what_submission_then_does(world: World) -> None:
    world.lose(7)
    broadcast_id = world.draft()
    client = world.client()
    tables = ("touch", "care_reservation", "broadcast_task", "wecom_outbox", "segment_snapshot", "event")
    before = [world.rows(f"select count(*) from {table}") for table in tables]
    answer = client.post(f"/api/v1/broadcasts/{broadcast_id}/rehearsal")
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert [world.rows(f"select count(*) from {table}") for table in tables] == before
    reasons = {one["code"]: one["customers"] for one in seen["reasons"]}
    assert seen["audience"] == seen["receive"] + sum(reasons.values())
    assert reasons["NOT_A_FRIEND"] == 7
    assert reasons["CONTROL_GROUP"] == seen["control"] > 0
    assert sum(one["customers"] for one in seen["staff"]) == seen["receive"]
    assert 0 < seen["detectable"] < 1

    world.submit(broadcast_id)
    found = world.read(broadcast_id)
    assert found["counts"]["audience"] == seen["audience"]
    assert found["counts"]["waiting"] == seen["receive"]
    assert {one["code"]: one["customers"] for one in found["reasons"]} == reasons
    assert {one["staff_id"]: one["customers"] for one in world.tasks(broadcast_id)} == {
        one["staff_id"]: one["customers"] for one in seen["staff"]
    }


def test_confirmed_broadcast_reaches_exactly_whom_wecom_delivered_to(world: World) -> None:
    broadcast_id = world.send()
    created = {entry["data"]["msgid"] for entry in world.sim.ledger(kind="mass_created")}
    assert {row[0] for row in world.rows("select msgid from broadcast_task")} == created
    world.reconcile()
    assert world.read(broadcast_id)["counts"]["delivered"] == 0, "nothing is sent before the staff confirm"

    # One customer leaves between the task and the confirmation.
    touch = next(one for one in world.touches(broadcast_id) if one["status"] == "tasked")
    userid = world.rows("select userid from staff_member where id = :i", i=touch["staff_id"])[0][0]
    world.sim.customer_delete(userid, touch["external_userid"])
    world.pass_time(timedelta(minutes=5))
    world.sim.confirm_everything()
    assert world.reconcile() > 0
    found = world.read(broadcast_id)
    assert found["status"] == "finished"
    assert found["counts"]["waiting"] == 0
    assert found["counts"]["refused"] == 1
    world.ledgers_agree(broadcast_id)
    world.counts_hold(broadcast_id)
    states = dict(world.rows("select state, count(*) from care_reservation group by 1"))
    assert states == {"spent": found["counts"]["delivered"], "released": 1}
    events = dict(world.rows("select kind, count(*) from event where source = 'outreach' group by 1"))
    assert events == {"message_delivered": found["counts"]["delivered"], "message_refused": 1}

    assert world.reconcile() == 0, "asking again brings no news"
    world.ledgers_agree(broadcast_id)


def test_a_refusal_tells_that_the_friendship_is_over(world: World) -> None:
    """The callback of a deletion was lost: WeCom still shows the pair, only the message that did not arrive tells."""
    broadcast_id = world.send()
    touch = next(one for one in world.touches(broadcast_id) if one["status"] == "tasked")
    userid = world.rows("select userid from staff_member where id = :i", i=touch["staff_id"])[0][0]
    world.sim.callback_faults(drop=1)
    world.sim.customer_delete(userid, touch["external_userid"])
    world.sim.callback_faults(drop=0)
    pair = "from relationship where external_userid = :e and staff_id = :s"
    who = {"e": touch["external_userid"], "s": touch["staff_id"]}
    assert world.rows(f"select status {pair}", **who) == [("friend",)]
    world.pass_time(timedelta(minutes=5))
    world.sim.confirm_everything()
    world.reconcile()
    ((status, ended_at),) = world.rows(f"select status, ended_at {pair}", **who)
    assert (status, ended_at is not None) == ("lost", True)
    told = "select data ->> 'found_by' from event where kind = 'friend_lost'"
    assert world.rows(told) == [("message_refused",)]
    world.reconcile()
    assert len(world.rows(told)) == 1


def test_control_group_gets_nothing_and_holds_no_attention(world: World) -> None:
    broadcast_id = world.send(control_percent=50)
    world.sim.confirm_everything()
    world.reconcile()
    control = [one for one in world.touches(broadcast_id) if one["arm"] == "control"]
    assert len(control) > 10
    reached = {entry["external_userid"] for entry in world.sim.ledger(kind="mass_delivered")}
    of_control = {
        row[0]
        for row in world.rows(
            "select external_userid from relationship where customer_id = any(:ids)",
            ids=[one["customer_id"] for one in control],
        )
    }
    assert not reached & of_control
    assert not world.rows(
        "select 1 from care_reservation where customer_id = any(:ids)", ids=[one["customer_id"] for one in control]
    )


def test_third_marketing_broadcast_in_a_week_is_held_back_by_the_cap(world: World) -> None:
    segment_id = world.segment()
    for _ in range(2):
        world.send(segment_id=segment_id, control_percent=0)
        world.sim.confirm_everything()
        world.reconcile()
    third = world.draft(segment_id=segment_id, control_percent=0)
    refused = world.client().post(f"/api/v1/broadcasts/{third}/submit")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "broadcast_nobody_to_reach"
    service = world.send(segment_id=segment_id, control_percent=0, purpose="service")
    assert world.read(service)["counts"]["waiting"] > 0, "a service message is exempt by purpose"
    world.pass_time(timedelta(days=7, seconds=1))
    assert world.submit(third)["counts"]["waiting"] > 0


def test_platform_quota_refuses_and_gives_the_attention_back(world: World) -> None:
    world.sim.settings(mass_cap="day1")
    segment_id = world.segment()
    world.send(segment_id=segment_id, control_percent=0)
    world.sim.confirm_everything()
    world.reconcile()
    second = world.send(segment_id=segment_id, control_percent=0)
    world.sim.confirm_everything()
    world.reconcile()
    found = world.read(second)
    assert found["status"] == "finished"
    assert found["counts"]["delivered"] == 0
    assert {one["code"] for one in found["reasons"] if one["stage"] == "refused"} == {"REFUSED_PLATFORM_QUOTA"}
    world.ledgers_agree(second)
    assert (
        dict(world.rows("select state, count(*) from care_reservation group by 1"))["released"]
        == found["counts"]["refused"]
    )


def test_customer_of_staff_who_left_has_no_sender(world: World) -> None:
    with world.platform.database.unit_of_work() as session:
        session.execute(text("update staff_member set status = 'left' where userid in ('staff001', 'staff002')"))
    broadcast_id = world.send(control_percent=0)
    found = world.read(broadcast_id)
    reasons = {one["code"]: one["customers"] for one in found["reasons"]}
    assert reasons["NO_ACTIVE_STAFF"] > 0
    senders = {
        row[0] for row in world.rows("select s.userid from broadcast_task t join staff_member s on s.id = t.staff_id")
    }
    assert not senders & {"staff001", "staff002"}
    # A friend of two goes to the one who is still there.
    left = world.rows(
        "select count(*) from touch t where t.reason = 'NO_ACTIVE_STAFF' and exists (select 1 from relationship r"
        " join staff_member s on s.id = r.staff_id where r.customer_id = t.customer_id and r.status = 'friend'"
        " and s.status = 'active' and s.may_contact)"
    )
    assert left == [(0,)]


def test_submitting_again_does_nothing(world: World) -> None:
    broadcast_id = world.send()
    before = (world.touches(broadcast_id), world.rows("select id, idempotency_key from wecom_outbox order by id"))
    world.submit(broadcast_id)
    assert (
        world.touches(broadcast_id),
        world.rows("select id, idempotency_key from wecom_outbox order by id"),
    ) == before


def test_cancel_takes_back_what_is_not_confirmed(world: World) -> None:
    broadcast_id = world.send(control_percent=0)
    first = world.tasks(broadcast_id)[0]
    userid = world.rows("select userid from staff_member where id = :i", i=first["staff_id"])[0][0]
    world.sim.confirm(userid)
    client = world.client()
    assert client.post(f"/api/v1/broadcasts/{broadcast_id}/cancel").status_code == 202
    assert client.post(f"/api/v1/broadcasts/{broadcast_id}/cancel").status_code == 202, "again: nothing"
    world.run_jobs()
    world.reconcile()
    found = world.read(broadcast_id)
    assert found["status"] == "cancelled"
    assert found["counts"]["delivered"] == first["customers"]
    assert {one["code"] for one in found["reasons"]} >= {"TASK_CANCELLED"}
    world.ledgers_agree(broadcast_id)
    world.counts_hold(broadcast_id)
    states = dict(world.rows("select state, count(*) from care_reservation group by 1"))
    assert states.keys() == {"spent", "released"}
    taken_back = next(task for task in world.tasks(broadcast_id) if task["status"] == "cancelled")
    userid, msgid = world.rows(
        "select s.userid, t.msgid from broadcast_task t join staff_member s on s.id = t.staff_id where t.id = :i",
        i=taken_back["id"],
    )[0]
    with pytest.raises(ControlError, match="task_cancelled"):
        world.sim.confirm(userid, msgid)


def test_cancel_before_the_tasks_exist_leaves_nothing_to_confirm(world: World) -> None:
    broadcast_id = world.draft()
    client = world.client()
    client.post(f"/api/v1/broadcasts/{broadcast_id}/submit").raise_for_status()
    client.post(f"/api/v1/broadcasts/{broadcast_id}/cancel").raise_for_status()
    world.run_jobs()
    assert world.read(broadcast_id)["status"] == "cancelled"
    assert world.sim.ledger(kind="mass_created") == []


def test_reminders_are_counted(world: World) -> None:
    broadcast_id = world.send()
    task_id = world.tasks(broadcast_id)[0]["id"]
    client = world.client()
    for _ in range(3):
        answer = client.post(f"/api/v1/outreach/tasks/{task_id}/remind")
        assert answer.status_code == 202, answer.text
        world.run_jobs()
    refused = client.post(f"/api/v1/outreach/tasks/{task_id}/remind")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "broadcast_too_many_reminders"
    world.pass_time(timedelta(days=1, seconds=1))
    assert client.post(f"/api/v1/outreach/tasks/{task_id}/remind").status_code == 202
    assert "remind_groupmsg_send" in str(world.sim.calls())


def test_refused_task_gives_everything_back(world: World) -> None:
    world.sim.faults({"kind": "errcode", "path": "*add_msg_template*", "rate": 1.0, "code": 48002})
    broadcast_id = world.draft(control_percent=0)
    found = world.submit(broadcast_id)
    world.sim.faults()
    assert found["status"] == "finished"
    assert {one["code"] for one in found["reasons"]} >= {"TASK_REFUSED"}
    assert found["counts"]["waiting"] == 0
    assert {row[0] for row in world.rows("select distinct state from care_reservation")} == {"released"}
    assert {task["status"] for task in world.tasks(broadcast_id)} == {"refused"}
    world.counts_hold(broadcast_id)
