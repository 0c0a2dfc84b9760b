"""The rows of `run`: written when a run begins and when it ends, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, update

from etl import log
from etl.db.connect import writing
from etl.db.schema import run
from etl.errors import DatabaseError

_COUNTS = ("read", "loaded", "unchanged", "rejected")


def start_run(engine: Engine, flow: str, parameters: Mapping[str, Any]) -> int:
    """Return the number of a new run. parameters: JSON-able, without secrets."""
    values = {"flow": flow, "parameters": dict(parameters), "status": "running", "started_at": datetime.now(UTC)}
    with writing(engine) as conn:
        [run_id] = conn.execute(insert(run).values(values)).inserted_primary_key or [0]
        log.info("run started", run_id=int(run_id), flow=flow)
        return int(run_id)


def finish_run(engine: Engine, run_id: int, status: str, report: Mapping[str, Any]) -> None:
    """Write how a run ended.

    status  done or failed.
    report  JSON-able; `read, loaded, unchanged, rejected` are taken from its `batches`, or from itself, and
            `wall_seconds` if it has them.
    """
    counts = report.get("batches", report)
    values = {
        "status": status,
        "finished_at": datetime.now(UTC),
        "seconds": report.get("wall_seconds"),
        "report": dict(report),
        **{f"{name}_count": counts.get(name) for name in _COUNTS},
    }
    with writing(engine) as conn:
        if conn.execute(update(run).where(run.c.run_id == run_id).values(values)).rowcount != 1:
            raise DatabaseError(f"there is no run {run_id}")
    facts = {name: counts.get(name) for name in _COUNTS} | {"seconds": report.get("wall_seconds")}
    told = {name: value for name, value in facts.items() if value is not None}
    (log.info if status == "done" else log.warning)("run ended", run_id=run_id, status=status, **told)
