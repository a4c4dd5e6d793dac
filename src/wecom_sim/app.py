"""The web application: wire, control API, phone, and the edge that makes every answer durable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from wecom_sim import __version__
from wecom_sim.acquisition import pages as acquisition_pages
from wecom_sim.acquisition import routes as acquisition_routes
from wecom_sim.album import routes as album_routes
from wecom_sim.app_messages import routes as app_messages_routes
from wecom_sim.archive import routes as archive_routes
from wecom_sim.auth import routes as auth_routes
from wecom_sim.callbacks.sender import Sender
from wecom_sim.contacts import routes as contacts_routes
from wecom_sim.control import (
    acting,
    acting_acquisition,
    acting_app_messages,
    acting_archive,
    acting_groups,
    acting_kf,
    acting_moments,
    acting_population,
    acting_sign_in,
    acting_snapshots,
    reading,
    world,
)
from wecom_sim.control.deps import local_only
from wecom_sim.developers import routes as developers_routes
from wecom_sim.developers.recording import dispatch_noted
from wecom_sim.directory import routes as directory_routes
from wecom_sim.due import Ticker
from wecom_sim.errors import ActionError
from wecom_sim.groups import join_routes, statistic_routes, template_routes
from wecom_sim.groups import routes as groups_routes
from wecom_sim.idconvert import routes as idconvert_routes
from wecom_sim.inheritance import routes as inheritance_routes
from wecom_sim.intercept import routes as intercept_routes
from wecom_sim.kf import routes as kf_routes
from wecom_sim.media import routes as media_routes
from wecom_sim.messages import routes as messages_routes
from wecom_sim.moments import routes as moments_routes
from wecom_sim.oauth import pages as oauth_pages
from wecom_sim.oauth import routes as oauth_routes
from wecom_sim.phone import api as phone_api
from wecom_sim.phone import api_talks, sidebar
from wecom_sim.phone import routes as phone_routes
from wecom_sim.simulator import Simulator
from wecom_sim.snapshots.state import Snapshots
from wecom_sim.statistics import routes as statistics_routes
from wecom_sim.strategies import routes as strategies_routes
from wecom_sim.tags import routes as tags_routes
from wecom_sim.trace import Trace
from wecom_sim.ways import routes as ways_routes
from wecom_sim.welcome import routes as welcome_routes

# Importing them is what fills wire.ENDPOINTS.
WIRE_AREAS = (
    auth_routes, directory_routes, contacts_routes, ways_routes, welcome_routes, tags_routes, messages_routes,
    media_routes,
    oauth_routes,
    app_messages_routes,
    groups_routes, statistic_routes, join_routes, template_routes, inheritance_routes,
    moments_routes,
    acquisition_routes,
    kf_routes,
    album_routes,
    intercept_routes,
    statistics_routes,
    idconvert_routes,
    strategies_routes,
    archive_routes,
)  # fmt: skip


class SimulatorApp(FastAPI):
    """Outermost layer: does what is due before a call, commits before an answer starts, and can break the connection
    for the fault `cut`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        sim: Simulator = self.state.sim
        sim.kernel.due.run()

        async def send_durably(message: Message) -> None:
            if message["type"] == "http.response.start":
                sim.commit()
            await send(message)

        # uvicorn's send is a method of its request cycle, which holds the transport.
        scope["cut"] = lambda: _cut(send)
        await super().__call__(scope, receive, send_durably)


def _cut(send: Send) -> None:
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("this server can't break a connection")
    transport.abort()


def create_app(
    *, state_file: Path | None = None, seed: int = 1, public_url: str = "", allow_remote: bool = False
) -> SimulatorApp:
    """`public_url`: the address in QR codes and picture links; empty = as the caller addressed us."""
    sim = Simulator(state_file, seed)
    trace = Trace(lambda: sim.kernel.clock.now())
    sender = Sender(
        lambda: sim.kernel.company, lambda: sim.kernel.callbacks, lambda: sim.kernel.settings, sim.commit, trace.attempt
    )
    sim.on_skip = lambda row: trace.attempt(row, "skipped", "", 0.0)
    snapshots = Snapshots(state_file.with_name(state_file.name + ".snapshots") if state_file else None)
    ticker = Ticker(lambda: sim.kernel.due, sim.commit)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sim.on_wake, sim.on_due = sender.wake, ticker.wake
        await sender.start()
        await ticker.start()
        yield
        await ticker.stop()
        await sender.stop()
        sim.close()
        snapshots.close()

    app = SimulatorApp(
        title="WeCom simulator",
        version=__version__,
        description="Control API of the simulator. The simulated wire lives under /cgi-bin and is not listed here.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.sim = sim
    app.state.snapshots = snapshots
    app.state.trace = trace
    app.state.allow_remote = allow_remote
    app.state.base_url = lambda request: public_url.rstrip("/") or str(request.base_url).rstrip("/")

    @app.exception_handler(ActionError)
    async def refuse(request: Request, error: ActionError) -> JSONResponse:
        # To a phone a refusal is an ordinary answer: with an error status, browsers would note it as a failed resource.
        status = 200 if request.url.path.startswith("/phone/api/") else error.status
        return JSONResponse({"error": {"code": error.code, "message": error.message}}, status_code=status)

    @app.api_route("/cgi-bin/{path:path}", methods=["GET", "POST", "PUT", "DELETE", "PATCH"], include_in_schema=False)
    async def wire(request: Request) -> Response:
        return await dispatch_noted(sim, request, app.state.base_url(request), trace)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, Any]:
        return {"ok": True, "version": __version__}

    control = APIRouter(prefix="/control", dependencies=[Depends(local_only)])
    for area in (
        world,
        reading,
        acting,
        acting_groups,
        acting_sign_in,
        acting_app_messages,
        acting_moments,
        acting_acquisition,
        acting_kf,
        acting_archive,
        acting_population,
        acting_snapshots,
    ):
        control.include_router(area.router)
    control.include_router(sidebar.control)
    control.include_router(developers_routes.control)
    app.include_router(control)
    app.include_router(oauth_pages.router)
    app.include_router(acquisition_pages.router)
    app.include_router(phone_api.router)
    app.include_router(api_talks.router)
    app.include_router(sidebar.router)
    app.include_router(phone_routes.router)
    app.include_router(developers_routes.router)
    app.mount("/developers/static", developers_routes.static)
    app.mount("/phone/static", phone_routes.static)
    return app
