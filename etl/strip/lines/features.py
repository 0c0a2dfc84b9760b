"""Lines of a text dump -> numbers, in groups. Each group is a function; each of its features is a column (m,)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.strip.facts import Line
from etl.strip.learned.features import Columns, gaps, shifted
from etl.strip.learned.outline import Bools, Floats, Ints, running

# The small words of running text; menus and titles have few of them.
_SMALL_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "is",
        "was",
        "that",
        "for",
        "on",
        "with",
        "as",
        "it",
        "at",
        "by",
        "from",
        "be",
        "are",
        "this",
        "have",
        "has",
        "had",
        "he",
        "she",
        "they",
        "his",
        "her",
        "its",
        "not",
        "but",
        "which",
        "who",
        "will",
        "would",
        "been",
        "were",
        "their",
        "said",
        "also",
        "after",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "den",
        "von",
        "zu",
        "mit",
        "im",
        "ein",
        "eine",
        "dem",
        "nicht",
        "sich",
        "des",
        "auf",
        "für",
        "als",
        "auch",
        "es",
        "an",
        "hat",
        "werden",
        "wird",
        "bei",
        "sind",
        "nach",
        "aus",
        "wie",
        "er",
        "sie",
        "le",
        "la",
        "les",
        "de",
        "des",
        "et",
        "un",
        "une",
        "du",
        "en",
        "est",
        "que",
        "pour",
        "dans",
        "qui",
        "sur",
        "par",
        "au",
        "pas",
        "plus",
        "ce",
        "il",
        "elle",
        "avec",
        "sont",
        "ont",
        "été",
        "el",
        "los",
        "las",
        "y",
        "del",
        "se",
        "por",
        "con",
        "para",
        "su",
        "al",
        "lo",
        "como",
        "más",
        "pero",
        "ha",
        "fue",
        "è",
        "di",
        "che",
        "il",
        "per",
        "non",
        "una",
        "sono",
        "della",
        "gli",
        "anche",
        "da",
        "con",
        "nel",
        "si",
        "o",
        "os",
        "e",
        "do",
        "da",
        "em",
        "um",
        "uma",
        "não",
        "com",
        "no",
        "na",
        "foi",
        "ao",
        "mais",
        "и",
        "в",
        "не",
        "на",
        "что",
        "с",
        "по",
        "он",
        "как",
        "к",
        "из",
        "у",
        "за",
        "от",
        "о",
        "для",
        "это",
        "а",
        "но",
        "был",
        "бы",
        "его",
        "же",
        "до",
        "і",
        "та",
        "що",
        "з",
        "як",
        "від",
        "про",
        "це",
        "його",
        "де",
        "het",
        "een",
        "van",
        "op",
        "dat",
        "te",
        "zijn",
        "met",
        "voor",
        "niet",
        "och",
        "att",
        "som",
        "på",
        "av",
        "är",
        "den",
        "det",
        "til",
        "er",
        "og",
        "med",
        "ikke",
        "w",
        "i",
        "na",
        "się",
        "z",
        "do",
        "jest",
        "że",
        "nie",
        "to",
        "bir",
        "ve",
        "bu",
        "da",
        "için",
        "của",
        "là",
        "và",
        "các",
        "có",
    ]
)
_MARK = re.compile(r"[.,;:!?。、，！？]")
_OPENS_LOW = re.compile(r"^\s*[,.;:!?)\]»”’…、。]")
_LEFT_OPEN = re.compile(r"[,(\[«“„–—-]$")
_QUOTE = re.compile(r"[\"“”„«»「『]")
_SCRAP_WORDS = 6  # a line this short that ends no sentence may be an entry of a menu
_TITLE_LIKENESS = 0.6  # share of words in common with the title from which on a line may be the headline
_TITLE_LINES = 400
_FAR_LINES = 40
_JUNK = frozenset(
    ("share", "follow", "ad", "comment_form", "newsletter", "consent", "related", "navigation", "copyright", "tags",
     "paywall", "loading", "caption")
)  # fmt: skip
_SECTIONS = ("share", "related", "navigation", "comment_form", "newsletter", "caption", "follow", "consent")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dump of m lines as arrays: what several groups are computed from."""

    words: Floats
    ends: Bools
    scrap: Bools  # short, and no end of a sentence
    joins: Bools  # goes on with the sentence of the line above: an inline element was broken out of it
    prose: Floats  # words of lines that read as text; of a broken sentence all its pieces
    same: Ints  # equal for lines with the same words


def is_scrap(line: Line) -> bool:
    """Return whether a line is short and ends no sentence, as the entries of menus do."""
    return line.words <= _SCRAP_WORDS and not line.ends


def sheet(lines: Sequence[Line]) -> Sheet:
    """Return the arrays of a dump; at least one line."""
    words = np.array([x.words for x in lines], np.float64)
    ends = np.array([x.ends for x in lines])
    open_end = ~ends & np.array([not x.moment and not x.copyright for x in lines])
    low = np.array([_begins_low(x.text) for x in lines])
    tight = np.array([x.gap_before == 0 for x in lines])
    joins = low & tight & (shifted(open_end.astype(np.float64), -1, 0.0) > 0)
    known: dict[str, int] = {}
    same = np.array([known.setdefault(x.normal, len(known)) for x in lines], np.int64)
    return Sheet(words, ends, np.array([is_scrap(x) for x in lines]), joins, _prose(lines, words, ends, joins), same)


def _begins_low(text: str) -> bool:
    return text[0].islower() or _OPENS_LOW.match(text) is not None


def _prose(lines: Sequence[Line], words: Floats, ends: Bools, joins: Bools) -> Floats:
    sentence = np.cumsum(~joins) - 1
    whole = np.bincount(sentence, words)[sentence]
    closed = np.bincount(sentence, ends)[sentence] > 0
    pieced = (np.bincount(sentence)[sentence] > 1) & (whole >= 8) & closed
    reads = np.array([x.prose for x in lines]) | pieced
    return np.where(reads, words, 0.0)


def groups(lines: Sequence[Line], headline: str | None, page: Sheet) -> dict[str, Columns]:
    """Return the features of a dump's lines by group; at least one line. The order is part of the model.

    headline  as given with the dump; None: its first line stands for it.
    """
    return {
        "text": _text(lines, page),
        "facts": _facts(lines),
        "sentence": _sentence(page),
        "place": _place(page),
        "title": _title(lines, headline, page),
        "repetition": _repetition(page),
        "neighbours": _neighbours(page),
        "rows": _rows(page),
        "page": _page(lines, page),
    }


def _flags(values: Sequence[bool] | Bools) -> Floats:
    return np.array(values, np.float64)


def _text(lines: Sequence[Line], page: Sheet) -> Columns:
    n = np.maximum(page.words, 1)
    rows = np.array([_counts(x) for x in lines], np.float64)
    chars = np.maximum(rows[:, 0], 1)
    return {
        "words": np.minimum(page.words, 150),
        "log_words": np.log1p(page.words),
        "word_chars": np.minimum(chars / n, 30),
        "marks": rows[:, 1] / n,
        "digits": rows[:, 2] / chars,
        "capitals": rows[:, 3] / n,
        "small_words": rows[:, 4] / n,
        "quotes": np.minimum(rows[:, 5], 4),
        "bars": np.minimum(rows[:, 6], 4),
        "ends": _flags(page.ends),
        "colon": _flags([x.text.endswith(":") for x in lines]),
        "cut_short": _flags([x.text.endswith(("…", "...", "[…]")) for x in lines]),
        "question": _flags([x.text.endswith("?") for x in lines]),
        "low": _flags([_begins_low(x.text) for x in lines]),
        "left_open": _flags([_LEFT_OPEN.search(x.text) is not None for x in lines]),
        "all_capitals": _flags([x.text.isupper() for x in lines]),
    }


def _counts(line: Line) -> tuple[int, ...]:
    """Return characters, marks, digits, words with a capital, small words, quotation marks, bars."""
    text = line.text
    split = text.split()
    return (
        len(text),
        len(_MARK.findall(text)),
        sum(map(str.isdigit, text)),
        sum(w[0].isupper() for w in split),
        sum(w in _SMALL_WORDS for w in line.normal.split()),
        len(_QUOTE.findall(text)),
        text.count("|") + text.count("•") + text.count("·") + text.count("/"),
    )


def _facts(lines: Sequence[Line]) -> Columns:
    said = [{h.section for h in x.hits} for x in lines]
    return {
        "full": _flags([x.full for x in lines]),
        "reads": _flags([x.prose for x in lines]),
        "firm": _flags([x.firm for x in lines]),
        "moment": _flags([x.moment for x in lines]),
        "byline": _flags([bool(x.authors) for x in lines]),
        "copyright": _flags([x.copyright for x in lines]),
        "list": _flags([x.kind == "list" for x in lines]),
        "phrase": _flags([bool(s & _JUNK) for s in said]),
        "whole_phrase": _flags([any(h.whole and h.section in _JUNK for h in x.hits) for x in lines]),
        **{f"says_{name}": _flags([name in s for s in said]) for name in _SECTIONS},
        "gap": np.minimum([x.gap_before for x in lines], 3).astype(np.float64),
    }


def _sentence(page: Sheet) -> Columns:
    """Return what a line is together with those that its sentence was broken into."""
    sentence = np.cumsum(~page.joins) - 1
    count, words = np.bincount(sentence), np.bincount(sentence, page.words)
    closed = np.bincount(sentence, page.ends) > 0
    return {
        "joins": _flags(page.joins),
        "joined": shifted(_flags(page.joins), 1, 0.0),
        "pieces": np.minimum(count[sentence], 10).astype(np.float64),
        "sentence_words": np.log1p(words[sentence]),
        "sentence_ends": _flags(closed[sentence]),
    }


def _place(page: Sheet) -> Columns:
    m = len(page.words)
    index, before = np.arange(m), running(page.words)[:-1]
    total = max(1.0, float(page.words.sum()))
    return {
        "place": index / m,
        "place_in_words": before / total,
        "from_first": np.minimum(index, _FAR_LINES).astype(np.float64),
        "until_last": np.minimum(m - 1 - index, _FAR_LINES).astype(np.float64),
        "words_before": np.log1p(before),
        "words_after": np.log1p(np.maximum(total - before - page.words, 0)),
    }


def _title(lines: Sequence[Line], headline: str | None, page: Sheet) -> Columns:
    """Return likeness to the title, and the place after the line that repeats it: in a dump the story's headline."""
    m = len(lines)
    title = set((headline or lines[0].normal).casefold().split()) if headline else set(lines[0].normal.split())
    like = np.zeros(m)
    for i, line in enumerate(lines[:_TITLE_LINES]):
        if 2 < line.words <= 40 and title:
            found = set(line.normal.split())
            like[i] = len(found & title) / max(1, min(len(found), len(title)))
    index = np.arange(m)
    tops = index[(like >= _TITLE_LIKENESS) & (index > (0 if headline is None else -1))]
    top = int(tops[np.argmax(like[tops])]) if len(tops) else -1
    since = np.clip(index - top, -_FAR_LINES, 100).astype(np.float64)
    before = running(page.words)[:-1]
    return {
        "like_title": like,
        "has_title": np.full(m, float(top >= 0)),
        "from_title": since if top >= 0 else np.full(m, -_FAR_LINES - 1.0),
        "words_from_title": np.clip(before - before[top], -500, 3000) if top >= 0 else np.full(m, -600.0),
    }


def _repetition(page: Sheet) -> Columns:
    count = np.bincount(page.same)
    first = np.full(len(count), len(page.same))
    np.minimum.at(first, page.same, np.arange(len(page.same)))
    again = count[page.same] > 1
    around = running(_flags(again))
    m = len(page.words)
    low, high = np.maximum(np.arange(m) - 5, 0), np.minimum(np.arange(m) + 6, m)
    return {
        "copies": np.minimum(count[page.same], 6).astype(np.float64),
        "again": _flags(first[page.same] < np.arange(m)),
        "repeated_around": (around[high] - around[low]) / (high - low),
    }


def _neighbours(page: Sheet) -> Columns:
    m = len(page.words)
    by_name = {
        "log_words": np.log1p(page.words),
        "ends": _flags(page.ends),
        "prose": np.log1p(page.prose),
        "scrap": _flags(page.scrap),
    }
    columns = {f"{name}{d:+}": shifted(v, d, -1.0) for d in (-3, -2, -1, 1, 2, 3) for name, v in by_name.items()}
    sums, texts, scraps = running(page.words), running(page.prose), running(_flags(page.scrap))
    index = np.arange(m)
    for width in (4, 12):
        low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, m)
        columns[f"window_prose{width}"] = (texts[high] - texts[low]) / np.maximum(sums[high] - sums[low], 1)
        columns[f"window_words{width}"] = np.log1p(texts[high] - texts[low])
        columns[f"window_scraps{width}"] = (scraps[high] - scraps[low]) / (high - low)
    return columns


def _rows(page: Sheet) -> Columns:
    """Return the runs of scraps a line stands in or between, and how far the prose around it is."""
    m = len(page.words)
    run = np.cumsum(np.concatenate(([True], page.scrap[1:] != page.scrap[:-1]))) - 1
    length = np.bincount(run)
    above = np.concatenate(([0], length))[run]
    below = np.concatenate((length, [0]))[run + 1]
    texts = running(page.prose)
    total = max(1.0, float(page.prose.sum()))
    before, after, between = gaps(page.prose >= 15, _FAR_LINES)
    return {
        "row": np.where(page.scrap, np.log1p(length[run]), 0.0),
        "row_above": np.log1p(above),
        "row_below": np.log1p(below),
        "prose_before": texts[:-1] / total,
        "prose_after": (texts[-1] - texts[1:]) / total,
        "since_prose": before,
        "until_prose": after,
        "between_prose": _flags(between),
        "log_prose_before": np.log1p(texts[:-1]),
        "log_prose_after": np.log1p(np.maximum(texts[-1] - texts[1:], np.zeros(m))),
    }


def _page(lines: Sequence[Line], page: Sheet) -> Columns:
    m = len(page.words)
    total = max(1.0, float(page.words.sum()))
    facts = {
        "lines": np.log1p(m),
        "all_words": np.log1p(total),
        "all_prose": float(page.prose.sum()) / total,
        "all_scraps": float(page.scrap.mean()),
        "scrap_words": float(page.words[page.scrap].sum()) / total,
        "all_gaps": float(np.mean([x.gap_before > 0 for x in lines])),
    }
    return {name: np.full(m, float(value)) for name, value in facts.items()}
