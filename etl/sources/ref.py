"""References to documents: what travels between workers in place of the documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, and the address its documents go by."""

    path: Path
    uri: str  # file:///..., or stdin: for what came by standard input


@dataclass(frozen=True, slots=True)
class Ref:
    """Where one document, or a range of records, can be read."""

    path: str
    uri: str
    format: str  # FORMAT of the kind that reads it
    documents: int = 1  # how many it stands for
    start: int = 0  # bytes; a range of records in a larger file
    end: int = 0  # bytes, exclusive; 0: the whole file


def file_time(path: Path) -> datetime:
    """Return when the file was last written: the closest to a fetch time that a file knows."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
