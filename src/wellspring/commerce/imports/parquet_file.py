"""Parquet, read in batches; the file's own types are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wellspring.commerce.errors import UnreadableFile
from wellspring.commerce.imports.table import LONGEST_CELL, MOST_COLUMNS, BrokenRow, Row, unique_names

BATCH_ROWS = 20_000


class ParquetFile:
    """Line numbers count rows from 1, as any viewer of the file shows them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with pq.ParquetFile(path) as file:
                schema = file.schema_arrow
                self.rows_total = int(file.metadata.num_rows)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(error) from error
        nested = [field.name for field in schema if pa.types.is_nested(field.type)]
        if nested or len(schema) > MOST_COLUMNS:
            raise UnreadableFile(
                why_zh=f"有嵌套或过多的列：{', '.join(nested[:5])}",
                why_en=f"it has nested or too many columns: {', '.join(nested[:5])}",
            )
        self.columns = unique_names(schema.names)

    def rows(self) -> Iterator[Row | BrokenRow]:
        number = 0
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=BATCH_ROWS):
                    columns = [_values(column) for column in batch.columns]
                    long = any(_has_long_text(column) for column in batch.columns)
                    for cells in zip(*columns, strict=True):
                        number += 1
                        if long and any(isinstance(c, str) and len(c) > LONGEST_CELL for c in cells):
                            shown = [c[:200] if isinstance(c, str) else c for c in cells]
                            yield BrokenRow(number, "CELL_TOO_LONG", "", shown)
                        else:
                            yield Row(number, cells)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(error, after=number) from error


def _values(column: Any) -> list[Any]:
    """Python values. Equal cells become one object: columns of orders repeat themselves, and turning an index
    into an object that is there already is several times faster than making it anew."""
    if not pa.types.is_dictionary(column.type):
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz))
        column = column.dictionary_encode()
    distinct = [*column.dictionary.to_pylist(), None]
    indices = column.indices.fill_null(len(distinct) - 1).to_numpy(zero_copy_only=False)
    return [distinct[index] for index in indices.tolist()]


def _has_long_text(column: Any) -> bool:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    longest = pc.max(pc.binary_length(column)).as_py()
    return longest is not None and longest > LONGEST_CELL


def _unreadable(error: Exception, after: int | None = None) -> UnreadableFile:
    told = " ".join(str(error).split())[:200]
    where_zh = f"读到第 {after} 行之后断了，" if after is not None else ""
    where_en = f"it ends after line {after}, " if after is not None else ""
    return UnreadableFile(
        why_zh=f"{where_zh}Parquet 文件不完整或已损坏（{told}）",
        why_en=f"{where_en}the Parquet file is truncated or damaged ({told})",
    )
