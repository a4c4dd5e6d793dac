"""Jobs exist exactly when their cause was committed, are retried, and survive their worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from wellspring.platform.jobs import JobContext, job
from wellspring.platform.runtime import Platform

ran: list[str] = []


@job("tests.note")
def note(context: JobContext, word: str) -> None:
    ran.append(word)


@job("tests.fails_once", max_attempts=3, retry_wait=0)
def fails_once(context: JobContext) -> None:
    ran.append(f"attempt {context.attempt}")
    if context.attempt == 1:
        raise RuntimeError("first attempt")


@pytest.fixture(autouse=True)
def forget() -> None:
    ran.clear()


def test_a_job_is_rolled_back_with_its_cause(platform: Platform, run_jobs: Callable[[], None]) -> None:
    def cause_that_fails() -> None:
        with platform.database.unit_of_work() as session:
            platform.jobs.defer(session, "tests.note", word="never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause_that_fails()
    with platform.database.unit_of_work() as session:
        platform.jobs.defer(session, "tests.note", word="committed")
    run_jobs()
    assert ran == ["committed"]


def test_a_failed_job_is_tried_again(platform: Platform, run_jobs: Callable[[], None]) -> None:
    with platform.database.unit_of_work() as session:
        platform.jobs.defer(session, "tests.fails_once")
    run_jobs()
    run_jobs()
    assert ran == ["attempt 1", "attempt 2"]


def test_a_job_of_a_dead_worker_is_taken_up(platform: Platform, run_jobs: Callable[[], None]) -> None:
    with platform.database.unit_of_work() as session:
        platform.jobs.defer(session, "tests.note", word="again")
        session.execute(text("update procrastinate_jobs set status = 'doing'"))
    run_jobs()
    assert ran == []
    with platform.database.unit_of_work() as session:
        assert platform.jobs.retry_abandoned(session, all_running=False) == 1
    run_jobs()
    assert ran == ["again"]


def test_a_job_nobody_can_run_is_refused_at_once(platform: Platform) -> None:
    with platform.database.unit_of_work() as session, pytest.raises(KeyError):
        platform.jobs.defer(session, "tests.unknown")
