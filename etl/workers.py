"""Executing batches on this machine without Prefect: in this process, or in a pool of processes."""

from __future__ import annotations

import itertools
import multiprocessing
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, TypeVar

from etl import log
from etl.accounts import BatchFailure, BatchReport
from etl.batch import AnyJob, fold_job
from etl.careful import Care, take_care, unlimited
from etl.collector import calm
from etl.execution import DOUBTFUL, Execute, Outcome, patiently
from etl.isolation import DEATHS, Fold, Limits, isolate, limits_of
from etl.log import LogFormat
from etl.settings import Settings
from etl.stopping import leave_it_to_the_parent

T = TypeVar("T")

AHEAD = 2  # batches waiting per worker, so that none idles and memory stays bounded


def pool_of(settings: Settings) -> Execute:
    """Return what executes batches on this machine, as many and within the limits that a deployment allows."""
    return local_pool(settings.jobs, limits_of(settings))


def local_pool(jobs: int, limits: Limits | None = None) -> Execute:
    """Return what executes batches in up to `jobs` processes; a single batch needs no pool.

    The processes serve all rounds of a run: they end when nobody holds what is returned any more.
    """
    kept = Kept(lambda: Processes(jobs, limits))

    def execute(batches: Iterable[AnyJob]) -> Iterator[Outcome]:
        stream = iter(batches)
        first = list(itertools.islice(stream, 2))
        if not kept.is_open and is_alone(jobs, first):
            return (_outcome(fold_job, job) for job in itertools.chain(first, stream))
        return _in_processes(itertools.chain(first, stream), jobs, kept)

    return execute


def is_alone(jobs: int, first: Sequence[AnyJob]) -> bool:
    """Return whether batches are done one after the other, so that no processes are started for them."""
    return not DOUBTFUL.get() and (jobs == 1 or len(first) < 2)


def failure(job: AnyJob, err: Exception) -> BatchFailure:
    """Say in one line which batch failed and why."""
    why = " ".join(f"{type(err).__name__}: {err}".split())[:300]
    log.warning("batch failed", kind=type(job).__name__.lower(), error=type(err).__name__)
    return BatchFailure(f"batch of {job.label}: {why}")


class Processes:
    """A pool of processes that never outlives this one, and is made anew when one of them is killed."""

    def __init__(self, jobs: int, limits: Limits | None = None) -> None:
        self._jobs, self._limits = jobs, limits or Limits()
        self._lock = threading.Lock()
        self._life, self._pool = self._new()

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        self._life.close()

    def do(self, fold: Fold, job: AnyJob) -> BatchReport:
        """Do one batch in a worker; again where the worker dies, and alone where that happens again.

        When a worker dies nobody knows which batch it had: all that wait are done again, which changes nothing.
        """
        for _ in range(DEATHS):
            pool = self._pool
            try:
                return pool.submit(_do, fold, job).result()
            except BrokenProcessPool:
                self._renew(pool)
        return isolate(fold, job, self._limits)

    def _new(self) -> tuple[Connection, ProcessPoolExecutor]:
        """Return a pool, and what keeps its workers alive: they end when that is closed."""
        context = multiprocessing.get_context("spawn")  # forked children would share database connections
        theirs, ours = context.Pipe(duplex=False)
        begin = (theirs, self._limits, log.form())
        return ours, ProcessPoolExecutor(self._jobs, context, initializer=_begin, initargs=begin)

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                # A broken pool ends its workers, but not the one that was just being started; and waits for it.
                self._life.close()
                broken.shutdown(wait=False)
                self._life, self._pool = self._new()


class Kept(Generic[T]):
    """Something that is opened when it is first asked for, and closed when nobody holds this any more."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make, self._stack, self._found = make, ExitStack(), list[T]()
        weakref.finalize(self, self._stack.close)

    @property
    def is_open(self) -> bool:
        return bool(self._found)

    def get(self) -> T:
        if not self._found:
            self._found.append(self._stack.enter_context(self._make()))
        return self._found[0]


def _in_processes(batches: Iterator[AnyJob], jobs: int, kept: Kept[Processes]) -> Iterator[Outcome]:
    ahead, processes = jobs * AHEAD, kept.get()
    with ThreadPoolExecutor(ahead) as threads:

        def submit(job: AnyJob) -> Future[Outcome]:
            return threads.submit(_outcome, lambda one: processes.do(fold_job, one), job)

        waiting = deque(submit(job) for job in itertools.islice(batches, ahead))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(submit(job) for job in itertools.islice(batches, 1))


def _outcome(fold: Fold, job: AnyJob) -> Outcome:
    """Fold one batch, again where the failure may pass; a failure that stays is returned as one line."""
    try:
        return patiently(lambda: fold(job))
    except Exception as err:  # noqa: BLE001 - one batch must not stop the others
        return failure(job, err)


def _do(fold: Fold, job: AnyJob) -> BatchReport:
    with unlimited():
        return fold(job)


def _begin(life: Connection, limits: Limits, log_format: LogFormat | None) -> None:
    """Prepare a worker. It ends when the other end of `life` is closed, by its parent or by the end of that."""
    calm()
    leave_it_to_the_parent(life)
    log.configure(log_format)
    take_care(Care(limits.document_cpu_s))
