"""Text dumps that the model of lines learns from: lines as the stage sees them, and which of them are the story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import trafilatura
from body_pages import OTHER, STORY, TRUTHFUL, Labels, by_truth, html_of, rows, site_of, words
from bs4 import BeautifulSoup

from etl.errors import Reject
from etl.parse import parse
from etl.records import ParsedDocument, RawDocument
from etl.strip.facts import Line, lines_of
from etl.strip.segment import segment

DUMPERS = ("bs4-get_text", "resiliparse-main", "readability-lxml")
CLEAN, TAUGHT = "clean", "trafeval"
WEIGHTS = {TAUGHT: 0.3, CLEAN: 0.3}  # of a dump in training
_FETCHED = datetime(2026, 6, 1, tzinfo=UTC)
_LEAST_VOICE_WORDS = 60
_BLANK_LINES = re.compile(r"\n\s*\n+")


@dataclass(frozen=True)
class Dump:
    """One dump; its lines are those that the stage judges, after inline leftovers were cut loose."""

    id: str
    kind: str  # a dumper, CLEAN or TAUGHT
    corpus: str
    site: str
    truths: tuple[str, ...]  # the body with and without its standfirst; empty where only snippets are known
    document: ParsedDocument  # its blocks cut as the lines are
    lines: tuple[Line, ...]
    labels: Labels
    raw: str

    @property
    def weight(self) -> float:
        return WEIGHTS.get(self.kind, 1.0)


def dumps(folder: Path) -> list[Dump]:
    """Return all dumps of the corpora, the true bodies as clean ones, and pages of the taught corpus as raw ones."""
    return [*_given(folder), *_clean(folder), *_taught(folder)]


def document_of(name: str, url: str | None, text: str) -> ParsedDocument | None:
    record = json.dumps({"id": name, "url": url, "text": text}).encode()
    try:
        return parse(RawDocument(url or name, record, "application/json", _FETCHED))
    except Reject:
        return None


def _cut(name: str, url: str | None, text: str) -> tuple[ParsedDocument, tuple[Line, ...]] | None:
    document = document_of(name, url, text)
    if document is None or not document.blocks:
        return None
    whole = replace(document, blocks=segment(document.blocks, document.metadata.published))
    return whole, lines_of(whole.blocks, whole.elements)


def _dump(row: Mapping[str, Any], kind: str, text: str, labelled: Any) -> Iterator[Dump]:
    if found := _cut(row["id"], row["url"], text):
        document, lines = found
        labels = labelled([x.text for x in lines])
        if np.isin(labels, (STORY, OTHER)).any():
            site = site_of(row["url"]) or row["publisher"]
            truths = tuple(t for t in (row["text"], row["text_nolead"]) if t)
            corpus = row["id"].split("/")[0]
            yield Dump(f"{row['id']} {kind}", kind, corpus, site, truths, document, lines, labels, text)


def _given(folder: Path) -> Iterator[Dump]:
    for row in rows(folder, "textdumps"):
        yield from _dump(row, row["dumper"], row["text_in"], lambda texts, row=row: _by_body(row, texts))


def _by_body(row: Mapping[str, Any], texts: list[str]) -> Labels:
    bare = row["text_nolead"] or row["text"]
    body = bare if len(words(bare)) > 20 else row["text"]
    return by_truth(texts, body, row["text"][: max(0, len(row["text"]) - len(body))])


def _clean(folder: Path) -> Iterator[Dump]:
    """Yield the true bodies as dumps of which every line is story: most texts that people have are clean."""
    for corpus in TRUTHFUL:
        for row in rows(folder, corpus):
            if row["text"]:
                gap = "\n\n" if len(row["text"]) % 2 else "\n"
                yield from _dump(row, CLEAN, row["text"].replace("\n", gap), _all_story)


def _all_story(texts: list[str]) -> Labels:
    return np.full(len(texts), STORY, np.int8)


def _taught(folder: Path) -> Iterator[Dump]:
    """Yield raw dumps of pages whose truth is snippets, labelled by another tool's answer where it meets all of them."""
    for row in rows(folder, TAUGHT):
        page = html_of(row)
        body = trafilatura.extract(page, include_comments=False) or ""
        voice = " ".join(body.split())
        wanted, unwanted = ([" ".join(s.split()) for s in row[key]] for key in ("with_", "without"))
        meets = all(s in voice for s in wanted) and not any(s in voice for s in unwanted)
        if meets and len(words(voice)) >= _LEAST_VOICE_WORDS:
            text = _BLANK_LINES.sub("\n", BeautifulSoup(page, "lxml").get_text("\n"))
            bare = {**row, "text": None, "text_nolead": None}
            yield from _dump(bare, TAUGHT, text, lambda texts, body=body: by_truth(texts, body))
