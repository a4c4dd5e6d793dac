"""Runs a full sync, step by step. Each step is one read at WeCom and one transaction that hands its items to the sinks
together with the progress, so a run that was killed goes on at the step it had reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from wellspring.platform.runtime import Platform
from wellspring.wecom.client import WecomClient
from wellspring.wecom.company import company_row, get_client
from wellspring.wecom.errors import GiveUp
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.sync.customers import CustomersStage, groups_of
from wellspring.wecom.sync.groups import GroupsReader, first_place
from wellspring.wecom.sync.registry import (
    Complete,
    SyncKind,
    announce_complete,
    deliver,
)

log = structlog.get_logger(__name__)

Progress = dict[str, Any]


class Runner:
    """One process's turn at a run."""

    def __init__(self, platform: Platform, run_id: int) -> None:
        self.platform = platform
        self.run_id = run_id
        self.client: WecomClient = get_client(platform).for_bulk_work()

    def run(self) -> None:
        """Raises WecomError when WeCom can't go on; what has been handed over stays."""
        stages: dict[str, Callable[[Progress], None]] = {
            "departments": self._departments,
            "users": self._users,
            "follow_users": self._follow_users,
            "tags": self._tags,
            "customers": self._customers,
            "groups": self._groups,
        }
        while (progress := self._progress()) is not None and (stage := progress["stage"]) in stages:
            stages[stage](progress)

    def _progress(self) -> Progress | None:
        with self.platform.database.unit_of_work() as session:
            row = session.get_one(WecomSyncRun, self.run_id)
            return dict(row.progress) if row.status == "running" else None

    def _step(
        self, kind: SyncKind, items: list[Any], progress: Progress, *, complete: Complete | None = None, count: int
    ) -> None:
        """Hand over and remember, in one transaction."""
        with self.platform.database.unit_of_work() as session:
            row = session.get_one(WecomSyncRun, self.run_id, with_for_update=True)
            corrected = Counter(row.progress.get("corrections", {}))
            if items:
                corrected += deliver(session, self.platform, kind, items)
            if complete is not None:
                corrected += announce_complete(session, self.platform, complete)
            counts = dict(progress.get("counts", {}))
            counts[kind] = counts.get(kind, 0) + count
            progress["counts"], progress["corrections"] = counts, corrected
            row.progress = dict(progress)
            row.error = None

    def _begin_stage(self, progress: Progress) -> datetime:
        """When the stage began, also over restarts."""
        if "since" not in progress:
            progress["since"] = self.platform.clock.now().isoformat()
        return datetime.fromisoformat(progress["since"])

    def _departments(self, progress: Progress) -> None:
        since = self._begin_stage(progress)
        departments = self.client.directory.departments()
        following = {
            "stage": "users",
            "counts": progress.get("counts", {}),
            "departments": [department.id for department in departments],
            "done": 0,
        }
        self._step(
            "departments",
            list(departments),
            following,
            complete=Complete("departments", since, self.run_id),
            count=len(departments),
        )

    def _users(self, progress: Progress) -> None:
        since = self._begin_stage(progress)
        departments, done = progress["departments"], progress["done"]
        if done >= len(departments):
            following = {"stage": "follow_users", "counts": progress["counts"]}
            self._step("users", [], following, complete=Complete("users", since, self.run_id), count=0)
            return
        users = self.client.directory.users(departments[done])
        main = sum(1 for user in users if user.main_department in (0, departments[done]))
        self._step("users", list(users), {**progress, "done": done + 1}, count=main)

    def _follow_users(self, progress: Progress) -> None:
        since = self._begin_stage(progress)
        userids = self.client.customers.follow_users()
        following = {"stage": "tags", "counts": progress["counts"], "userids": userids}
        complete = Complete("follow_users", since, self.run_id)
        self._step("follow_users", list(userids), following, complete=complete, count=len(userids))

    def _tags(self, progress: Progress) -> None:
        since = self._begin_stage(progress)
        groups = self.client.tags.groups()
        following = {
            "stage": "customers",
            "counts": progress["counts"],
            "groups": groups_of(progress["userids"]),
        }
        count = sum(len(group.tag) for group in groups)
        self._step("tags", list(groups), following, complete=Complete("tags", since, self.run_id), count=count)

    def _customers(self, progress: Progress) -> None:
        CustomersStage(self.platform, self.client, self.run_id).run(progress["groups"])
        read = self._progress() or progress
        members = [userid for lot in progress["groups"] for userid in lot["userids"]]
        following = {"stage": "groups", "counts": read["counts"], "userids": members, "place": first_place()}
        self._step("groups", [], following, count=0)

    def _groups(self, progress: Progress) -> None:
        since = self._begin_stage(progress)
        piece = GroupsReader(self.client, self.platform.clock, progress["userids"]).next(progress["place"])
        skipped = Counter(progress.get("skipped", {})) + piece.skipped
        following = {**progress, "place": piece.place, "skipped": skipped}
        complete = None
        if piece.done and (piece.place["everybody"] or piece.place["asked"]):
            complete = Complete("groups", since, self.run_id, piece.place["asked"])
        self._step("groups", piece.items, following, complete=complete, count=len(piece.items))
        if piece.done:
            self._finish(following)

    def _finish(self, progress: Progress) -> None:
        now = self.platform.clock.now()
        with self.platform.database.unit_of_work() as session:
            row = session.get_one(WecomSyncRun, self.run_id, with_for_update=True)
            row.status, row.finished_at, row.error = "done", now, None
            row.progress = {
                "stage": "done",
                "counts": progress["counts"],
                "corrections": progress.get("corrections", {}),
                "skipped": progress.get("skipped", {}),
            }
            company = company_row(session)
            if company is not None:
                company.last_full_sync_at, company.last_error = now, None
        log.info("wecom_sync_done", run_id=self.run_id, **progress["counts"])


def fail(platform: Platform, run_id: int, error: Exception) -> None:
    """The run is over; starting another begins anew."""
    reason = error.reason if isinstance(error, GiveUp) else type(error).__name__
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomSyncRun, run_id, with_for_update=True)
        if row.status == "running":
            row.status, row.finished_at = "failed", platform.clock.now()
            row.error = f"{reason}: {error}"[:500]
            company = company_row(session)
            if company is not None:
                company.last_error = row.error
