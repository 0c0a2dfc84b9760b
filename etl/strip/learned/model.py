"""The model of pages: what it says about their blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from etl.records import Block, Element, Metadata
from etl.strip.learned.columns import Floats
from etl.strip.learned.context import context
from etl.strip.learned.features import groups
from etl.strip.learned.looks import Answers, TwoLooks, looks_of, spec_of
from etl.strip.learned.names import NameScores
from etl.strip.learned.outline import Outline, outline


@dataclass(frozen=True, slots=True)
class Verdicts(Answers):
    """What the model says of a page of m blocks."""

    frame: Outline
    like_title: Floats  # (m,) likeness to the headline, 0..1


@dataclass(frozen=True, slots=True)
class Model(TwoLooks):
    names: NameScores

    def __call__(self, blocks: Sequence[Block], elements: Sequence[Element], metadata: Metadata) -> Verdicts:
        frame = outline(blocks, elements)
        if not blocks:
            return Verdicts(np.zeros((0, sum(map(len, self.groups.values())))), np.zeros(0), frame, np.zeros(0))
        found = groups(blocks, metadata, frame, self.names)
        table = self.table(found)
        probability = self.probability(table, partial(context, frame))
        return Verdicts(table, probability, frame, found["likeness"]["like_title"])


def from_spec(spec: Mapping[str, Any]) -> Model:
    """Return the model of a file's content."""
    return Model(*looks_of(spec), NameScores(spec["names"]["near"], spec["names"]["above"]))


@cache
def load(path: Path | None = None) -> Model:
    """Return the model that ships with newsfold, or one from another file."""
    return from_spec(spec_of(path, "body.json"))
