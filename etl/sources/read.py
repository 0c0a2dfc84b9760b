"""From references to documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from etl.errors import Reject
from etl.records import RawDocument, Rejected
from etl.sources import objects
from etl.sources.kinds import kinds
from etl.sources.ref import Passed, Ref, is_object
from etl.sources.rows import renamed
from etl.sources.whole import unreadable


def read(
    refs: Iterable[Ref], source: str, max_bytes: int, columns: Sequence[tuple[str, str]] = ()
) -> Iterator[RawDocument | Rejected | Passed]:
    """Yield every document that the references stand for, or why it could not be read.

    columns  (name of ours, name in the records)
    """
    for ref in refs:
        for one in documents(ref, source, max_bytes):
            yield renamed(one, columns) if columns and isinstance(one, RawDocument) else one


def documents(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected | Passed]:
    """Yield the documents of one reference; a file that turns out to be broken ends in one rejection."""
    uri = f"{ref.uri}#{ref.start}" if ref.start else ref.uri
    try:
        reads = objects.read if is_object(ref.uri) else kinds()[ref.format].read
        yield from reads(ref, source, max_bytes)
    except Reject as err:
        yield Rejected(uri, err.stage, err.reason, err.detail)
    except OSError as err:
        yield unreadable(uri, err)
