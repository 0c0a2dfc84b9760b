"""Executing batches as Prefect tasks: the counterpart of `etl.workers.local_pool`."""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal

from prefect.futures import PrefectConcurrentFuture
from prefect.task_runners import ThreadPoolTaskRunner

from etl.accounts import BatchReport
from etl.batch import AnyJob, fold_job
from etl.execution import Execute, Outcome
from etl.isolation import Fold, limits_of
from etl.settings import Settings
from etl.workers import AHEAD, Kept, Processes, failure, is_alone
from flows.clusters import Cluster, cluster
from flows.tasks import FIRST_WAIT_SECONDS, batch_task

RunnerName = Literal["threads", "processes", "dask", "ray"]  # in one piece: Prefect makes a list of choices of it


def on_runner(
    name: RunnerName, settings: Settings, fold: Fold = fold_job, first_wait_seconds: float = FIRST_WAIT_SECONDS
) -> Execute:
    """Return what executes each batch as one task run, `settings.jobs` at the same time; a cluster may do more.

    A single batch runs in a thread: a pool of processes takes seconds to start. It serves all rounds of a run, as does
    a cluster, and ends when nobody holds what is returned any more.
    raises  SettingsError when it executes, where a cluster cannot be had.
    """
    kept = Kept(partial(_elsewhere, name, settings, fold))

    def execute(batches: Iterable[AnyJob]) -> Iterator[Outcome]:
        stream = iter(batches)
        first = list(itertools.islice(stream, 2))
        alone = name == "processes" and not kept.is_open and is_alone(settings.jobs, first)
        here = name == "threads" or alone
        place = Cluster(settings.jobs, fold) if here else kept.get()
        task, ahead = batch_task(place.fold, first_wait_seconds), place.slots * AHEAD
        # Elsewhere a batch waits for whoever is free, so that nobody is idle while the API hears of the next one.
        with ThreadPoolTaskRunner[BatchReport](max_workers=place.slots if here else ahead) as runner:
            waiting: deque[tuple[AnyJob, PrefectConcurrentFuture[BatchReport]]] = deque()
            for job in itertools.chain(first, stream):
                waiting.append((job, runner.submit(task, {"job": job})))
                if len(waiting) == ahead:  # no further ahead: memory stays bounded
                    yield _outcome(*waiting.popleft())
            while waiting:
                yield _outcome(*waiting.popleft())

    return execute


@contextmanager
def _elsewhere(name: RunnerName, settings: Settings, fold: Fold) -> Iterator[Cluster]:
    """Give a function that folds a batch in another process, while the thread that calls it waits.

    Not Prefect's own runners for processes, Dask and Ray: there each worker costs a client of the API a batch, and
    must reach the API, which is no server of its own but a temporary one of this machine where none is configured.
    """
    jobs = settings.jobs
    if name == "dask" or name == "ray":
        with cluster(name, settings, fold) as place:
            yield Cluster(max(jobs, place.slots), place.fold)
    else:
        with Processes(jobs, limits_of(settings)) as processes:
            yield Cluster(jobs, lambda job: processes.do(fold, job))


def _outcome(job: AnyJob, future: PrefectConcurrentFuture[BatchReport]) -> Outcome:
    try:
        return future.result()
    except Exception as err:  # noqa: BLE001 - one batch must not stop the others
        return failure(job, err)
