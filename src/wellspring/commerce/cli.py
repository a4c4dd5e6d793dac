"""`wellspring orders import FILE`: the import without a browser, in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select

from wellspring.commerce.errors import UnreadableFile
from wellspring.commerce.imports import service
from wellspring.commerce.imports.files import PendingFile
from wellspring.commerce.imports.lines import RejectedLine
from wellspring.commerce.imports.options import FIELDS, Mapping, Options
from wellspring.commerce.imports.running import CHUNK_LINES, run_import
from wellspring.commerce.imports.schemas import reason_counts, reason_text
from wellspring.commerce.imports.service import Look
from wellspring.commerce.models import ImportRejection, ImportRun
from wellspring.platform import company_settings
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.export import csv_bytes
from wellspring.platform.logs import configure_logs
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import read_settings

imports_cli = typer.Typer(no_args_is_help=True, help="Orders: bring files of order lines in.")


@imports_cli.callback()
def _group() -> None:
    """A group of its own, so that `orders import` stays `import` when it is the only command."""


@imports_cli.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, XLSX or Parquet.")],
    source: Annotated[str | None, typer.Option(help="Name of the shop or system the orders come from.")] = None,
    map: Annotated[
        list[str] | None, typer.Option(help=f"FIELD=COLUMN, again and again; fields: {', '.join(FIELDS)}.")
    ] = None,
    buyer_kind: Annotated[str | None, typer.Option(help="What the buyer column is: buyer_id, mobile, ...")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of times without an offset.")] = None,
    date_format: Annotated[str | None, typer.Option(help="auto, unix, unix_ms or a pattern like %d/%m/%Y.")] = None,
    keep_good: Annotated[bool, typer.Option(help="Leave broken lines out instead of taking nothing.")] = False,
    rejected: Annotated[Path | None, typer.Option(help="Where the lines not taken are written.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before the run.")] = False,
) -> None:
    """Take a file of order lines in. Shows the guess and the first lines, asks, and reports every line not taken.

    Needs the data folder for itself: while `wellspring up` runs, use the console's import page.
    """
    from wellspring.commerce.register import register

    settings = read_settings()
    configure_logs(settings.model_copy(update={"log_level": "WARNING"}))
    platform = Platform.open(settings)
    try:
        register()
        changes = {
            "source": source,
            "buyer_kind": buyer_kind,
            "time_zone": time_zone,
            "date_format": date_format,
            "on_error": "keep_good" if keep_good else None,
        }
        import_id = _prepare(platform, file, _mapping_changes(map or []), changes)
        if not yes and not typer.confirm("Take it in like this?", err=True):
            _discard(platform, import_id)
            raise typer.Exit(1)
        _run(platform, import_id)
        raise typer.Exit(_report(platform, import_id, rejected or file.with_suffix(".not-taken.csv")))
    finally:
        platform.close()


def _mapping_changes(given: list[str]) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    for one in given:
        field, equals, column = one.partition("=")
        if not equals or field not in FIELDS:
            raise typer.BadParameter(f"{one!r} is not FIELD=COLUMN with a field of {', '.join(FIELDS)}")
        changes[field] = column or None
    return changes


def _prepare(
    platform: Platform, file: Path, mapping_changes: dict[str, str | None], option_changes: dict[str, str | None]
) -> int:
    """The file becomes an import, mapped and shown."""
    pending = PendingFile(platform)
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                pending.write(chunk)
        with platform.database.unit_of_work() as session:
            now = platform.clock.now()
            run, guessed = service.receive(session, platform, SYSTEM, pending=pending, filename=file.name, now=now)
            mapping = Mapping.model_validate(run.mapping | mapping_changes)
            options = Options.model_validate(run.options | {k: v for k, v in option_changes.items() if v is not None})
            look = service.change_mapping(session, platform, run, mapping=mapping, options=options)
            _show(run, look, mapping, options, guessed.ambiguous_date and "date_format" not in option_changes)
            if earlier := service.same_file(session, run):
                typer.echo(
                    f"The same file was taken in before, as import {earlier.id}: no order will double.", err=True
                )
            if look.missing:
                raise UnreadableFile(
                    why_zh=f"还没有对上的字段：{', '.join(look.missing)}",
                    why_en=f"no column stands for {', '.join(look.missing)}; name them with --map FIELD=COLUMN",
                )
            return run.id
    finally:
        pending.discard()


def _show(run: ImportRun, look: Look, mapping: Mapping, options: Options, ambiguous: bool) -> None:
    typer.echo(f"{run.filename}: {run.format}, {run.size:,} bytes, about {run.lines_total:,} lines", err=True)
    for field in FIELDS:
        typer.echo(f"  {field:<12} {getattr(mapping, field) or '-'}", err=True)
    typer.echo(f"  source {options.source!r}, buyers are {options.buyer_kind}, times of {options.time_zone}", err=True)
    if ambiguous:
        typer.echo(f"  Day and month could be swapped: read as {options.date_format}.", err=True)
    for line in look.taken:
        if isinstance(line, RejectedLine):
            typer.echo(f"  line {line.line_number}: not taken, {reason_text(line.reason, 'en')}", err=True)
        else:
            what = "refund" if line.refund else "sale"
            typer.echo(
                f"  line {line.line_number}: {what} {line.number} {line.placed_at:%Y-%m-%d %H:%M} {line.code}"
                f" {line.quantity} x {line.unit_price} = {line.amount_fen / 100:,.2f} {line.buyer or 'nobody'}",
                err=True,
            )


def _discard(platform: Platform, import_id: int) -> None:
    with platform.database.unit_of_work() as session:
        service.discard(session, platform, service.get(session, import_id, lock=True))


def _run(platform: Platform, import_id: int) -> None:
    """Run here. Its job stays in the queue: if this process dies, the next worker finishes the import; if not, the
    job finds nothing left to do."""
    with platform.database.unit_of_work() as session:
        run = service.get(session, import_id, lock=True)
        total = run.lines_total or 0
        service.start(session, platform, SYSTEM, run, platform.clock.now())
    run_import(platform, import_id, checkpoint=_teller(total))


def _teller(total: int) -> Callable[[str], None]:
    read = 0

    def tell(step: str) -> None:
        nonlocal read
        read += CHUNK_LINES if step == "reading" else 0
        shown = f"reading {min(read, total):,} of {total:,} lines" if step == "reading" else step
        width = shutil.get_terminal_size().columns - 1
        typer.echo("\r" + shown.ljust(width)[:width], nl=step == "done", err=True)

    return tell


def _report(platform: Platform, import_id: int, rejected: Path) -> int:
    """Prints the report; the exit code: 0 taken, 1 not."""
    with platform.database.unit_of_work() as session:
        run = service.get(session, import_id)
        counts: dict[str, Any] = run.counts
        lines_out = counts.get("lines_rejected", 0)
        typer.echo(f"{counts['lines_in']:,} lines = {counts['lines_taken']:,} taken + {lines_out:,} not taken")
        for reason in reason_counts(counts.get("rejected", {}), "en"):
            typer.echo(f"  {reason.count:>9,}  {reason.code}: {reason.text}")
        if run.status != "done":
            typer.echo(str(counts.get("error", {}).get("en", run.status)), err=True)
        else:
            orders, refunds = counts["orders"], counts["refunds"]
            sold, back = counts["money"]["sale"], counts["money"]["refund"]
            typer.echo(
                f"orders: {orders['new']:,} new, {orders['changed']:,} changed, {orders['unchanged']:,} as they were"
            )
            typer.echo(f"refunds: {refunds['new']:,} new; {refunds['lines_matched']:,} lines undo a known order")
            typer.echo(f"money: {sum(sold.values()) / 100:,.2f} sold, {sum(back.values()) / 100:,.2f} given back")
            typer.echo(
                f"{counts['seconds']} s, {counts['lines_in'] / max(counts['seconds'], 0.001):,.0f} lines a second"
            )
        if lines_out:
            _write_rejected(session, import_id, counts.get("columns", []), rejected)
            typer.echo(f"The lines not taken are in {rejected}.")
        return 0 if run.status == "done" else 1


def _write_rejected(session: Any, import_id: int, columns: list[str], path: Path) -> None:
    rows = session.scalars(
        select(ImportRejection)
        .where(ImportRejection.import_id == import_id)
        .order_by(ImportRejection.line_number)
        .execution_options(yield_per=1000)
    )
    cells = (
        [row.line_number, row.reason, reason_text(row.reason, "en"), row.detail, *(row.line.get(c) for c in columns)]
        for row in rows
    )
    with path.open("wb") as out:
        header = ["line", "reason", "reason text", "detail", *columns]
        out.writelines(csv_bytes(header, cells, zone=company_settings.read(session).zone))
