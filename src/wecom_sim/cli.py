"""Command line: `wecom-sim serve`, `wecom-sim paths`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn

from wecom_sim.app import create_app
from wecom_sim.listening import listen
from wecom_sim.paths import table
from wecom_sim.store import StateFileError


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wecom-sim", description="A faithful WeCom simulator.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the simulator")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8800)
    serve.add_argument("--state", type=Path, help="keep the state in this file")
    serve.add_argument("--seed", type=int, default=1, help="seed of the ids in a new state")
    serve.add_argument("--public-url", default="", help="address in QR codes and picture links")
    serve.add_argument("--allow-remote", action="store_true", help="let other machines use the control API")
    commands.add_parser("paths", help="print which wire paths are simulated, as a Markdown table")
    return parser


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """uvicorn shuts down gracefully and then raises the signal again: that, too, is a clean end."""
    raise SystemExit(0)


def serve(options: argparse.Namespace) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        print(f"wecom-sim can't listen on {options.host}:{options.port}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return 1
    port = listener.getsockname()[1]
    public_url = options.public_url
    if not public_url and options.host not in ("0.0.0.0", "::"):  # noqa: S104
        public_url = f"http://{f'[{options.host}]' if ':' in options.host else options.host}:{port}"
    try:
        app = create_app(
            state_file=options.state, seed=options.seed, public_url=public_url, allow_remote=options.allow_remote
        )
    except StateFileError as error:
        listener.close()
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    shown = public_url or f"http://127.0.0.1:{port}"
    print(f"WeCom simulator on {shown}: wire {shown}/cgi-bin, phone {shown}/phone, control {shown}/control", flush=True)  # noqa: T201
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    options = _arguments().parse_args(argv)
    if options.command == "paths":
        print(table())  # noqa: T201
        return 0
    return serve(options)


if __name__ == "__main__":
    sys.exit(main())
