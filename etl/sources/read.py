"""From references to documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from etl.records import RawDocument, Rejected
from etl.sources.kinds import kinds
from etl.sources.ref import Ref


def read(refs: Iterable[Ref], source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield every document that the references stand for, or why it could not be read."""
    for ref in refs:
        yield from kinds()[ref.format].read(ref, source, max_bytes)
