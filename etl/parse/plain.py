"""Plain text to blocks: a line is a block, unless the lines were wrapped by a mail or wire program."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from etl.records import Block, Element
from etl.text import fold_space

_MARK = re.compile(r"(?:[–•·▪■●○◦‣⁃*\-►▶✓]|\d{1,2}[.)]|[a-z]\))\s+\S")
_INDENT_CHARS = 2

# Hard-wrapped text: no line is wider than the column, and each full line had no room for the next word.
_WIDEST = 110
_NARROWEST = 50
_SLACK_CHARS = 4  # programs differ in whether they count the space, and break after a hyphen
_FULL_SHARE = 0.7  # of the lines followed by another one
_FEWEST_FULL = 3
# ... and breaks in mid-sentence. Lines that are sentences, titles or entries of a list are not wrapped; when in doubt,
# nothing is joined.
_OPEN_SHARE = 0.7  # of the full lines
_LOW_SHARE = 0.4  # of the lines after them; German has its nouns
_MOST_ENDED = 0.5  # of all lines
_ENDS = re.compile(r"[.!?…。！？][\"'”’»“)\]]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    gap: int  # empty lines in front
    indented: bool


def cut(text: str) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return the blocks of a plain text and its single element."""
    lines = _lines(text)
    if column := _column(lines):
        lines = _join(lines, column)
    blocks = tuple(
        Block(position, line.text, "list" if _MARK.match(line.text) else "text", 0, gap_before=line.gap)
        for position, line in enumerate(lines)
    )
    return blocks, (Element(-1, ""),)


def _lines(text: str) -> list[_Line]:
    found, gap = [], 0
    for raw in text.replace("\r\r\n", "\n").splitlines():
        if folded := fold_space(raw):
            indent = len(raw) - len(raw.lstrip())
            found.append(_Line(folded, gap, indent >= _INDENT_CHARS))
            gap = 0
        else:
            gap += 1
    return found


def _column(lines: list[_Line]) -> int:
    """Return the width that the text was wrapped to, in characters; 0: it was not."""
    width = max((len(line.text) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if b.gap == 0 and len(a.text) > width // 2]
    full = [(a, b) for a, b in pairs if _is_full(a, b, width)]
    if len(full) < max(_FEWEST_FULL, _FULL_SHARE * len(pairs)):
        return 0
    return width if _breaks_sentences(full) and _MOST_ENDED * len(lines) >= sum(map(_ends, lines)) else 0


def _breaks_sentences(full: list[tuple[_Line, _Line]]) -> bool:
    """Return whether lines end in mid-sentence, and the next ones go on with it."""
    open_ended = sum(not _ends(a) for a, _ in full)
    going_on = sum(b.text[0].islower() for _, b in full)
    return open_ended >= _OPEN_SHARE * len(full) and going_on >= _LOW_SHARE * len(full)


def _ends(line: _Line) -> bool:
    return _ENDS.search(line.text) is not None


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    first_word = following.text.split(" ", 1)[0]
    return len(line.text) + 1 + len(first_word) > width - _SLACK_CHARS


def _join(lines: list[_Line], column: int) -> list[_Line]:
    """Return paragraphs: a line takes the next one in if it had no room left and nothing starts a new paragraph."""
    joined: list[list[_Line]] = []
    for line in lines:
        last = joined[-1][-1] if joined else None
        if last is None or line.gap or _starts(line, last) or not _is_full(last, line, column):
            joined.append([line])
        else:
            joined[-1].append(line)
    return [_Line(" ".join(part.text for part in parts), parts[0].gap, parts[0].indented) for parts in joined]


def _starts(line: _Line, last: _Line) -> bool:
    return (line.indented and not last.indented) or _MARK.match(line.text) is not None
