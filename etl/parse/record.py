"""One JSON line: a page or a text with what its source already knows about it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.dates import moment
from etl.errors import Reject
from etl.parse import address, dialects, language
from etl.parse.charset import whole
from etl.records import Moment
from etl.text import fold_space

# Field of ours -> the names it goes by in what other programs write.
_ALIASES = {
    "id": ("id", "external_id"),
    "url": ("url", "link", "source_url"),
    "text": ("text", "body", "content", "maintext"),
    "headline": ("headline", "title"),
    "standfirst": ("standfirst", "subtitle"),
    "authors": ("authors", "author", "byline"),
    "published_at": ("published_at", "date", "date_publish", "published", "date_published"),
    "modified_at": ("modified_at", "date_modify", "modified", "date_modified"),
    "publisher": ("publisher", "site", "source_domain", "hostname", "sitename"),
    "description": ("description", "excerpt"),
    "canonical_url": ("canonical_url", "canonical"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON line, read. Exactly one of html and text is set."""

    fields: dict[str, Any]
    html: str | bytes | None  # bytes: the page as served, of unknown charset
    text: str | None
    url: str | None

    def metadata(self, languages: Sequence[str], fetched_at: datetime) -> dict[str, object]:
        """Return the fields of `Metadata` that the line gives, without those that it leaves empty.

        languages  of the document, for dates that are written out; the line's own language comes first.
        """
        own = _string(self.fields, "language")
        tags = ((own,) if own else ()) + tuple(languages)
        given: dict[str, object] = {
            "authors": _authors(_first(self.fields, "authors")),
            "published": _moment(_first(self.fields, "published_at"), tags, fetched_at),
            "modified": _moment(_first(self.fields, "modified_at"), tags, fetched_at),
            "language": language.code(own),
            "url": self.url,
            "canonical_url": address.normalised(_string(self.fields, "canonical_url")),
            "external_id": _string(self.fields, "id"),
        }
        for name in ("headline", "standfirst", "publisher", "section", "agency", "dateline", "description", "guid"):
            given[name] = _string(self.fields, name)
        return {name: value for name, value in given.items() if value}


def read(line: str) -> Record:
    """Return the record of a JSON line.

    raises  Reject "json": no JSON object, or a field of the wrong kind; "no-text": neither page nor text.
    """
    try:
        fields = json.loads(line, strict=False)
    except (ValueError, RecursionError) as err:
        raise Reject("parse", "json", str(err)) from None
    if not isinstance(fields, dict):
        raise Reject("parse", "json", f"expected an object, got {type(fields).__name__}")
    fields = dialects.flat(fields)
    page = _html(fields)
    text = _content(fields, *_ALIASES["text"]) if page is None else None
    if page is None and text is None:
        raise Reject(
            "parse", "no-text", f"neither html, html_b64 nor text among {', '.join(sorted(fields)[:12]) or 'no fields'}"
        )
    return Record(fields, page, text, _string(fields, "url"))


def _html(fields: dict[str, Any]) -> str | bytes | None:
    packed = _content(fields, "html_b64")
    if packed is None:
        return _content(fields, "html")
    try:
        return base64.b64decode(packed, validate=False) or None
    except (binascii.Error, ValueError) as err:
        raise Reject("parse", "json", f"html_b64: {err}") from None


def _content(fields: dict[str, Any], *names: str) -> str | None:
    """Return the first of these fields that is not empty, without surrogates and NULs, which no database stores."""
    for name in names:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            raise Reject("parse", "json", f"{name}: expected a string, got {type(value).__name__}")
        if value and value.strip():
            return whole(value)
    return None


def _first(fields: dict[str, Any], name: str) -> object:
    for alias in _ALIASES.get(name, (name,)):
        if (value := fields.get(alias)) not in (None, "", []):
            return value
    return None


def _string(fields: dict[str, Any], name: str) -> str | None:
    """Return a string or a number as folded text; anything else is not known."""
    value = _first(fields, name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return fold_space(whole(value)) or None if isinstance(value, str) else None


def _authors(value: object) -> tuple[str, ...]:
    """Return given names: a list of them or of objects with a name, or one string with ";" or "," between them."""
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    strings = [whole(name) for name in names if isinstance(name, str)]
    if isinstance(value, str) and strings:
        strings = strings[0].split(";" if ";" in strings[0] else ",")
    return tuple(dict.fromkeys(folded for each in strings if (folded := fold_space(each))))


def _moment(value: object, languages: tuple[str, ...], fetched_at: datetime) -> Moment | None:
    if isinstance(value, float):
        value = int(value) if value == value and abs(value) < 1e14 else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return moment(whole(str(value)), "given", languages, fetched_at)
