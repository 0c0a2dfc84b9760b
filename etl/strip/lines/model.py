"""The model of lines: weights from a file, and what they say about the lines of a dump. numpy alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from etl.resources import seeds
from etl.strip.facts import Line
from etl.strip.learned.model import Linear, Trees, column_stack, stack
from etl.strip.learned.outline import Floats
from etl.strip.lines.context import context
from etl.strip.lines.features import groups, sheet


@dataclass(frozen=True, slots=True)
class LineVerdicts:
    """What the model says of a dump of m lines."""

    words: Floats  # (m,)
    table: Floats  # (m, f) the features, in the model's order
    probability: Floats  # (m,) that a line belongs to the story


@dataclass(frozen=True, slots=True)
class LineModel:
    version: str
    groups: Mapping[str, Sequence[str]]  # group -> its features, in the order of the table's columns
    first: Linear
    second: Trees

    def __call__(self, lines: Sequence[Line], headline: str | None) -> LineVerdicts:
        """Return the verdicts on a dump of at least one line."""
        page = sheet(lines)
        found = groups(lines, headline, page)
        table = stack({name: found[name] for name in self.groups})
        both = np.concatenate((table, column_stack(context(page, self.first(table)))), axis=1)
        return LineVerdicts(page.words, table, self.second(both))


def from_spec(spec: Mapping[str, Any]) -> LineModel:
    """Return the model of a file's content."""
    return LineModel(spec["version"], spec["groups"], Linear(spec["first"]), Trees(spec["second"]))


@cache
def load(path: Path | None = None) -> LineModel:
    """Return the model that ships with newsfold, or one from another file."""
    file = path or seeds() / "models" / "lines.json"
    return from_spec(json.loads(file.read_text("utf-8")))
