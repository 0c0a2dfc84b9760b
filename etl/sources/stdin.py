"""Standard input: kept in a file while it is read, so that it can be cut into batches like any other."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from etl.errors import InputError
from etl.sources.compressed import head
from etl.sources.kinds import kinds
from etl.sources.ref import File

_HEAD_BYTES = 4096
_LOOKS = {b"{": "jsonl", b"[": "json", b"<": "html", b"WARC/": "warc", b"PK\x03\x04": "zip", b"PAR1": "parquet"}
_RECORDS = ("jsonl", "json", "csv", "parquet")  # kinds whose documents have names of their own


@contextmanager
def spooled(stream: BinaryIO, form: str, folder: Path | None = None) -> Iterator[File]:
    """Copy a stream into a file for as long as the block runs.

    A single page or text goes by the hash of its bytes; the records of a table or of JSON by their own ids.
    """
    with tempfile.TemporaryDirectory(prefix="newsfold-", dir=folder) as place:
        path = Path(place) / "stdin"
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file, 1 << 20)
        if not path.stat().st_size:
            raise InputError("standard input is empty")
        form = sniff(path) if form == "auto" else form
        if form not in kinds():
            raise InputError(f"unknown format {form!r}: newsfold reads {', '.join(sorted(kinds()))} or auto")
        named = path.rename(path.with_name("stdin" + kinds()[form].SUFFIXES[0]))
        yield File(named, "stdin:" if form in _RECORDS else f"stdin:sha256:{_digest(named)}")


def sniff(path: Path) -> str:
    """Return the format that the first bytes look like, packed or not: a JSON object, markup, an archive, or text."""
    first = head(path, _HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((form for start, form in _LOOKS.items() if first.startswith(start)), "text")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]
