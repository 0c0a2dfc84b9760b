"""How a run has its batches executed: by whom is not its business."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import ceil
from typing import TypeVar

from etl.accounts import BatchFailure, BatchReport, Progress
from etl.batch import AnyJob
from etl.errors import Transient

TRIES = 11  # of what fails for a passing reason: a database may be gone for a minute
FIRST_WAIT_SECONDS = 0.2  # doubled at each try, and up to as much again by chance
LONGEST_WAIT_SECONDS = 15.0

SHARES = 2  # batches of what is left that each worker would have, so that all come to their end together
FEWEST = 50  # documents in a batch; a smaller one costs more than it saves

T = TypeVar("T")
Outcome = BatchReport | BatchFailure
Execute = Callable[[Iterable[AnyJob]], Iterable[Outcome]]
Watch = Callable[[Progress], None]

# Whether a document may kill its process, as when the run before was killed: then even a single batch has its own.
DOUBTFUL: ContextVar[bool] = ContextVar("newsfold_doubtful", default=False)


@contextmanager
def doubting(doubtful: bool) -> Iterator[None]:
    """Trust no batch inside the block, should it be doubtful."""
    token = DOUBTFUL.set(DOUBTFUL.get() or doubtful)
    try:
        yield
    finally:
        DOUBTFUL.reset(token)


def sizes(documents: int, jobs: int, most: int) -> Iterator[int]:
    """Yield how many documents go into each batch: `most` in the first ones, fewer towards the end."""
    while documents > 0:
        size = min(most, max(FEWEST, ceil(documents / (SHARES * jobs))), documents)
        yield size
        documents -= size


def patiently(work: Callable[[], T]) -> T:
    """Do some work, again where the failure may pass; the last failure is raised."""
    for number in range(TRIES - 1):
        try:
            return work()
        except Transient:
            wait = min(FIRST_WAIT_SECONDS * 2**number, LONGEST_WAIT_SECONDS)
            time.sleep(wait + random.uniform(0, wait))  # noqa: S311 - spreads retries, guards nothing
    return work()
