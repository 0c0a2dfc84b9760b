"""The model of lines: what it says about the lines of a dump."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from etl.strip.facts import Line
from etl.strip.learned.columns import Floats
from etl.strip.learned.looks import Answers, TwoLooks, looks_of, spec_of
from etl.strip.lines.context import context
from etl.strip.lines.features import groups
from etl.strip.lines.sheet import sheet


@dataclass(frozen=True, slots=True)
class LineVerdicts(Answers):
    """What the model says of a dump of m lines."""

    words: Floats  # (m,)


@dataclass(frozen=True, slots=True)
class LineModel(TwoLooks):
    def __call__(self, lines: Sequence[Line], headline: str | None) -> LineVerdicts:
        """Return the verdicts on a dump of at least one line."""
        page = sheet(lines)
        table = self.table(groups(lines, headline, page))
        return LineVerdicts(table, self.probability(table, partial(context, page)), page.words)


def from_spec(spec: Mapping[str, Any]) -> LineModel:
    """Return the model of a file's content."""
    return LineModel(*looks_of(spec))


@cache
def load(path: Path | None = None) -> LineModel:
    """Return the model that ships with newsfold, or one from another file."""
    return from_spec(spec_of(path, "lines.json"))
