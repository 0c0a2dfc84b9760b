"""Probabilities of blocks -> the body: the container with most evidence, cut where the expected F1 is best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.strip.learned.columns import Bools, Floats
from etl.strip.learned.outline import Outline

_NEAR_BEST = 0.97  # a smaller container that holds nearly as much is the better one
_MOST_WORDS = 100  # a block is evidence by its words, up to so many
_DOUBTFUL = 0.35  # a block less probable speaks against its container
_DOUBTFUL_SHARE = 0.6  # ... on a page without sure blocks: less than this share of the best
_LOWEST, _HIGHEST = 0.1, 0.5  # where the cut may lie


@dataclass(frozen=True, slots=True)
class Decision:
    """Which blocks are the story, and how sure that is."""

    keep: Bools  # (m,)
    probability: Floats  # (m,)
    expected_f1: float  # 0..1, of the kept words against those of the story


def decide(frame: Outline, probability: Floats) -> Decision:
    """Return the body of a page.

    probability  (m,), that a block belongs to the story; m may be 0.
    source       Lipton et al. 2014, Thresholding classifiers to maximize F1: the best cut lies at half the best F1.
    """
    keep = np.zeros(len(probability), np.bool_)
    if not len(probability):
        return Decision(keep, probability, 0.0)
    doubtful = min(_DOUBTFUL, _DOUBTFUL_SHARE * float(probability.max()))
    worth = frame.over_elements(np.minimum(frame.words, _MOST_WORDS) * (probability - doubtful))
    best = int(np.flatnonzero(worth >= min(_NEAR_BEST * worth.max(), worth.max()))[-1])
    inside = slice(int(frame.start[best]), int(frame.end[best]))
    keep[inside] = probability[inside] >= best_cut(frame.words, probability)
    return Decision(keep, probability, expected_f1(frame.words, probability, keep))


def best_cut(words: Floats, probability: Floats, recall_weight: float = 1.0, lowest: float = _LOWEST) -> float:
    """Return the probability above which keeping all blocks gives the best expected F; at least one block.

    recall_weight  how many times recall weighs what precision does: the square of beta in F-beta. At 1, F1.
    lowest         the cut never lies below.
    source         van Rijsbergen 1979, Information Retrieval: F = (1 + b) TP / (kept + b story).
    """
    order = np.argsort(-probability, kind="stable")
    story = words * probability
    f = np.cumsum(story[order]) / (np.cumsum(words[order]) + recall_weight * float(story.sum()) + 1e-9)
    return min(_HIGHEST, max(lowest, float(probability[order][int(f.argmax())])))


def expected_f1(words: Floats, probability: Floats, keep: Bools) -> float:
    """Return the F1 of the kept words to be expected if each block is story with its probability."""
    story = words * probability
    both = float(words[keep].sum()) + float(story.sum())
    return 2 * float(story[keep].sum()) / both if both else 0.0
