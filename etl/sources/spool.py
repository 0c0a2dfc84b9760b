"""Records that come from elsewhere, kept in a file while they are read, so that it can be cut into batches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from etl.sources.ref import File
from etl.sources.rows import as_line


@contextmanager
def spooled_rows(rows: Iterable[Mapping[str, object]], uri: str, folder: Path | None = None) -> Iterator[File]:
    """Write rows into a file of JSON lines for as long as the block runs; they go by their column `id`."""
    with tempfile.TemporaryDirectory(prefix="newsfold-", dir=folder) as place:
        path = Path(place) / "rows.jsonl"
        with path.open("wb") as file:
            for row in rows:
                file.write(as_line(row) + b"\n")
        yield File(path, uri)
