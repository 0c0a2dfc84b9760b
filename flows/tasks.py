"""The one task there is: a batch. It is handed references and returns counts; no body crosses its border."""

# No `from __future__ import annotations` where Prefect reads signatures: it would see text instead of types.

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run
from prefect.tasks import exponential_backoff

from etl.accounts import BatchReport
from etl.batch import AnyJob
from etl.errors import Transient
from etl.isolation import Fold

RETRIES = 5
FIRST_WAIT_SECONDS = 2  # doubled at each try: 2 + 4 + 8 + 16 + 32 s outlast the restart of a database
JITTER = 0.5  # up to half as much again by chance, so that batches do not come back in step


def may_pass(_task: Task[..., BatchReport], _run: TaskRun, state: State[BatchReport]) -> bool:
    """Tell whether a failed try is worth another: a lock or a lost connection is, a fault is not."""
    return isinstance(state.data, Transient)


def batch_name() -> str:
    """Name a task run by what it folds: how many documents, and which is the first."""
    return str(task_run.parameters["job"].label)


def batch_task(fold: Fold, first_wait_seconds: float = FIRST_WAIT_SECONDS) -> Task[[AnyJob], BatchReport]:
    """Return the task that folds one batch; natural keys in the database make it safe to repeat, so no cache."""

    def fold_batch(job: AnyJob) -> BatchReport:
        return fold(job)

    return Task(
        fold_batch,
        name="fold-batch",
        task_run_name=batch_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=RETRIES,
        retry_delay_seconds=exponential_backoff(first_wait_seconds),
        retry_jitter_factor=JITTER,
        retry_condition_fn=may_pass,
    )
