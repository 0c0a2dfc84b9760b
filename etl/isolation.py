"""A batch that ended its workers, done in a process of its own until what killed them is found.

The process says which document it is at. Where it dies, that document is rejected the next time, unread; where it
dies while it reads, the batch is halved until one file is left. So the rest of the batch is loaded, whatever stands
in it.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from etl import log
from etl.accounts import BatchReport
from etl.batch import AnyJob, Job, engine_of
from etl.careful import REASON, Care, Key, take_care, unlimited
from etl.collector import calm
from etl.db.load import store
from etl.fingerprint import SCHEME
from etl.records import Rejected
from etl.settings import Settings
from etl.stopping import leave_it_to_the_parent

DEATHS = 2  # of workers that had a batch in hand, after which it is isolated: one may be chance

Fold = Callable[[AnyJob], BatchReport]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use."""

    document_cpu_s: float = 60  # processor seconds of one document; the slowest seen took under 5
    memory_bytes: int = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2  # of a batch that is isolated


def limits_of(settings: Settings) -> Limits:
    """Return what a deployment lets a worker use."""
    memory = settings.isolated_memory_mb
    usual = Limits(settings.document_cpu_s)
    return replace(usual, memory_bytes=memory << 20) if memory else usual


class WorkerKilled(Exception):
    """A batch ended its worker again when it was alone, and nobody can say with which document."""


@dataclass(frozen=True, slots=True)
class _Death:
    at: Key | None  # the document that was folded; None: it was reading or writing
    how: str


def isolate(fold: Fold, job: AnyJob, limits: Limits) -> BatchReport:
    """Do one batch in processes of its own; what ends them is stored as rejected.

    raises  WorkerKilled where the batch cannot be divided; what the batch itself raises, Transient among it.
    """
    killers = dict[Key, str]()
    while True:
        outcome = _try_alone(fold, job, Care(limits.document_cpu_s, killers=killers), limits)
        if not isinstance(outcome, _Death):
            return outcome
        if outcome.at is None or outcome.at in killers:
            return _divide(fold, job, limits, outcome)
        killers[outcome.at] = outcome.how


def _divide(fold: Fold, job: AnyJob, limits: Limits, death: _Death) -> BatchReport:
    if not isinstance(job, Job) or not job.refs:
        raise WorkerKilled(death.how)
    if len(job.refs) == 1:
        return _reject(job, death)
    half = len(job.refs) // 2
    parts = (replace(job, refs=refs) for refs in (job.refs[:half], job.refs[half:]))
    first, second = (isolate(fold, part, limits) for part in parts)
    return first.plus(second)


def _reject(job: Job, death: _Death) -> BatchReport:
    """Store that a file, or a range of one, could not be read."""
    [ref] = job.refs
    uri = f"{ref.uri}#{ref.start}" if ref.start else ref.uri
    lost = Rejected(uri, "read", REASON, death.how)
    store(engine_of(job.database_url), job.run_id, [], [lost], SCHEME)
    return BatchReport(read=1, rejected=1, reasons={f"read/{REASON}": 1})


def _try_alone(fold: Fold, job: AnyJob, care: Care, limits: Limits) -> BatchReport | _Death:
    """Do a batch in a new process, and listen to where it is."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_alone, args=(theirs, fold, job, care, limits, log.form()), daemon=True)
    process.start()
    theirs.close()
    at, outcome = _listen(ours)
    process.join()
    ours.close()
    if outcome is None or isinstance(outcome, MemoryError):
        return _Death(at, _how(process.exitcode or 0, limits))
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _listen(ours: Connection) -> tuple[Key | None, BatchReport | Exception | None]:
    """Return the document that was at hand last, and how the batch ended; None: the process did."""
    at: Key | None = None
    while True:
        try:
            said = ours.recv()
        except (EOFError, OSError):
            return at, None
        if isinstance(said, BatchReport | Exception):
            return at, said
        at = said


def _alone(
    theirs: Connection, fold: Fold, job: AnyJob, care: Care, limits: Limits, log_format: log.LogFormat | None
) -> None:
    calm()
    if parent := multiprocessing.parent_process():
        leave_it_to_the_parent(parent.sentinel)
    log.configure(log_format)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))
    take_care(replace(care, announce=theirs.send))
    try:
        with unlimited():
            report = fold(job)
    except Exception as err:  # noqa: BLE001 - it is raised where somebody waits for the batch
        theirs.send(err)
    else:
        theirs.send(report)


def _how(exitcode: int, limits: Limits) -> str:
    """Say how a process ended."""
    if exitcode == -signal.SIGPROF:
        return f"took more than {limits.document_cpu_s:g} s of a processor"
    if exitcode < 0:
        return f"ended its worker by {signal.Signals(-exitcode).name}"
    if exitcode > 0:
        return f"ended its worker with code {exitcode}"
    return f"needs more than {limits.memory_bytes >> 20} MiB of memory"
