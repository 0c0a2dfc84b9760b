"""References to documents: what travels between workers in place of the documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

STORES = ("s3", "gs", "gcs", "az", "abfs", "abfss")  # schemes of object stores


def is_object(address: str) -> bool:
    """Return whether an address is that of an object in a store: no file of this machine, any worker can take it."""
    scheme, colon, _ = address.partition("://")
    return bool(colon) and scheme.lower() in STORES


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, and the address its documents go by."""

    path: Path  # of an object only its name
    uri: str  # file:///..., s3://..., or stdin: for what came by standard input


@dataclass(frozen=True, slots=True)
class Ref:
    """Where one document, or a range of records, can be read."""

    path: str
    uri: str
    format: str  # FORMAT of the kind that reads it
    documents: int = 1  # how many it stands for, as far as that is known without reading it
    start: int = 0  # bytes of the file as it lies there; a range of records in it
    end: int = 0  # bytes, exclusive; 0: the whole file
    state: str = ""  # of the file when it was cut into ranges; see `file_state`


@dataclass(frozen=True, slots=True)
class Passed:
    """Something in a file that is no document to read, by its own account: counted, never stored."""

    reason: str  # for people: what it is


def file_time(path: Path) -> datetime:
    """Return when the file was last written: the closest to a fetch time that a file knows."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def file_state(path: Path) -> str:
    """Return size and time of a file: while both are the same, so are its bytes. raises OSError."""
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}"
