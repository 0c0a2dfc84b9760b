"""The end of every run: match, learn what repeats across a site, clean again what that concerns, until nothing is new.

    match in chunks, learn in chunks -> stale articles in batches -> match ... -> ...

It begins while batches are still folded elsewhere: the process that waits for them has nothing else to do. Each chunk
is a transaction that leaves marks on the articles which the next step is about: to be compared, to be counted, to be
cleaned again. So a run that is killed here is taken up by the next one, whatever that one reads, and two runs that
are here at the same time share the work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from etl.accounts import BatchFailure, BatchReport, Matched, Progress
from etl.batch import AnyJob
from etl.db.connect import Database
from etl.db.known import Known, Turned
from etl.db.stale import stale_articles
from etl.db.stored import Selection
from etl.errors import Transient
from etl.execution import Execute, Outcome, Watch, patiently, sizes
from etl.match.rule import THRESHOLDS, Thresholds
from etl.matching import learn_chunk, match_chunk
from etl.refold import Refold
from etl.settings import Settings

ROUNDS = 5  # of cleaning again; two are the rule, for the second finds nothing to do
BESIDE_CHUNK = 250  # articles compared in one transaction while batches are folded: on SQLite nobody loads meanwhile
LONGEST_WAIT_MS = 50  # for another matcher: workers that learn while they fold should not queue behind this process


@dataclass(slots=True)
class Settled:
    """What was done until nothing was new."""

    matched: Matched = field(default_factory=Matched)
    cleaned_again: int = 0
    unsettled: int = 0  # articles left to be cleaned again: by a batch that failed, or after ROUNDS
    failures: list[BatchFailure] = field(default_factory=list)

    def add(self, compared: int = 0, pairs: int = 0, turned: Turned | None = None) -> None:
        """Count what one step has done."""
        learned, unlearned = (len(turned.learned), len(turned.unlearned)) if turned else (0, 0)
        self.matched = self.matched.plus(Matched(compared, pairs, learned, unlearned))


def beside(execute: Execute, step: Callable[[], None]) -> Execute:
    """Return what executes batches, and takes a step whenever they have written BESIDE_CHUNK more articles."""

    def stepping(batches: Iterable[AnyJob]) -> Iterator[Outcome]:
        written = 0
        for outcome in execute(batches):
            yield outcome
            written += 0 if isinstance(outcome, BatchFailure) else _written(outcome)
            while written >= BESIDE_CHUNK:
                written -= BESIDE_CHUNK
                step()

    return stepping


def _written(report: BatchReport) -> int:
    return report.loaded + (report.changes.changed if report.changes else 0)


def match_some(engine: Database, done: Settled) -> None:
    """Compare what fits between two batches. Where another matcher is at it there is less to do, now or later."""
    with suppress(Transient):
        done.add(*(match_chunk(engine, BESIDE_CHUNK, longest_wait_ms=LONGEST_WAIT_MS) or (0, 0)))


def match_and_learn_some(engine: Database, run_id: int, done: Settled) -> None:
    """The same, and learn from it: batches that begin later need not be cleaned again then."""
    match_some(engine, done)
    with suppress(Transient):
        done.add(turned=learn_chunk(engine, run_id, longest_wait_ms=LONGEST_WAIT_MS)[0])


def settle(
    engine: Database,
    settings: Settings,
    execute: Execute,
    run_id: int,
    watch: Watch,
    t: Thresholds = THRESHOLDS,
    done: Settled | None = None,
) -> Settled:
    """Match what is new or changed, and clean again what stood in the database before its site was known as now.

    done  what was done beside the batches; it is added to, and returned.
    """
    done, barred = done or Settled(), set[Known]()
    for turn in range(ROUNDS + 1):
        compared, pairs, turned = match_and_learn(engine, run_id, frozenset(barred), t)
        barred |= turned.unlearned
        done.add(compared, pairs, turned)
        stale = patiently(lambda: stale_articles(engine))
        if not stale or done.failures or turn == ROUNDS:
            done.unsettled = len(stale)
            break
        watch(Progress("refold", 0, 0, len(stale)))
        _clean_again(engine, stale, settings, execute, run_id, done)
    return done


def match_and_learn(
    engine: Database, run_id: int, barred: Collection[Known] = (), t: Thresholds = THRESHOLDS
) -> tuple[int, int, Turned]:
    """Compare what is new or changed with everything stored, renew the stories around it, learn from them.

    returns  articles compared, pairs found, what is known now.
    """
    compared = pairs = 0
    while chunk := patiently(partial(match_chunk, engine, t=t)):
        compared, pairs = compared + chunk[0], pairs + chunk[1]
    turned, more = Turned(), True
    while more:
        now, more = patiently(partial(learn_chunk, engine, run_id, barred))
        turned = turned.then(now)
    return compared, pairs, turned


def refolds(selection: Selection, settings: Settings, run_id: int, dry: bool = False) -> Iterator[Refold]:
    """Yield the batches of a selection; the documents of one article are in one batch."""
    url, articles, documents = settings.database_url, iter(selection.article_ids), iter(selection.document_ids)
    for size in sizes(len(selection.article_ids), settings.jobs, settings.batch_size):
        yield Refold(url, run_id, Selection(tuple(islice(articles, size))), dry)
    for size in sizes(len(selection.document_ids), settings.jobs, settings.batch_size):
        yield Refold(url, run_id, Selection((), tuple(islice(documents, size))), dry)


def _clean_again(
    engine: Database, stale: Sequence[int], settings: Settings, execute: Execute, run_id: int, done: Settled
) -> None:
    busy = beside(execute, partial(match_some, engine, done))
    for outcome in busy(refolds(Selection(tuple(stale)), settings, run_id)):
        if isinstance(outcome, BatchFailure):
            done.failures.append(outcome)
        elif outcome.changes:
            done.cleaned_again += outcome.changes.changed
