"""A clock that follows the simulator's never makes a time up."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from wellspring.platform.clock import FollowedClock
from wellspring.platform.errors import StartError

THERE = datetime(2010, 12, 9, 4, 0, tzinfo=UTC)


class Answers:
    """What the clock page says, and how long it takes to say it."""

    def __init__(self) -> None:
        self.body: dict[str, object] = {"now": THERE.isoformat(), "speed": 1.0, "frozen": True}
        self.refuse_first = 0
        self.slow_first = 0.0
        self.asked = 0


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def url(answers: Answers) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked += 1
            if answers.asked == 1 and answers.slow_first:
                time.sleep(answers.slow_first)
            refused = answers.asked <= answers.refuse_first
            self.send_response(503 if refused else 200)
            self.end_headers()
            self.wfile.write(b"busy" if refused else json.dumps(answers.body).encode())

        def log_message(self, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/clock"
    server.shutdown()
    server.server_close()


def test_everyone_waits_for_the_first_answer(answers: Answers, url: str) -> None:
    answers.slow_first = 0.3
    clock = FollowedClock(url)
    seen: list[datetime] = []
    threads = [threading.Thread(target=lambda: seen.append(clock.now())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [THERE] * 8


def test_a_page_that_is_busy_at_first_is_asked_again(answers: Answers, url: str) -> None:
    answers.refuse_first = 2
    assert FollowedClock(url, refresh_seconds=0.01).now() == THERE


def test_the_last_course_goes_on_when_the_page_goes_away(answers: Answers, url: str) -> None:
    answers.body = {"now": THERE.isoformat(), "speed": 1000.0, "frozen": False}
    clock = FollowedClock(url, refresh_seconds=0.01)
    first = clock.now()
    answers.refuse_first = 10**9
    time.sleep(0.05)
    assert 40 < (clock.now() - first).total_seconds() < 10_000


def test_a_clock_that_never_answers_is_said_plainly() -> None:
    with pytest.raises(StartError, match="does not answer"):
        FollowedClock("http://127.0.0.1:9/clock", refresh_seconds=0.01, patience_seconds=0.1).now()
