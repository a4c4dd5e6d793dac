"""The sinks of the full sync: what they write, that repeating them changes nothing, what vanished, how fast."""

from __future__ import annotations

from datetime import timedelta

from people_builders import (
    customer_of,
    departments,
    event_kinds,
    item,
    organise,
    picture,
    relationship,
    sync,
    tag_groups,
    tag_id,
    users,
)
from sqlalchemy import select, text

from wellspring.people.intake.complete import customers_complete
from wellspring.people.intake.organisation import departments_sink, tags_sink, users_complete, users_sink
from wellspring.people.models import Department, StaffMember, Store, Tag
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

TABLES = (
    "customer", "identity", "relationship", "relationship_change", "relationship_tag", "event", "mobile_claim",
)  # fmt: skip


def test_departments_become_a_tree_with_stores(platform: Platform) -> None:
    organise(platform)
    with platform.database.unit_of_work() as session:
        rows = {d.name: d for d in session.scalars(select(Department))}
        assert rows["湖滨店"].kind == "store"
        assert rows["华东"].kind == "region"
        assert rows["总部运营"].kind == "department"
        assert rows["半山集"].kind == "department" or rows["半山集"].kind == "region"
        assert rows["导购组"].path == "/".join(
            ["", *(str(rows[n].id) for n in ("半山集", "华东", "湖滨店", "导购组")), ""]
        )
        assert set(session.scalars(select(Store.department_id))) == {rows["湖滨店"].id, rows["武康店"].id}
        store_of = {s.userid: s.store_id for s in session.scalars(select(StaffMember))}
        assert store_of == {
            "amber": rows["湖滨店"].id, "basil": rows["湖滨店"].id, "cedar": rows["武康店"].id, "dill": None,
        }  # fmt: skip


def test_what_the_operator_chose_survives_a_sync(platform: Platform) -> None:
    organise(platform)
    with platform.database.unit_of_work() as session:
        department = session.scalars(select(Department).where(Department.name == "武康店")).one()
        department.kind, department.kind_chosen = "department", True
        store = session.scalars(select(Store).join(Department, Department.id == Store.department_id)).first()
        assert store is not None
        store.city, store.code = "杭州", "HB01"
    organise(platform)
    with platform.database.unit_of_work() as session:
        kinds = {d.name: d.kind for d in session.scalars(select(Department))}
        assert kinds["武康店"] == "department"
        assert "HB01" in session.scalars(select(Store.code)).all()
        assert session.scalar(select(StaffMember.store_id).where(StaffMember.userid == "cedar")) is None


def test_vanished_departments_tags_and_staff(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    at = clock.now()
    sync(platform, item("wm1", "amber", at - timedelta(days=3), tags=["香氛", "橱窗"]))
    clock.advance(timedelta(hours=1))
    with platform.database.unit_of_work() as session:
        departments_sink(session, platform, departments([(1, "半山集", 0), (3, "华东", 1), (4, "湖滨店", 3)]))
        users_sink(session, platform, users([("amber", "周巧", 4)]))
        users_complete(session, platform, wecom.Complete("users", clock.now()))
        tags_sink(session, platform, tag_groups({"兴趣": ["香氛"]}))
    with platform.database.unit_of_work() as session:
        gone = set(session.scalars(select(Department.name).where(Department.deleted_at.is_not(None))))
        assert gone == {"总部运营", "武康店", "导购组"}
        left = set(session.scalars(select(StaffMember.userid).where(StaffMember.status == "left")))
        assert left == {"basil", "cedar", "dill"}
        live = set(session.scalars(select(Tag.name).where(Tag.deleted_at.is_(None))))
        assert live == {"香氛"}
        on = set(session.scalars(text("select t.name from relationship_tag x join tag t on t.id = x.tag_id")))
        assert on == {"香氛"}


def test_customers_are_written_once_with_past_times(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    long_ago = clock.now() - timedelta(days=200)
    batch = [
        item("wm1", "amber", long_ago, name="沈若宁", remark="若宁-老客", tags=["香氛"], remark_mobiles=["138-0013-6207"]),
        item("wm1", "cedar", long_ago + timedelta(days=5), name="沈若宁", unionid="u1"),
        item("wm2", "amber", long_ago, state="window"),
    ]  # fmt: skip
    sync(platform, *batch)
    before = picture(platform, *TABLES)
    sync(platform, *batch)
    assert picture(platform, *TABLES) == before
    customer = customer_of(platform, "wm1")
    assert customer.first_added_at == long_ago.replace(microsecond=0)
    assert "若宁" in customer.search_grams
    assert event_kinds(platform) == ["friend_added"] * 3
    with platform.database.unit_of_work() as session:
        times = session.scalars(text("select occurred_at from event order by occurred_at")).all()
        assert times[0] == long_ago.replace(microsecond=0)
    assert "13800136207" not in str(before)
    assert relationship(platform, "wm2", "amber").state == "window"


def test_changes_become_events_and_older_readings_are_dropped(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    at, now = clock.now() - timedelta(days=9), clock.now()
    sync(platform, item("wm1", "amber", at, now, remark="旧", tags=["香氛"]))
    sync(platform, item("wm1", "amber", at, now + timedelta(hours=2), remark="新", tags=["陶器"]))
    assert event_kinds(platform) == ["friend_added", "remark_changed", "tag_added", "tag_removed"]
    sync(platform, item("wm1", "amber", at, now + timedelta(hours=1), remark="旧", tags=["香氛"]))
    assert relationship(platform, "wm1", "amber").remark == "新"


def test_vanished_relations_end(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    now = clock.now()
    at = now - timedelta(days=9)
    sync(platform, item("wm1", "amber", at, now), item("wm2", "amber", at, now), item("wm3", "cedar", at, now))
    since = now + timedelta(hours=1)
    sync(platform, item("wm1", "amber", at, since))
    with platform.database.unit_of_work() as session:
        customers_complete(session, platform, wecom.Complete("customers", since, userids=["amber"]))
    assert relationship(platform, "wm1", "amber").status == "friend"
    assert relationship(platform, "wm2", "amber").status == "removed"
    assert relationship(platform, "wm2", "amber").ended_at == since
    assert relationship(platform, "wm3", "cedar").status == "friend"
    assert event_kinds(platform).count("friend_removed") == 1
    sync(platform, item("wm2", "amber", at, since + timedelta(hours=1)))  # it had only been out of sight
    assert relationship(platform, "wm2", "amber").status == "friend"


def test_a_re_added_friend_begins_a_new_life(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    now = clock.now()
    sync(platform, item("wm1", "amber", now - timedelta(days=9), now - timedelta(days=8)))
    sync(platform, item("wm1", "amber", now - timedelta(days=2), now))
    assert event_kinds(platform) == ["friend_added", "friend_added"]
    assert relationship(platform, "wm1", "amber").added_at == (now - timedelta(days=2)).replace(microsecond=0)
    assert customer_of(platform, "wm1").first_added_at == (now - timedelta(days=2)).replace(microsecond=0)


def test_full_batches_arrive_whole(platform: Platform, clock: FixedClock) -> None:
    """Batches of 1,000 relations with tags, unionids and mobiles: everybody is there once, with what they carry."""
    organise(platform)
    at = clock.now() - timedelta(days=100)
    for b in range(4):
        batch = [
            item(
                f"wm{b}-{n}", ("amber", "basil", "cedar")[n % 3], at + timedelta(minutes=n), name=f"客户{b}{n}",
                remark=f"备注{n}", tags=["香氛", "收银台"], unionid=f"u{b}-{n}" if n % 2 else "",
                remark_mobiles=[f"138{b:01d}{n:07d}"] if n % 3 == 0 else [],
            )
            for n in range(1000)
        ]  # fmt: skip
        sync(platform, *batch)
    with platform.database.unit_of_work() as session:
        found = session.execute(
            text(
                "select (select count(*) from customer), (select count(*) from relationship),"
                " (select count(*) from relationship_tag), (select count(*) from identity where kind = 'unionid'),"
                " (select count(*) from identity where kind = 'mobile')"
            )
        ).one()
    assert tuple(found) == (4000, 4000, 8000, 2000, 1336)
    assert tag_id("香氛") == "et-香氛"
