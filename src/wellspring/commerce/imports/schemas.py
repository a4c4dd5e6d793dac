"""What the API says about imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from wellspring.commerce.imports.lines import RejectedLine, TakenLine
from wellspring.commerce.imports.options import FIELDS, FieldName, Mapping, Options
from wellspring.commerce.imports.service import Look
from wellspring.commerce.imports.staging import mask
from wellspring.commerce.imports.values import clean_text
from wellspring.commerce.models import ImportRun
from wellspring.commerce.reasons import REASONS
from wellspring.commerce.rules import plain
from wellspring.platform.errors import Language


class ReasonCount(BaseModel):
    """`severity`: rule (understood, and no sale) or broken (could not be read)."""

    code: str
    severity: Literal["rule", "broken"]
    text: str
    count: int


class SameFile(BaseModel):
    """An earlier import of the same content, taken in at `finished_at`."""

    id: int
    source: str
    finished_at: datetime | None


class ImportView(BaseModel):
    """`phase`: queued, reading, writing, done, failed, cancelled, or empty before the run. `counts` as in the
    domain's README: lines_in, lines_taken, lines_rejected, taken, rejected, money, orders, refunds, buyers.
    Of the guess: `sure` are the fields whose column was named plainly, `ambiguous_date` says that day and month may
    be swapped. `same_file`, where one import is read: an earlier one of the same content."""

    id: int
    filename: str
    format: str
    size: int
    sha256: str
    source: str
    status: str
    phase: str
    mapping: Mapping
    options: Options
    lines_total: int | None
    lines_read: int
    lines_written: int
    counts: dict[str, Any]
    reasons: list[ReasonCount]
    error: str | None
    error_text: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested: bool
    sure: list[FieldName]
    ambiguous_date: bool
    same_file: SameFile | None = None


class PreviewLine(BaseModel):
    """`cells` as the file has them; the rest as it would be taken. `outcome`: sale, gift, refund, not_taken;
    null while the mapping is incomplete."""

    line_number: int
    cells: list[str]
    outcome: Literal["sale", "gift", "refund", "not_taken"] | None = None
    reason: str | None = None
    reason_text: str | None = None
    detail: str | None = None
    number: str | None = None
    placed_at: datetime | None = None
    buyer: str | None = None
    code: str | None = None
    description: str | None = None
    kind: str | None = None
    quantity: int | None = None
    unit_price: str | None = None
    amount_fen: int | None = None


class PreviewView(BaseModel):
    """`missing`: fields that must have a column before the run, or whose column is not in the file."""

    columns: list[str]
    missing: list[FieldName]
    lines: list[PreviewLine]


class UploadView(BaseModel):
    run: ImportView
    preview: PreviewView


class MappingChange(BaseModel):
    mapping: Mapping
    options: Options


class RejectedView(BaseModel):
    line_number: int
    reason: str
    reason_text: str
    detail: str
    line: dict[str, Any]


class FieldView(BaseModel):
    name: FieldName
    required: bool


def fields() -> list[FieldView]:
    """`price` or `amount`: one of the two; shown as required where neither is mapped."""
    return [FieldView(name=field, required=field in ("number", "placed_at")) for field in FIELDS]


def reason_text(code: str, language: Language) -> str:
    reason = REASONS.get(code)
    return reason.text(language) if reason else code


def reason_counts(rejected: dict[str, int], language: Language) -> list[ReasonCount]:
    """The commonest first."""
    return [
        ReasonCount(
            code=code,
            severity=REASONS[code].severity if code in REASONS else "rule",
            text=reason_text(code, language),
            count=count,
        )
        for code, count in sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
    ]


def import_view(run: ImportRun, language: Language, same: ImportRun | None = None) -> ImportView:
    counts = dict(run.counts)
    error = counts.pop("error", {})
    phase = counts.pop("phase", "")
    written = counts.pop("lines_written", 0)
    guessed = counts.pop("guess", {})
    counts.pop("columns", None)
    return ImportView(
        id=run.id,
        filename=run.filename,
        format=run.format,
        size=run.size,
        sha256=run.sha256,
        source=run.source,
        status=run.status,
        phase=phase,
        mapping=Mapping.model_validate(run.mapping),
        options=Options.model_validate(run.options),
        lines_total=run.lines_total,
        lines_read=run.lines_read,
        lines_written=run.lines_read if run.status == "done" else written,
        counts=counts,
        reasons=reason_counts(counts.get("rejected", {}), language),
        error=run.error,
        error_text=error.get(language),
        created_by=run.created_by,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        cancel_requested=run.cancel_requested,
        sure=guessed.get("sure", []),
        ambiguous_date=guessed.get("ambiguous_date", False),
        same_file=SameFile(id=same.id, source=same.source, finished_at=same.finished_at) if same else None,
    )


def preview_view(look: Look, options: Options, mapping: Mapping, language: Language) -> PreviewView:
    masked = mapping.buyer if options.buyer_kind == "mobile" else None
    hidden = look.columns.index(masked) if masked in look.columns else -1
    lines = []
    for position, row in enumerate(look.rows):
        cells = [_shown(cell, position == hidden) for position, cell in enumerate(row.cells)]
        line = PreviewLine(line_number=row.line_number, cells=cells)
        if look.taken:
            _say_how_taken(line, look.taken[position], masked is not None, language)
        lines.append(line)
    return PreviewView(columns=look.columns, missing=look.missing, lines=lines)


def _shown(cell: Any, hide: bool) -> str:
    text = clean_text(cell)[:200]
    return mask(text) if hide else text


def _say_how_taken(line: PreviewLine, taken: TakenLine | RejectedLine, hide: bool, language: Language) -> None:
    if isinstance(taken, RejectedLine):
        line.outcome, line.reason, line.detail = "not_taken", taken.reason, taken.detail
        line.reason_text = reason_text(taken.reason, language)
        return
    line.outcome = "refund" if taken.refund else "gift" if taken.amount_fen == 0 else "sale"
    line.number, line.placed_at = taken.number, taken.placed_at
    line.buyer = mask(taken.buyer) if hide else taken.buyer or None
    line.code, line.description, line.kind = taken.code, taken.description, taken.kind
    line.quantity, line.unit_price, line.amount_fen = taken.quantity, plain(taken.unit_price), taken.amount_fen
