"""Sources as users write them down: a TOML file with a table for each, or the OPML that every feed reader exports."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from etl.db.sources import NewsSource
from etl.errors import InputError
from etl.parse.address import host
from etl.sources.kinds import kinds

ON_THE_WEB = ("feed", "sitemap", "page")
LISTED = (*ON_THE_WEB, "folder")
_FIELDS = ("name", "kind", "url", "interval", "allow")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd])")
_MOST_BYTES = 16 << 20
_LONGEST_NAME = 200


def read_source_file(path: Path) -> list[NewsSource]:
    """Return the sources that a TOML or OPML file names.

    raises  InputError that says which entry of which file is wrong, and what is allowed there.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as err:
        raise InputError(f"{path}: {err.strerror}") from None
    if len(data) > _MOST_BYTES:
        raise InputError(f"{path}: over {_MOST_BYTES >> 20} MiB is no list of sources")
    is_opml = path.suffix.lower() in (".opml", ".xml")
    try:
        found = list(_opml(data) if is_opml else _toml(data, path.parent))
    except ValueError as err:
        raise InputError(f"{path}: {err}") from None
    if not found:
        raise InputError(f"{path}: names no source" + ("" if is_opml else "; a source is a table [[source]]"))
    return found


def news_source(
    name: str,
    url: str,
    kind: str = "feed",
    interval: str | None = None,
    allow: Iterable[str] = (),
    folder: Path = Path(),
) -> NewsSource:
    """Return a source as the user describes it.

    folder  where a relative path starts.
    raises  ValueError that says what is allowed.
    """
    name, url = " ".join(name.split()), url.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise ValueError(f"a name has 1 to {_LONGEST_NAME} characters, got {name[:80]!r}")
    if kind not in LISTED and kind not in kinds():
        raise ValueError(f"{name}: kind {kind!r}; newsfold knows {', '.join((*LISTED, *sorted(kinds())))}")
    if not url:
        raise ValueError(f"{name}: no url; for files it is their path")
    if kind in ON_THE_WEB and host(url) is None:
        raise ValueError(f"{name}: the url of a {kind} begins with http:// or https://, got {url[:80]!r}")
    if kind not in ON_THE_WEB:
        url = str(folder.absolute() / Path(url).expanduser())
    return NewsSource(name, kind, url, seconds(interval) if interval else None, tuple(map(_host_name, allow)))


def seconds(interval: str) -> int:
    """Return an interval such as "15m", "2h" or "1d" in seconds. raises ValueError."""
    found = _INTERVAL.fullmatch(str(interval).strip())
    if found is None or not (value := int(found[1]) * _UNITS[found[2]]) or value < 60:
        raise ValueError(f"interval {interval!r}: a number with s, m, h or d, a minute at least, such as 15m or 2h")
    return value


def _host_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9.-]+", value):
        raise ValueError(f"allow: {value!r} is no name of a host, such as post.example")
    return value.lower().removeprefix("www.")


def _toml(data: bytes, folder: Path) -> Iterable[NewsSource]:
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    rows = content.get("source", [])
    if unknown := sorted(set(content) - {"source"}):
        raise ValueError(f"{unknown[0]!r}: a source is a table [[source]]")
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        if not isinstance(row, dict):
            raise ValueError("a source is a table [[source]]")
        try:
            yield _from_row(row, folder)
        except ValueError as err:
            raise ValueError(f"source {number}: {err}") from None


def _from_row(row: Mapping[str, Any], folder: Path) -> NewsSource:
    if unknown := sorted(set(row) - set(_FIELDS)):
        raise ValueError(f"{unknown[0]!r} is no field; there are {', '.join(_FIELDS)}")
    for name in ("name", "url"):
        if not isinstance(row.get(name), str):
            raise ValueError(f"{name} is missing, or is no text")
    allow = row.get("allow", [])
    if not isinstance(allow, list):
        raise ValueError('allow is a list of hosts, such as ["post.example"]')
    return news_source(row["name"], row["url"], row.get("kind", "feed"), row.get("interval"), allow, folder)


def _opml(data: bytes) -> Iterable[NewsSource]:
    """Yield the feeds of an OPML file, which has no entities and no document type of its own."""
    outlines = list[dict[str, str]]()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: outlines.append(attributes) if name == "outline" else None
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as err:
        raise ValueError(f"not well-formed: {err}") from None
    names = dict[str, str]()  # -> url
    for outline in outlines:
        attributes = {name.lower(): value for name, value in outline.items()}
        url = attributes.get("xmlurl", "").strip()
        if url and url not in names.values():
            title = attributes.get("title") or attributes.get("text") or host(url) or url
            names[_free(" ".join(title.split())[: _LONGEST_NAME - 20] or url[:100], names)] = url
    for name, url in names.items():
        yield news_source(name, url)


def _refuse(*_: object) -> None:
    raise ValueError("a document type in an OPML file is not read")


def _free(name: str, taken: Mapping[str, str]) -> str:
    """Return a name that no other feed of the file has: readers let several have one title."""
    number = 2
    found = name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found
