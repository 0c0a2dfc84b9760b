"""Parquet: one record a row, one range a row group. Needs the extra `parquet`.

The raw document is the row as a JSON line, under the names of its columns; nested columns stay nested.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from etl.errors import InputError, Reject
from etl.records import RawDocument, Rejected
from etl.sources.ref import File, Ref, file_state, file_time
from etl.sources.rows import MEDIA_TYPE, MOST_COLUMNS, as_line, hashed, name_of
from etl.sources.whole import too_large

FORMAT = "parquet"
SUFFIXES = (".parquet", ".pq")
RANGES = True
_ROWS = 16  # in memory at a time: each may have a page in it
_MOST_CHUNK_BYTES = 4 << 30  # of one column in one row group, unpacked
_FOOTER = {"thrift_string_size_limit": 64 << 20, "thrift_container_size_limit": 1_000_000}


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield one reference a row group. raises Reject "parquet"."""
    opened = _open(file.path)
    state, places = file_state(file.path), _places(file.path, opened)
    for group, (begin, end) in enumerate(pairwise(places)):
        if begin >= start:
            rows = opened.metadata.row_group(group).num_rows
            yield Ref(str(file.path), file.uri, FORMAT, rows, begin, end, state)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the rows of a range. raises Reject "parquet"."""
    path = Path(ref.path)
    opened, fetched_at = _open(path), file_time(path)
    groups = [n for n, at in enumerate(_places(path, opened)[:-1]) if ref.start <= at < ref.end]
    for group in groups:
        _refuse_group(opened, group)
    for row in _rows(opened, groups):
        line = as_line(row)
        if len(line) > max_bytes:
            yield too_large(f"{ref.uri}#{hashed(line)}", max_bytes)
        else:
            yield RawDocument(f"{ref.uri}#{name_of(line)}", line, MEDIA_TYPE, fetched_at, source)


def _open(path: Path) -> Any:  # noqa: ANN401 - of a library without types
    try:
        opened = _library().ParquetFile(path, **_FOOTER)
    except _faults() as err:
        raise _broken(err) from None
    if opened.metadata.num_columns > MOST_COLUMNS:
        raise Reject("read", "parquet", f"{opened.metadata.num_columns:,} columns, over {MOST_COLUMNS:,}")
    return opened


def _rows(opened: Any, groups: list[int]) -> Iterator[dict[str, object]]:  # noqa: ANN401 - of a library without types
    try:
        for batch in opened.iter_batches(_ROWS, groups, use_threads=False):
            yield from batch.to_pylist()
    except _faults() as err:
        raise _broken(err) from None


def _places(path: Path, opened: Any) -> list[int]:  # noqa: ANN401 - of a library without types
    """Return where row groups begin, as equal shares of the file, and its end: what a footer says may be wrong."""
    size, count = path.stat().st_size, opened.num_row_groups
    return [size * n // count for n in range(count + 1)] if count else [0]


def _refuse_group(opened: Any, group: int) -> None:  # noqa: ANN401 - of a library without types
    found = opened.metadata.row_group(group)
    widest = max((found.column(n).total_uncompressed_size for n in range(found.num_columns)), default=0)
    if widest > _MOST_CHUNK_BYTES:
        raise Reject("read", "bomb", f"a column of {widest:,} bytes in one row group, over {_MOST_CHUNK_BYTES:,}")


def _broken(err: Exception) -> Reject:
    said = " ".join(str(err).split())[:200] or type(err).__name__
    return Reject("read", "parquet", f"cannot be read as Parquet: {said}")


@cache
def _library() -> Any:  # noqa: ANN401 - of a library without types
    """Return pyarrow.parquet, which takes a third of a second to load: only where there is Parquet to read."""
    try:
        return importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        raise InputError("to read Parquet, install newsfold[parquet]") from None


@cache
def _faults() -> tuple[type[Exception], ...]:
    """Return what pyarrow raises over bytes that are wrong; a file that the system refuses is an OSError too."""
    arrow = importlib.import_module("pyarrow")
    return (arrow.ArrowException, OSError, ValueError, TypeError, OverflowError, KeyError, IndexError)
