"""Reading one file whole, within a limit. Shared by the kinds whose document is a file."""

from __future__ import annotations

from pathlib import Path

from etl.records import RawDocument, Rejected
from etl.sources.ref import Ref, file_time


def read_whole(ref: Ref, source: str, max_bytes: int, media_type: str) -> RawDocument | Rejected:
    """Return the file as one document, or why it could not be read."""
    path = Path(ref.path)
    try:
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
        fetched_at = file_time(path)
    except OSError as err:
        return Rejected(ref.uri, "read", "unreadable", err.strerror or str(err))
    if len(body) > max_bytes:
        return too_large(ref.uri, max_bytes)
    return RawDocument(ref.uri, body, media_type, fetched_at, source)


def too_large(uri: str, max_bytes: int) -> Rejected:
    """Return the rejection of a document over the limit; its bytes are not kept."""
    return Rejected(uri, "read", "too-large", f"over {max_bytes} bytes; see NEWSFOLD_MAX_DOCUMENT_MB")
