"""The stage: one raw document to metadata and blocks, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from etl.errors import Reject
from etl.parse import address, charset, language, limits, metadata, mojibake, page, plain, reading, record, sniff
from etl.records import Block, Metadata, ParsedDocument, RawDocument


def parse(raw: RawDocument) -> ParsedDocument:
    """Return what a document says, before anything is judged.

    raises  Reject at stage "parse", with the reason: empty, binary, json, html, no-text or too-large.
    """
    if "json" in raw.media_type.lower():
        return _record(raw)
    limits.refuse_bytes(raw.body)
    text, name = charset.decode(raw.body, raw.charset)
    return _document(raw, text, name, raw.media_type, raw.uri if address.is_web(raw.uri) else None)


def _record(raw: RawDocument) -> ParsedDocument:
    line, name = charset.decode(raw.body, raw.charset, markup=False)
    found = record.read(line)
    limits.refuse_bytes(found.html or found.text or "")
    if isinstance(found.html, bytes):
        declared = found.fields.get("charset")  # by the server that the page came from
        text, name = charset.decode(found.html, declared if isinstance(declared, str) else None)
    else:
        text = found.html or found.text or ""
    media_type = "text/html" if found.html is not None else "text/plain"
    return _document(raw, text, name, media_type, found.url, found)


def _document(
    raw: RawDocument, text: str, name: str, media_type: str, url: str | None, given: record.Record | None = None
) -> ParsedDocument:
    """Return the document of a decoded text; `name` is the charset it was in.

    given  the record that it is the page or the text of.
    """
    if sniff.is_page(text, media_type):
        media_type = "text/html"
        best = reading.read(text)
        facts, elements = page.facts(best.root), best.elements
        blocks, repaired = _mend(best.blocks)
        found = metadata.describe(facts, blocks, elements, url, raw.fetched_at)
        described = _mend_metadata(found)
        if repaired:
            described = replace(described, repaired=True)
    else:
        media_type = "text/plain"
        limits.refuse_chars(len(text))
        mended = mojibake.mend_lines(text)
        blocks, elements = plain.cut(mended)
        described = _bare(blocks, url, repaired=mended != text)
    if not blocks:
        raise Reject("parse", "no-text", f"{media_type} without a word to read")
    limits.refuse_blocks(blocks, elements)
    if given:
        described = _with_given(described, given, raw.fetched_at)
    return ParsedDocument(raw.uri, address.identity(described, raw.uri), media_type, name, described, blocks, elements)


def _with_given(found: Metadata, given: record.Record, fetched_at: datetime) -> Metadata:
    """Return the metadata of a document and those of its record, which win."""
    said = given.metadata((found.language,) if found.language else (), fetched_at)
    origins = {**found.origins, **dict.fromkeys(said, "given")}
    return replace(found, **said, origins=origins)  # type: ignore[arg-type]  # by name


def _bare(blocks: tuple[Block, ...], url: str | None, repaired: bool) -> Metadata:
    spoken, host = language.detect(blocks), address.host(url)
    origins = ({"language": "detected"} if spoken else {}) | ({"publisher": "url"} if host else {})
    return Metadata(language=spoken, url=url, publisher=host, repaired=repaired, origins=origins)


def _mend_metadata(found: Metadata) -> Metadata:
    """Return what a page says of itself with mojibake undone: its title may be broken where its text is not."""
    names = ("headline", "description", "publisher", "section", "body_text")
    said = {name: text for name in names if (text := getattr(found, name))}
    texts = [*said.values(), *found.authors]
    mended = mojibake.mend_all(texts)
    if mended == texts:
        return found
    whole: dict[str, Any] = dict(zip(said, mended, strict=False))
    return replace(found, **whole, authors=tuple(mended[len(said) :]), repaired=True)


def _mend(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], bool]:
    """Return the blocks with mojibake undone, and whether there was any."""
    texts = [block.text for block in blocks]
    mended = mojibake.mend_all(texts)
    if mended == texts:
        return blocks, False
    return tuple(
        block if block.text == text else block._replace(text=text, link_chars=min(block.link_chars, len(text)))
        for block, text in zip(blocks, mended, strict=True)
    ), True
