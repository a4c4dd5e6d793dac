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
from typing import Any


async def _send(
    port: int, queue: asyncio.Queue[tuple[float, bytes] | None], seconds: list[float], bad: list[bytes]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (item := await queue.get()) is not None:
        due, body = item
        writer.write(body)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            bad.append(head)
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        if at >= 0 and (length := int(lowered[at + 15 : lowered.index(b"\r\n", at)])):
            await reader.readexactly(length)
        seconds.append(time.perf_counter() - due)
    writer.close()


async def run(port: int, connections: int, rate: float, requests: list[bytes]) -> dict[str, Any]:
    queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue(maxsize=0 if rate else connections)
    seconds: list[float] = []
    bad: list[bytes] = []
    senders = [asyncio.create_task(_send(port, queue, seconds, bad)) for _ in range(connections)]
    began = time.perf_counter()
    for n, request in enumerate(requests):
        due = began + n / rate if rate else 0.0
        if rate and (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        await queue.put((due or time.perf_counter(), request))
    for _ in senders:
        await queue.put(None)
    await asyncio.gather(*senders)
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


def send_all(port: int, requests: list[bytes], *, connections: int = 32, rate: float = 0) -> dict[str, Any]:
    """In a process of its own; waits for it."""
    child = start(port, requests, connections=connections, rate=rate)
    return finish(child)


def start(port: int, requests: list[bytes], *, connections: int = 32, rate: float = 0) -> subprocess.Popen[bytes]:
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
    print(json.dumps(asyncio.run(run(port, connections, rate, prepared))))
