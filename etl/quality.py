"""Whether what a run brought is as usual: each source against its own history, by rules that a person can check.

Nothing is an alarm while too little is known, and none rests on one odd page: a share must be far above the median
*and* above everything seen before, on enough documents; a volume must be under half of the least day of two weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from etl.accounts import Check

SHARES = ("rejected", "undated", "no_headline", "no_author")
LEAST_DOCUMENTS = 20  # of a run and of each check in its history: a share of fewer says little
LEAST_CHECKS = 5  # of a history, before anything is an alarm
FAR = 0.2  # above the median, at least: a fifth of the documents
DAYS = 14  # before the last one; they hold two of each day of the week
LEAST_DAILY = 20  # documents of a usual day, at least: less comes and goes by itself
LOW = 0.5  # of the least of these days


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run brought from one source."""

    source: str
    documents: int  # new ones
    counts: Mapping[str, int] = field(default_factory=dict)  # of SHARES -> documents
    history: Mapping[str, Sequence[float]] = field(default_factory=dict)  # of SHARES -> earlier values, oldest first
    days: Sequence[int] = ()  # new documents of 24 hours each, the latest first
    alarmed: frozenset[str] = frozenset()  # metrics of which the check before was an alarm


def judge(measured: Sequence[Measured], oversized: int, oversized_before: int) -> list[Check]:
    """Return all checks of a run, by source.

    oversized         stories above `story_size_alarm`, now.
    oversized_before  after the run before: more of them than that is an alarm.
    """
    found = [check for one in measured for check in _checks(one)]
    if oversized or oversized_before:
        more = oversized > oversized_before
        found.append(Check(None, "oversized_stories", 0, oversized, oversized_before, bool(oversized), more))
    return found


def _checks(one: Measured) -> list[Check]:
    found = []
    if one.documents:
        found.append(Check(one.source, "documents", one.documents, one.documents))
        found += [_share(one, metric) for metric in SHARES]
    if len(one.days) > DAYS and min(one.days[1:]):
        found.append(_volume(one))
    return found


def _share(one: Measured, metric: str) -> Check:
    value = one.counts.get(metric, 0) / one.documents
    history = one.history.get(metric, ())
    if len(history) < LEAST_CHECKS:
        return Check(one.source, metric, one.documents, value)
    usual = median(history)
    alarm = one.documents >= LEAST_DOCUMENTS and value >= usual + FAR and value > max(history)
    return _check(one, metric, one.documents, value, usual, alarm)


def _volume(one: Measured) -> Check:
    latest, before = one.days[0], one.days[1 : DAYS + 1]
    usual = median(before)
    alarm = usual >= LEAST_DAILY and latest < LOW * min(before)
    return _check(one, "daily_documents", latest, latest, usual, alarm)


def _check(one: Measured, metric: str, documents: int, value: float, usual: float, alarm: bool) -> Check:
    return Check(one.source, metric, documents, value, usual, alarm, alarm and metric not in one.alarmed)


def told(check: Check) -> str:
    """Return a check as a sentence for people, without its source."""
    if check.metric == "oversized_stories":
        return f"{check.value:.0f} stories are larger than the alarm, {check.usual or 0:.0f} were after the run before"
    if check.metric == "daily_documents":
        return f"{check.value:.0f} new documents in 24 hours, {check.usual:.0f} are usual"
    what = {"rejected": "rejected", "undated": "without a date", "no_headline": "without a headline"}
    share = what.get(check.metric, "without an author")
    return f"{check.value:.0%} of {check.documents:,} documents {share}, {check.usual or 0:.0%} are usual"
