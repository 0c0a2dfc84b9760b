"""Records as other programs write them, brought to the names of ours.

Named fields are read wherever they stand; a dialect only says where to look for those that lie deeper or go by a
name that means something else elsewhere. What a record says at its top always counts first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etl.parse.address import is_web

# Field of ours -> where it stands in an article of Zyte's API, below "article".
_ZYTE = {
    "headline": "headline",
    "text": "articleBody",
    "html": "articleBodyHtml",
    "url": "url",
    "canonical_url": "canonicalUrl",
    "published_at": "datePublished",
    "modified_at": "dateModified",
    "description": "description",
    "language": "inLanguage",
    "authors": "authors",
}
_EMPTY: tuple[object, ...] = (None, "", [])
# Fields that programs put below "metadata", as datatrove and dolma do.
_METADATA = (
    "url", "link", "source_url", "headline", "title", "standfirst", "subtitle", "authors", "author", "byline", "date",
    "published_at", "date_publish", "published", "date_published", "modified_at", "date_modify", "modified",
    "date_modified", "publisher", "site", "source_domain", "hostname", "sitename", "description", "excerpt",
    "canonical_url", "language", "section", "agency", "dateline", "guid",
)  # fmt: skip


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with all that it says at its top."""
    deeper = {**_metadata(record), **_zyte(record), **_trafilatura(record)}
    return deeper | {name: value for name, value in record.items() if name not in deeper or value not in _EMPTY}


def _zyte(record: Mapping[str, Any]) -> dict[str, Any]:
    article = record.get("article")
    found = article if isinstance(article, dict) else record if "articleBody" in record else {}
    given = {ours: found[theirs] for ours, theirs in _ZYTE.items() if found.get(theirs)}
    if given.get("text"):
        given.pop("html", None)  # both are of the body alone: the text is what was meant
    if "published_at" not in given and found.get("datePublishedRaw"):
        given["published_at"] = found["datePublishedRaw"]
    return given


def _metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    found = record.get("metadata")
    return {name: found[name] for name in _METADATA if found.get(name)} if isinstance(found, dict) else {}


def _trafilatura(record: Mapping[str, Any]) -> dict[str, Any]:
    """Trafilatura puts the address under "source", which is the name of a data set in dolma's records."""
    source, site = record.get("source"), record.get("source-hostname")
    given = {"url": source} if isinstance(source, str) and is_web(source) else {}
    return given | ({"sitename": site} if site else {})
