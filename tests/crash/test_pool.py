"""A pool whose worker was killed leaves none of its workers behind: one that stays is waited for at the end."""

from __future__ import annotations

import time
from threading import Thread

import psutil

from etl.workers import Processes
from tests.benchmarks.crashes import workers

DEADLINE_S = 60


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
