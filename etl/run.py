"""One ingest run over batches, whoever executes them: a process pool, Prefect, a test.

    plan -> batches, in any order, in parallel: read, fold, load -> once: match, group, learn -> report

A batch travels as references and returns counts; see `batch.py`. What comes after the batches is in `settle.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial, reduce
from itertools import chain
from pathlib import Path

from etl import log, sources
from etl.accounts import BatchFailure, BatchReport, Check, Forgotten, Polled, Progress, Regrouping, RunReport
from etl.batch import Job, settled_report
from etl.db.connect import Database, mask, open_engine
from etl.db.quality import measured, oversized_before, save_checks
from etl.db.read import oversized, totals
from etl.db.runs import finish_run
from etl.db.upgrade import upgrade
from etl.download import Download, policy_of
from etl.execution import Execute, Watch, patiently, sizes
from etl.quality import judge
from etl.report.metrics import write_metrics
from etl.resume import unfinished
from etl.settings import Settings
from etl.settle import Settled, beside, match_and_learn_some, settle
from etl.sources import Plan
from etl.sources.ref import File
from etl.sources.wanted import EVERYTHING, Wanted
from etl.sources.web import address_batches, addresses
from etl.under_way import under_way

FEWEST_SHARED = 200  # pages; fewer are folded sooner than processes start


def ingest(
    locators: Sequence[str | File],
    settings: Settings,
    execute: Execute,
    *,
    form: str = "auto",
    source: str = "adhoc",
    wanted: Wanted = EVERYTHING,
    flow: str = "ingest",
    watch: Watch = lambda _: None,
) -> RunReport:
    """Read, fold and load what the locators name, then match what is new; return what was done.

    A batch that fails does not stop the others; it stands in the report, and a rerun takes it up.
    raises  InputError, DatabaseError, SettingsError before anything is written.
    """
    started_at = datetime.now(UTC)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    urls, others = addresses(locators)
    plan = sources.plan(others, form)
    with under_way(engine, flow, _parameters(locators, form, source, wanted)) as run_id:
        job = Job(settings.database_url, run_id, source, (), settings.max_document_mb << 20, wanted)
        settled = Settled()
        busy = beside(execute, partial(match_and_learn_some, engine, run_id, settled))
        total, failures = fold_all(plan, urls, settings, busy, engine, job, watch)
        watch(Progress("match", total.bytes_read, plan.total_bytes, total.read))
        settled = settle(engine, settings, execute, run_id, watch, done=settled)
    return finish(engine, settings, run_id, flow, started_at, total, failures, settled, plan.ignored)


def finish(
    engine: Database,
    settings: Settings,
    run_id: int,
    flow: str,
    started_at: datetime,
    total: BatchReport,
    failures: Sequence[BatchFailure],
    settled: Settled,
    ignored_files: int = 0,
    regrouping: Regrouping | None = None,
    polled: Polled | None = None,
    forgotten: Forgotten | None = None,
) -> RunReport:
    """Return the report of a run that has come to its end, and write it to the row of the run; run 0 has none."""
    matched = total.matched.plus(settled.matched)
    alarm, checks = oversized(engine, settings.story_size_alarm), list[Check]()
    if run_id:
        checks = judge(measured(engine, run_id), alarm, oversized_before(engine, run_id))
        save_checks(engine, run_id, checks)
    report = RunReport(
        run_id,
        flow,
        mask(settings.database_url),
        started_at,
        max(0.0, (datetime.now(UTC) - started_at).total_seconds()),  # the clock may be set back meanwhile
        total,
        (*failures, *settled.failures),
        ignored_files,
        matched.compared,
        matched.pairs,
        matched.learned,
        matched.unlearned,
        settled.cleaned_again,
        settled.unsettled,
        *totals(engine),
        oversized=alarm,
        story_size_alarm=settings.story_size_alarm,
        regrouping=regrouping,
        polled=polled,
        forgotten=forgotten,
        alarms=tuple(check for check in checks if check.alarm),
    )
    if run_id:
        finish_run(engine, run_id, report.status, _row(report))
        _tell(report, settings.metrics_file)
    engine.dispose()  # a process that lives on keeps no connection, nor the cache of one
    return report


def _tell(report: RunReport, metrics_file: Path | None) -> None:
    """Tell those who watch from outside. What is in the database is not undone because they cannot be told."""
    for check in report.alarms:
        facts = {"source": check.source, "metric": check.metric, "value": check.value, "usual": check.usual}
        log.warning("not as usual", run_id=report.run_id, **facts, fresh=check.fresh)
    if metrics_file is not None:
        try:
            write_metrics(metrics_file, report)
        except OSError as err:
            log.warning("metrics not written", run_id=report.run_id, file=str(metrics_file), error=err.strerror)


def fold_all(
    plan: Plan, urls: Sequence[str], settings: Settings, execute: Execute, engine: Database, job: Job, watch: Watch
) -> tuple[BatchReport, tuple[BatchFailure, ...]]:
    """Execute all batches, each like `job`; return the sum of what they did, and those that failed."""
    total, failures, settled = BatchReport(), [], list[BatchReport]()
    size, total_bytes = settings.batch_size, plan.total_bytes
    refs = unfinished(plan, size, engine, job, settled.append)
    shared = plan.is_of_pages and len(plan.files) > FEWEST_SHARED
    shares = sizes(len(plan.files), settings.jobs, size) if shared else [size]
    jobs = (replace(job, refs=batch) for batch in sources.batches(refs, shares))
    policy = policy_of(settings)
    downloads = (
        Download(job.database_url, job.run_id, job.source, batch, policy, job.wanted)
        for batch in address_batches(urls, size)
    )
    for outcome in execute(chain(downloads, _unsettled(jobs, settled))):
        if isinstance(outcome, BatchFailure):
            failures.append(outcome)
        else:
            total = total.plus(outcome)
        so_far = reduce(BatchReport.plus, settled, total)
        watch(Progress("fold", so_far.bytes_read, total_bytes, so_far.read))
    return reduce(BatchReport.plus, settled, total), tuple(failures)


def _unsettled(jobs: Iterable[Job], settled: list[BatchReport]) -> Iterator[Job]:
    """Yield the batches that hold something new; what became of the others is added to `settled`."""
    for job in jobs:
        report = patiently(partial(settled_report, job))
        if report is None:
            yield job
        else:
            settled.append(report)


def _row(report: RunReport) -> dict[str, object]:
    """Return what a row of `run` keeps of a report."""
    return {**asdict(report), "started_at": report.started_at.isoformat(), "status": report.status}


def _parameters(locators: Sequence[str | File], form: str, source: str, wanted: Wanted) -> dict[str, object]:
    """Return what a row of `run` keeps of what was asked for."""
    named = [locator if isinstance(locator, str) else locator.uri for locator in locators]
    asked = {"columns": dict(wanted.columns), "since": wanted.since, "until": wanted.until}
    told = {name: str(value) if name != "columns" else value for name, value in asked.items() if value}
    return {"paths": named, "format": form, "source": source, **told}
