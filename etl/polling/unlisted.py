"""Sources that list nothing and are read themselves: a page, a folder, files of one format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from etl import schedule, sources
from etl.accounts import BatchFailure, BatchReport
from etl.batch import Job, engine_of
from etl.db.sources import StoredSource
from etl.errors import InputError
from etl.execution import Execute, Watch
from etl.run import fold_all
from etl.schedule import SourceState
from etl.settings import Settings
from etl.sources.web import addresses

OF_ANY_FORMAT = ("page", "folder")


def read(
    one: StoredSource, settings: Settings, execute: Execute, run_id: int, watch: Watch
) -> tuple[BatchReport, tuple[BatchFailure, ...]]:
    """Read, fold and load what a source stands for. raises InputError where it cannot be found."""
    form = "auto" if one.wanted.kind in OF_ANY_FORMAT else one.wanted.kind
    urls, paths = addresses([one.wanted.url])
    job = Job(settings.database_url, run_id, one.wanted.name, (), settings.max_document_mb << 20)
    return fold_all(sources.plan(paths, form), urls, settings, execute, engine_of(job.database_url), job, watch)


def after(one: StoredSource, report: BatchReport, failures: Sequence[BatchFailure], now: datetime) -> SourceState:
    """Return what to remember of a source whose documents were read."""
    given = one.wanted.interval_seconds
    if failures:
        return schedule.failed(one.state, now, given, "batch", failures[0].detail)
    unread = [reason.removeprefix("read/") for reason in report.reasons if reason.startswith("read/")]
    if unread and report.rejected == report.read:
        return schedule.failed(one.state, now, given, unread[0], "nothing of it could be read")
    if report.loaded:
        return schedule.changed(one.state, now, given, report.read, report.loaded, None)
    return schedule.unchanged(one.state, now, given)


def missing(one: StoredSource, err: InputError, now: datetime) -> SourceState:
    """Return what to remember of a source that is not there."""
    return schedule.failed(one.state, now, one.wanted.interval_seconds, "unreadable", str(err))
