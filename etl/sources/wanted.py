"""What of the input is wanted, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from etl.errors import InputError
from etl.records import Moment

OUTSIDE = "published outside the dates that were asked for"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the input is wanted. Small, picklable, part of what a finished range stands for."""

    columns: tuple[tuple[str, str], ...] = ()  # (name of ours, name in the records; "a.b" is b inside a)
    since: date | None = None  # published on this day or later
    until: date | None = None  # published on this day or earlier

    @property
    def narrows(self) -> bool:
        """Return whether dates are asked for."""
        return self.since is not None or self.until is not None

    def admits(self, published: Moment | None) -> bool:
        """Return whether a document is wanted: also where nobody knows when it was published."""
        if published is None:
            return True
        day = published.at.date()
        return not ((self.since and day < self.since) or (self.until and day > self.until))


EVERYTHING = Wanted()


def columns(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what `--map headline=title` and the like say.

    raises  InputError for what is no pair.
    """
    found = [(ours.strip(), theirs.strip()) for ours, _, theirs in (pair.partition("=") for pair in pairs)]
    for pair, (ours, theirs) in zip(pairs, found, strict=True):
        if not ours or not theirs:
            raise InputError(f"--map {pair}: say NAME=COLUMN, as in --map headline=title")
    return tuple(found)
