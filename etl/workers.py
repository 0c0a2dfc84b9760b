"""Executing batches on this machine without Prefect: in this process, or in a pool of processes."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from etl import log
from etl.accounts import BatchFailure
from etl.batch import AnyJob, fold_job
from etl.collector import calm
from etl.errors import UserError
from etl.execution import Execute, Outcome, patiently
from etl.log import LogFormat

AHEAD = 2  # batches waiting per worker, so that none idles and memory stays bounded


def local_pool(jobs: int) -> Execute:
    """Return what executes batches in up to `jobs` processes; a single batch needs no pool."""

    def execute(batches: Iterable[AnyJob]) -> Iterator[Outcome]:
        stream = iter(batches)
        first = list(itertools.islice(stream, 2))
        if jobs == 1 or len(first) < 2:
            return map(attempt, itertools.chain(first, stream))
        return _in_processes(itertools.chain(first, stream), jobs)

    return execute


def attempt(job: AnyJob) -> Outcome:
    """Fold one batch, again where the failure may pass; a failure that stays is returned as one line."""
    try:
        return patiently(lambda: fold_job(job))
    except Exception as err:  # noqa: BLE001 - one batch must not stop the others
        return failure(job, err)


def failure(job: AnyJob, err: Exception) -> BatchFailure:
    """Say in one line which batch failed and why."""
    why = " ".join(f"{type(err).__name__}: {err}".split())[:300]
    log.warning("batch failed", kind=type(job).__name__.lower(), error=type(err).__name__)
    return BatchFailure(f"batch of {job.label}: {why}")


def process_pool(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of processes that never outlives this one."""
    context = multiprocessing.get_context("spawn")  # forked children would share database connections
    return ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(os.getpid(), log.form()))


def _in_processes(batches: Iterator[AnyJob], jobs: int) -> Iterator[Outcome]:
    with process_pool(jobs) as pool:
        waiting: deque[Future[Outcome]] = deque(
            pool.submit(attempt, job) for job in itertools.islice(batches, jobs * AHEAD)
        )
        while waiting:
            try:
                yield waiting.popleft().result()
            except BrokenProcessPool:
                raise UserError("a worker process was killed; run again, what was loaded is kept") from None
            waiting.extend(pool.submit(attempt, job) for job in itertools.islice(batches, 1))


def _begin(parent: int, log_format: LogFormat | None) -> None:
    """Prepare a worker, which ends when its parent is gone, however that went."""
    calm()
    log.configure(log_format)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
