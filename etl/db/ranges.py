"""The rows of `finished_range`: parts of large files that need not be read again while the files stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from etl.db.connect import reading, writing
from etl.db.prepare import address
from etl.db.rows import insert
from etl.db.schema import finished_range


@dataclass(frozen=True, slots=True)
class Finished:
    """A range that was read to its end, and what was in it."""

    start: int
    end: int
    read: int
    rejected: int
    passed: Mapping[str, int]


def finished_ranges(engine: Engine, uri: str, state: str) -> dict[int, Finished]:
    """Return the finished ranges of a file in one state, by where they start. raises Transient."""
    columns = finished_range.c
    names = (columns.range_start, columns.range_end, columns.read_count, columns.rejected_count, columns.passed)
    wanted = select(*names).where(columns.uri == address(uri), columns.state == state)
    with reading(engine) as conn:
        return {row.range_start: Finished(*row) for row in conn.execute(wanted)}


def finish_range(engine: Engine, run_id: int, uri: str, state: str, done: Finished) -> None:
    """Write that a range is finished; what was known of the file in other states is forgotten. raises Transient."""
    key = {"uri": address(uri), "range_start": done.start}
    values = {
        "range_end": done.end,
        "state": state,
        "read_count": done.read,
        "rejected_count": done.rejected,
        "passed": dict(done.passed),
        "run_id": run_id,
    }
    with writing(engine) as conn:
        old = delete(finished_range).where(finished_range.c.uri == key["uri"], finished_range.c.state != state)
        conn.execute(old)
        statement = insert(conn, finished_range).values(key | values)
        conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
