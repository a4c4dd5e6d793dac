"""Lists of commerce as files; see the platform's exports."""

from wellspring.platform.exports import (
    MOST_XLSX_ROWS,
    ExportFormat,
    csv_bytes,
    file_response,
    safe_cell,
    xlsx_bytes,
)

__all__ = ["MOST_XLSX_ROWS", "ExportFormat", "csv_bytes", "file_response", "safe_cell", "xlsx_bytes"]
