"""The brand of the broadcast tests: the product connected to a simulator, driven through promised interfaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from simulated_brand import connect
from wecom_sim.testing import Control, SimulatorServer
from wellspring.outreach.models import Broadcast
from wellspring.outreach.reconcile import reconcile
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.wecom.facade import start_full_sync

FRIENDS = {
    "version": 1,
    "root": {"kind": "all", "children": [{"kind": "relationship", "statuses": ["friend", "lost", "removed"]}]},
}
"""Everybody who ever was a friend: some of them can't be reached any more."""


@dataclass
class World:
    platform: Platform
    clock: FixedClock
    sim: Control
    sim_server: SimulatorServer
    run_jobs: Callable[[], None]
    app_client: Callable[..., Any]

    def connect_and_sync(self) -> None:
        connect(self.platform, self.sim_server)
        self.sync()

    def sync(self) -> None:
        with self.platform.database.unit_of_work() as session:
            start_full_sync(session, self.platform, SYSTEM)
        self.run_jobs()
        load_all(self.platform)

    def lose(self, customers: int) -> None:
        """So many customers delete everybody, and the product knows."""
        with self.platform.database.unit_of_work() as session:
            gone = session.execute(
                text(
                    "update relationship r set status = 'lost', ended_at = :now from staff_member s"
                    " where s.id = r.staff_id and r.customer_id in (select id from customer order by id limit :n)"
                    " returning s.userid, r.external_userid"
                ),
                {"now": self.clock.now(), "n": customers},
            ).all()
        for userid, external_userid in gone:
            self.sim.customer_delete(userid, external_userid)
        load_all(self.platform)

    def segment(self, definition: dict[str, Any] | None = None, name: str = "老朋友") -> int:
        answer = self.client().post("/api/v1/segments", json={"name": name, "definition": definition or FRIENDS})
        assert answer.status_code in (200, 201), answer.text
        return int(answer.json()["id"])

    def client(self, role: str = "operator", **more: Any) -> Any:
        return self.app_client(role, **more)

    def wish(self, **changes: Any) -> dict[str, Any]:
        content = {"text": "冬天的香到店了，来闻一闻。", "attachments": []}
        return {"name": "冬日香氛", "content": content, "control_percent": 10} | changes

    def draft(self, client: Any = None, **changes: Any) -> int:
        wish = self.wish(**changes)
        wish.setdefault("segment_id", None)
        if wish["segment_id"] is None:
            wish["segment_id"] = self.segment()
        answer = (client or self.client()).post("/api/v1/broadcasts", json=wish)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def submit(self, broadcast_id: int, client: Any = None) -> dict[str, Any]:
        answer = (client or self.client()).post(f"/api/v1/broadcasts/{broadcast_id}/submit")
        assert answer.status_code == 202, answer.text
        self.run_jobs()
        return dict(self.read(broadcast_id))

    def send(self, **changes: Any) -> int:
        """A broadcast that waits for staff."""
        broadcast_id = self.draft(**changes)
        found = self.submit(broadcast_id)
        assert found["status"] == "sending", found
        return broadcast_id

    def read(self, broadcast_id: int) -> dict[str, Any]:
        answer = self.client().get(f"/api/v1/broadcasts/{broadcast_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def reconcile(self) -> int:
        return reconcile(self.platform, everything=True)

    def pass_time(self, delta: timedelta) -> None:
        self.clock.advance(delta)
        self.sim.advance(delta.total_seconds())

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.platform.database.unit_of_work() as session:
            return [tuple(row) for row in session.execute(text(sql), parameters)]

    def touches(self, broadcast_id: int) -> list[dict[str, Any]]:
        with self.platform.database.unit_of_work() as session:
            found = session.execute(
                text("select * from touch where broadcast_id = :id order by assigned_customer_id"), {"id": broadcast_id}
            )
            return [dict(row) for row in found.mappings()]

    def tasks(self, broadcast_id: int) -> list[dict[str, Any]]:
        answer = self.client().get(f"/api/v1/broadcasts/{broadcast_id}/tasks?page_size=100")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def counts_hold(self, broadcast_id: int) -> None:
        """The counts kept on the broadcast are the counts of its touches."""
        counted = Counter(f"{touch['arm']}/{touch['status']}/{touch['reason']}" for touch in self.touches(broadcast_id))
        with self.platform.database.unit_of_work() as session:
            assert session.get_one(Broadcast, broadcast_id).counts == dict(counted)

    def ledgers_agree(self, broadcast_id: int) -> None:
        """What the simulated WeCom delivered and refused is what our touches say, customer by customer."""
        msgids = {
            row[0] for row in self.rows("select msgid from broadcast_task where broadcast_id = :b", b=broadcast_id)
        }
        theirs = Counter(
            (entry["external_userid"], entry["kind"], entry["userid"])
            for entry in self.sim.ledger(kind="mass_")
            if entry["kind"] in ("mass_delivered", "mass_refused") and entry["data"]["msgid"] in msgids
        )
        users = dict(self.rows("select id, userid from staff_member"))
        ours = Counter(
            (touch["external_userid"], f"mass_{touch['status']}", users[touch["staff_id"]])
            for touch in self.touches(broadcast_id)
            if touch["status"] == "delivered" or touch["reason"].startswith("REFUSED_")
        )
        assert ours == theirs
        assert max(ours.values(), default=1) == 1, "nobody got it twice"
