"""Scores of bodies: runs of four words against a true body, snippets that must and must not be there.

The measure of body text is that of article-extraction-benchmark: precision and recall are means over pages, F1 of
those means; accuracy is the share of pages with exactly the true words.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.text import fold_space

_WORD = re.compile(r"\w+")
RUN = 4  # words in a run


@dataclass(frozen=True, slots=True)
class Score:
    f1: float
    precision: float
    recall: float
    accuracy: float
    low: int  # pages under F1 0.5

    def __str__(self) -> str:
        return f"{self.f1:.4f} | {self.precision:.3f} | {self.recall:.3f} | {self.accuracy:.3f} | {self.low}"


def words(text: str | None) -> list[str]:
    return _WORD.findall(fold_space(text or ""))


def runs(text: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(text[i : i + RUN]) for i in range(len(text) - RUN + 1)]


def grams(text: str) -> Counter[tuple[str, ...]]:
    line = words(text)
    return Counter(runs(line) or ([tuple(line)] if line else []))


def page_score(truth: str, answer: str) -> tuple[float, float, bool]:
    """Return precision, recall and whether the words are the same."""
    told, found = grams(truth), grams(answer)
    shared = (told & found).total()
    return shared / max(1, found.total()), shared / max(1, told.total()), words(truth) == words(answer)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def best(truths: Iterable[str], answers: Sequence[str]) -> tuple[float, float, bool]:
    """Return the score of the best pair: the standfirst counts neither way."""
    return max((page_score(t, a) for t in truths for a in answers), key=lambda s: f1(*s[:2]))


def bodies(pages: Sequence[tuple[float, float, bool]], empty: int = 0) -> Score:
    """Return the mean of pages; precision is the mean over pages with an answer (all but `empty`)."""
    precision = sum(p for p, _, _ in pages) / max(1, len(pages) - empty)
    recall = statistics.mean(r for _, r, _ in pages)
    low = sum(f1(p, r) < 0.5 for p, r, _ in pages)
    return Score(f1(precision, recall), precision, recall, statistics.mean(e for *_, e in pages), low)


def snippet_f1(pages: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> float:
    """Return F1 over strings: (answer, wanted, unwanted) a page."""
    right = surplus = missing = 0
    for answer, wanted, unwanted in pages:
        flat = re.sub(r"\s+", " ", answer)
        met = sum(re.sub(r"\s+", " ", s).strip() in flat for s in wanted)
        right, missing = right + met, missing + len(wanted) - met
        surplus += sum(re.sub(r"\s+", " ", s).strip() in flat for s in unwanted)
    return 2 * right / max(1, 2 * right + surplus + missing)
