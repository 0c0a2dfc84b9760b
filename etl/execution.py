"""How a run has its batches executed: by whom is not its business."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from etl.accounts import BatchFailure, BatchReport, Progress
from etl.batch import AnyJob
from etl.errors import Transient

TRIES = 5  # of what fails for a passing reason
FIRST_WAIT_SECONDS = 0.2  # doubled at each try, and up to as much again by chance

T = TypeVar("T")
Outcome = BatchReport | BatchFailure
Execute = Callable[[Iterable[AnyJob]], Iterable[Outcome]]
Watch = Callable[[Progress], None]


def patiently(work: Callable[[], T]) -> T:
    """Do some work, again where the failure may pass; the last failure is raised."""
    for number in range(TRIES - 1):
        try:
            return work()
        except Transient:
            wait = FIRST_WAIT_SECONDS * 2**number
            time.sleep(wait + random.uniform(0, wait))  # noqa: S311 - spreads retries, guards nothing
    return work()
