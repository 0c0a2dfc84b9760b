"""The first look's answers around each line: what the second look sees besides the features."""

from __future__ import annotations

import numpy as np

from etl.strip.learned.answers import first_answers
from etl.strip.learned.columns import Columns, Floats
from etl.strip.lines.sheet import Sheet

_FAR_LINES = 60
_WINDOWS = (3, 8, 20)


def context(page: Sheet, first: Floats) -> Columns:
    """Return columns (m,) from the first look's probabilities (m,); at least one line. Their order is the model's."""
    answers = first_answers(page.words, first)
    of_sentence = np.bincount(page.sentence, answers.weight * first) / np.bincount(page.sentence, answers.weight)
    return {
        **answers.itself(),
        "first_sentence": of_sentence[page.sentence],
        **answers.course(_FAR_LINES),
        "first_share": np.full(len(first), float(answers.story[-1] / answers.weights[-1])),
        **answers.expected(),
        **{f"first_window{width}": answers.window(width) for width in _WINDOWS},
    }
