"""The first look's answers around each block: what the second look sees besides the features."""

from __future__ import annotations

import numpy as np

from etl.strip.learned.answers import first_answers
from etl.strip.learned.columns import Columns, Floats
from etl.strip.learned.outline import Outline

_FAR_BLOCKS = 40
_WINDOW = 6


def context(frame: Outline, first: Floats) -> Columns:
    """Return columns (m,) from the first look's probabilities (m,); at least one block. Their order is the model's."""
    answers = first_answers(frame.words, first)
    weight, story = answers.weight, answers.weight * first
    shares = frame.over_elements(story) / np.maximum(frame.over_elements(weight), 1e-6)
    parent = frame.parent[frame.element]
    over = frame.parent[parent]
    of_make = np.bincount(frame.make, story) / np.bincount(frame.make, weight)
    beside_sure = np.bincount(parent, answers.sure, minlength=len(frame.parent))[parent] > 0
    return {
        **answers.itself(),
        "first_parent": shares[parent],
        "first_over": shares[over],
        "first_higher": shares[frame.parent[over]],
        "first_make": of_make[frame.make],
        **answers.course(_FAR_BLOCKS),
        "beside_sure": beside_sure.astype(np.float64),
        "first_window": answers.window(_WINDOW),
        **answers.expected(),
    }
