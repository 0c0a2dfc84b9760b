"""Plain text: one dump a file."""

from __future__ import annotations

from collections.abc import Iterator

from etl.records import RawDocument, Rejected
from etl.sources.ref import File, Ref
from etl.sources.whole import read_whole

FORMAT = "text"
SUFFIXES = (".txt", ".text")


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield the one reference that a file is."""
    yield Ref(str(file.path), file.uri, FORMAT)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the one document that a file is."""
    yield read_whole(ref, source, max_bytes, "text/plain")
