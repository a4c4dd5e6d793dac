"""`wellspring demo`: the simulated brand with generated orders, left running until Ctrl-C."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from types import FrameType

from wellspring.app.demo import brand
from wellspring.app.demo.client import Api, Broken, Simulator
from wellspring.app.demo.order_file import read_account
from wellspring.app.demo.processes import ManagedProcess, free_port, product_process, simulator_process
from wellspring.app.serve import check_port
from wellspring.commerce.sample_orders import write_sample
from wellspring.platform.errors import StartError

SIMULATOR_PORT = 8800


def run_demo(*, port: int, customers: int = 20_000) -> int:
    """The command; its exit code. Everything it makes lies in a throw-away folder and ends with it."""
    check_port("127.0.0.1", port)
    simulator_port = _simulator_port()
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if stopping.is_set():  # a second Ctrl-C does not wait
            os._exit(1)
        stopping.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    folder = Path(tempfile.mkdtemp(prefix="wellspring-demo-"))
    folder.chmod(0o755)
    password = secrets.token_urlsafe(9)
    simulator_url = f"http://127.0.0.1:{simulator_port}"
    processes = [
        simulator_process(folder, simulator_port, keep_state=False),
        product_process(folder, port, simulator_url, password),
    ]
    api = Api(f"http://127.0.0.1:{port}", "admin", password)
    try:
        _set_up(folder, processes, api, Simulator(simulator_url), customers)
        _show(api.base_url, simulator_url, password)
        while all(process.alive for process in processes):
            time.sleep(0.5)
        dead = next(process for process in processes if not process.alive)
        _say(f"{dead.name} ended by itself: {dead.last_line()}")
        return 1
    except KeyboardInterrupt:
        _say("Stopping ...")
        return 0
    except Broken as broken:
        _say(f"The demo could not be set up: {broken}")
        return 1
    finally:
        for process in reversed(processes):
            process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _simulator_port() -> int:
    """The usual one, so that links stay good from demo to demo; another when it is taken: nobody types it by hand."""
    try:
        check_port("127.0.0.1", SIMULATOR_PORT)
    except StartError:
        return free_port()
    return SIMULATOR_PORT


def _set_up(folder: Path, processes: list[ManagedProcess], api: Api, simulator: Simulator, customers: int) -> None:
    _say("Starting the WeCom simulator and Wellspring ...")
    processes[0].start()
    now = datetime.now(brand.ZONE)
    brand.seed(simulator, now=now, customers=customers, random_seed=7, groups_per_store=3)
    orders = folder / "线上商城-订单.parquet"
    write_sample(orders, seed=7, lines=60_000, customers=4_000, until=now)
    processes[1].start()
    api.sign_in()
    brand.connect(api, simulator)
    api.post("/api/v1/wecom/company/test")  # so that the guide shows what works
    _say(f"Reading {customers:,} customers from WeCom, importing a year of orders ...")
    brand.start_sync(api)
    brand.finish_sync(api)
    # Before the import: a buyer whom nobody knows becomes a customer of their own, and the link a merge.
    friends = dict.fromkeys(one["external_userid"] for one in simulator.relations() if one["status"] == "friend")
    brand.link_buyers(api, list(zip(friends, read_account(orders).buyers, strict=False)))
    brand.finish_import(api, brand.start_import(api, orders)["id"])
    stores = api.get("/api/v1/stores")["items"]
    brand.describe_stores(api, stores)
    tags = api.get("/api/v1/tags")["items"]
    for store, place, channel in zip(stores, ("收银台", "橱窗", "社区市集"), ("到店", "橱窗", "社区"), strict=False):
        code = brand.ensure_live_code(
            api, f"{store['name']}{place}", brand.ensure_channel(api, channel), store, tags[0]["id"]
        )
        for number in range(6):
            brand.scan(simulator, code, name=f"路过的客人{number + 1}", gender=number % 2 + 1)
    brand.wait_for_warehouse(api)
    segment = brand.ensure_segment(api, "近 90 天买过的好友", brand.friends_who_bought(90))
    brand.ensure_broadcast(api, "冬日香氛到店礼", segment)


def _show(url: str, simulator_url: str, password: str) -> None:
    _say(
        f"""
Wellspring is running on {url}
  Sign in as admin with the password {password}

Try first:
  1. {url}/acquisition/live-codes   open a live code and look at its poster
  2. {simulator_url}/phone   hold the customer's phone: scan that code, read the welcome; then a staff member's phone
  3. {url}/outreach/broadcasts   rehearse the draft, submit it, confirm it on the staff's phones

Ctrl-C ends everything."""
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
