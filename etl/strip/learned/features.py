"""Blocks of a page -> numbers, in groups. Each group is a function; each of its features is a column (m,)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from etl.records import Block, Metadata
from etl.strip.learned.columns import Bools, Columns, Floats, gaps, running
from etl.strip.learned.names import NameScores
from etl.strip.learned.outline import Outline

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TAGS = (
    "p", "h1", "h2", "h3", "h4", "li", "div", "blockquote", "figcaption", "tr", "dd", "section", "button", "header",
    "pre",
)  # fmt: skip
_INSIDE = (
    "article", "main", "aside", "footer", "header", "nav", "form", "figure", "li", "table", "blockquote", "section",
)  # fmt: skip
_ROLES = frozenset(
    ("navigation", "complementary", "contentinfo", "banner", "search", "dialog", "alert", "menu", "toolbar")
)
_BITS = {tag: 1 << i for i, tag in enumerate((*_INSIDE, "role", "articleBody"))}
_TAG_BITS = {tag: _BITS[tag] for tag in _INSIDE}
_EACH_BIT = np.array(list(_BITS.values()))[:, None]
_TAG_CODES = {tag: i for i, tag in enumerate(_TAGS)}
_EACH_TAG = np.arange(len(_TAGS))[:, None]
_MARKS = ".,;:!?"
_ALL_MARKS = _MARKS + "。、，！？"
_FINAL, _CLOSING = frozenset(".!?…。！？:"), "\"'”’»›)]"
_ENDING_CHARS = 4  # the end of a sentence, and what closes behind it
_WORD = re.compile(r"\w+")
_ASCII_LETTERS = str.maketrans({c: chr(c).lower() if _WORD.match(chr(c)) else " " for c in range(128)})
_LINK = 0.9  # a short block with more in links is not read
_LINK_WORDS = 12
_TITLE_WORDS = 40
_FEWEST_DESCRIPTION_WORDS, _DESCRIPTION_WORDS = 6, 60
_EVIDENCE_CHARS = 200  # a shorter articleBody says too little
_FEWEST_TOLD_WORDS, _TOLD_CHARS = 4, 60
_REPEATED_WORDS = 5
_FAR_BLOCKS = 30


class Reading:
    """What needs the words of the blocks themselves; all (m,). Short links are not read: their words tell nothing."""

    def __init__(self, blocks: Sequence[Block], metadata: Metadata, frame: Outline) -> None:
        is_read = np.flatnonzero((frame.link <= _LINK) | (frame.words >= _LINK_WORDS))
        texts = [(blocks[i].text, n) for i, n in zip(is_read.tolist(), frame.words[is_read].tolist(), strict=True)]
        title, description = _word_set(metadata.headline), _word_set(metadata.description)
        told = _letters(metadata.body_text or "")
        self.is_told = len(told) > _EVIDENCE_CHARS
        rows = np.zeros((6, len(blocks)))
        rows[0, is_read] = [_marks(text) if n > 2 else 0 for text, n in texts]
        rows[1, is_read] = [text[-_ENDING_CHARS:].rstrip(_CLOSING)[-1:] in _FINAL for text, _ in texts]
        if title or description:
            rows[2:4, is_read] = np.array([_likeness_of(text, n, title, description) for text, n in texts]).T
        if self.is_told:
            rows[4, is_read] = [_is_told(text, told) if n >= _FEWEST_TOLD_WORDS else 0 for text, n in texts]
        rows[5, is_read] = _again([text if n >= _REPEATED_WORDS else "" for text, n in texts])
        self.marks, self.ends, self.like_title, self.like_description, self.in_body, self.again = rows


def _marks(text: str) -> int:
    return sum(map(text.count, _MARKS if text.isascii() else _ALL_MARKS))


def _likeness_of(text: str, n: float, title: set[str], description: set[str]) -> tuple[float, float]:
    """Return likeness to the title and to the description, where the text is no longer than one."""
    is_title = title and n < _TITLE_WORDS
    is_description = description and _FEWEST_DESCRIPTION_WORDS <= n < _DESCRIPTION_WORDS
    found = _word_set(text) if is_title or is_description else None
    if not found:
        return 0.0, 0.0
    in_title = len(found & title) if is_title else 0
    in_description = len(found & description) if is_description else 0
    return (
        in_title / (len(found) + len(title) - in_title) if in_title else 0.0,
        in_description / min(len(found), len(description)) if in_description else 0.0,
    )


def _is_told(text: str, told: str) -> float:
    return 1.0 if _letters(text[:_TOLD_CHARS]) in told else -1.0


def _again(texts: Sequence[str]) -> list[bool]:
    """Return which texts have stood before; an empty one has not."""
    first = {text: i for i, text in reversed([*enumerate(texts)])}
    return [bool(text) and first[text] < i for i, text in enumerate(texts)]


def _word_set(text: str | None) -> set[str]:
    if text and text.isascii():
        return set(text.translate(_ASCII_LETTERS).split())
    return set(_WORD.findall((text or "").casefold()))


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()


def groups(blocks: Sequence[Block], metadata: Metadata, frame: Outline, names: NameScores) -> dict[str, Columns]:
    """Return the features of a page's blocks by group; at least one block. The order is part of the model."""
    read = Reading(blocks, metadata, frame)
    tag = np.array([_TAG_CODES.get(tag, -1) for tag, _, _ in frame.kinds])[frame.kind[frame.element]]
    is_heading = np.array([tag in _HEADINGS for tag, _, _ in frame.kinds])[frame.kind[frame.element]]
    is_tag = dict(zip(_TAGS, tag == _EACH_TAG, strict=True))
    n = frame.words
    reads = (n >= 5) & (frame.link < 0.5) & ((read.marks >= 2) | ((read.ends > 0) & (n >= 6)))
    prose = n * (1 - frame.link) * reads
    return {
        "text": _text(frame, read),
        "links": {"link": frame.link, "all_link": _as_float(frame.link > 0.95)},
        "tag": {**{f"is_{t}": _as_float(is_it) for t, is_it in is_tag.items()}, "is_heading": _as_float(is_heading)},
        "ancestors": _ancestors(blocks, frame),
        "names": _names(frame, names),
        "position": _position(frame, read, is_tag["h1"]),
        "likeness": _likeness(read),
        "container": _container(frame, prose, is_tag["p"] | is_heading),
        "make": _make(frame, prose),
        "neighbours": _neighbours(frame, read, prose, is_tag["p"], is_heading),
        "page": _page(frame, prose),
    }


def _as_float(flags: Bools) -> Floats:
    return flags.astype(np.float64)


def _text(frame: Outline, read: Reading) -> Columns:
    n = frame.words
    return {
        "words": np.minimum(n, 300),
        "log_words": np.log1p(n),
        "marks": read.marks / np.maximum(n, 1),
        "ends": read.ends,
    }


def _ancestors(blocks: Sequence[Block], frame: Outline) -> Columns:
    own = np.array([_bits(*kind) for kind in frame.kinds], np.int64)[frame.kind]
    inside = (frame.over_ancestors(np.bitwise_or, own)[frame.element] & _EACH_BIT) != 0
    is_below = (frame.parent != np.arange(len(frame.parent))).astype(np.int64)
    return {
        **{f"in_{name}": row for name, row in zip(_BITS, inside.astype(np.float64), strict=True)},
        "hidden": np.array([b.hidden for b in blocks], np.float64),
        "depth": frame.over_ancestors(np.add, is_below)[frame.element].astype(np.float64),
    }


def _bits(tag: str, names: str, role: str) -> int:
    bits = _TAG_BITS.get(tag, 0) | (_BITS["role"] if role in _ROLES else 0)
    return bits | _BITS["articleBody"] if "rticleBody" in names else bits


def _names(frame: Outline, names: NameScores) -> Columns:
    keys = ("own_low", "own_high", "near_low", "near_high", "above_low", "above_high", "above_sum")
    return dict(zip(keys, names.of_elements(frame)[:, frame.element], strict=True))


def _position(frame: Outline, read: Reading, is_h1: Bools) -> Columns:
    """Return places in the page and after its headline: the first h1 like the title, else the line most like it."""
    m = len(frame.words)
    index, before = np.arange(m), running(frame.words)[:-1]
    total = max(1.0, float(frame.words.sum()))
    tops = np.flatnonzero(is_h1 & (read.like_title > 0.3))
    if not len(tops) and read.like_title.max() > 0.4:
        tops = np.array([int(read.like_title.argmax())])
    if not len(tops):
        tops = np.flatnonzero(is_h1)
    has = len(tops) > 0
    top = int(tops[0]) if has else 0
    return {
        "place": index / m,
        "place_in_words": before / total,
        "from_title": np.clip(index - top, -50, 200).astype(np.float64) if has else np.full(m, -60.0),
        "from_title_in_words": np.clip(before - before[top], -500, 3000) if has else np.full(m, -600.0),
        "has_title": np.full(m, float(has)),
    }


def _likeness(read: Reading) -> Columns:
    return {
        "like_title": read.like_title,
        "like_description": read.like_description,
        "in_body_text": read.in_body,
        "has_body_text": np.full(len(read.ends), float(read.is_told)),
        "again": read.again,
    }


def _container(frame: Outline, prose: Floats, is_text_tag: Bools) -> Columns:
    n, link = frame.words, frame.link
    index = np.arange(len(n))
    all_words, all_links, all_prose = (frame.over_elements(v) for v in (n, n * link, prose))
    up = frame.parent[frame.element]
    over = frame.parent[up]
    total = max(1.0, float(prose.sum()))
    worth = frame.over_elements(prose - 0.7 * n * (link > 0.5) - 2.0 * ((n < 8) & ~is_text_tag))
    best = int(np.flatnonzero(worth >= 0.97 * worth.max())[-1]) if worth.max() > 0 else 0
    first, behind = frame.start[best], frame.end[best]
    inside = (index >= first) & (index < behind)
    away = np.where(index < first, first - index, np.where(index >= behind, index - behind + 1, 0))
    children = np.bincount(frame.parent, minlength=len(frame.parent))
    return {
        "parent_share": all_prose[up] / total,
        "parent_link": all_links[up] / np.maximum(all_words[up], 1),
        "parent_prose": all_prose[up] / np.maximum(all_words[up], 1),
        "over_share": all_prose[over] / total,
        "over_link": all_links[over] / np.maximum(all_words[over], 1),
        "in_best": _as_float(inside),
        "from_best": np.minimum(away, 40).astype(np.float64),
        "best_share": np.where(inside, all_prose[up] / max(1.0, float(all_prose[best])), -1.0),
        "parent_children": np.minimum(children[up], 60).astype(np.float64),
        "parent_words": np.log1p(all_words[up]),
    }


def _make(frame: Outline, prose: Floats) -> Columns:
    n, make = frame.words, frame.make
    count, in_words = np.bincount(make), np.bincount(make, n)
    in_links, in_prose = np.bincount(make, n * frame.link), np.bincount(make, prose)
    return {
        "make_count": np.log1p(count[make]),
        "make_share": in_words[make] / max(1.0, float(n.sum())),
        "make_mean": np.minimum(in_words[make] / count[make], 200),
        "make_link": in_links[make] / np.maximum(in_words[make], 1),
        "make_prose": in_prose[make] / max(1.0, float(prose.sum())),
    }


def _neighbours(frame: Outline, read: Reading, prose: Floats, is_p: Bools, is_heading: Bools) -> Columns:
    m, n = len(frame.words), frame.words
    index = np.arange(m)
    by_name = {
        "log_words": np.log1p(n), "link": frame.link, "ends": read.ends, "p": _as_float(is_p),
        "heading": _as_float(is_heading), "prose": np.log1p(prose),
    }  # fmt: skip
    padded = np.full((len(by_name), m + 4), -1.0)
    padded[:, 2:-2] = list(by_name.values())
    columns = {f"{name}{d:+}": padded[i, 2 + d : m + 2 + d] for d in (-2, -1, 1, 2) for i, name in enumerate(by_name)}
    sums, links, texts = running(n), running(n * frame.link), running(prose)
    low, high = np.maximum(index - 4, 0), np.minimum(index + 5, m)
    around = np.maximum(sums[high] - sums[low], 1)
    total = max(1.0, float(prose.sum()))
    above = np.maximum.accumulate(np.where(is_heading, index, -1))
    before, after, _ = gaps(prose >= 15, _FAR_BLOCKS)
    return {
        **columns,
        "window_prose": (texts[high] - texts[low]) / around,
        "window_link": (links[high] - links[low]) / around,
        "from_heading": np.where(above >= 0, np.minimum(index - above, _FAR_BLOCKS), _FAR_BLOCKS + 1).astype(
            np.float64
        ),
        "prose_before": texts[:-1] / total,
        "prose_after": (texts[-1] - texts[1:]) / total,
        "since_prose": before,
        "until_prose": after,
    }


def _page(frame: Outline, prose: Floats) -> Columns:
    m, n = len(frame.words), frame.words
    total = max(1.0, float(n.sum()))
    facts = {
        "page_blocks": np.log1p(m),
        "page_words": np.log1p(total),
        "page_prose": float(prose.sum()) / total,
        "page_link": float((n * frame.link).sum()) / total,
    }
    return {name: np.full(m, float(value)) for name, value in facts.items()}
