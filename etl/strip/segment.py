"""Cuts inline leftovers loose, so that every rule sees whole blocks.

Nothing is dropped here: the pieces of a block, joined by a space, are its text. Positions are counted anew.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cache
from itertools import islice

from etl.dates import moment
from etl.records import Block, Moment
from etl.resources import seeds
from etl.strip.names import is_role, named_authors
from etl.strip.phrases import load
from etl.strip.reading import read
from etl.strip.shapes import (
    ends_fully,
    ends_sentence,
    has_day,
    is_moment,
    moment_label,
    opens_like_moment,
    starts_high,
)

_AFTER_SENTENCE = r"(?<=[.!?…\"”»’)])\s+"
_SEPARATOR = re.compile(r"(?<=\s[|•·])\s+")
_NUMERIC_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}")
# What a date may end with in front of text: a year, a clock, a numeric day, or a zone.
_MOMENT_END = re.compile(
    r".*(?:\d{4}|\d[:./-]\d+)[TZ\d:.+-]*[,|:–—-]*|(?:am|pm|uhr|utc|gmt|[ce]es?t|года|року)[,|:–—-]*", re.IGNORECASE
)
_BAR = re.compile(r"[–—|•·:-]+\s+")  # between a date and its sentence
_DIGIT = re.compile(r"\d")
_FRONT_CHARS = 31  # a date in front of a byline has a digit so near its beginning
_SEPARATED_WORDS = 24  # longer lines with a bar in them are text
_LONGEST_MOMENT_WORDS = 9
_LONGEST_FRONT_CHARS = 100
_BARS = ("–", "—", "-", "|", ":", "•", "·")
_FEWEST_REST_WORDS = 3
_PROSE_WORDS = 12
_LONGEST_TITLE_CHARS = 160
_LONGEST_TAIL_CHARS = 60  # the longest prompt that trails a sentence is far shorter


def segment(blocks: Iterable[Block], published: Moment | None) -> tuple[Block, ...]:
    """Return the blocks with inline leftovers as blocks of their own, positions 0..n-1.

    published  when the document says that it was published: such a date in front of the first sentence is no text.
    """
    return cut_loose(tuple(blocks), published, None)[0]


def cut_loose(
    blocks: Sequence[Block], published: Moment | None, near: Container[int] | None
) -> tuple[tuple[Block, ...], list[int]]:
    """Return the same, and for each block the position of the one it was in.

    near  positions of the blocks that are looked at, the others stay whole; None: all of them.
    """
    looked_at = [b for b in blocks if near is None or b.position in near]
    dated = _dated_block(looked_at, published)
    at = {looked_at[dated[0]].position: dated[1]} if dated else {}
    cut: list[Block] = []
    origins: list[int] = []
    for block in blocks:
        position = block.position
        if near is None or position in near:
            pieces = _split(block, _pieces(block.text, at.get(position, 0)))
            cut.extend(pieces)
            origins.extend([position] * len(pieces))
        else:
            cut.append(block)
            origins.append(position)
    placed = (block._replace(position=i) if block.position != i else block for i, block in enumerate(cut))
    return tuple(placed), origins


def _dated_block(blocks: Sequence[Block], published: Moment | None) -> tuple[int, int] | None:
    """Return the block with a date in front of the first sentence, and where its text begins; None: there is none.

    It is the first block of prose; behind a standfirst the second, if that is the day of publication. Where several
    blocks begin with dates, the text is a chronology and needs them.
    """
    texts = [(i, b.text) for i, b in enumerate(blocks) if b.link_chars * 2 < len(b.text)]
    prose = (i for i, text in texts if ends_sentence(text) and read(text).count >= _PROSE_WORDS)
    first, second = (*islice(prose, 2), len(blocks), len(blocks))[:2]
    for at, (index, text) in enumerate(texts):
        if index > second:
            return None
        if not opens_like_moment(text) or is_moment(text) or not (front := _leading_moment(text, published)):
            continue
        if index <= first or _is_day(text[:front], published):
            later = [rest for _, rest in texts[at + 1 :] if not is_moment(rest)]
            return None if any(_leading_moment(rest, published) for rest in later) else (index, front)
    return None


def _split(block: Block, pieces: list[str]) -> list[Block]:
    if len(pieces) == 1:
        return [block]
    links_left, parts = block.link_chars, []
    for i, text in enumerate(pieces):
        links = min(len(text), links_left)
        links_left -= links
        parts.append(block._replace(text=text, link_chars=links, gap_before=block.gap_before if i == 0 else 0))
    return parts


def _pieces(text: str, front: int) -> list[str]:
    separated = _separated(text)
    if len(separated) > 1:
        return separated
    head = [text[:front].rstrip()] if front else []
    body, tail = _without_tail(text[front:].lstrip() if front else text)
    return [piece for piece in (*head, body, *tail) if piece]


def _separated(text: str) -> list[str]:
    """Return the parts of a line such as "By Jane Doe | 22 October 2024 | 3 min read"."""
    has_digit = _DIGIT.search(text, 0, _FRONT_CHARS) is not None
    if dated := _dated_byline().match(text) if has_digit else None:
        parts = [text[: dated.end()].rstrip(), text[dated.end() :]]
        if is_moment(parts[0]) and (named_authors(parts[1]) or is_role(parts[1])):
            return parts
    if is_moment(text) and (changed := _changed().search(text)) and has_day(text[: changed.start()]):
        return [text[: changed.start()], text[changed.end() :]]
    barred = "|" in text or "•" in text or "·" in text
    if not barred or len(read(text).words) > _SEPARATED_WORDS:
        return [text]
    parts = _SEPARATOR.split(text)
    return parts if len(parts) > 1 and any(map(_is_credit, parts)) else [text]


@cache
def _changed() -> re.Pattern[str]:
    """Return a pattern of the space in front of "Updated ..." in a line that says first when it was published."""
    labels = sorted(load().entries("timestamp", "modified"), key=lambda entry: (-len(entry), entry))
    return re.compile(rf"\s+(?=(?:{'|'.join(map(re.escape, labels))})\b)", re.IGNORECASE)


@cache
def _dated_byline() -> re.Pattern[str]:
    """Return a pattern of what stands in front of a byline in "Posted on March 3, 2031 by Jane Doe"."""
    opens = "|".join(map(re.escape, sorted(load().entries("byline", "opens"))))
    return re.compile(rf"(?=\D{{0,{_FRONT_CHARS - 1}}}\d)[^.!?]{{6,60}}?\s(?=(?:{opens})\s)", re.IGNORECASE)


def _is_credit(part: str) -> bool:
    sections = {hit.section for hit in load().hits(part) if hit.mode == "whole"}
    return is_moment(part) or bool(named_authors(part)) or "reading_time" in sections


def _leading_moment(text: str, published: Moment | None) -> int:
    """Return where the text begins behind a date in front of it, in characters; 0: there is none."""
    if not _DIGIT.search(text, 0, _LONGEST_FRONT_CHARS) or not opens_like_moment(text):
        return 0
    ends = [m.start() for m in re.finditer(r"\s+", text[:_LONGEST_FRONT_CHARS])][:_LONGEST_MOMENT_WORDS]
    for end in reversed(ends):
        front, rest = text[:end], text[end:].lstrip()
        if not (_is_moment_to_its_end(front) and starts_high(rest)) or len(read(rest).words) < _FEWEST_REST_WORDS:
            continue
        bar = _BAR.match(rest)
        if _stands_apart(front, rest, bar is not None, published):
            return len(text) - len(rest) + (bar.end() if bar else 0)
    return 0


def _is_moment_to_its_end(front: str) -> bool:
    """Return whether this is a date and nothing else; "On 12.04.2031" is the beginning of a sentence."""
    first, last = front.split(None, 1)[0], front.rsplit(None, 1)[-1]
    return (
        _MOMENT_END.fullmatch(last) is not None
        and first.casefold() not in load().entries("timestamp", "fill")
        and has_day(front)
        and is_moment(front)
    )


def _stands_apart(front: str, rest: str, bar: bool, published: Moment | None) -> bool:
    """Return whether the sentence does not need the date in front of it.

    A month in words proves nothing alone: "October 7, 2023 Hamas attacked" may be how a sentence begins. It needs
    a label, a bar behind it, a first word that begins sentences, or the day on which the document was published.
    """
    if moment_label(front) or (front[0].isdigit() and _NUMERIC_DAY.search(front)):
        return True
    opener = next(iter(read(rest).words), "")
    if bar or front.rstrip().endswith(_BARS) or (rest[0].isupper() and opener in _openers()):
        return True
    return _is_day(front, published)


def _is_day(front: str, published: Moment | None) -> bool:
    """Return whether a date names the day of publication."""
    found = moment(front.strip(" ,|:–—-•·"), "text", _languages()) if published else None
    return found is not None and published is not None and found.at.date() == published.at.date()


@cache
def _openers() -> frozenset[str]:
    return load().entries("timestamp", "openers")


@cache
def _languages() -> tuple[str, ...]:
    return tuple(file.stem for file in sorted((seeds() / "phrases").glob("??.toml")))


def _without_tail(text: str) -> tuple[str, list[str]]:
    """Return the text and the leftovers that trail its last sentence ("... said. Share Tweet")."""
    tail: list[str] = []
    while (cut := _tail_start(text)) > 0:
        tail.insert(0, text[cut:].strip())
        text = text[:cut].rstrip()
    return text, tail


def _tail_start(text: str) -> int:
    row = read(text).words
    if row and row[-1] in _prompt_ends():
        found = _trailing_prompt().search(text, max(0, len(text) - _LONGEST_TAIL_CHARS))
        if found:
            return found.start(1)
    found = _trailing_title().search(text) if ":" in text else None
    if found is None:
        return 0
    title = found["title"]
    is_title = len(title) <= _LONGEST_TITLE_CHARS and starts_high(title) and not ends_fully(title)
    return found.start(1) if is_title else 0


@cache
def _prompts() -> frozenset[str]:
    return load().entries("share", "inline") | load().entries("ad", "inline")


@cache
def _prompt_ends() -> frozenset[str]:
    """Return the last words of prompts: a line that ends otherwise need not be searched."""
    return frozenset(read(prompt).words[-1] for prompt in _prompts())


@cache
def _trailing_prompt() -> re.Pattern[str]:
    return re.compile(rf"{_AFTER_SENTENCE}({_capitalised(_prompts())})\s*$")


@cache
def _trailing_title() -> re.Pattern[str]:
    labels = _capitalised(load().entries("related", "label"))
    return re.compile(rf"{_AFTER_SENTENCE}((?:{labels})\s?:\s+(?P<title>\S.*))$")


def _capitalised(phrases: Iterable[str]) -> str:
    """Return a pattern of phrases whose first letter is a capital: "share" may end a sentence of its own."""
    ordered = sorted(phrases, key=lambda p: (-len(p), p))
    return "|".join(f"{re.escape(p[0].upper())}(?i:{re.escape(p[1:])})" for p in ordered)
