"""`wellspring`: the command line."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from wellspring.commerce.cli import imports_cli
from wellspring.platform.errors import Refusal, StartError
from wellspring.platform.logs import configure_logs
from wellspring.platform.settings import Settings, read_settings
from wellspring.platform.warehouse.cli import warehouse_cli

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Wellspring (活水): private domain on WeCom.")
cli.add_typer(imports_cli, name="orders")
cli.add_typer(warehouse_cli, name="warehouse")

Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]


def _settings(host: str | None = None, port: int | None = None) -> Settings:
    settings = read_settings()
    settings = settings.model_copy(update={k: v for k, v in {"host": host, "port": port}.items() if v is not None})
    configure_logs(settings)
    return settings


@cli.callback()
def know_every_domain() -> None:
    # Opening the stores makes the wide table, whose columns the domains register. Without them it would be made with
    # none, and one that is there be thrown away.
    from wellspring.app.domains import register_domains

    register_domains()


@cli.command()
def up(host: Host = None, port: Port = None) -> None:
    """Run everything in one process: API, console, workers, with PostgreSQL as its child."""
    from wellspring.app.serve import serve_all_in_one

    settings = _settings(host, port)
    typer.echo(f"Wellspring is starting on {settings.base_url} (data in {settings.data}).", err=True)
    serve_all_in_one(settings)


@cli.command()
def api(host: Host = None, port: Port = None) -> None:
    """Run the API alone; both stores by URL."""
    from wellspring.app.serve import serve_api

    serve_api(_settings(host, port))


@cli.command()
def worker() -> None:
    """Run jobs alone; both stores by URL."""
    from wellspring.app.serve import serve_worker

    serve_worker(_settings())


@cli.command()
def init(
    login: Annotated[str, typer.Option(help="Login of the first administrator.")] = "admin",
    password: Annotated[str | None, typer.Option(help="Their password; none: one is made and printed.")] = None,
) -> None:
    """Lay out the data folder and make the first administrator."""
    from wellspring.platform.auth import service
    from wellspring.platform.runtime import Platform

    platform = Platform.open(_settings())
    try:
        with platform.database.unit_of_work() as session:
            if not service.needs_admin(session):
                typer.echo("There is an administrator already; nothing was changed.")
                return
            secret = password or secrets.token_urlsafe(12)
            service.create_first_admin(session, now=platform.clock.now(), login=login, password=secret)
        typer.echo(f"Administrator {login} made." + ("" if password else f" Password: {secret}"))
    finally:
        platform.close()


@cli.command()
def doctor(host: Host = None, port: Port = None) -> None:
    """Say what is wrong with this deployment and how to mend it; exit code 1 when something is."""
    from wellspring.app.doctor.diagnosis import diagnose
    from wellspring.app.doctor.findings import report, verdict

    findings = diagnose(_settings(host, port))
    typer.echo(report(findings))
    raise typer.Exit(verdict(findings))


@cli.command()
def openapi(out: Annotated[Path | None, typer.Argument(help="File to write; none: standard output.")] = None) -> None:
    """Write the API's OpenAPI document, from which the console's client is made."""
    from wellspring.app.openapi import openapi_document

    text = json.dumps(openapi_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the console.")] = 8000,
    customers: Annotated[int, typer.Option(help="Customers of the simulated brand.")] = 20_000,
) -> None:
    """The whole product on a simulated brand, left running until Ctrl-C."""
    from wellspring.app.demo.demo import run_demo

    raise typer.Exit(run_demo(port=port, customers=customers))


@cli.command()
def story(
    orders: Annotated[Path | None, typer.Option(help="Order lines to take, in Parquet; none: see README.")] = None,
    customers: Annotated[int, typer.Option(help="Customers of the simulated brand.")] = 20_000,
    keep: Annotated[bool, typer.Option(help="Keep the data folder and the logs.")] = False,
) -> None:
    """The loop without a screen, each step checked; ends non-zero at the first thing that does not hold."""
    from wellspring.app.demo.story import run_story

    raise typer.Exit(run_story(orders=orders, customers=customers, keep=keep))


def main() -> None:
    """A refusal is one plain sentence on standard error, and exit code 1."""
    try:
        cli(standalone_mode=True)
    except (StartError, Refusal) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
