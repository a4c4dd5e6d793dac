"""Setting up the simulated brand, as its people would: connect, sync, import, link, make a code, draw a segment.

Every verb finds what it made before, so a set-up that was cut off is simply begun again.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from wellspring.app.demo.client import Api, Broken, Json, Simulator, wait_until
from wellspring.app.demo.order_file import FILE_ZONE
from wellspring.app.demo.order_file import window_start as _window_start

ZONE = ZoneInfo("Asia/Shanghai")
ORDER_SOURCE = "线上商城"
BATCH = 500


def seed(simulator: Simulator, *, now: datetime, customers: int, random_seed: int, groups_per_store: int = 0) -> Json:
    """The brand of the demo at `now`: 3 stores, 12 staff, `customers` friends made over the year before."""
    simulator.post("clock", now=now.timestamp(), frozen=False, speed=1)
    seeded: Json = simulator.post("seed", customers=customers, seed=random_seed, groups_per_store=groups_per_store)
    return seeded


def connect(api: Api, simulator: Simulator) -> None:
    company = simulator.get("company")
    connection = api.put(
        "/api/v1/wecom/company",
        {
            "corp_id": company["corpid"],
            "name": company.get("name") or "半山集",
            "agent_id": company["agentid"],
            "base_url": simulator.base_url,
            "sign_in_base_url": simulator.base_url,
            "secret": company["secret"],
            "token": company["token"],
            "aes_key": company["aes_key"],
        },
    )
    api.request("PATCH", "/api/v1/company", json={"name": company.get("name") or "半山集"})
    simulator.post("callback", url=connection["callback_url"], token=company["token"], aes_key=company["aes_key"])


def start_sync(api: Api) -> None:
    if not api.get("/api/v1/wecom/sync")["last_full_sync_at"]:
        api.post("/api/v1/wecom/sync")


def finish_sync(api: Api) -> Json:
    """The finished run with its counts."""

    def done() -> Json | None:
        run: Json | None = api.get("/api/v1/wecom/sync")["latest"]
        if run is None or run["status"] == "running":
            return None
        if run["status"] == "failed":
            raise Broken(f"the full sync failed: {run['error']}")
        return run

    finished: Json = wait_until("the full sync ends", done, timeout=240, every=0.3)
    return finished


def start_import(api: Api, file: Path) -> Json:
    """Upload, take the guessed mapping, run. The same file is not uploaded twice."""
    for run in api.get("/api/v1/imports", page_size=50)["items"]:
        if run["filename"] == file.name and run["status"] in ("running", "done"):
            return dict(run)
    with file.open("rb") as data:
        answer = api.request("POST", "/api/v1/imports", files={"file": (file.name, data)}).json()
    run, mapping = answer["run"], answer["run"]["mapping"]
    options = run["options"] | {"source": ORDER_SOURCE, "buyer_kind": "buyer_id", "time_zone": FILE_ZONE}
    api.put(f"/api/v1/imports/{run['id']}/mapping", {"mapping": mapping, "options": options})
    return dict(api.post(f"/api/v1/imports/{run['id']}/run"))


def finish_import(api: Api, import_id: int) -> Json:
    def done() -> Json | None:
        run: Json = api.get(f"/api/v1/imports/{import_id}")
        if run["status"] == "running":
            return None
        if run["status"] != "done":
            raise Broken(f"the import ended as {run['status']}: {run['error_text']}")
        return run

    finished: Json = wait_until("the import ends", done, timeout=600, every=0.3)
    return finished


def link_buyers(api: Api, pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, int], dict[str, int]]:
    """Tell the product which buyer is which WeCom customer, as a member system does. Returns how many links had
    which outcome, and the customer id of each external_userid."""
    outcomes: dict[str, int] = {}
    customers: dict[str, int] = {}
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        links = [
            {
                "find": {"kind": "external_userid", "value": external_userid},
                "add": {"kind": "buyer_id", "source": ORDER_SOURCE, "value": buyer},
            }
            for external_userid, buyer in batch
        ]
        results = api.post("/api/v1/identities", links)
        for (external_userid, _), result in zip(batch, results, strict=True):
            outcomes[result["outcome"]] = outcomes.get(result["outcome"], 0) + 1
            customers[external_userid] = result["customer_id"]
    return outcomes, customers


STORES: dict[str, Json] = {
    "杭州湖滨店": {"code": "HZ01", "city": "杭州", "address": "上城区湖滨路步行街", "latitude": 30.2571, "longitude": 120.1596},
    "上海武康店": {"code": "SH01", "city": "上海", "address": "徐汇区武康路", "latitude": 31.2107, "longitude": 121.4385},
    "成都玉林店": {"code": "CD01", "city": "成都", "address": "武侯区玉林西路", "latitude": 30.6305, "longitude": 104.0560},
}  # fmt: skip


def describe_stores(api: Api, stores: Sequence[Json]) -> None:
    """What WeCom does not know of a store and an operator adds: its code, its place, its hours."""
    for store in stores:
        if known := STORES.get(store["name"]):
            wish = known | {"hours": "10:00-22:00"}
            api.request("PATCH", f"/api/v1/organisation/departments/{store['id']}", json=wish)


def find(api: Api, path: str, name: str) -> Json | None:
    """The item of that name in a list, if it is there."""
    for item in api.get(path, q=name)["items"]:
        if item["name"] == name:
            return dict(item)
    return None


def ensure_channel(api: Api, name: str) -> Json:
    return find(api, "/api/v1/channels", name) or dict(api.post("/api/v1/channels", {"name": name, "cost_fen": 12_000}))


def picture() -> bytes:
    """A plain picture for the welcome message: a cup on a table."""
    image = Image.new("RGB", (640, 400), "#EFE7DA")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 400), fill="#DED5C3")
    draw.rounded_rectangle((240, 150, 400, 310), 24, fill="#0B5F63")
    draw.arc((370, 180, 460, 270), -90, 90, fill="#0B5F63", width=18)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def ensure_live_code(api: Api, name: str, channel: Json, store: Json, tag_id: int) -> Json:
    """A code of one store with several staff, tags, remark and a welcome of text, link and picture; waits until
    WeCom has given its QR."""
    code = find(api, "/api/v1/live-codes", name)
    if code is None:
        staff = [
            one["id"]
            for one in api.get("/api/v1/staff", department_id=store["id"], may_contact=True, page_size=50)["items"]
        ]
        files = {"file": ("welcome.png", picture(), "image/png")}
        media_id = api.request("POST", "/api/v1/media", files=files).json()["id"]
        code = api.post(
            "/api/v1/live-codes",
            {
                "name": name,
                "channel_id": channel["id"],
                "store_id": store["id"],
                "staff_ids": staff[:3],
                "remark_template": "{name}-{channel}",
                "tag_ids": [tag_id],
                "welcome": {
                    "text": "你好，我是{staff}。橱窗里哪件想细看，拍给我就行。",
                    "attachments": [
                        {
                            "kind": "link",
                            "title": "本周到店的新东西",
                            "url": "https://example.com/new",
                            "desc": "五件小东西",
                        },
                        {"kind": "image", "media_file_id": media_id},
                    ],
                },
                "poster": {"title": "门关了，也能问问我们", "subtitle": store["name"]},
            },
        )
    code_id = code["id"]

    def active() -> Json | None:
        one: Json = api.get(f"/api/v1/live-codes/{code_id}")
        if one["status"] == "failed":
            raise Broken(f"the live code failed: {one['error']}")
        return one if one["status"] == "active" else None

    ready: Json = wait_until("the live code is active", active)
    return ready


def scan(simulator: Simulator, code: Json, **customer: Any) -> Json:
    """Somebody new scans the code's QR on the simulated phone."""
    way = next(one for one in simulator.get("qr") if one["state"] == code["state"])
    scanned: Json = simulator.post("scan", config_id=way["config_id"], customer=customer)
    return scanned


def ensure_segment(api: Api, name: str, root: Json) -> Json:
    return find(api, "/api/v1/segments", name) or dict(
        api.post("/api/v1/segments", {"name": name, "definition": {"version": 1, "root": root}})
    )


def friends_who_bought(days: int) -> Json:
    """Friends with at least one order in the last `days` days."""
    return {
        "kind": "all",
        "children": [
            {"kind": "relationship", "statuses": ["friend"]},
            {
                "kind": "orders",
                "measure": "count",
                "window": {"kind": "rolling", "days": days},
                "comparison": {"operator": ">=", "value": 1},
            },
        ],
    }


def ensure_broadcast(api: Api, name: str, segment: Json, *, control_percent: int = 10) -> Json:
    """A draft to the segment, with text and a link."""
    return find(api, "/api/v1/broadcasts", name) or dict(
        api.post(
            "/api/v1/broadcasts",
            {
                "name": name,
                "segment_id": segment["id"],
                "purpose": "marketing",
                "control_percent": control_percent,
                "result_days": 7,
                "content": {
                    "text": "天凉了，给你留了一支冬天的香。周末来店里闻闻？",
                    "attachments": [{"kind": "link", "title": "冬日香氛到店礼", "url": "https://example.com/winter"}],
                },
            },
        )
    )


def wait_for_warehouse(api: Api, *, timeout: float = 120) -> None:
    """Until everything committed before this moment can be counted. Both sides are real time."""
    began = time.monotonic()

    def caught_up() -> bool:
        behind = api.get("/api/v1/freshness")["behind_seconds"]
        return behind is not None and behind < time.monotonic() - began

    wait_until("the warehouse catches up", caught_up, timeout=timeout)


def window_start(now: datetime, days: int) -> datetime:
    """Where a rolling window of the company begins."""
    return _window_start(now, days, ZONE)


def confirm_all(simulator: Simulator) -> int:
    """Every staff member confirms what waits on their phone; how many mass messages went out."""
    confirmed = 0
    for member in simulator.get("staff"):
        confirmed += len(simulator.post("confirm", userid=member["userid"], msgid="all")["confirmed"])
    return confirmed


def instant(simulator: Simulator) -> datetime:
    """What time it is for the brand."""
    return datetime.fromtimestamp(simulator.get("clock")["now"], ZONE)


def order(number: str, external_userid: str, placed_at: datetime, fen: int) -> Json:
    """One order of one piece, by a WeCom customer."""
    return {
        "number": number,
        "placed_at": placed_at.isoformat(),
        "buyer": {"kind": "external_userid", "value": external_userid},
        "lines": [{"code": "INCENSE", "description": "雪松线香", "quantity": 1, "unit_price": f"{fen / 100:.2f}"}],
    }


def send_orders(api: Api, orders: Sequence[Json]) -> None:
    """As a shop's own system would; sending the same again changes nothing."""
    for start in range(0, len(orders), BATCH):
        batch = list(orders[start : start + BATCH])
        results = api.post("/api/v1/orders", {"source": "门店收银", "orders": batch})["results"]
        refused = [one for one in results if one["outcome"] == "refused"]
        if refused:
            raise Broken(f"an order was refused: {refused[0]}")
