"""What the sources of one poll gave, summed while they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from etl.accounts import Polled, Trouble
from etl.schedule import SourceState, told


@dataclass(slots=True)
class Tally:
    """Counts, and the sources that somebody should look at."""

    unchanged: int = 0
    changed: int = 0
    failed: int = 0
    new: int = 0  # items
    renewed: int = 0  # items that say something else than before
    moved: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, before: SourceState, after: SourceState, is_changed: bool) -> None:
        """Count one source that was asked."""
        self.failed += after.failures > 0
        self.changed += is_changed and not after.failures
        self.unchanged += not is_changed and not after.failures
        if after.moved_to and after.moved_to != before.moved_to:
            self.moved.append((name, after.moved_to))

    def polled(self, states: Mapping[str, SourceState], waiting: int) -> Polled:
        """Return the account of the poll.

        states   of all sources by name, asked or not: one that is asked less often for failing is not forgotten.
        waiting  items whose page is still to be read.
        """
        return Polled(
            self.unchanged + self.changed + self.failed,
            self.unchanged,
            self.changed,
            self.failed,
            self.new,
            self.renewed,
            waiting,
            tuple(sorted(self.moved)),
            tuple(trouble for name in sorted(states) if (trouble := _trouble(name, states[name]))),
        )


def _trouble(name: str, state: SourceState) -> Trouble | None:
    if state.health not in ("new", "ok"):
        return Trouble(name, state.health, told(state))
    return Trouble(name, "faulty", state.last_error) if state.last_error else None
