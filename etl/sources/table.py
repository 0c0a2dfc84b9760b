"""CSV and TSV: one record a row, the first row names the columns.

A line feed may stand inside quotes, so nobody can begin in the middle: a worker reads the rows before its range
too and drops them. The raw document is the row as a JSON line, under the names of its columns.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from etl.errors import Reject
from etl.records import RawDocument, Rejected
from etl.sources.compressed import head, lines, split_packed
from etl.sources.ref import File, Ref, file_time
from etl.sources.rows import MEDIA_TYPE, MOST_COLUMNS, as_line, hashed, name_of
from etl.sources.whole import too_large

FORMAT = "csv"
SUFFIXES = (".csv", ".tsv")
RANGES = True
_DELIMITERS = ",;\t|"
_HEAD_BYTES = 1 << 16
_TO_THE_END = 1 << 62


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells, or what is wrong with it."""

    at: int  # place in the file of the line it begins with
    first_line: bytes
    cells: list[str]
    wrong: str = ""


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to ranges of the file."""
    yield from split_packed(file, FORMAT, chunk, start)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the rows that begin in a range. raises Reject "csv" where the first row names no columns."""
    path = Path(ref.path)
    fetched_at = file_time(path)
    found = _rows(_Feed(lines(path, 0, _TO_THE_END, max_bytes), max_bytes), _delimiter(path))
    columns = _columns(next(found, None))
    for row in found:
        if row.at >= ref.end:
            return
        if row.at < ref.start:
            continue
        line = as_line(_named(columns, row.cells))
        if wrong := row.wrong or _misfit(columns, row.cells):
            yield Rejected(f"{ref.uri}#{hashed(row.first_line)}", "read", "csv", wrong)
        elif len(line) > max_bytes:
            yield too_large(f"{ref.uri}#{hashed(line)}", max_bytes)
        elif any(row.cells):
            yield RawDocument(f"{ref.uri}#{name_of(line)}", line, MEDIA_TYPE, fetched_at, source)


class _Feed:
    """Lines for the csv module, which remembers those of the row it is at, so that they can be read once more."""

    def __init__(self, found: Iterator[tuple[int, bytes]], max_bytes: int) -> None:
        self.found, self.max_bytes = found, max_bytes
        self.again: deque[tuple[int, bytes]] = deque()
        self.taken: list[tuple[int, bytes]] = []
        self.size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        at, line = self.again.popleft() if self.again else next(self.found)
        self.taken.append((at, line))
        self.size += len(line)
        if self.size > self.max_bytes:
            raise csv.Error(f"over {self.max_bytes:,} bytes; see NEWSFOLD_MAX_DOCUMENT_MB")
        return _decoded(line)

    def begin_row(self) -> None:
        self.taken, self.size = [], 0

    def return_to_second_line(self) -> None:
        """Have all lines of the row but its first read again: the quote that swallowed them is no quote."""
        self.again.extendleft(reversed(self.taken[1:]))


def _rows(feed: _Feed, delimiter: str) -> Iterator[_Row]:
    csv.field_size_limit(max(feed.max_bytes, csv.field_size_limit()))  # of this process; the feed has the limit
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            at, line = feed.taken[0]
            swallowed = f", and so on for {len(feed.taken)} lines" if len(feed.taken) > 1 else ""
            yield _Row(at, line, [], f"a row that cannot be read ({err}): {_decoded(line)[:80].strip()}{swallowed}")
            feed.return_to_second_line()
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        else:
            yield _Row(*feed.taken[0], cells)


def _columns(row: _Row | None) -> Sequence[str]:
    if row is None or row.wrong or not any(row.cells):
        raise Reject("read", "csv", row.wrong if row and row.wrong else "the first row must name the columns")
    if len(row.cells) > MOST_COLUMNS:
        raise Reject("read", "csv", f"{len(row.cells):,} columns, over {MOST_COLUMNS:,}")
    return [name.strip() for name in row.cells]


def _named(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells by name; of two columns with one name the first that is not empty counts."""
    found: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name and cell.strip():
            found.setdefault(name, cell)
    return found


def _misfit(columns: Sequence[str], cells: Sequence[str]) -> str:
    if not any(cells[len(columns) :]):
        return ""
    return f"a row of {len(cells)} cells under {len(columns)} columns: {', '.join(cells)[:80]}"


def _delimiter(path: Path) -> str:
    """Return the delimiter that the first line has most of."""
    start = head(path, _HEAD_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Reject("read", "csv", "the file is in UTF-16: save it as UTF-8")
    first = next(chain(start.lstrip(b"\xef\xbb\xbf\r\n").splitlines(), [b""])).decode("utf-8", "replace")
    return max(_DELIMITERS, key=first.count)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")  # what spreadsheets write where they do not write UTF-8
