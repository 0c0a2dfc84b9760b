"""What both models make of their first look's answers, for the second look to see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.strip.learned.columns import Bools, Columns, Floats, gaps, running, shifted
from etl.strip.learned.decide import expected_f1

_MOST_WORDS = 100  # a block weighs by its words, up to so many
_BEYOND = -6.0  # log-odds beyond the page
_SURE_SHARE, _SURE_WORDS = 0.6, 8


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """The first look's probabilities of m blocks; at least one."""

    probability: Floats  # (m,)
    words: Floats  # (m,)
    weight: Floats  # (m,)
    weights: Floats  # (m + 1,) running sums
    story: Floats  # (m + 1,) running sums of the weights that are expected to be story
    top: float  # probability of the surest blocks
    sure: Bools  # (m,)

    def itself(self) -> Columns:
        """Return the answer of each block and of its neighbours."""
        odds = log_odds(self.probability)
        return {
            "first": odds,
            "first_of_top": self.probability / max(self.top, 0.02),
            **{f"first{d:+}": shifted(odds, d, _BEYOND) for d in (-3, -2, -1, 1, 2, 3)},
        }

    def course(self, far: int) -> Columns:
        """Return how much of the story lies before and behind each block, and how far the sure ones are."""
        since, until, between = gaps(self.sure, far)
        whole = max(self.story[-1], 1e-6)
        return {
            "first_top": np.full(len(self.words), self.top),
            "story_before": self.story[:-1] / whole,
            "story_after": 1 - self.story[1:] / whole,
            "since_sure": since,
            "until_sure": until,
            "between_sure": between.astype(np.float64),
        }

    def window(self, width: int) -> Floats:
        """Return the expected share of story among the blocks up to `width` away."""
        index = np.arange(len(self.words))
        low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, len(index))
        return (self.story[high] - self.story[low]) / (self.weights[high] - self.weights[low])

    def expected(self) -> Columns:
        """Return the F1 to be expected if the first look decided."""
        f1 = expected_f1(self.words, self.probability, self.probability >= 0.5)
        return {"first_expected": np.full(len(self.words), f1)}


def first_answers(words: Floats, first: Floats) -> FirstAnswers:
    """Return the answers (m,) on blocks of so many words (m,)."""
    weight = np.minimum(words, _MOST_WORDS) + 0.5
    top = float(np.sort(first)[-max(1, min(5, len(first) // 10)) :].mean())
    sure = (first >= _SURE_SHARE * top) & (words >= _SURE_WORDS)
    return FirstAnswers(first, words, weight, running(weight), running(weight * first), top, sure)


def log_odds(probability: Floats) -> Floats:
    """Return log(p / (1 - p)), bounded."""
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))
