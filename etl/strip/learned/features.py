"""Blocks of a page -> numbers, in groups. Each group is a function; each of its features is a column (m,)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from etl.records import Block, Element, Metadata
from etl.strip.learned.columns import Bools, Columns, Floats, gaps, running, shifted
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
_MARK = re.compile(r"[.,;:!?。、，！？]")
_ENDS = re.compile(r"[.!?…。！？:][\"'”’»›)\]]*$")
_ENDING_CHARS = 4
_WORD = re.compile(r"\w+")
_LINK = 0.9  # a short block with more in links is not read: its words tell nothing
_LINK_WORDS = 12
_TITLE_WORDS = 40
_FEWEST_DESCRIPTION_WORDS, _DESCRIPTION_WORDS = 6, 60
_EVIDENCE_CHARS = 200  # a shorter articleBody says too little
_FEWEST_TOLD_WORDS, _TOLD_CHARS = 4, 60
_REPEATED_WORDS = 5
_FAR_BLOCKS = 30
_UNREAD = (0.0,) * 6


class Reading:
    """What needs the words of the blocks themselves, gathered in one pass; all (m,)."""

    def __init__(self, blocks: Sequence[Block], metadata: Metadata, frame: Outline) -> None:
        title, description = _word_set(metadata.headline), _word_set(metadata.description)
        told = _letters(metadata.body_text or "")
        self.is_told = len(told) > _EVIDENCE_CHARS
        rows: list[tuple[float, ...]] = []
        seen: set[str] = set()
        for block, n, link in zip(blocks, frame.words.tolist(), frame.link.tolist(), strict=True):
            if link > _LINK and n < _LINK_WORDS:
                rows.append(_UNREAD)
                continue
            text = block.text
            like_title = like_description = in_body = again = 0.0
            is_title, is_description = n < _TITLE_WORDS, _FEWEST_DESCRIPTION_WORDS <= n < _DESCRIPTION_WORDS
            if (title and is_title) or (description and is_description):
                found = _word_set(text)
                if title and is_title and found:
                    like_title = len(found & title) / len(found | title)
                if description and is_description and found:
                    like_description = len(found & description) / min(len(found), len(description))
            if self.is_told and n >= _FEWEST_TOLD_WORDS:
                in_body = 1.0 if _letters(text[:_TOLD_CHARS]) in told else -1.0
            if n >= _REPEATED_WORDS:
                again = float(text in seen)
                seen.add(text)
            ends = _ENDS.search(text, max(0, len(text) - _ENDING_CHARS)) is not None
            rows.append((len(_MARK.findall(text)) if n > 2 else 0, ends, like_title, like_description, in_body, again))
        self.marks, self.ends, self.like_title, self.like_description, self.in_body, self.again = np.array(rows).T


def _word_set(text: str | None) -> set[str]:
    return set(_WORD.findall((text or "").casefold()))


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()


def groups(
    blocks: Sequence[Block], elements: Sequence[Element], metadata: Metadata, frame: Outline, names: NameScores
) -> dict[str, Columns]:
    """Return the features of a page's blocks by group; at least one block. The order is part of the model."""
    read = Reading(blocks, metadata, frame)
    tags = np.array([elements[i].tag for i in frame.element.tolist()])
    is_heading = np.isin(tags, list(_HEADINGS))
    n = frame.words
    reads = (n >= 5) & (frame.link < 0.5) & ((read.marks >= 2) | ((read.ends > 0) & (n >= 6)))
    prose = n * (1 - frame.link) * reads
    return {
        "text": _text(frame, read),
        "links": {"link": frame.link, "all_link": _as_float(frame.link > 0.95)},
        "tag": {**{f"is_{t}": _as_float(tags == t) for t in _TAGS}, "is_heading": _as_float(is_heading)},
        "ancestors": _ancestors(blocks, elements, frame),
        "names": _names(elements, frame, names),
        "position": _position(frame, read, tags == "h1"),
        "likeness": _likeness(read),
        "container": _container(frame, prose, ((tags == "p") | is_heading)),
        "make": _make(frame, prose),
        "neighbours": _neighbours(frame, read, prose, tags == "p", is_heading),
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


def _ancestors(blocks: Sequence[Block], elements: Sequence[Element], frame: Outline) -> Columns:
    bits: list[int] = []
    depth: list[int] = []
    for e in elements:
        bit = _BITS.get(e.tag, 0) if e.tag in _INSIDE else 0
        if e.role in _ROLES:
            bit |= _BITS["role"]
        if "rticleBody" in e.names:
            bit |= _BITS["articleBody"]
        bits.append(bit if e.parent < 0 else bit | bits[e.parent])
        depth.append(0 if e.parent < 0 else depth[e.parent] + 1)
    of_block = np.array(bits, np.int64)[frame.element]
    return {
        **{f"in_{name}": _as_float((of_block & bit) != 0) for name, bit in _BITS.items()},
        "hidden": np.array([b.hidden for b in blocks], np.float64),
        "depth": np.array(depth, np.float64)[frame.element],
    }


def _names(elements: Sequence[Element], frame: Outline, names: NameScores) -> Columns:
    scores = names.of_elements(elements, frame.parent)[frame.element]
    keys = ("own_low", "own_high", "near_low", "near_high", "above_low", "above_high", "above_sum")
    return {key: scores[:, i] for i, key in enumerate(keys)}


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
    columns = {f"{name}{d:+}": shifted(v, d, -1.0) for d in (-2, -1, 1, 2) for name, v in by_name.items()}
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
