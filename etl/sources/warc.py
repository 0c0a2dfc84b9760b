"""WARC files, plain, gzip or zstd: pages and texts record by record, as crawlers and web archives write them.

A range begins and ends where records do (with gzip and zstd, where their members do), found by going through the
file once; so what a page says is never taken for a record. Behind a damaged record the next one is looked for. A
document goes by its address, as if it had been fetched from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from etl.errors import Reject
from etl.records import RawDocument, Rejected, utc
from etl.sources.exchange import exchange
from etl.sources.places import Slice, begins_record, end_of_record, next_record
from etl.sources.ref import File, Passed, Ref, file_state, file_time
from etl.sources.whole import too_large

FORMAT = "warc"
SUFFIXES = (".warc",)
RANGES = True
RANGE_BYTES = 32 << 20  # of the file: ends a range that has fewer records than asked for
_HEAD_BYTES = 1 << 16  # of HTTP, in front of a document of the largest size
_PAGES = ("text/html", "application/xhtml+xml")
_DOCUMENTS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion | WarcRecordType.revisit
_KINDS = ("application", "audio", "font", "image", "model", "multipart", "text", "video")
_STATUSES = frozenset(HTTPStatus)
_NO_HTTP = "an answer that is no HTTP"
_BROKEN = ("read", "broken", "a record that is not as long as it says: cut off, or followed by what is no record")
_TYPES = _DOCUMENTS | WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata

Read = RawDocument | Rejected | Passed


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to ranges of at most `chunk` records. The last record of a range may be a damaged one."""
    state, size = file_state(file.path), file.path.stat().st_size

    def ref(begin: int, end: int, count: int) -> Ref:
        return Ref(str(file.path), file.uri, FORMAT, max(count, 1), begin, end, state)

    begin = at = start
    while begin < size:
        count = length = 0
        try:
            for at, length, is_document in _walk(file.path, at, size):  # noqa: B007, B020 - goes on behind damage
                full = is_document and (count >= chunk or at - begin >= RANGE_BYTES)
                if full and begin < at and begins_record(file.path, at):
                    yield ref(begin, at, count)
                    begin, count = at, 0
                count += is_document
            at = end_of_record(file.path, at, length, size)  # what is behind the last one is a range of its own
        except OSError:
            at = next_record(file.path, max(at, begin) + 1, size)
        yield ref(begin, at, count)
        begin = at


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[Read]:
    """Yield the pages and texts of a range. raises Reject "broken" at damage, behind which there is nothing."""
    path, kept, empty = Path(ref.path), list[Read](), True
    time = file_time(path)
    try:
        with Slice(path, ref.start, ref.end or path.stat().st_size) as part:
            for record in _records(part):
                yield from kept  # what comes before a record is sound, for it ends where this one begins
                kept = [_record(record, ref, source, time, max_bytes)] if record.record_type & _DOCUMENTS else []
                empty = False
    except OSError as err:
        if "header" in str(err).lower():  # the record before is not as long as it says
            kept = [Rejected(one.uri, *_BROKEN) if isinstance(one, RawDocument) else one for one in kept]
        yield from kept
        if not any(isinstance(one, Rejected) for one in kept):
            raise Reject("read", "broken", f"a damaged record behind byte {ref.start:,}: {err}") from None
        return
    yield from kept
    if empty:
        raise Reject("read", "broken", f"behind byte {ref.start:,} there is no whole record")


def _walk(path: Path, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (place, length, whether it is of a document) of each record.

    raises  OSError at damage, or behind a record that is cut off.
    """
    with Slice(path, start, end) as part:
        for record in _records(part):
            yield start + record.stream_pos, record.content_length, bool(record.record_type & _DOCUMENTS)
            if record.consume() < record.content_length:
                raise OSError("shorter than it says")


def _records(part: Slice) -> Iterator[WarcRecord]:
    """Yield all records. raises OSError at damage; a head that is cut off comes as a record that lacks some of it."""
    for record in ArchiveIterator(part, parse_http=False):
        untold = not record.content_length and not record.headers.get("Content-Length")
        if untold or (not record.record_type & _TYPES and not record.headers.get("WARC-Type")):
            raise OSError("a record without type or length")
        yield record


def _record(record: WarcRecord, ref: Ref, source: str, time: datetime, max_bytes: int) -> Read:
    """Return the document of a record, why it has none, or what it is instead."""
    uri = _uri(record, ref)
    if record.record_type == WarcRecordType.revisit:
        return Passed("a page that an archive found unchanged (revisit)")
    if record.content_length > max_bytes + _HEAD_BYTES:
        return too_large(uri, max_bytes)
    stored = record.reader.read(record.content_length)
    if len(stored) < record.content_length:
        return Rejected(uri, *_BROKEN)
    try:
        return _document(record, uri, stored, source, time, max_bytes)
    except Reject as err:
        return Rejected(uri, err.stage, err.reason, err.detail)


def _document(record: WarcRecord, uri: str, stored: bytes, source: str, time: datetime, max_bytes: int) -> Read:
    """Return the document that a record has stored. raises Reject "broken"."""
    fetched_at = utc(record.record_date) if record.record_date else time
    if record.is_http:
        answer = exchange(stored, max_bytes)
        if answer.status != HTTPStatus.OK:
            return Passed(f"an answer with status {answer.status}" if answer.status in _STATUSES else _NO_HTTP)
        media_type, charset, body = answer.media_type, answer.charset, answer.body
    else:
        stated = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        charset = "utf-8" if record.record_type == WarcRecordType.conversion else None  # texts made from pages
        media_type, body = stated, stored
    if media_type not in _PAGES and media_type != "text/plain":
        kind = media_type.partition("/")[0]
        return Passed(f"neither page nor text: {kind if kind in _KINDS else 'of unknown media type'}")
    if len(body) > max_bytes:
        return too_large(uri, max_bytes)
    return RawDocument(uri, body, "text/html" if media_type in _PAGES else media_type, fetched_at, source, charset)


def _uri(record: WarcRecord, ref: Ref) -> str:
    """Return the address of a record; without one, the name it has in its file."""
    target = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")  # in brackets by a mistake of WARC 1.0
    return target or f"{ref.uri}#{record.record_id or ref.start + record.stream_pos}"
