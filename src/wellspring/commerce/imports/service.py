"""What an operator does with an import: upload, map, look at the preview, run, cancel, discard."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wellspring.commerce.errors import ImportFileGone, ImportNotFound, ImportNotReady, UnreadableFile
from wellspring.commerce.imports.files import PendingFile, path_of
from wellspring.commerce.imports.guess import Guess, guess
from wellspring.commerce.imports.lines import LineReader, RejectedLine, TakenLine
from wellspring.commerce.imports.opening import detect_format, open_file
from wellspring.commerce.imports.options import FieldName, Mapping, Options
from wellspring.commerce.imports.running import RUN_IMPORT
from wellspring.commerce.imports.table import BrokenRow, Row, TableFile
from wellspring.commerce.models import ImportRun
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid
from wellspring.platform.runtime import Platform

GUESS_ROWS = 300
PREVIEW_ROWS = 20
DEFAULT_SOURCE = "shop"
OPEN_STATUSES = ("uploaded", "mapped", "failed")
"""A run in one of these can be mapped (again) and run: its file is still there."""


class Look:
    """The beginning of a file: its columns and first rows, as read and as they would be taken."""

    def __init__(self, file: TableFile, rows: list[Row | BrokenRow], mapping: Mapping, options: Options) -> None:
        self.columns = file.columns
        self.rows = rows
        self.missing = missing_fields(mapping, file.columns)
        self.taken: list[TakenLine | RejectedLine] = []
        if not self.missing:
            reader = LineReader(file.columns, mapping, options)
            self.taken = [reader.read(row) for row in rows]


def receive(
    session: Session, platform: Platform, actor: Actor, *, pending: PendingFile, filename: str, now: datetime
) -> tuple[ImportRun, Guess]:
    """A new import of an uploaded file, with a guess of its mapping. Raises UnreadableFile."""
    pending.finish()
    file_format = detect_format(pending.path)
    options = Options(source=last_source(session))
    file = open_file(pending.path, file_format, options)
    options = options.model_copy(
        update={"encoding": getattr(file, "encoding", None), "delimiter": getattr(file, "delimiter", None)}
    )
    rows = list(islice(file.rows(), GUESS_ROWS))
    guessed = guess(file.columns, [row.cells for row in rows if isinstance(row, Row)], options)
    run = ImportRun(
        filename=filename,
        format=file_format,
        sha256=pending.sha256,
        size=pending.size,
        source=guessed.options.source,
        mapping=guessed.mapping.model_dump(),
        options=guessed.options.model_dump(),
        status="uploaded",
        lines_total=file.rows_total,
        lines_read=0,
        counts={"guess": {"sure": guessed.sure, "ambiguous_date": guessed.ambiguous_date}},
        created_by=actor.name,
        created_at=now,
        cancel_requested=False,
    )
    session.add(run)
    session.flush()
    pending.keep(platform, run)
    return run, guessed


def last_source(session: Session) -> str:
    """The source that was imported last: files of one shop come again and again."""
    found = session.scalar(
        select(ImportRun.source).where(ImportRun.status == "done").order_by(ImportRun.id.desc()).limit(1)
    )
    return found or DEFAULT_SOURCE


def same_file(session: Session, run: ImportRun) -> ImportRun | None:
    """An earlier import of the very same content that was taken in."""
    return session.scalar(
        select(ImportRun)
        .where(ImportRun.sha256 == run.sha256, ImportRun.status == "done", ImportRun.id != run.id)
        .order_by(ImportRun.id.desc())
        .limit(1)
    )


def get(session: Session, import_id: int, *, lock: bool = False) -> ImportRun:
    run = session.get(ImportRun, import_id, with_for_update=lock, populate_existing=lock)
    if run is None:
        raise ImportNotFound()
    return run


def look(platform: Platform, run: ImportRun) -> Look:
    """The first lines as they would be taken."""
    path = path_of(platform, run)
    if not path.exists():
        raise ImportFileGone()
    mapping, options = Mapping.model_validate(run.mapping), Options.model_validate(run.options)
    file = open_file(path, run.format, options)
    return Look(file, list(islice(file.rows(), PREVIEW_ROWS)), mapping, options)


def missing_fields(mapping: Mapping, columns: list[str]) -> list[FieldName]:
    """Fields without which nothing can be taken, and fields whose column the file does not have."""
    missing: list[FieldName] = [field for field, column in mapping.used().items() if column not in columns]
    if not mapping.number:
        missing.append("number")
    if not mapping.placed_at:
        missing.append("placed_at")
    if not mapping.price and not mapping.amount:
        missing.append("price")
    return missing


def change_mapping(session: Session, platform: Platform, run: ImportRun, *, mapping: Mapping, options: Options) -> Look:
    """Set how the file is read, and look at it so. A mapping may be incomplete until the run."""
    _must_be_open(run)
    run.mapping, run.options, run.source = mapping.model_dump(), options.model_dump(), options.source
    run.status, run.error = "mapped", None
    return look(platform, run)


def start(session: Session, platform: Platform, actor: Actor, run: ImportRun, now: datetime) -> None:
    """Begin in the background. Raises Invalid when the mapping is incomplete, UnreadableFile when there is nothing
    to take: a report of no lines would look like a success."""
    _must_be_open(run)
    seen = look(platform, run)
    if not seen.rows:
        raise UnreadableFile(why_zh="只有表头，下面没有订单行", why_en="it has a header, but no order lines below")
    if seen.missing:
        raise Invalid(
            field=f"mapping.{seen.missing[0]}", zh="这一项还没有对应的列。", en="No column stands for this field yet."
        )
    if not run.source:
        raise Invalid(field="options.source", zh="请给来源起个名字，如“天猫旗舰店”。", en="Name the source.")
    run.status, run.cancel_requested, run.error = "running", False, None
    run.started_at = run.finished_at = None
    run.lines_read, run.counts = 0, {"phase": "queued"}
    audit.record(
        session,
        actor=actor,
        at=now,
        action="commerce.import.run",
        object_type="import",
        object_id=run.id,
        filename=run.filename,
        source=run.source,
    )
    platform.jobs.defer(session, RUN_IMPORT, lock=f"import:{run.id}", import_id=run.id)


def cancel(session: Session, platform: Platform, actor: Actor, run: ImportRun, now: datetime) -> None:
    """Ask a running import to stop (nothing of it is taken), or end one that was not run. A second call is fine."""
    if run.status == "cancelled":
        return
    if run.status == "running":
        run.cancel_requested = True
    elif run.status in OPEN_STATUSES:
        run.status, run.finished_at = "cancelled", now
        path_of(platform, run).unlink(missing_ok=True)
    else:
        raise ImportNotReady(status=run.status)
    audit.record(session, actor=actor, at=now, action="commerce.import.cancel", object_type="import", object_id=run.id)


def discard(session: Session, platform: Platform, run: ImportRun) -> None:
    """Remove an import that took nothing, with its file."""
    if run.status in ("running", "done"):
        raise ImportNotReady(status=run.status)
    path_of(platform, run).unlink(missing_ok=True)
    session.execute(delete(ImportRun).where(ImportRun.id == run.id))


def _must_be_open(run: ImportRun) -> None:
    if run.status not in OPEN_STATUSES:
        raise ImportNotReady(status=run.status)
