"""Records of any kind as the JSON lines that they are kept as, and the names they go by."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from etl.records import RawDocument

MEDIA_TYPE = "application/json"
MOST_COLUMNS = 1000  # of a table; the widest export that was looked at has 86
_NOTHING = (None, "")


def as_line(row: Mapping[str, object]) -> bytes:
    """Return a row as one JSON line, without its empty cells. Bytes under html become html_b64."""
    record = {name: value for name, value in row.items() if value not in _NOTHING}
    if isinstance(page := record.get("html"), bytes):
        del record["html"]
        record["html_b64"] = base64.b64encode(page).decode()
    return json.dumps(record, ensure_ascii=False, default=_plain).encode("utf-8", "replace")


def name_of(line: bytes) -> str:
    """Return the record's own id; without one, a hash of the line. Never its place in the file, which may change."""
    record = _object(line)
    given = record.get("id") if record else None
    if isinstance(given, str | int) and str(given).strip():
        return quote(str(given).strip(), safe="/:-._~@#")
    return hashed(line)


def hashed(line: bytes) -> str:
    """Return the name of a record that has none of its own."""
    return "sha256:" + hashlib.sha256(line).hexdigest()[:32]


def renamed(raw: RawDocument, columns: Sequence[tuple[str, str]]) -> RawDocument:
    """Return a record with columns under the names that were asked for; other documents as they are.

    columns  (name of ours, name in the record; "a.b" is b inside a). What a record lacks is left out.
    """
    record = _object(raw.body) if columns and raw.media_type == MEDIA_TYPE else None
    if record is None:
        return raw
    found = {ours: _inside(record, theirs) for ours, theirs in columns}
    line = as_line({**record, **{name: value for name, value in found.items() if value not in _NOTHING}})
    return replace(raw, uri=f"{raw.uri.partition('#')[0]}#{name_of(line)}", body=line)


def _inside(record: Mapping[str, Any], name: str) -> object:
    if name in record:
        return record[name]
    first, dot, rest = name.partition(".")
    inner = record.get(first)
    return _inside(inner, rest) if dot and isinstance(inner, dict) else None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _plain(value: object) -> object:
    """Return a cell that JSON does not know."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
