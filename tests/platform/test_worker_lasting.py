"""The database goes away under a worker, and comes back: work goes on, and no job stays behind as running."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from wellspring.app.worker import workers
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.jobs import POOL_SECONDS, QUEUES, JobContext, job
from wellspring.platform.runtime import Platform

NAME = "test.note_a_word"
AWAY_SECONDS = POOL_SECONDS + 3
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
ran: list[str] = []


def take_away_and_give_back(platform: Platform) -> None:
    """The database lets nobody in for some seconds and throws out who is in, as while a killed server recovers."""
    name = make_url(platform.database.url).database
    with psycopg.connect(platform.database.url, dbname="template1", autocommit=True) as outside:
        outside.execute(f'alter database "{name}" allow_connections false')
        try:
            outside.execute(CUT, [name])
            time.sleep(AWAY_SECONDS)
        finally:
            outside.execute(f'alter database "{name}" allow_connections true')


@job(NAME, transactional=False)
def note(context: JobContext, *, word: str, trouble: bool) -> None:
    ran.append(word)
    if trouble:
        threading.Thread(target=take_away_and_give_back, args=(context.platform,)).start()
        time.sleep(1)


def _defer(platform: Platform, word: str, *, trouble: bool = False) -> None:
    with platform.database.unit_of_work() as session:
        platform.jobs.defer(session, NAME, word=word, trouble=trouble)


def _left(platform: Platform) -> int:
    with platform.database.unit_of_work() as session:
        return int(session.scalar(text("select count(*) from procrastinate_jobs where task_name = :n"), {"n": NAME}))


def _listening(platform: Platform) -> int:
    with platform.database.unit_of_work() as session:
        return int(session.scalar(text("select count(*) from pg_stat_activity where query ilike 'listen %'")))


async def _until(check: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not await asyncio.to_thread(check):
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("within_a_job", [False, True])
def test_work_goes_on_after_the_database_was_away(platform: Platform, within_a_job: bool) -> None:
    ran.clear()

    async def run() -> None:
        async with workers(platform, alone=True):
            _defer(platform, "before", trouble=within_a_job)
            await _until(lambda: "before" in ran)
            if within_a_job:
                await asyncio.sleep(AWAY_SECONDS + 1)
            else:
                await asyncio.to_thread(take_away_and_give_back, platform)
            await asyncio.to_thread(_defer, platform, "after")
            await _until(lambda: "after" in ran and _left(platform) == 0)
            await _until(lambda: _listening(platform) == len(QUEUES))

    asyncio.run(run())


def test_a_killed_server_is_started_again_and_answers() -> None:
    folder = Path(tempfile.mkdtemp(prefix="wellspring-killed-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    try:
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        psycopg.connect(server.start()).close()
    finally:
        server.stop()
