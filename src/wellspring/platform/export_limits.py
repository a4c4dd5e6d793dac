"""How large an exported file may get: an export is personal data leaving the house."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from wellspring.platform.errors import Refusal
from wellspring.platform.export import ExportFormat
from wellspring.platform.stored_settings import StoredSettings


class ExportLimits(BaseModel):
    """The most rows of one file. XLSX has less room: spreadsheets open it whole in memory."""

    csv: int = Field(1_000_000, ge=1, le=10_000_000)
    xlsx: int = Field(100_000, ge=1, le=1_000_000)


class TooManyToExport(Refusal):
    code = "export_too_large"
    status = 413
    zh = "结果有 {total} 行，一次最多导出 {limit} 行。请先筛选，或导出 CSV。"
    en = "{total} rows match; one export takes at most {limit}. Filter first, or export CSV."


_stored = StoredSettings("export", ExportLimits)
read_limits = _stored.read
write_limits = _stored.write


def check_size(session: Session, total: int, form: ExportFormat) -> None:
    """Before a file of `total` rows is begun. Raises TooManyToExport."""
    limits = read_limits(session)
    limit = limits.csv if form == "csv" else limits.xlsx
    if total > limit:
        raise TooManyToExport(total=total, limit=limit)
