"""Why the model left a block out, in words: its probability and what speaks most against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.strip.learned.looks import Answers, TwoLooks


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a model may be asked of the blocks of one page. Asked of few: rules name most of what it leaves out."""

    model: TwoLooks
    answers: Answers
    origins: Sequence[int] | None = None  # the block that each piece was in; None: no block was cut

    def __call__(self, pieces: Sequence[int]) -> dict[int, str]:
        """Return for each of these blocks a line such as "3 % story: links -2.1, container -1.4"."""
        origins = self.origins
        if origins is None:
            return reasons(self.model, self.answers, pieces)
        said = reasons(self.model, self.answers, sorted({origins[i] for i in pieces}))
        return {i: said[origins[i]] for i in pieces}


def reasons(model: TwoLooks, answers: Answers, blocks: Sequence[int]) -> dict[int, str]:
    """Return the same for blocks of the page as the model saw it.

    The numbers are log-odds of the first look, summed over a group of features. The second look, which sees the
    neighbours too, made the probability; so a group is evidence, not a proof that it decided alone.
    """
    if not len(blocks):
        return {}
    edges = np.cumsum([0, *(len(features) for features in model.groups.values())])[:-1]
    by_group = np.add.reduceat(model.first.parts(answers.table[blocks]), edges, axis=1)
    worst = np.argsort(by_group, axis=1, kind="stable")[:, :2]
    names = np.array(list(model.groups), object)[worst].tolist()
    values = np.take_along_axis(by_group, worst, axis=1).tolist()
    percents = np.round(100 * answers.probability[blocks]).tolist()
    return {
        block: f"{percent:.0f} % story: {one} {a:+.1f}, {two} {b:+.1f}"
        for block, percent, (one, two), (a, b) in zip(blocks, percents, names, values, strict=True)
    }
