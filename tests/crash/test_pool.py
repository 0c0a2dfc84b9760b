"""A pool whose worker was killed leaves none of its workers behind: one that stays is waited for at the end."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from threading import Thread

import psutil

from etl.accounts import BatchReport
from etl.workers import Processes, local_pool
from tests.benchmarks.crashes import workers

DEADLINE_S = 60


@dataclass(frozen=True)
class Whereabouts:
    """A batch that tells which process does it."""

    label = "whereabouts"

    def do(self) -> BatchReport:
        time.sleep(0.2)  # so that the other worker has a turn
        return BatchReport(read=os.getpid())


def no_fold(job):
    time.sleep(job)


def children():
    return {process.pid for process in workers(psutil.Process())}


def until(met):
    ends = time.monotonic() + DEADLINE_S
    while not met() and time.monotonic() < ends:
        time.sleep(0.05)
    assert met()


def test_a_worker_that_was_just_started_when_its_pool_broke_ends_too():
    """The pool itself passes it over, for it is started by another thread: so it is left at work here."""
    before = children()
    with Processes(1) as processes:
        broken = processes._pool
        waiting = broken.submit(no_fold, 10 * DEADLINE_S)
        until(waiting.running)
        processes._renew(broken)
        until(lambda: children() <= before)


def test_workers_end_with_their_pool():
    before = children()
    with Processes(2) as processes:
        threads = [Thread(target=processes._pool.submit(no_fold, 0.1).result) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert children() <= before


def test_one_pool_serves_all_rounds_and_ends_when_nobody_holds_it():
    before = children()
    execute = local_pool(2)
    rounds = [{outcome.read for outcome in execute([Whereabouts()] * size)} for size in (4, 4, 1)]
    assert rounds[0] == rounds[1], "no new processes are started for the second round"
    assert rounds[2] < rounds[0], "a single batch is done by one that is there"
    assert os.getpid() not in rounds[0]
    del execute
    assert children() <= before
