"""Probabilities of lines -> the lines of the story. Raw dumps are cut for recall, nearly clean texts lightly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.strip.body import Choice
from etl.strip.facts import Line
from etl.strip.learned.columns import Bools, Floats
from etl.strip.learned.decide import best_cut, expected_f1
from etl.strip.learned.explain import Reasons
from etl.strip.lines.model import LineModel, load
from etl.strip.lines.sheet import is_scrap

# A text with few lines, or few scraps among those that no phrase names, is left to the rules.
_FEWEST_LINES, _SCRAP_SHARE = 15, 0.1
_MOST_LINES = 5_000  # memory grows with them
_RAW_LINES, _RAW_SHARE = 30, 0.6  # share of the words expected to be story: in a dump of a whole page it is less
# The expected F1 from which on the model is believed. What it doubts may be a table, a list of results, questions.
_BELIEVED_OF_RAW, _BELIEVED = 0.7, 0.9
# Of a raw dump a lost paragraph is worse than a scrap that stays: what is known of its site may still take the scrap.
_RECALL_WEIGHT_OF_RAW, _LOWEST_CUT_OF_RAW = 4.0, 0.05
_SURE, _SURE_WORDS = 0.6, 8
_IMPOSSIBLE = 0.05  # a line between two sure ones goes only if it is less probable: subheadings and items stay
_IMPROBABLE = 0.25  # likewise a whole sentence anywhere
_IN_FRONT_LINES, _BEHIND_LINES = 15, 8


def told(lines: Sequence[Line], headline: str | None, model: LineModel | None = None) -> Choice:
    """Return the body of a plain text: all lines, but for those that the model leaves out and says why.

    model  None: the one that ships with newsfold.
    """
    unnamed = [not (x.hits or x.moment or x.authors or x.copyright) for x in lines]
    if not _FEWEST_LINES <= len(lines) <= _MOST_LINES or not _has_scraps(lines, unnamed):
        return Choice(frozenset(x.index for x in lines), {}, -1)
    model = model or load()
    verdicts = model(lines, headline)
    firm = np.array([x.firm for x in lines], np.bool_)
    keep = kept(verdicts.words, verdicts.probability, np.array(unnamed, np.bool_), firm)
    body = frozenset(np.flatnonzero(keep).tolist())
    return Choice(body, {}, -1, Reasons(model, verdicts), _beside(keep))


def _has_scraps(lines: Sequence[Line], unnamed: Sequence[bool]) -> bool:
    scraps = sum(is_it and is_scrap(line) for line, is_it in zip(lines, unnamed, strict=True))
    return scraps >= _SCRAP_SHARE * sum(unnamed)


def _beside(keep: Bools) -> frozenset[int]:
    """Return the lines so near to the story that a byline or a date there is its own."""
    inside = np.flatnonzero(keep)
    if not len(inside):
        return frozenset()
    return frozenset(range(int(inside[0]) - _IN_FRONT_LINES, int(inside[-1]) + _BEHIND_LINES))


def kept(words: Floats, probability: Floats, unnamed: Bools, firm: Bools) -> Bools:
    """Return which lines (m,) are kept; m > 0.

    unnamed  (m,) lines that say nothing of themselves: what the rules take out makes no dump a raw one.
    firm     (m,) lines that are sentences to their end.
    source  Lipton et al. 2014, Thresholding classifiers to maximize F1: the best cut lies at half the best F1.
    """
    story = float((words * probability)[unnamed].sum())
    raw = len(words) >= _RAW_LINES and story < _RAW_SHARE * float(words[unnamed].sum())
    if raw:
        keep: Bools = probability >= best_cut(words, probability, _RECALL_WEIGHT_OF_RAW, _LOWEST_CUT_OF_RAW)
    else:
        keep = probability >= best_cut(words, probability)
        keep |= _between_sure(words, probability) & (probability >= _IMPOSSIBLE)
        keep |= firm & (probability >= _IMPROBABLE)
    believed = _BELIEVED_OF_RAW if raw else _BELIEVED
    if expected_f1(words, probability, keep) < believed:
        return np.ones(len(words), np.bool_)
    return keep


def _between_sure(words: Floats, probability: Floats) -> Bools:
    """Return which lines stand between the first and the last that are surely the story."""
    sure = np.flatnonzero((probability >= _SURE) & (words >= _SURE_WORDS))
    index = np.arange(len(words))
    if not len(sure):
        return np.ones(len(words), np.bool_)
    between: Bools = (index >= sure[0]) & (index <= sure[-1])
    return between
