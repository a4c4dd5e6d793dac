"""The sync's stage of customers: members in groups, each read page by page from its cursor.

Three groups are read and handed over at a time, because half of a step is ours and half is PostgreSQL's, and one may wait
for another that is writing the same customer. A step is one
transaction with the group's place in the run, so a run that was killed goes on in each group where it had come to.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import orjson
from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.customers import BATCH_USERS, CustomerBatch
from wellspring.wecom.client import WecomClient
from wellspring.wecom.errors import WecomError
from wellspring.wecom.sync.registry import Complete, CustomerItem, announce_complete, deliver

LANES = 3
PAGES_PER_STEP = 10
"""Ten pages of 100 customers are one transaction: statements cost a millisecond each, however few rows they have; with
longer ones, lanes wait for each other's customers."""
DEADLOCK_REPEATS = 5
BAD_CURSOR = 50100

Group = dict[str, Any]
"""userids, cursor; `since`: when its reading began, also over restarts; `done`."""


def groups_of(userids: list[str]) -> list[Group]:
    """At most as many members as one call takes; enough groups for all lanes."""
    size = max(1, min(BATCH_USERS, -(-len(userids) // LANES)))
    return [{"userids": userids[n : n + size], "cursor": "", "done": False} for n in range(0, len(userids), size)]


_NOTE = text(
    """
    update wecom_sync_run r set error = null, progress = jsonb_set(jsonb_set(
        jsonb_set(progress, cast(:place as text[]), cast(:group_ as jsonb)),
        '{counts,customers}', to_jsonb(coalesce(cast(progress #>> '{counts,customers}' as bigint), 0) + :count)),
        '{corrections}', (
          select coalesce(jsonb_object_agg(c.word, c.n), '{}') from (
            select word, sum(cast(n as bigint)) as n from (
              select * from jsonb_each_text(coalesce(r.progress -> 'corrections', '{}')) as known (word, n)
              union all select * from jsonb_each_text(cast(:corrected as jsonb)) as fresh (word, n)) as joined
            group by word) as c))
    where r.id = :run_id
    """
)


class CustomersStage:
    def __init__(self, platform: Platform, client: WecomClient, run_id: int) -> None:
        self._platform = platform
        self._client = client
        self._run_id = run_id
        self._stop = threading.Event()

    def run(self, groups: list[Group]) -> None:
        """Raises what the first lane that failed raised; the others end after their present step."""
        open_groups = [(number, group) for number, group in enumerate(groups) if not group["done"]]
        waiting = iter(open_groups)
        lock = threading.Lock()

        def lane() -> None:
            while not self._stop.is_set():
                with lock:
                    number, group = next(waiting, (-1, {}))
                if number < 0:
                    return
                try:
                    self._group(number, dict(group))
                except BaseException:
                    self._stop.set()
                    raise

        with ThreadPoolExecutor(LANES, thread_name_prefix="wecom-sync") as lanes:
            for ended in [lanes.submit(lane) for _ in range(LANES)]:
                ended.result()

    def _group(self, number: int, group: Group) -> None:
        group.setdefault("since", self._platform.clock.now().isoformat())
        try:
            self._read(number, group)
        except WecomError as error:
            if error.errcode != BAD_CURSOR or not group["cursor"]:
                raise
            group["cursor"] = ""  # the cursor died: this group from its beginning
            self._read(number, group)

    def _read(self, number: int, group: Group) -> None:
        items: list[CustomerItem] = []
        pages = 0
        for read_at, page in self._pages(group["userids"], group["cursor"]):
            for entry in page.external_contact_list:
                items.append(CustomerItem(entry.follow_info.userid, entry.external_contact, entry.follow_info, read_at))
            pages += 1
            last = not page.next_cursor
            if not last and pages < PAGES_PER_STEP:
                continue
            group |= {"cursor": page.next_cursor, "done": last}
            self._step(number, group, items)
            items, pages = [], 0
            if self._stop.is_set():
                return

    def _step(self, number: int, group: Group, items: list[CustomerItem]) -> None:
        """Hand over and remember, in one transaction; again when it met a callback's transaction head on."""
        for repeat in range(DEADLOCK_REPEATS + 1):
            try:
                self._hand_over(number, group, items)
                return
            except OperationalError as error:
                if not isinstance(error.orig, DeadlockDetected) or repeat == DEADLOCK_REPEATS:
                    raise

    def _hand_over(self, number: int, group: Group, items: list[CustomerItem]) -> None:
        with self._platform.database.unit_of_work() as session:
            # The place is committed together with the rows: what a crash of the machine takes away is read again.
            session.execute(text("set local synchronous_commit to off"))
            corrected: Counter[str] = Counter()
            if items:
                corrected += deliver(session, self._platform, "customers", items)
            if group["done"]:
                since = datetime.fromisoformat(group["since"])
                corrected += announce_complete(
                    session, self._platform, Complete("customers", since, self._run_id, group["userids"])
                )
            # Last, because the run's row is held to the end of the transaction and the other lane waits for it.
            session.execute(
                _NOTE,
                {
                    "run_id": self._run_id,
                    "place": ["groups", str(number)],
                    "group_": orjson.dumps(group).decode(),
                    "count": len(items),
                    "corrected": orjson.dumps(corrected).decode(),
                },
            )

    def _pages(self, userids: list[str], cursor: str) -> Iterator[tuple[datetime, CustomerBatch]]:
        """The next page is read while the sinks are busy with the last."""

        def read(at: str) -> tuple[datetime, CustomerBatch]:
            return self._platform.clock.now(), self._client.customers.batch(userids, at)

        with ThreadPoolExecutor(1, thread_name_prefix="wecom-sync-ahead") as ahead:
            coming = ahead.submit(read, cursor)
            while True:
                page = coming.result()
                following = page[1].next_cursor
                if following:
                    coming = ahead.submit(read, following)
                yield page
                if not following:
                    return
