"""How late a welcome is while 500 other events a second come in: from the friendship to its delivery, on one clock.

The whole product in one process, the simulator beside it, the load generator on the same cores. The others are edits of
customers that are known, each of which has to be read again at WeCom.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.wecom.deliveries import Company, edits
from bench.wecom.load import finish, start

from wellspring.app.demo import brand
from wellspring.app.demo.story import Story, close, open_story

OTHERS_PER_S = 500
SCANS_PER_S = 2


def measure(folder: Path, *, customers: int, seconds: int) -> dict[str, Any]:
    story = open_story(folder, folder / "no-orders", customers=customers)
    try:
        return _measure(story, customers, seconds)
    finally:
        close(story)


def _measure(story: Story, customers: int, seconds: int) -> dict[str, Any]:
    story.simulator_process.start()
    brand.seed(story.simulator, now=datetime.now(brand.ZONE), customers=customers, random_seed=9)
    story.product_process.start()
    story.api.sign_in()
    brand.connect(story.api, story.simulator)
    brand.start_sync(story.api)
    brand.finish_sync(story.api)
    store, tag = (story.api.get(f"/api/v1/{what}")["items"][0] for what in ("stores", "tags"))
    code = brand.ensure_live_code(story.api, "门店橱窗", brand.ensure_channel(story.api, "橱窗"), store, tag["id"])
    known = story.simulator.get("company")
    company = Company(known["corpid"], known["token"], known["aes_key"])
    port = int(story.api.base_url.rsplit(":", 1)[1])
    pairs = [(one["userid"], one["external_userid"]) for one in story.simulator.relations()]
    wanted = [pairs[n % len(pairs)] for n in range(OTHERS_PER_S * seconds)]
    requests = list(edits(company, port, wanted, int(time.time())))
    load = start(port, requests, rate=OTHERS_PER_S)
    scanned = []
    began = time.perf_counter()
    for n in range(SCANS_PER_S * (seconds - 5)):
        if (wait := began + 2 + n / SCANS_PER_S - time.perf_counter()) > 0:
            time.sleep(wait)
        scanned.append(brand.scan(story.simulator, code, name=f"顾客{n}")["external_userid"])
    sent = finish(load)
    time.sleep(5)
    waits = sorted(_waits(story, set(scanned)))
    inbox = story.api.get("/api/v1/wecom/status")["inbox_pending"]
    return {
        "welcome_others_per_s": round(sent["per_s"]),
        "welcome_scans": len(scanned),
        "welcome_delivered": len(waits),
        "welcome_p50_s": round(waits[len(waits) // 2], 2),
        "welcome_p99_s": round(waits[min(len(waits) - 1, int(len(waits) * 0.99))], 2),
        "welcome_others_waiting_at_the_end": inbox,
        "welcome_intake_p99_ms": round(sent["p99_ms"], 1),
    }


def _waits(story: Story, scanned: set[str]) -> list[float]:
    """Seconds from friendship to welcome, by the simulator's ledger."""
    added = {one["external_userid"]: one["at"] for one in story.simulator.ledger("friend_added")}
    welcomed = story.simulator.ledger("welcome_delivered")
    return [one["at"] - added[one["external_userid"]] for one in welcomed if one["external_userid"] in scanned]
