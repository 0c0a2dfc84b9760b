"""How a source is doing, and when to ask it again: pure functions from one state to the next.

A source that has news is asked more often, one that has none less often, one that fails ever less, and none is
dropped. Times come in as arguments, so that days can be played through in a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Health = Literal["new", "ok", "failing", "robots-refused", "silent", "shrinking"]

SHORTEST_S = 15 * 60
LONGEST_S = 24 * 3600
FIRST_S = 30 * 60
FASTER, SLOWER = 0.5, 1.5  # at these a list settles where rather more than every third look finds something new
EARLY = timedelta(seconds=60)  # a look that is due in less is made now: schedulers are not punctual
CLOCKS_DIFFER = timedelta(minutes=5)  # of two machines, at most
SILENT_GAPS = 10  # times the usual gap between news, and a day at least: papers sleep at night
SILENT_AT_LEAST = timedelta(days=1)
SHRUNK = 0.5  # of the usual length of the list
FEWEST_USUAL = 4  # items; a shorter list says nothing by getting shorter
MEMORY = 0.2  # weight of the latest look in what is usual


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between two looks. Times are aware, UTC."""

    etag: str | None = None  # as the server gave it
    last_modified: str | None = None
    body_sha256: str | None = None
    moved_to: str | None = None  # where it redirects for good
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    next_poll_at: datetime | None = None  # None: at once
    wait_seconds: int = FIRST_S  # between two looks, while all is well
    failures: int = 0  # in a row
    last_error: str | None = None  # reason and detail of the latest failure, or the faults of a list that was read
    items_seen: int = 0  # in all lists, each once
    items_now: int | None = None  # in the latest list
    items_usual: float | None = None  # in a list
    new_gap_seconds: float | None = None  # usual time between two looks that found something new
    health: Health = "new"


def is_due(state: SourceState, now: datetime) -> bool:
    """Tell whether it is time to look; it is when the last look lies ahead, as where the clock was set back."""
    if state.next_poll_at is None or state.next_poll_at <= now + EARLY:
        return True
    return state.last_polled_at is not None and state.last_polled_at > now + CLOCKS_DIFFER


def unchanged(state: SourceState, now: datetime, given_s: int | None) -> SourceState:
    """Return the state after a look that found the list as it was. given_s: the interval its owner chose."""
    return _looked(state, now, given_s, new=0)


def changed(
    state: SourceState, now: datetime, given_s: int | None, items: int, new: int, faults: str | None
) -> SourceState:
    """Return the state after a look that found another list: how long it is, and how many items are new."""
    usual = items if state.items_usual is None else (1 - MEMORY) * state.items_usual + MEMORY * items
    shrunk = _is_shrunk(state.items_usual, items)
    state = replace(
        state,
        items_seen=state.items_seen + new,
        items_now=items,
        items_usual=state.items_usual if shrunk else usual,  # else a list that stays short would soon be usual
    )
    return replace(_looked(state, now, given_s, new), last_error=faults)


def failed(
    state: SourceState, now: datetime, given_s: int | None, reason: str, detail: str, retry_at: datetime | None = None
) -> SourceState:
    """Return the state after a look that failed: the wait doubles with each failure in a row, up to a day."""
    failures = state.failures + 1
    wait = min((given_s or state.wait_seconds) * 2 ** min(failures - 1, 10), LONGEST_S)
    later = now + timedelta(seconds=max(wait, given_s or 0))
    return replace(
        state,
        last_polled_at=now,
        next_poll_at=max(later, min(retry_at, now + timedelta(seconds=LONGEST_S))) if retry_at else later,
        failures=failures,
        last_error=f"{reason}: {detail}",
        health="robots-refused" if reason == "robots" else "failing",
    )


def told(state: SourceState) -> str:
    """Say in a line how a source does that does not do well; empty where all is well."""
    if state.failures:
        times = f"{state.failures} times in a row" if state.failures > 1 else "once"
        return f"failed {times}, {state.last_error}"
    if state.health == "shrinking":
        return f"{state.items_now} items in its list, usually {state.items_usual:.0f}"
    if state.health == "silent" and state.last_new_at and state.last_ok_at:
        days = (state.last_ok_at - state.last_new_at) / timedelta(days=1)
        return f"nothing new for {days:.1f} days"
    return state.last_error or ""


def _looked(state: SourceState, now: datetime, given_s: int | None, new: int) -> SourceState:
    wait = round(state.wait_seconds * (FASTER if new else SLOWER)) if state.last_ok_at else state.wait_seconds
    wait = given_s or min(max(wait, SHORTEST_S), LONGEST_S)
    state = replace(
        state,
        last_polled_at=now,
        last_ok_at=now,
        next_poll_at=now + timedelta(seconds=wait),
        wait_seconds=wait,
        failures=0,
        last_error=None if state.failures else state.last_error,  # the faults of a list stay while it stays
        new_gap_seconds=_gap(state, now) if new else state.new_gap_seconds,
        last_new_at=now if new else state.last_new_at,
    )
    return replace(state, health=_health(state, now))


def _gap(state: SourceState, now: datetime) -> float | None:
    if state.last_new_at is None:
        return None
    gap = (now - state.last_new_at).total_seconds()
    return gap if state.new_gap_seconds is None else (1 - MEMORY) * state.new_gap_seconds + MEMORY * gap


def _health(state: SourceState, now: datetime) -> Health:
    """Say how a source is doing that could be read."""
    if _is_shrunk(state.items_usual, state.items_now):
        return "shrinking"
    if state.last_new_at is not None:
        usual = timedelta(seconds=SILENT_GAPS * (state.new_gap_seconds or 0))
        if now - state.last_new_at >= max(usual, SILENT_AT_LEAST):
            return "silent"
    return "ok"


def _is_shrunk(usual: float | None, items: int | None) -> bool:
    return usual is not None and items is not None and usual >= FEWEST_USUAL and items < SHRUNK * usual
