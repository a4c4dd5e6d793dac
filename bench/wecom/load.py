"""Sends prepared requests over keep-alive connections and times each answer.

    python -m bench.wecom.load PORT CONNECTIONS RATE < requests      (a process of its own; prints one JSON line)

The input is pickled: a list of whole requests. RATE 0: as fast as the answers come (closed loop); else so many a second
whatever the answers do (open loop).
"""

from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
import time
from collections import deque
from typing import Any, cast

import uvloop


class _Sender(asyncio.Protocol):
    """One connection: one request at a time, the next when its answer is whole. As little Python per request as can be,
    because the generator shares the machine with what it measures."""

    def __init__(self, waiting: deque[tuple[float, bytes]], seconds: list[float], bad: list[bytes]) -> None:
        self._waiting = waiting
        self._seconds = seconds
        self._bad = bad
        self._buffer = b""
        self._due = 0.0
        self.idle = True
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def next(self) -> None:
        self.idle = not self._waiting
        if self._waiting:
            due, request = self._waiting.popleft()
            self._due = due or time.perf_counter()
            assert self.transport is not None
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            self._bad.append(self._buffer[:end])
        self._buffer = self._buffer[end + 4 + length :]
        self._seconds.append(time.perf_counter() - self._due)
        self.next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.idle:
            self._bad.append(f"the connection was lost: {error!r}".encode())
            self.idle = True


async def run(port: int, connections: int, rate: float, requests: list[bytes]) -> dict[str, Any]:
    """Shapes and meaning: see `finish`."""
    loop = asyncio.get_running_loop()
    waiting: deque[tuple[float, bytes]] = deque()
    seconds: list[float] = []
    bad: list[bytes] = []
    senders: deque[_Sender] = deque()
    for _ in range(connections):
        _, sender = await loop.create_connection(lambda: _Sender(waiting, seconds, bad), "127.0.0.1", port)
        senders.append(sender)
    began = time.perf_counter()
    if rate:
        for n, request in enumerate(requests):
            due = began + n / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            waiting.append((due, request))
            # In turn, because a server closes a connection that was idle for some seconds.
            for _ in range(connections):
                senders.rotate(-1)
                if senders[-1].idle:
                    senders[-1].next()
                    break
    else:
        waiting.extend((0.0, request) for request in requests)
        for sender in senders:
            sender.next()
    while waiting or not all(sender.idle for sender in senders):  # noqa: ASYNC110 - an event per answer costs more
        await asyncio.sleep(0.005)
    took = time.perf_counter() - began
    seconds.sort()
    return {
        "requests": len(seconds),
        "seconds": took,
        "per_s": len(seconds) / took,
        "p50_ms": seconds[len(seconds) // 2] * 1000,
        "p99_ms": seconds[int(len(seconds) * 0.99)] * 1000,
        "refused": len(bad),
        "first_refused": bad[0][:100].decode() if bad else "",
    }


def send_all(port: int, requests: list[bytes], *, connections: int = 64, rate: float = 0) -> dict[str, Any]:
    """In a process of its own; waits for it."""
    child = start(port, requests, connections=connections, rate=rate)
    return finish(child)


def start(port: int, requests: list[bytes], *, connections: int = 64, rate: float = 0) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.wecom.load", str(port), str(connections), str(rate)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    pickle.dump(requests, child.stdin)
    child.stdin.close()
    return child


def finish(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert child.stdout is not None
    answer = child.stdout.read()
    if child.wait() != 0:
        raise SystemExit("the load generator failed")
    found: dict[str, Any] = json.loads(answer)
    if found["refused"]:
        raise SystemExit(f"{found['refused']} callbacks were refused: {found['first_refused']}")
    return found


if __name__ == "__main__":
    port, connections, rate = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    prepared = pickle.load(sys.stdin.buffer)
    print(json.dumps(uvloop.run(run(port, connections, rate, prepared))))
