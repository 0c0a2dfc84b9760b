"""Executing batches as Prefect tasks: the counterpart of `etl.workers.local_pool`."""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Literal

from prefect.futures import PrefectConcurrentFuture
from prefect.task_runners import ThreadPoolTaskRunner

from etl.accounts import BatchReport
from etl.batch import AnyJob, fold_job
from etl.errors import UserError
from etl.execution import Execute, Outcome
from etl.workers import AHEAD, failure, process_pool
from flows.tasks import FIRST_WAIT_SECONDS, Fold, batch_task

RunnerName = Literal["threads", "processes"]


def on_runner(
    name: RunnerName, jobs: int, fold: Fold = fold_job, first_wait_seconds: float = FIRST_WAIT_SECONDS
) -> Execute:
    """Return what executes each batch as one task run, up to `jobs` at the same time.

    A single batch runs in a thread: a pool of processes takes seconds to start.
    """

    def execute(batches: Iterable[AnyJob]) -> Iterator[Outcome]:
        stream = iter(batches)
        first = list(itertools.islice(stream, 2))
        alone = jobs == 1 or len(first) < 2
        with _folding("threads" if alone else name, jobs, fold) as folding:
            task = batch_task(folding, first_wait_seconds)
            with ThreadPoolTaskRunner[BatchReport](max_workers=jobs) as runner:
                waiting: deque[tuple[AnyJob, PrefectConcurrentFuture[BatchReport]]] = deque()
                for job in itertools.chain(first, stream):
                    waiting.append((job, runner.submit(task, {"job": job})))
                    if len(waiting) == jobs * AHEAD:  # no further ahead: memory stays bounded
                        yield _outcome(*waiting.popleft())
                while waiting:
                    yield _outcome(*waiting.popleft())

    return execute


@contextmanager
def _folding(name: RunnerName, jobs: int, fold: Fold) -> Iterator[Fold]:
    """Give a function that folds a batch: in the thread that calls it, or in a process while that thread waits.

    Not Prefect's own process runner: there each process costs a client of the API a batch, or, where none is
    configured, a temporary server of its own; and its processes outlive a run that is killed.
    """
    if name == "threads":
        yield fold
        return
    with process_pool(jobs) as pool:
        yield lambda job: pool.submit(fold, job).result()


def _outcome(job: AnyJob, future: PrefectConcurrentFuture[BatchReport]) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        raise UserError("a worker process was killed; run again, what was loaded is kept") from None
    except Exception as err:  # noqa: BLE001 - one batch must not stop the others
        return failure(job, err)
