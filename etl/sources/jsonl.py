"""JSON lines: one record a line, read in ranges so that a file of any size is many batches.

The raw document is the line itself, so that a record can be cleaned again with the metadata it came with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from etl.records import RawDocument, Rejected
from etl.sources.ref import File, Ref, file_time
from etl.sources.whole import too_large

FORMAT = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
MEDIA_TYPE = "application/json"
_CHUNK_BYTES = 1 << 20


def split(file: File, chunk: int) -> Iterator[Ref]:
    """Yield references to ranges of at most `chunk` lines. Memory does not grow with the file or its lines.

    raises  OSError if the file went away since it was planned.
    """
    start = lines = 0
    end = 0
    with file.path.open("rb") as stream:
        while data := stream.read(_CHUNK_BYTES):
            at = -1
            while (at := data.find(b"\n", at + 1)) >= 0:
                lines += 1
                if lines == chunk:
                    yield _range(file, start, end + at + 1, lines)
                    start, lines = end + at + 1, 0
            end += len(data)
    if end > start:
        yield _range(file, start, end, lines + 1)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the records of a range; empty lines are passed over, a line over the limit is a rejection."""
    path = Path(ref.path)
    try:
        fetched_at = file_time(path)
        with path.open("rb") as stream:
            stream.seek(ref.start)
            while stream.tell() < ref.end and (line := stream.readline(max_bytes + 1)):
                if len(line) > max_bytes:
                    yield too_large(f"{ref.uri}#{_rest_of_line(stream, line)}", max_bytes)
                elif body := line.strip():
                    yield RawDocument(f"{ref.uri}#{_name(body)}", body, MEDIA_TYPE, fetched_at, source)
    except OSError as err:
        yield Rejected(f"{ref.uri}#{ref.start}", "read", "unreadable", err.strerror or str(err))


def _range(file: File, start: int, end: int, lines: int) -> Ref:
    return Ref(str(file.path), file.uri, FORMAT, lines, start, end)


def _name(line: bytes) -> str:
    """Return the record's own id; without one, a hash of the line. Never its place in the file, which may change."""
    try:
        record = json.loads(line)
        given = record.get("id") if isinstance(record, dict) else None
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, str | int) and str(given).strip():
        return quote(str(given).strip(), safe="/:-._~@#")
    return "sha256:" + hashlib.sha256(line).hexdigest()[:32]


def _rest_of_line(stream: BinaryIO, head: bytes) -> str:
    """Skip to the end of a line that is over the limit; return a hash of its head as its name."""
    piece = head
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(_CHUNK_BYTES)
    return "sha256:" + hashlib.sha256(head).hexdigest()[:32]
