"""JSON files: one record, or a list of records, as scrapers write them one file an article."""

from __future__ import annotations

import json
from collections.abc import Iterator

from etl.errors import Reject
from etl.records import RawDocument, Rejected
from etl.sources.ref import File, Ref
from etl.sources.rows import MEDIA_TYPE, as_line, name_of
from etl.sources.whole import read_whole

FORMAT = "json"
SUFFIXES = (".json",)


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield the one reference that a file is."""
    yield Ref(str(file.path), file.uri, FORMAT)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield the record of a file, as it stands, or each record of its list. raises Reject "json"."""
    whole = read_whole(ref, source, max_bytes, MEDIA_TYPE)
    listed = _list(whole) if isinstance(whole, RawDocument) else None
    if listed is None or isinstance(whole, Rejected):
        yield whole
        return
    for each in listed:
        line = (
            as_line(each) if isinstance(each, dict) else json.dumps(each, ensure_ascii=False).encode("utf-8", "replace")
        )
        yield RawDocument(f"{ref.uri}#{name_of(line)}", line, MEDIA_TYPE, whole.fetched_at, source)


def _list(whole: RawDocument) -> list[object] | None:
    if not whole.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return None
    try:
        found = json.loads(whole.body)
    except (ValueError, RecursionError) as err:
        raise Reject("read", "json", f"not JSON: {err}") from None
    return found if isinstance(found, list) else None
