"""What tests of acquisition do again and again: connect, make a code, scan it, look at both sides."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select, text

from simulated_brand import connect
from wecom_sim.testing import Control, SimulatorServer
from wellspring.people.models import Department, Relationship, StaffMember, Tag
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import start_full_sync

TEXT = "{name}你好，我是{staff}，门关了也能问我。"


@dataclass
class World:
    platform: Platform
    clock: FixedClock
    sim: Control
    sim_server: SimulatorServer
    run_jobs: Callable[[], None]
    app_client: Callable[..., TestClient]
    staff: dict[str, int] = field(default_factory=dict)
    stores: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    client: TestClient = field(init=False)

    def connect_and_sync(self, api_url: str) -> None:
        connect(self.platform, self.sim_server)
        with self.platform.database.unit_of_work() as session:
            start_full_sync(session, self.platform, SYSTEM)
        self.run_jobs()
        self.sim.set_callback(f"{api_url}/callback/wecom")
        self.client = self.app_client("operator")
        with self.platform.database.unit_of_work() as session:
            self.staff = {row.userid: row.id for row in session.scalars(select(StaffMember))}
            self.tags = {row.name: row.id for row in session.scalars(select(Tag).order_by(Tag.id.desc()))}
            self.stores = {
                row.name: row.id for row in session.scalars(select(Department).where(Department.kind == "store"))
            }

    # -- making ------------------------------------------------------------------------------------------------------
    def channel(self, name: str = "线下门店", **body: Any) -> int:
        answer = self.client.post("/api/v1/channels", json={"name": name, **body})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def body(self, **changes: Any) -> dict[str, Any]:
        channel_id = changes.pop("channel_id", None) or self.channel(f"渠道{time.monotonic_ns()}")
        return {
            "name": "武康店橱窗",
            "channel_id": channel_id,
            "staff_ids": [self.staff["staff006"]],
            "tag_ids": list(self.tags.values())[:2],
            "remark_template": "{name}-{code}",
            "welcome": {"text": TEXT, "attachments": []},
        } | changes

    def code(self, *, client: TestClient | None = None, **changes: Any) -> dict[str, Any]:
        """A live code that WeCom has answered."""
        answer = (client or self.client).post("/api/v1/live-codes", json=self.body(**changes))
        assert answer.status_code == 201, answer.text
        self.run_jobs()
        return self.read(answer.json()["id"])

    def read(self, live_code_id: int) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/live-codes/{live_code_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def change(self, code: dict[str, Any], **changes: Any) -> Any:
        body = {
            "name": code["name"],
            "channel_id": code["channel"]["id"],
            "store_id": code["store"] and code["store"]["id"],
            "staff_ids": [member["id"] for member in code["staff"]],
            "skip_verify": code["skip_verify"],
            "remark_template": code["remark_template"],
            "tag_ids": [tag["id"] for tag in code["tags"]],
            "welcome": code["welcome"],
            "poster": code["poster"],
            "version": code["version"],
        }
        return self.client.patch(f"/api/v1/live-codes/{code['id']}", json=body | changes)

    # -- acting ------------------------------------------------------------------------------------------------------
    def config_id(self, live_code_id: int) -> str:
        with self.platform.database.unit_of_work() as session:
            found = session.scalar(text("select config_id from live_code where id = :id"), {"id": live_code_id})
        assert found
        return str(found)

    def scan(self, code: dict[str, Any], name: str = "林小满", **person: Any) -> dict[str, Any]:
        scanned: dict[str, Any] = self.sim.scan(self.config_id(code["id"]), customer={"name": name, **person})
        return scanned

    def settle(self) -> None:
        """Everything under way arrives and is done."""
        self.sim.wait_for_callbacks()
        self.run_jobs()

    def advance(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        self.sim.advance(seconds)

    # -- looking -----------------------------------------------------------------------------------------------------
    def welcomes(self, external_userid: str) -> list[dict[str, Any]]:
        return self.sim.ledger(kind="welcome_delivered", external_userid=external_userid)

    def relation(self, scanned: dict[str, Any]) -> dict[str, Any]:
        """As WeCom has it."""
        return next(
            row
            for row in self.sim.export()
            if (row["external_userid"], row["userid"]) == (scanned["external_userid"], scanned["userid"])
        )

    def relationship(self, scanned: dict[str, Any]) -> Relationship:
        """As we have it."""
        with self.platform.database.unit_of_work() as session:
            return session.scalars(
                select(Relationship).where(
                    Relationship.external_userid == scanned["external_userid"],
                    Relationship.staff_id == self.staff[scanned["userid"]],
                )
            ).one()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.platform.database.unit_of_work() as session:
            return list(session.execute(text(sql), values).all())
