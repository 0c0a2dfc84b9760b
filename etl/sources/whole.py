"""Reading one file whole, unpacked, within a limit. Shared by the kinds whose document is a file."""

from __future__ import annotations

from pathlib import Path

from etl.records import RawDocument, Rejected
from etl.sources.compressed import unpacked
from etl.sources.ref import Ref, file_time


def read_whole(ref: Ref, source: str, max_bytes: int, media_type: str) -> RawDocument | Rejected:
    """Return the file as one document, or why it could not be read. raises Reject where it is broken."""
    path = Path(ref.path)
    try:
        body = bytearray()
        for _, data in unpacked(path):
            body += data
            if len(body) > max_bytes:
                return too_large(ref.uri, max_bytes)
        return RawDocument(ref.uri, bytes(body), media_type, file_time(path), source)
    except OSError as err:
        return unreadable(ref.uri, err)


def too_large(uri: str, max_bytes: int) -> Rejected:
    """Return the rejection of a document over the limit; its bytes are not kept."""
    return Rejected(uri, "read", "too-large", f"over {max_bytes} bytes; see NEWSFOLD_MAX_DOCUMENT_MB")


def unreadable(uri: str, err: OSError) -> Rejected:
    """Return the rejection of what the system did not hand out; a later run tries again."""
    return Rejected(uri, "read", "unreadable", err.strerror or str(err))
