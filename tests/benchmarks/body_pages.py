"""Pages that the body model learns from: blocks as they are parsed, and which of them are the story."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import trafilatura
from scores import RUN, runs, words

from etl.errors import Reject
from etl.parse import parse
from etl.records import ParsedDocument, RawDocument
from etl.text import fold_space

STORY, OTHER, STANDFIRST, UNKNOWN = 1, 0, -1, 2
Labels = npt.NDArray[np.int8]  # (m,) of these; the last two teach nothing

TRUTHFUL, TAUGHT = ("aeb", "fundus"), "trafeval"
TAUGHT_WEIGHT = 0.3  # of a page labelled by snippets and another tool
_FETCHED = datetime(2026, 6, 1, tzinfo=UTC)
_OVERLAP = 0.6  # share of a block's runs of words found in the truth
_AROUND = 12  # of two copies of a paragraph the one with more story within so many blocks is the story's
_LEAST_VOICE_WORDS = 60
_ARCHIVED = re.compile(r"/web/\d+\w*/(https?://.+)")
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gv", "in"))


@dataclass(frozen=True)
class Labelled:
    """One page as it is parsed, with a label for each block."""

    row: Mapping[str, Any]  # of the corpus: text, text_nolead, with_, without ...
    corpus: str
    site: str
    document: ParsedDocument
    labels: Labels

    @property
    def weight(self) -> float:
        return TAUGHT_WEIGHT if self.corpus == TAUGHT else 1.0


def rows(folder: Path, corpus: str) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / f"{corpus}-dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def document_of(row: Mapping[str, Any]) -> ParsedDocument:
    record = json.dumps({"id": row["id"], "url": row["url"], "html_b64": row["html_b64"]}).encode()
    return parse(RawDocument(row["url"] or row["id"], record, "application/json", _FETCHED))


def pages(folder: Path, corpora: Sequence[str]) -> list[Labelled]:
    """Return the pages of these corpora that can be parsed and have a label."""
    found = []
    for corpus in corpora:
        for row in rows(folder, corpus):
            try:
                document = document_of(row)
            except Reject:
                continue
            labels = _labels(row, document)
            if np.isin(labels, (STORY, OTHER)).any():
                site = site_of(row["url"]) or row["publisher"]
                found.append(Labelled(row, corpus, site, document, labels))
    return found


def site_of(url: str | None) -> str:
    """Return the registrable domain, by a small rule that is good enough to group pages; of a copy the original's."""
    archived = _ARCHIVED.search(url or "")
    parts = (urlsplit(archived[1] if archived else url or "").hostname or "").split(".")
    second = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL
    return ".".join(parts[-3 if second else -2 :])


def _labels(row: Mapping[str, Any], document: ParsedDocument) -> Labels:
    texts = [b.text for b in document.blocks]
    if row["text"] is None:
        return _by_snippets(row, texts, [document.elements[b.element].tag for b in document.blocks])
    bare = row["text_nolead"] or row["text"]
    body = bare if len(words(bare)) > 20 else row["text"]
    return by_truth(texts, body, row["text"][: max(0, len(row["text"]) - len(body))])


def by_truth(texts: Sequence[str], truth: str, standfirst: str = "") -> Labels:
    """Return labels from a true body: a block is story if most of its runs of four words stand in it."""
    told = Counter(runs(words(truth)))
    split = [words(t) for t in texts]
    labels = np.array([_stands_in(w, told) for w in split], np.int8)
    _keep_one_copy(labels, split, told)
    _label_short(labels, split, truth)
    lead = Counter(runs(words(standfirst)))
    for i, line in enumerate(split):
        if lead and labels[i] == OTHER and _stands_in(line, lead):
            labels[i] = STANDFIRST
    return labels


def _stands_in(line: Sequence[str], told: Counter[tuple[str, ...]]) -> bool:
    found = runs(line)
    return bool(found) and sum(run in told for run in found) >= _OVERLAP * len(found)


def _keep_one_copy(labels: Labels, split: Sequence[list[str]], told: Counter[tuple[str, ...]]) -> None:
    """Of a text at several places, leave as story as many as the truth has: those with most story around."""
    story = np.concatenate(([0], np.cumsum([len(w) * int(y) for w, y in zip(split, labels, strict=True)])))
    places: dict[tuple[str, ...], list[int]] = {}
    for i in np.flatnonzero(labels).tolist():
        places.setdefault(tuple(split[i]), []).append(i)

    def around(i: int) -> int:
        return int(story[min(len(labels), i + _AROUND + 1)] - story[max(0, i - _AROUND)])

    for line, where in places.items():
        room = max(1, min(told[run] for run in runs(line)))
        for i in sorted(where, key=lambda i: -around(i))[room:]:
            labels[i] = OTHER


def _label_short(labels: Labels, split: Sequence[list[str]], truth: str) -> None:
    """Label blocks of fewer than four words as story if the truth has them and they stand between story blocks."""
    flat = f" {' '.join(words(truth))} "
    for i, line in enumerate(split):
        if not 0 < len(line) < RUN or f" {' '.join(line)} " not in flat:
            continue
        before = next((j for j in range(i - 1, -1, -1) if split[j]), None)
        after = next((j for j in range(i + 1, len(split)) if len(split[j]) >= RUN), None)
        if before is not None and after is not None and labels[before] == labels[after] == STORY:
            labels[i] = STORY


def _by_snippets(row: Mapping[str, Any], texts: Sequence[str], tags: Sequence[str]) -> Labels:
    """Return labels from snippets, and from another tool's answer where that meets every snippet of the page."""
    wanted, unwanted = ([fold_space(s) for s in row[key]] for key in ("with_", "without"))
    labels = np.full(len(texts), UNKNOWN, np.int8)
    for i, text in enumerate(texts):
        if any(s and s in text for s in unwanted):
            labels[i] = OTHER
        if any(s and s in text for s in wanted):
            labels[i] = STORY
    voice = fold_space(trafilatura.extract(html_of(row), include_comments=False) or "")
    meets = all(s in voice for s in wanted) and not any(s in voice for s in unwanted)
    if meets and len(words(voice)) >= _LEAST_VOICE_WORDS:
        heard = by_truth(texts, voice)
        heard[[tag == "h1" for tag in tags]] = OTHER
        labels = np.where(labels == UNKNOWN, heard, labels)
    return labels


def html_of(row: Mapping[str, Any]) -> str:
    body = base64.b64decode(row["html_b64"])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = re.search(rb"charset=[\"']?\s*([\w-]+)", body[:4096])
        try:
            return body.decode(declared[1].decode() if declared else "cp1252", "replace")
        except LookupError:
            return body.decode("cp1252", "replace")
