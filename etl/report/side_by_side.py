"""Two bodies side by side: paragraphs aligned, shared passages and differing words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest

from etl.records import ParagraphPair, Passage
from etl.text import word_spans

_MOST_WORDS = 2000  # of a paragraph; difflib takes the square of it, and nobody reads on

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph that is marked alike."""

    text: str
    passage: int | None = None  # number of the shared passage it stands in, from 1
    differs: bool = False  # a word that the aligned paragraph has not


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side. Pieces of a paragraph joined are the paragraph; empty where there is none."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    similarity: float | None = None  # of aligned paragraphs, 1.0 is equal; None: they do not correspond


def rows(left: str, right: str, passages: Sequence[Passage], pairs: Sequence[ParagraphPair]) -> list[Row]:
    """Return two bodies as rows. Corresponding paragraphs that stand in another order are not aligned, but marked."""
    lefts, rights = _paragraphs(left), _paragraphs(right)
    left_passages = [(p.left_start, p.left_end) for p in passages]
    right_passages = [(p.right_start, p.right_end) for p in passages]
    found, at = [], (0, 0)
    for pair in [*chain(pairs), ParagraphPair(len(lefts), len(rights), 0.0)]:
        between = zip_longest(lefts[at[0] : pair.left], rights[at[1] : pair.right])
        found += [Row(_pieces(left, a, left_passages, []), _pieces(right, b, right_passages, [])) for a, b in between]
        if pair.left < len(lefts) and pair.right < len(rights):
            a, b = lefts[pair.left], rights[pair.right]
            others = ([], []) if pair.similarity == 1 else differing(left[slice(*a)], right[slice(*b)])
            cells = _pieces(left, a, left_passages, others[0]), _pieces(right, b, right_passages, others[1])
            found.append(Row(*cells, pair.similarity))
        at = pair.left + 1, pair.right + 1
    return found


def chain(pairs: Sequence[ParagraphPair]) -> list[ParagraphPair]:
    """Return the pairs of greatest similarity that rise in both texts; of equal choices the first."""
    best: list[tuple[float, int | None]] = []  # of the chain that ends here: its weight, and the pair before
    ordered = sorted(pairs, key=lambda p: (p.left, p.right))
    for i, pair in enumerate(ordered):
        before = [j for j in range(i) if ordered[j].left < pair.left and ordered[j].right < pair.right]
        last = max(before, key=lambda j: (best[j][0], -j), default=None)
        best.append((pair.similarity + (best[last][0] if last is not None else 0.0), last))
    at = max(range(len(best)), key=lambda i: (best[i][0], -i), default=None)
    found = []
    while at is not None:
        found.append(ordered[at])
        at = best[at][1]
    return found[::-1]


def differing(left: str, right: str) -> tuple[list[Span], list[Span]]:
    """Return the spans of words of either text that the other has not in the same place."""
    a, b = word_spans(left)[:_MOST_WORDS], word_spans(right)[:_MOST_WORDS]
    matcher = SequenceMatcher(None, [w for w, _, _ in a], [w for w, _, _ in b], autojunk=False)
    lefts, rights = [], []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            lefts += [(a[i][1], a[j - 1][2])] if i < j else []
            rights += [(b[k][1], b[m - 1][2])] if k < m else []
    return lefts, rights


def _paragraphs(body: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"[^\n]+", body)]


def _pieces(body: str, where: Span | None, passages: Sequence[Span], others: Sequence[Span]) -> tuple[Piece, ...]:
    """Cut a paragraph where a passage or a differing stretch begins or ends. `others` are counted from its start."""
    if where is None:
        return ()
    start, end = where
    differs = [(start + a, start + b) for a, b in others]
    cuts = {start, end, *(edge for span in (*passages, *differs) for edge in span if start < edge < end)}
    return tuple(
        Piece(body[a:b], _first(passages, a, b), _first(differs, a, b) is not None) for a, b in pairwise(sorted(cuts))
    )


def _first(spans: Sequence[Span], start: int, end: int) -> int | None:
    """Return the number of the first span, from 1, that holds a stretch."""
    return next((i for i, (a, b) in enumerate(spans, 1) if a <= start and end <= b), None)
