"""Why the model left a block out, in words: its probability and what speaks most against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.strip.learned.looks import Answers, TwoLooks


def reasons(model: TwoLooks, answers: Answers, blocks: Sequence[int]) -> dict[int, str]:
    """Return for each of these blocks a line such as "3 % story: links -2.1, container -1.4".

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
