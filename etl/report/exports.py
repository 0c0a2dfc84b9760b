"""Rows as files of other programs: JSON lines, CSV, Parquet, and JSON lines as dolma reads them."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, BinaryIO, Literal

from etl.errors import InputError

Format = Literal["jsonl", "csv", "parquet", "dolma"]
Row = Mapping[str, Any]
Columns = Mapping[str, str]  # name -> text, integer, number, boolean, time, json

ROW_GROUP = 2000  # rows that Parquet writes together
_CORE = ("article_id", "body", "published_at", "first_seen_at")  # of an article, under other names in dolma
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def write(form: Format, out: BinaryIO, columns: Columns, rows: Iterable[Row], source: str) -> int:
    """Write rows as they come; return how many.

    source  name of the data set, for dolma.
    raises  InputError where the format needs something that is not there.
    """
    if form == "parquet":
        return _parquet(out, columns, rows)
    if form == "dolma" and not set(_CORE) <= set(columns):
        raise InputError("dolma is a form of articles: export v_articles")
    lines = _csv(columns, rows) if form == "csv" else _jsonl(rows, source if form == "dolma" else None)
    count = 0
    for line in lines:
        out.write(line.encode("utf-8", "replace"))
        count += 1
    return count - 1 if form == "csv" else count


def _jsonl(rows: Iterable[Row], dolma_source: str | None) -> Iterator[str]:
    for row in rows:
        told = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(_dolma(told, dolma_source) if dolma_source else told, ensure_ascii=False) + "\n"


def _dolma(row: Row, source: str) -> Row:
    """Return an article as a document of dolma: `created` when it was published, `added` when it was first seen."""
    return {
        "id": row["identity"],
        "text": row["body"],
        "source": source,
        "added": row["first_seen_at"],
        "created": row["published_at"],
        "metadata": {name: value for name, value in row.items() if name not in _CORE and value is not None},
    }


def _csv(columns: Columns, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the head and then the rows, with the line ends of RFC 4180."""
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in itertools.chain([list(columns)], ([_cell(row[name]) for name in columns] for row in rows)):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    plain = _plain(value)
    if isinstance(plain, dict | list):
        return json.dumps(plain, ensure_ascii=False)
    return "'" + plain if isinstance(plain, str) and plain.startswith(_FORMULA) else plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return f"{value:%Y-%m-%dT%H:%M:%S}Z" if isinstance(value, datetime) else value


def _parquet(out: BinaryIO, columns: Columns, rows: Iterable[Row]) -> int:
    try:
        pa, pq = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        raise InputError("Parquet needs pyarrow, install newsfold[parquet]") from None
    kinds = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "time": pa.timestamp("s", "UTC")}
    schema = pa.schema([(name, kinds.get(kind, pa.string())) for name, kind in columns.items()])
    count, stream = 0, iter(rows)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(itertools.islice(stream, ROW_GROUP)):
            made = {name: [_arrow(row[name], kind) for row in group] for name, kind in columns.items()}
            writer.write_table(pa.table(made, schema=schema))
            count += len(group)
    return count


def _arrow(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None or kind in ("text", "time"):
        return value
    if kind == "json":
        return json.dumps(value, ensure_ascii=False)
    return {"integer": int, "number": float, "boolean": bool}[kind](value)
