"""Jobs: deferred inside the transaction that is their cause, run by procrastinate workers.

A domain declares `@job("people.sync_tags")` on a function `(context, **arguments)`. By default a job is
one transaction (`context.session`), committed when the function returns. A job that talks to the outside
or moves much is declared `transactional=False` and opens its own short `context.unit_of_work()` blocks.

Two queues: `default`, and `urgent` for what a customer is waiting for (a welcome message has twenty seconds). Each has
workers of its own, so no amount of ordinary work delays the urgent.

Ticks are what recurs more often than cron: `@tick("warehouse.load", seconds=2)` runs in one worker of
all at a time, guarded by a session lock in PostgreSQL.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions as procrastinate_exceptions
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)

JobFunction = Callable[..., Any]
DEFAULT, URGENT = "default", "urgent"
QUEUES = (DEFAULT, URGENT)


@dataclass(frozen=True)
class JobContext:
    """What a job is handed. `session` is only there for transactional jobs."""

    platform: Platform
    job_id: int
    attempt: int
    _session: Session | None = None

    @property
    def session(self) -> Session:
        assert self._session is not None, "a job declared transactional=False opens its own unit_of_work()"
        return self._session

    def unit_of_work(self) -> AbstractContextManager[Session]:
        return self.platform.database.unit_of_work()

    def now(self) -> datetime:
        return self.platform.clock.now()


@dataclass(frozen=True)
class JobDefinition:
    name: str
    function: JobFunction
    queue: str
    transactional: bool
    max_attempts: int
    retry_wait: int
    priority: int


@dataclass(frozen=True)
class TickDefinition:
    name: str
    function: Callable[[Platform], None]
    seconds: float


_jobs: dict[str, JobDefinition] = {}
_ticks: dict[str, TickDefinition] = {}


def job(
    name: str,
    *,
    queue: str = DEFAULT,
    transactional: bool = True,
    max_attempts: int = 10,
    retry_wait: int = 2,
    priority: int = 0,
) -> Callable[[JobFunction], JobFunction]:
    """Declare a job. Failed attempts are retried after `retry_wait * 2**attempt` seconds, capped at ten minutes."""

    def declare(function: JobFunction) -> JobFunction:
        _jobs[name] = JobDefinition(name, function, queue, transactional, max_attempts, retry_wait, priority)
        return function

    return declare


def tick(name: str, *, seconds: float) -> Callable[[Callable[[Platform], None]], Callable[[Platform], None]]:
    """Declare work that recurs every `seconds` in one worker of all."""

    def declare(function: Callable[[Platform], None]) -> Callable[[Platform], None]:
        _ticks[name] = TickDefinition(name, function, seconds)
        return function

    return declare


def ticks() -> list[TickDefinition]:
    return list(_ticks.values())


class _Backoff(procrastinate.BaseRetryStrategy):
    def __init__(self, definition: JobDefinition) -> None:
        self._definition = definition

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        if job.attempts + 1 >= self._definition.max_attempts:
            return None
        wait = min(self._definition.retry_wait * 2**job.attempts, 600)
        return procrastinate.RetryDecision(retry_in={"seconds": wait})


class _Urgent:
    """How many urgent jobs this process is at. Python runs one thread at a time, so workers of their own are not enough:
    whoever goes through much ordinary work stands aside in between while there are any."""

    MOST_SECONDS = 2.0

    def __init__(self) -> None:
        self._running = 0
        self._none = threading.Condition()

    def __enter__(self) -> None:
        with self._none:
            self._running += 1

    def __exit__(self, *_: object) -> None:
        with self._none:
            self._running -= 1
            if not self._running:
                self._none.notify_all()

    def stand_aside(self) -> None:
        if self._running:
            with self._none:
                self._none.wait_for(lambda: not self._running, timeout=self.MOST_SECONDS)


_urgent = _Urgent()


def give_way_to_urgent() -> None:
    """Called by ordinary jobs between the pieces of their work: waits while this process is at urgent ones, two seconds
    at most, so that ordinary work goes on when urgent work never ends. Call it outside of transactions and locks."""
    _urgent.stand_aside()


TELL_SECONDS = 60.0
"""How long the end of a job is told again while the database is away. By then its worker has ended too, and whoever
finds the job without a worker takes it up."""


POOL_SECONDS = 5.0
"""A worker that gets no connection for so long ends, and is started anew (app.worker)."""


class _LastingManager(JobManager):
    """Bears that the database goes away and comes back.

    The end of a job is told until the database hears it: told once only, a job that ended in that moment would count as
    running for as long as its worker lives, and its lock would hold up all that wait for it. And whoever listened for
    new jobs listens again: else they would be found by looking every other second, which is long for a welcome.
    """

    async def listen_for_jobs(self, **options: Any) -> None:
        while True:
            try:
                await super().listen_for_jobs(**options)
            except procrastinate_exceptions.ConnectorException:
                await asyncio.sleep(0.5)

    async def finish_job(
        self, job: procrastinate.jobs.Job, status: procrastinate.jobs.Status, delete_job: bool
    ) -> None:
        await _until_heard(lambda: super(_LastingManager, self).finish_job(job, status, delete_job))

    async def retry_job(self, job: procrastinate.jobs.Job, *arguments: Any, **options: Any) -> None:
        await _until_heard(lambda: super(_LastingManager, self).retry_job(job, *arguments, **options))


async def _until_heard(tell: Callable[[], Awaitable[None]]) -> None:
    end = time.monotonic() + TELL_SECONDS
    while True:
        try:
            return await tell()
        except procrastinate_exceptions.ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.OperationalError) or time.monotonic() > end:
                raise
        await asyncio.sleep(0.5)


class Jobs:
    """Defers jobs on the caller's transaction, and builds the worker's app."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=database_url))

    def defer(
        self,
        session: Session,
        name: str,
        /,
        *,
        lock: str | None = None,
        schedule_at: datetime | None = None,
        schedule_in_seconds: int | None = None,
        **arguments: Any,
    ) -> int:
        """Enqueue on the session's transaction: the job exists exactly when the transaction commits.

        `lock`: jobs of one lock run one after the other. `arguments` must be JSON. Returns the job's id.
        Unknown names raise KeyError: a job nobody can run is a bug at the place that defers it.
        """
        definition = _jobs[name]
        session.flush()
        options: dict[str, Any] = {"queue": definition.queue, "priority": definition.priority}
        if lock is not None:
            options["lock"] = lock
        if schedule_at is not None:
            options["schedule_at"] = schedule_at
        elif schedule_in_seconds is not None:
            options["schedule_in"] = {"seconds": schedule_in_seconds}
        return int(self._deferrer(session, name, options).defer(**arguments))

    def defer_many(self, session: Session, name: str, /, arguments: list[dict[str, Any]]) -> None:
        """Enqueue one job for each set of arguments, in one statement on the session's transaction."""
        definition = _jobs[name]
        session.flush()
        options = {"queue": definition.queue, "priority": definition.priority}
        if arguments:
            self._deferrer(session, name, options).batch_defer(*arguments)

    def _deferrer(self, session: Session, name: str, options: dict[str, Any]) -> procrastinate.jobs.JobDeferrer:
        return self._deferring.configure_task(name, allow_unknown=True, connection=raw_connection(session), **options)

    def worker_app(self, platform: Platform) -> procrastinate.App:
        """An app with every declared job as a task, for `run_worker_async`."""
        connector = procrastinate.PsycopgConnector(conninfo=self._url, min_size=1, max_size=8, timeout=POOL_SECONDS)
        app = procrastinate.App(connector=connector)
        app.job_manager = _LastingManager(app.connector)
        for definition in _jobs.values():
            declare = app.task(
                name=definition.name, queue=definition.queue, retry=_Backoff(definition), pass_context=True
            )
            declare(_runner(platform, definition))
        return app

    def install_schema(self, session: Session) -> None:
        """Create procrastinate's tables when they are missing."""
        if session.scalar(text("select to_regclass('procrastinate_jobs')")) is not None:
            return
        sql = self._deferring.schema_manager.get_schema()
        with raw_connection(session).cursor() as cursor:
            cursor.execute(sql.encode())

    def state(self, session: Session, name: str) -> Literal["waiting", "running"] | None:
        """Whether a job of that name is at work, or waits for it; None: neither."""
        found = session.scalar(
            text(
                "select min(status::text) from procrastinate_jobs where task_name = :name and status in ('todo', 'doing')"
            ),
            {"name": name},
        )
        return None if found is None else "running" if found == "doing" else "waiting"

    def retry_abandoned(
        self, session: Session, *, all_running: bool, queue: str | None = None, silent_seconds: int = 60
    ) -> int:
        """Put jobs back in the queue whose worker died; returns how many.

        `all_running`: every job (of that queue) that counts as running is abandoned: true where an all-in-one
        process, which holds the data folder alone, has no worker at it. Else those whose worker gave no sign of life.
        """
        silent = (
            "true"
            if all_running
            else "not exists (select 1 from procrastinate_workers w where w.id = j.worker_id"
            " and w.last_heartbeat > now() - make_interval(secs => :silent))"
        )
        rows = session.execute(
            text(
                "update procrastinate_jobs j set status = 'todo', worker_id = null, scheduled_at = now()"  # noqa: S608
                f" where j.status = 'doing' and {silent} and j.queue_name = coalesce(:queue, j.queue_name) returning j.id"
            ),
            {"queue": queue} | ({} if all_running else {"silent": silent_seconds}),
        ).all()
        return len(rows)


def _runner(platform: Platform, definition: JobDefinition) -> Callable[..., Any]:
    def run(context: procrastinate.JobContext, **arguments: Any) -> None:
        job_id = context.job.id or 0
        attempt = context.job.attempts + 1
        structlog.contextvars.bind_contextvars(job=definition.name, job_id=job_id)
        try:
            with _urgent if definition.queue == URGENT else nullcontext():
                _run_once(platform, definition, job_id, attempt, arguments)
        except Exception as error:
            log.warning("job_failed", attempt=attempt, error=repr(error)[:500])
            raise
        finally:
            structlog.contextvars.unbind_contextvars("job", "job_id")

    return run


def _run_once(
    platform: Platform, definition: JobDefinition, job_id: int, attempt: int, arguments: dict[str, Any]
) -> None:
    if definition.transactional:
        with platform.database.unit_of_work() as session:
            definition.function(JobContext(platform, job_id, attempt, session), **arguments)
    else:
        definition.function(JobContext(platform, job_id, attempt), **arguments)


class Ticker:
    """Runs every declared tick in its own thread until stopped."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for definition in ticks():
            thread = threading.Thread(
                target=self._loop, args=(definition,), name=f"tick:{definition.name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _loop(self, definition: TickDefinition) -> None:
        while not self._stop.wait(definition.seconds):
            try:
                run_tick(self._platform, definition)
            except Exception as error:
                if self._stop.is_set():
                    return
                log.warning("tick_failed", tick=definition.name, error=repr(error)[:500])
                self._stop.wait(min(definition.seconds * 5, 30))


def run_tick(platform: Platform, definition: TickDefinition) -> bool:
    """Run one tick now, unless another worker is at it; returns whether it ran."""
    with platform.database.try_alone(f"tick:{definition.name}") as held:
        if not held:
            return False
        definition.function(platform)
    return True


JobError = procrastinate_exceptions.ProcrastinateException
