"""A batch is tried again when that may help, and only then; one that fails does not stop the others."""

import os
import signal
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from prefect import flow
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Engine

from etl.accounts import BatchFailure, BatchReport
from etl.batch import AnyJob, Job
from etl.db.runs import start_run
from etl.errors import Reject, Transient
from etl.execution import Outcome
from etl.settings import read_settings
from etl.sources import Ref
from flows.runners import RunnerName, on_runner
from flows.tasks import RETRIES, batch_task

pytestmark = pytest.mark.usefixtures("prefect_server")


SETTINGS = read_settings(jobs=2)


def job(name: str) -> Job:
    return Job("sqlite://", 1, "test", (Ref(f"/{name}", f"file:///{name}", "text"),), 1)


class Worker:
    """Folds batches as told by their names, and counts the tries."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()

    def fold(self, job: Job) -> BatchReport:
        name = Path(job.refs[0].path).name
        self.tries[name] += 1
        if name == "locked for long" or (name == "locked twice" and self.tries[name] < 3):
            raise Transient("the database is locked")
        if name == "faulty":
            raise ValueError("no such thing")
        if name == "reject":
            raise Reject("parse", "empty")
        return BatchReport(read=1, loaded=1)

    def execute(self, *names: str) -> list[Outcome]:
        @flow
        def run() -> list[Outcome]:
            return list(on_runner("threads", SETTINGS, self.fold, first_wait_seconds=0)(job(name) for name in names))

        return run()


def test_a_passing_failure_is_tried_again_until_it_passes():
    worker = Worker()
    assert worker.execute("locked twice") == [BatchReport(read=1, loaded=1)]
    assert worker.tries["locked twice"] == 3


@pytest.mark.parametrize("name", ["faulty", "reject"])
def test_a_failure_that_stays_is_not_tried_again(name: str):
    worker = Worker()
    (outcome,) = worker.execute(name)
    assert isinstance(outcome, BatchFailure)
    assert worker.tries[name] == 1


def test_tries_come_to_an_end_and_the_other_batches_are_done_in_order():
    worker = Worker()
    outcomes = worker.execute("first", "locked for long", "faulty", *[f"more {i}" for i in range(8)])
    assert worker.tries["locked for long"] == RETRIES + 1
    assert [type(outcome) for outcome in outcomes] == [BatchReport, BatchFailure, BatchFailure, *[BatchReport] * 8]
    assert outcomes[1] == BatchFailure("batch of 1 from file:///locked for long: Transient: the database is locked")
    assert outcomes[2] == BatchFailure("batch of 1 from file:///faulty: ValueError: no such thing")


def test_batches_are_taken_up_only_a_few_ahead():
    taken: list[int] = []

    def jobs():
        for i in range(20):
            taken.append(i)
            yield job(f"ok {i}")

    @flow
    def run() -> int:
        for _ in on_runner("threads", SETTINGS, Worker().fold)(jobs()):
            return len(taken)
        return 0

    assert run() <= 5, "all batches were planned before the first was done"


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_no_batches_is_nothing_done(runner: RunnerName):
    @flow
    def run() -> list[Outcome]:
        return list(on_runner(runner, SETTINGS)([]))

    assert run() == []


def die_or_not(job: AnyJob) -> BatchReport:
    if job.label.endswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    return BatchReport(read=1, loaded=1)


def whereabouts(_job: Job) -> BatchReport:
    return BatchReport(read=os.getpid())


def test_processes_are_processes_and_a_single_batch_needs_none():
    @flow
    def run(batches: int) -> list[Outcome]:
        return list(on_runner("processes", SETTINGS, whereabouts)(job(f"{i}") for i in range(batches)))

    assert os.getpid() not in {outcome.read for outcome in run(3)}
    assert [outcome.read for outcome in run(1)] == [os.getpid()]


def test_a_batch_that_kills_whoever_takes_it_is_rejected_and_the_others_are_done(engine: Engine, database_url: str):
    run_id = start_run(engine, "ingest", {})

    @flow
    def run() -> list[Outcome]:
        jobs = (replace(job(name), database_url=database_url, run_id=run_id) for name in ("fine", "deadly", "well"))
        return list(on_runner("processes", SETTINGS, die_or_not)(jobs))

    assert [(outcome.read, outcome.loaded, outcome.rejected) for outcome in run()] == [(1, 1, 0), (1, 0, 1), (1, 1, 0)]


def test_results_are_neither_cached_nor_kept_and_waits_grow():
    fold_batch = batch_task(Worker().fold)
    assert fold_batch.cache_policy is NO_CACHE
    assert fold_batch.persist_result is False
    delays = fold_batch.retry_delay_seconds
    assert delays == sorted(set(delays)), "back-off"
    assert sum(delays) > 45, "shorter than the restart of a database"
    assert fold_batch.retry_jitter_factor
