"""One ingest run over batches, whoever executes them: a process pool, Prefect, a test.

    plan -> batches, in any order, in parallel: read, fold, load -> once: match, group, learn -> report

A batch travels as references and returns counts; see `batch.py`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial, reduce
from typing import TypeVar

from etl import sources
from etl.accounts import BatchFailure, BatchReport, Progress, RunReport
from etl.batch import Job, settled_report
from etl.db.connect import Database, mask, open_engine
from etl.db.known import learn
from etl.db.matching import matching
from etl.db.read import totals
from etl.db.runs import finish_run, start_run
from etl.db.upgrade import upgrade
from etl.errors import Transient
from etl.fingerprint import SCHEME
from etl.match import compare, group
from etl.records import Match, StoredText
from etl.settings import Settings
from etl.sources import Plan
from etl.sources.ref import File

TRIES = 5  # of what fails for a passing reason
FIRST_WAIT_SECONDS = 0.2  # doubled at each try, and up to as much again by chance
VERIFY_CHUNK = 2000  # candidate pairs whose texts are in memory at the same time

T = TypeVar("T")
Outcome = BatchReport | BatchFailure
Execute = Callable[[Iterable[Job]], Iterable[Outcome]]
Watch = Callable[[Progress], None]


def ingest(
    locators: Sequence[str | File],
    settings: Settings,
    execute: Execute,
    *,
    form: str = "auto",
    source: str = "adhoc",
    flow: str = "ingest",
    watch: Watch = lambda _: None,
) -> RunReport:
    """Read, fold and load what the locators name, then match what is new; return what was done.

    A batch that fails does not stop the others; it stands in the report, and a rerun takes it up.
    raises  InputError, DatabaseError, SettingsError before anything is written.
    """
    started_at, start = datetime.now(UTC), time.perf_counter()
    engine = open_engine(settings.database_url)
    upgrade(engine)
    plan = sources.plan(locators, form)
    run_id = start_run(engine, flow, {"paths": [str(x) for x in locators], "format": form, "source": source})
    try:
        total, failures = _fold_all(plan, settings, execute, run_id, source, watch)
        watch(Progress("match", total.bytes_read, plan.total_bytes, total.read))
        matched, pairs = patiently(lambda: match_pending(engine))
        learned = patiently(lambda: learn(engine, run_id))
    except BaseException as err:
        finish_run(engine, run_id, "failed", {"error": type(err).__name__})
        raise
    report = RunReport(
        run_id,
        flow,
        mask(settings.database_url),
        started_at,
        time.perf_counter() - start,
        total,
        failures,
        plan.ignored,
        matched,
        pairs,
        learned,
        *totals(engine),
    )
    finish_run(engine, run_id, report.status, _row(report))
    return report


def patiently(work: Callable[[], T]) -> T:
    """Do some work, again where the failure may pass; the last failure is raised."""
    for number in range(TRIES - 1):
        try:
            return work()
        except Transient:
            wait = FIRST_WAIT_SECONDS * 2**number
            time.sleep(wait + random.uniform(0, wait))  # noqa: S311 - spreads retries, guards nothing
    return work()


def match_pending(engine: Database) -> tuple[int, int]:
    """Compare what is new or changed with everything stored, and renew the stories around it.

    returns  articles compared, pairs found. One transaction: it happened as a whole, or not at all.
    """
    with matching(engine, SCHEME.name) as table:
        pending = table.pending()
        if not pending:
            return 0, 0
        matches = list(_verify(table.candidates(pending), table.texts))
        table.save_matches(pending, matches)
        table.save_stories(group(*table.neighbourhood(pending)))
        return len(pending), len(matches)


def _fold_all(
    plan: Plan, settings: Settings, execute: Execute, run_id: int, source: str, watch: Watch
) -> tuple[BatchReport, tuple[BatchFailure, ...]]:
    """Execute all batches; return the sum of what they did, and those that failed."""
    total, failures = BatchReport(), []
    max_bytes, total_bytes = settings.max_document_mb << 20, plan.total_bytes
    jobs = (
        Job(settings.database_url, run_id, source, refs, max_bytes)
        for refs in sources.batches(plan.refs(settings.batch_size), settings.batch_size)
    )
    settled: list[BatchReport] = []
    for outcome in execute(_unsettled(jobs, settled)):
        if isinstance(outcome, BatchFailure):
            failures.append(outcome)
        else:
            total = total.plus(outcome)
        watch(Progress("fold", total.bytes_read, total_bytes, total.read))
    return reduce(BatchReport.plus, settled, total), tuple(failures)


def _unsettled(jobs: Iterable[Job], settled: list[BatchReport]) -> Iterator[Job]:
    """Yield the batches that hold something new; what became of the others is added to `settled`."""
    for job in jobs:
        report = patiently(partial(settled_report, job))
        if report is None:
            yield job
        else:
            settled.append(report)


def _verify(
    pairs: Sequence[tuple[int, int]], texts: Callable[[Sequence[int]], dict[int, StoredText]]
) -> Iterator[Match]:
    """Compare candidate pairs on their texts, holding the texts of VERIFY_CHUNK pairs at a time."""
    for at in range(0, len(pairs), VERIFY_CHUNK):
        chunk = pairs[at : at + VERIFY_CHUNK]
        stored = texts(sorted({article_id for pair in chunk for article_id in pair}))
        for left, right in chunk:
            match = compare(stored[left], stored[right])
            if match is not None:
                yield match


def _row(report: RunReport) -> dict[str, object]:
    """Return what a row of `run` keeps of a report."""
    return {**asdict(report), "started_at": report.started_at.isoformat(), "status": report.status}
