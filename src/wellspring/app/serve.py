"""The ways to run: all in one, API alone, worker alone."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI

from wellspring.app.api import create_app
from wellspring.app.first_start import ensure_first_admin
from wellspring.app.worker import workers
from wellspring.platform.errors import StartError
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings


def settle_memory() -> None:
    """After everything is imported, before work begins: what is there stays for the life of the process, so that the
    garbage collector need not look at it again and again while batches of thousands of objects come and go. A
    fifth of our part of a first sync went into that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def check_port(host: str, port: int) -> None:
    """Raises StartError when nobody can listen there, and says whether the port or the address is the reason."""
    if not 0 < port < 1 << 16:
        raise StartError(f"{port} is not a port: choose one from 1 to 65535 with --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: choose another with --host, or leave it out."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has: choose one above 1023 with --port."
    return f"Port {port} on {host} is in use: stop the other program, or choose another with --port."


def all_in_one_app(platform: Platform) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with workers(platform, alone=True):
            yield

    return create_app(platform, lifespan)


def serve_all_in_one(settings: Settings) -> None:
    """API, console and workers in one process; PostgreSQL is its child. Returns when told to stop."""
    check_port(settings.host, settings.port)
    platform = Platform.open(settings)
    try:
        ensure_first_admin(platform)
        _run(all_in_one_app(platform), settings)
    finally:
        platform.close()


def serve_api(settings: Settings) -> None:
    """The API alone; both stores by URL."""
    _needs_urls(settings)
    check_port(settings.host, settings.port)
    platform = Platform.open(settings)
    try:
        _run(create_app(platform), settings)
    finally:
        platform.close()


def serve_worker(settings: Settings) -> None:
    """Jobs and ticks alone, on any number of machines; both stores by URL."""
    _needs_urls(settings)
    platform = Platform.open(settings)

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        settle_memory()
        async with workers(platform, alone=False):
            await stop.wait()

    try:
        asyncio.run(run())
    finally:
        platform.close()


def _needs_urls(settings: Settings) -> None:
    if settings.database_url is None or settings.warehouse_url is None:
        raise StartError(
            "Separate processes share their stores by URL: set WELLSPRING_DATABASE_URL and "
            "WELLSPRING_WAREHOUSE_URL, or run `wellspring up` for all in one."
        )


def _run(app: FastAPI, settings: Settings) -> None:
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        proxy_headers=False,
    )
    # uvicorn hands a caught signal on after its own shutdown; as an exception, so that the stores are closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settle_memory()
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()
