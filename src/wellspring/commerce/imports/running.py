"""One run of an import, from the first line to the report.

Reading fills the stage in short transactions (lines, progress and the question "was it cancelled?" together).
Writing is one transaction that ends with the run marked done: a kill at any moment leaves either nothing or
everything, and the job, taken up again, starts over with an empty stage and comes to the same result.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import bindparam, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from wellspring.commerce.chunks import chunked
from wellspring.commerce.errors import ImportFileGone, UnreadableFile
from wellspring.commerce.imports.files import path_of
from wellspring.commerce.imports.lines import LineReader, RejectedLine, TakenLine
from wellspring.commerce.imports.merging import Merge
from wellspring.commerce.imports.opening import open_file
from wellspring.commerce.imports.options import Mapping, Options
from wellspring.commerce.imports.staging import Held, Stage
from wellspring.commerce.models import ImportRun
from wellspring.commerce.reasons import BROKEN
from wellspring.commerce.rules import KINDS
from wellspring.platform.errors import Refusal
from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)

RUN_IMPORT = "commerce.run_import"
CHUNK_LINES = 10_000
MOST_BROKEN = 10_000
"""Under "all or nothing", reading stops here: a file with this many broken lines was mapped wrongly."""

Checkpoint = Callable[[str], None]
"""Called with the name of a step just before it is committed; tests cut the power there."""


class _Cancelled(Exception):
    pass


class _LinesBroken(Refusal):
    code = "lines_broken"
    zh = "有 {broken} 行读不出来，所以整个文件都没有导入。改好文件，或者选择“只收好的行”再来一次。"
    en = "{broken} lines can't be read, so nothing of the file was taken. Mend it, or choose to keep the good lines."


class _TooManyBroken(Refusal):
    code = "too_many_broken_lines"
    zh = "读到第 {line} 行已有 {broken} 行读不出来，多半是列没有对上。什么都没有导入。"
    en = "{broken} lines up to line {line} can't be read: the columns are probably mapped wrongly. Nothing was taken."


class _OurError(Refusal):
    code = "internal_error"
    status = 500
    zh = "导入时出了我们的错误，已记录。什么都没有导入，可以再试一次。"
    en = "The import ran into an error of ours; it has been recorded. Nothing was taken; try again."


class Tally:
    """Counts of what was read, kept per line; money in fen with the signs of a report (refunds positive)."""

    def __init__(self) -> None:
        self.lines_in = 0
        self.sales = 0
        self.gifts = 0
        self.refunds = 0
        self.without_buyer = 0
        self.rejected: Counter[str] = Counter()
        self.rejected_fen = 0
        self.money = {"sale": dict.fromkeys(KINDS, 0), "refund": dict.fromkeys(KINDS, 0)}

    @property
    def broken(self) -> int:
        return sum(count for reason, count in self.rejected.items() if reason in BROKEN)

    def take(self, lines: list[TakenLine]) -> None:
        for line in lines:
            if line.refund:
                self.refunds += 1
                self.money["refund"][line.kind] += line.amount_fen
            else:
                self.sales += 1
                self.gifts += line.amount_fen == 0
                self.money["sale"][line.kind] += line.amount_fen
            self.without_buyer += not line.buyer

    def reject(self, lines: list[RejectedLine]) -> None:
        self.rejected.update(line.reason for line in lines)
        self.rejected_fen += sum(line.amount_fen for line in lines)

    def take_back(self, repeated: list[dict[str, Any]]) -> None:
        """Lines whose id came again later in their document: found out only when all were read."""
        for group in repeated:
            side, kind, lines, fen = group["side"], group["kind"], group["lines"], group["fen"]
            self.money[side][kind] -= fen
            self.rejected["REPEATED_LINE"] += lines
            self.rejected_fen += fen if side == "sale" else -fen
            self.refunds -= lines if side == "refund" else 0
            self.sales -= lines if side == "sale" else 0
            self.gifts -= group["gifts"]
            self.without_buyer -= group["without_buyer"]

    def as_counts(self) -> dict[str, Any]:
        return {
            "lines_in": self.lines_in,
            "lines_taken": self.sales + self.refunds,
            "lines_rejected": sum(self.rejected.values()),
            "rejected": dict(self.rejected),
            "rejected_fen": self.rejected_fen,
            "taken": {"sale": self.sales - self.gifts, "gift": self.gifts, "refund": self.refunds},
            "lines_without_buyer": self.without_buyer,
            "money": self.money,
        }


def run_import(
    platform: Platform, import_id: int, *, last_attempt: bool = True, checkpoint: Checkpoint = lambda _: None
) -> None:
    """Run an import that was started; does nothing when it has ended meanwhile. Refusals end it as failed with
    their text; other errors do so after the last attempt, and are raised before it."""
    stage = Stage(import_id)
    run = _Run(platform, stage, checkpoint)
    try:
        run.go()
    except _Cancelled:
        _end(platform, stage, "cancelled", run.columns)
    except Refusal as refusal:
        _end(platform, stage, "failed", run.columns, refusal)
    except Exception:
        if not last_attempt:
            raise
        log.exception("import_failed", import_id=import_id)
        _end(platform, stage, "failed", run.columns, _OurError())


class _Run:
    def __init__(self, platform: Platform, stage: Stage, checkpoint: Checkpoint) -> None:
        self._platform = platform
        self._stage = stage
        self._checkpoint = checkpoint
        self._tally = Tally()
        self.columns: list[str] = []
        self._began = time.monotonic()

    def go(self) -> None:
        run = self._start()
        if run is None:
            return
        options = Options.model_validate(run.options)
        with _fewer_collections():
            self._read(run, Mapping.model_validate(run.mapping), options)
        broken = self._tally.broken
        if broken and options.on_error == "all_or_nothing":
            raise _LinesBroken(broken=broken)
        self._write(options)
        path_of(self._platform, run).unlink(missing_ok=True)
        log.info("import_done", import_id=run.id, lines=self._tally.lines_in, seconds=self._seconds())

    def _seconds(self) -> float:
        return round(time.monotonic() - self._began, 3)

    def _start(self) -> ImportRun | None:
        with self._platform.database.unit_of_work() as session:
            run = session.get(ImportRun, self._stage.import_id, with_for_update=True)
            if run is None or run.status != "running":
                return None
            if run.cancel_requested:
                raise _Cancelled
            run.started_at = run.started_at or self._platform.clock.now()
            run.lines_read, run.counts, run.error = 0, {"phase": "reading"}, None
            self._stage.create(session)
            session.flush()
            session.expunge(run)
        return run

    def _read(self, run: ImportRun, mapping: Mapping, options: Options) -> None:
        path = path_of(self._platform, run)
        if not path.exists():
            raise ImportFileGone()
        file = open_file(path, run.format, options)
        self.columns = file.columns
        missing = [column for column in mapping.used().values() if column not in file.columns]
        if missing:
            raise UnreadableFile(why_zh=f"没有这一列：{missing[0]}", why_en=f"there is no column {missing[0]!r}")
        reader = LineReader(file.columns, mapping, options)
        held = Held(file.columns, mapping.buyer if options.buyer_kind == "mobile" else None)
        for rows in chunked(file.rows(), CHUNK_LINES):
            taken: list[TakenLine] = []
            rejected: list[RejectedLine] = []
            for row in rows:
                line = reader.read(row)
                (rejected if isinstance(line, RejectedLine) else taken).append(line)  # type: ignore[arg-type]
            self._tally.lines_in += len(rows)
            self._tally.take(taken)
            self._tally.reject(rejected)
            with self._platform.database.unit_of_work() as session:
                session.execute(text("set local synchronous_commit = off"))
                self._stage.write(session, taken)
                self._stage.write_rejected(session, rejected, held)
                self._note(session, lines_read=self._tally.lines_in, total=max(file.rows_total, self._tally.lines_in))
                self._checkpoint("reading")
            if options.on_error == "all_or_nothing" and self._tally.broken >= MOST_BROKEN:
                raise _TooManyBroken(broken=self._tally.broken, line=rows[-1].line_number)

    def _note(self, session: Session, *, lines_read: int, total: int) -> None:
        """Progress, and the question whether to stop; both in the caller's transaction."""
        cancelled = session.execute(
            update(ImportRun)
            .where(ImportRun.id == self._stage.import_id, ImportRun.status == "running")
            .values(lines_read=lines_read, lines_total=total)
            .returning(ImportRun.cancel_requested)
        ).scalar_one_or_none()
        if cancelled is None or cancelled:
            raise _Cancelled

    def _write(self, options: Options) -> None:
        lines_in = self._tally.lines_in

        def wrote(lines: int) -> None:
            self._checkpoint("writing")
            with self._platform.database.unit_of_work() as other:
                self._note(other, lines_read=lines_in, total=lines_in)
                _set_counts(other, self._stage.import_id, {"phase": "writing", "lines_written": lines})

        wrote(0)
        with self._platform.database.unit_of_work() as session:
            now = self._platform.clock.now()
            figures = Merge(session, self._platform, self._stage, options, now, wrote).run()
            counts = self._report(figures)
            self._stage.drop(session)
            self._checkpoint("finishing")
            done = session.execute(
                update(ImportRun)
                .where(
                    ImportRun.id == self._stage.import_id,
                    ImportRun.status == "running",
                    ImportRun.cancel_requested.is_(False),
                )
                .values(status="done", finished_at=now, counts=counts)
                .returning(ImportRun.id)
            ).scalar_one_or_none()
            if done is None:
                raise _Cancelled
        self._checkpoint("done")

    def _report(self, figures: dict[str, Any]) -> dict[str, Any]:
        self._tally.take_back(figures.pop("repeated_lines"))
        return (
            self._tally.as_counts() | figures | {"phase": "done", "seconds": self._seconds(), "columns": self.columns}
        )


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Reading makes millions of small objects and no cycles; the cycle collector at its usual pace takes half of
    the time. It still runs, only less often."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 200_000), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _set_counts(session: Session, import_id: int, counts: dict[str, Any]) -> None:
    statement = text("update import_run set counts = :counts where id = :id").bindparams(
        bindparam("counts", type_=JSONB)
    )
    session.execute(statement, {"counts": counts, "id": import_id})


def _end(platform: Platform, stage: Stage, status: str, columns: list[str], refusal: Refusal | None = None) -> None:
    """Ended without taking anything; what was found out about the lines stays for the report."""
    with platform.database.unit_of_work() as session:
        stage.drop(session)
        run = session.get(ImportRun, stage.import_id, with_for_update=True)
        if run is None or run.status != "running":
            return
        rejected = session.execute(
            text(
                "select reason, count(*) as lines from import_rejection where import_id = :id group by 1 order by 2 desc"
            ),
            {"id": run.id},
        ).all()
        run.status = status
        run.finished_at = platform.clock.now()
        run.counts = {
            "phase": status,
            "columns": columns,
            "lines_in": run.lines_read,
            "lines_taken": 0,
            "rejected": {row.reason: row.lines for row in rejected},
            "lines_rejected": sum(row.lines for row in rejected),
        }
        if refusal is not None:
            run.error = refusal.code
            run.counts = run.counts | {"error": {"zh": refusal.message("zh"), "en": refusal.message("en")}}
    if status == "cancelled":
        path_of(platform, run).unlink(missing_ok=True)
