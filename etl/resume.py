"""Going on where an earlier run stopped: what is finished of large files is counted, not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from etl.accounts import BatchReport
from etl.batch import KNOWN_BEFORE, Job, range_state
from etl.db.connect import Database
from etl.db.ranges import Finished, finished_ranges
from etl.sources import Plan, Ref
from etl.sources.kinds import kinds, refs
from etl.sources.ref import File, file_state


def unfinished(
    plan: Plan, size: int, engine: Database, job: Job, count: Callable[[BatchReport], None]
) -> Iterator[Ref]:
    """Yield references to all of a plan but what is finished, of which the report is handed to `count`.

    size  documents in a reference at most.
    job   any of the run: it says what was asked for.
    """
    for file, name in plan.files:
        if not getattr(kinds()[name], "RANGES", False) or not file.uri.startswith("file:"):
            yield from refs(kinds()[name], file, size)
            continue
        done = _finished(file, engine, job)
        start = 0
        while start in done:
            count(_report(done[start]))
            start = done[start].end
        if start and start >= file.path.stat().st_size:
            continue
        for ref in refs(kinds()[name], file, size, start):
            if (found := done.get(ref.start)) and found.end == ref.end:
                count(_report(found))
            else:
                yield ref


def _finished(file: File, engine: Database, job: Job) -> dict[int, Finished]:
    try:
        state = file_state(file.path)
    except OSError:
        return {}  # it is gone: reading it will say so
    return finished_ranges(engine, file.uri, range_state(job, state))


def _report(done: Finished) -> BatchReport:
    return BatchReport(
        read=done.read,
        unchanged=done.read - done.rejected,
        rejected=done.rejected,
        bytes_read=done.end - done.start,
        reasons={KNOWN_BEFORE: done.rejected} if done.rejected else {},
        passed=dict(done.passed),
    )
