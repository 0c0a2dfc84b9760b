"""Cleaning again: stored documents by today's rules, from the bytes that were kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial, reduce

from etl.accounts import BatchFailure, BatchReport, Changes, Progress, RunReport
from etl.careful import REASON as KILLED_WORKER
from etl.db.connect import Database, open_engine
from etl.db.existing import open_current, open_existing
from etl.db.rejections import Rejects, count_attempts, kept_rejects, stand_rejected_as
from etl.db.stored import Selection, outdated_articles, rejected_documents
from etl.db.upgrade import upgrade
from etl.execution import Execute, Watch, doubting, patiently
from etl.run import finish
from etl.settings import Settings
from etl.settle import Settled, refolds, settle
from etl.strip import RULE_VERSION
from etl.under_way import under_way


@dataclass(frozen=True, slots=True)
class Scope:
    """What is cleaned again: everything that was cleaned by other rules than today's, unless it is narrowed."""

    site: str | None = None  # only articles of this publisher; rejected documents have none
    since: datetime | None = None  # UTC; only what was published, or else fetched, then or later
    everything: bool = False  # also what was cleaned by today's rules
    rejects: Rejects | None = None  # only these rejected documents, whatever rules refused them


def reclean(
    settings: Settings,
    execute: Execute,
    scope: Scope,
    *,
    dry: bool = False,
    flow: str = "reclean",
    watch: Watch = lambda _: None,
) -> RunReport:
    """Take stored documents through the pipeline again and match what came out otherwise; return what changed.

    Safe to kill and to repeat: what was cleaned by today's rules is not cleaned again, and text that comes out as
    it stands is not written. A text that older rules had made becomes a version with the reason reclean.

    dry     write nothing, only say what would change.
    raises  DatabaseError where there is no database.
    """
    started_at = datetime.now(UTC)
    engine = _open(settings, dry)
    selection = _select(engine, scope)
    if dry:
        total, failures = _refold_all(engine, selection, settings, execute, 0, True, watch)
        return finish(engine, settings, 0, f"{flow}, dry run", started_at, total, failures, Settled())
    with under_way(engine, flow, _parameters(scope)) as run_id:
        total, failures = _refold_all(engine, selection, settings, execute, run_id, False, watch)
        if scope.rejects is not None:
            patiently(partial(count_attempts, engine, run_id, selection.document_ids))
        watch(Progress("match", 0, 0, total.read))
        settled = settle(engine, settings, execute, run_id, watch)
    return finish(engine, settings, run_id, flow, started_at, total, failures, settled)


def _open(settings: Settings, dry: bool) -> Database:
    if dry:
        return open_current(settings.database_url)
    open_existing(settings.database_url).dispose()
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return engine


def _select(engine: Database, scope: Scope) -> Selection:
    if scope.rejects is not None:
        return Selection((), kept_rejects(engine, scope.rejects))
    rules = None if scope.everything else RULE_VERSION
    articles = outdated_articles(engine, rules, scope.site, scope.since)
    rejected = () if scope.site is not None else rejected_documents(engine, rules, scope.since)
    return Selection(articles, rejected)


def _refold_all(
    engine: Database,
    selection: Selection,
    settings: Settings,
    execute: Execute,
    run_id: int,
    dry: bool,
    watch: Watch,
) -> tuple[BatchReport, list[BatchFailure]]:
    outcomes: list[BatchReport] = []
    failures: list[BatchFailure] = []
    with doubting(stand_rejected_as(engine, KILLED_WORKER, selection.document_ids)):
        for outcome in execute(refolds(selection, settings, run_id, dry)):
            if isinstance(outcome, BatchFailure):
                failures.append(outcome)
            else:
                outcomes.append(outcome)
            watch(Progress("refold", 0, 0, sum(one.read for one in outcomes)))
    return reduce(BatchReport.plus, outcomes, BatchReport(changes=Changes())), failures


def _parameters(scope: Scope) -> dict[str, object]:
    return {
        "rules": RULE_VERSION,
        "site": scope.site,
        "since": scope.since and scope.since.isoformat(),
        "all": scope.everything,
        "rejects": scope.rejects and {name: str(value) for name, value in asdict(scope.rejects).items() if value},
    }
