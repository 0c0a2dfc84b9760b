"""Labelled dumps -> the weights of the model of lines: the first look, and the second that has seen its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from body_fit import INNER_FOLDS, fit_linear, fit_trees, fold_of, gathered
from line_dumps import Dump

from etl.strip.learned.columns import Columns, Floats, stack
from etl.strip.learned.looks import Linear
from etl.strip.lines.context import context
from etl.strip.lines.features import groups
from etl.strip.lines.sheet import sheet


def looked_at(dump: Dump, without: Sequence[str] = ()) -> dict[str, Columns]:
    found = groups(dump.lines, dump.document.metadata.headline, sheet(dump.lines))
    return {name: columns for name, columns in found.items() if name not in without}


def train(dumps: Sequence[Dump], without: Sequence[str] = ()) -> dict[str, Any]:
    """Return the content of a model file. The first look that the second learns from has not seen the dump's site."""
    found = [looked_at(dump, without) for dump in dumps]
    tables = [stack(column for group in columns.values() for column in group.values()) for columns in found]
    both = [
        np.concatenate((table, stack(context(sheet(dump.lines), first).values())), axis=1)
        for dump, table, first in zip(dumps, tables, _first_answers(dumps, tables), strict=True)
    ]
    return {
        "groups": {name: list(columns) for name, columns in found[0].items()},
        "first": fit_linear(*gathered(dumps, tables)),
        "second": fit_trees(*gathered(dumps, both)),
    }


def _first_answers(dumps: Sequence[Dump], tables: Sequence[Floats]) -> list[Floats]:
    answers: list[Floats] = [np.zeros(0)] * len(dumps)
    for fold in range(INNER_FOLDS):
        rest = [i for i, d in enumerate(dumps) if fold_of(d.site, 99, INNER_FOLDS) != fold]
        look = Linear(fit_linear(*gathered([dumps[i] for i in rest], [tables[i] for i in rest])))
        for i, dump in enumerate(dumps):
            if fold_of(dump.site, 99, INNER_FOLDS) == fold:
                answers[i] = look(tables[i])
    return answers
