"""`wellspring warehouse ...`: looking after the warehouse where no server holds the data folder."""

from __future__ import annotations

import typer

from wellspring.platform.runtime import Platform
from wellspring.platform.settings import read_settings
from wellspring.platform.warehouse import checking

warehouse_cli = typer.Typer(no_args_is_help=True, help="The warehouse: compare it with PostgreSQL, make it anew.")


@warehouse_cli.command()
def verify() -> None:
    """Compare counts and sums of every column with PostgreSQL; exit code 1 when something differs."""
    platform = _open()
    try:
        found = checking.verify(platform)
    finally:
        platform.close()
    for check in found:
        word = "agrees" if check.agrees else "busy" if check.busy else "DIFFERS"
        line = f"{check.table:<20} {check.in_postgres:>12,} rows in PostgreSQL {check.in_warehouse:>12,} here   {word}"
        typer.echo(line + (f": {', '.join(check.differing)}" if check.differing else ""))
    raise typer.Exit(0 if all(check.agrees for check in found) else 1)


@warehouse_cli.command()
def rebuild() -> None:
    """Empty the warehouse and load everything again from PostgreSQL."""
    platform = _open()
    try:
        typer.echo(f"{checking.rebuild(platform):,} rows loaded.")
    finally:
        platform.close()


def _open() -> Platform:
    from wellspring.platform.logs import configure_logs

    settings = read_settings()
    configure_logs(settings)
    return Platform.open(settings)
