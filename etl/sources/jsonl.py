"""JSON lines: one record a line, read in ranges so that a file of any size is many batches.

The raw document is the line itself, so that a record can be cleaned again with the metadata it came with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from etl.records import RawDocument, Rejected
from etl.sources.compressed import is_packed, lines, split_packed
from etl.sources.ref import File, Ref, file_state, file_time
from etl.sources.rows import MEDIA_TYPE, hashed, name_of
from etl.sources.whole import too_large

FORMAT = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
RANGES = True
_CHUNK_BYTES = 1 << 20


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to ranges of at most `chunk` lines. Memory does not grow with the file or its lines.

    raises  OSError if the file went away since it was planned.
    """
    if is_packed(file.path):
        yield from split_packed(file, FORMAT, chunk, start)
        return
    state, end, found = file_state(file.path), start, 0
    with file.path.open("rb") as stream:
        stream.seek(start)
        while data := stream.read(_CHUNK_BYTES):
            at = -1
            while (at := data.find(b"\n", at + 1)) >= 0:
                found += 1
                if found == chunk:
                    yield Ref(str(file.path), file.uri, FORMAT, found, start, end + at + 1, state)
                    start, found = end + at + 1, 0
            end += len(data)
    if end > start:
        yield Ref(str(file.path), file.uri, FORMAT, found + 1, start, end, state)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the records of a range; empty lines are passed over, a line over the limit is a rejection."""
    path = Path(ref.path)
    fetched_at = file_time(path)
    found: Iterator[bytes]
    if is_packed(path):
        found = map(itemgetter(1), lines(path, ref.start, ref.end, max_bytes))
    else:
        found = _plain(path, ref, max_bytes)
    for line in found:
        yield from _record(ref, line, fetched_at, source, max_bytes)


def _record(
    ref: Ref, line: bytes, fetched_at: datetime, source: str, max_bytes: int
) -> Iterator[RawDocument | Rejected]:
    if len(line) > max_bytes:
        yield too_large(f"{ref.uri}#{hashed(line[: max_bytes + 1])}", max_bytes)
    elif body := line.strip():
        yield RawDocument(f"{ref.uri}#{name_of(body)}", body, MEDIA_TYPE, fetched_at, source)


def _plain(path: Path, ref: Ref, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of a range of a file that is not packed; one over the limit is cut off behind it."""
    with path.open("rb") as stream:
        stream.seek(ref.start)
        while stream.tell() < ref.end and (line := stream.readline(max_bytes + 1)):
            if len(line) > max_bytes:
                _skip_line(stream, line)
            yield line


def _skip_line(stream: BinaryIO, piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(_CHUNK_BYTES)
