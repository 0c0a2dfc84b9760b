"""The rows of `run`: written when a run begins and ends, and a sign of life in between."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select, update

from etl import log
from etl.db.connect import writing
from etl.db.schema import run
from etl.errors import DatabaseError

_COUNTS = ("read", "loaded", "unchanged", "rejected")
SILENT_FOR = timedelta(minutes=10)  # without a sign of life: a run of another machine is taken for dead


def start_run(engine: Engine, flow: str, parameters: Mapping[str, Any]) -> int:
    """Return the number of a new run; runs whose process is gone are marked. parameters: JSON-able, without secrets."""
    now = datetime.now(UTC)
    values = {"flow": flow, "parameters": dict(parameters), "status": "running", "started_at": now}
    with writing(engine) as conn:
        _mark_crashed(conn, now)
        mine = values | {"process": process_name(os.getpid()), "alive_at": now}
        [run_id] = conn.execute(insert(run).values(mine)).inserted_primary_key or [0]
        log.info("run started", run_id=int(run_id), flow=flow)
        return int(run_id)


def keep_alive(engine: Engine, run_id: int) -> None:
    """Give a sign of life. raises Transient as `writing` does."""
    with writing(engine) as conn:
        alive = {"alive_at": datetime.now(UTC), "crashed": False, "status": "running", "finished_at": None}
        conn.execute(update(run).where(run.c.run_id == run_id, ~run.c.cancelled).values(alive))


def follows_one_cut_short(engine: Engine, run_id: int) -> bool:
    """Return whether the run before this one was killed or cancelled: it may have hung at a document."""
    cut_short = or_(run.c.crashed, run.c.cancelled)
    with engine.connect() as conn:
        before = select(cut_short).where(run.c.run_id < run_id).order_by(run.c.run_id.desc()).limit(1)
        return bool(conn.execute(before).scalar())


def cancel_run(engine: Engine, run_id: int) -> None:
    """Write that somebody stopped a run; one that is done meanwhile stays so. raises Transient as `writing` does."""
    ended = {"status": "failed", "crashed": False, "cancelled": True, "finished_at": datetime.now(UTC)}
    with writing(engine) as conn:
        conn.execute(update(run).where(run.c.run_id == run_id, run.c.status != "done").values(ended))
    log.warning("run ended", run_id=run_id, status="cancelled")


def finish_run(engine: Engine, run_id: int, status: str, report: Mapping[str, Any]) -> None:
    """Write how a run ended.

    status  done or failed.
    report  JSON-able; `read, loaded, unchanged, rejected` are taken from its `batches`, or from itself, and
            `wall_seconds` if it has them.
    """
    counts = report.get("batches", report)
    values = {
        "status": status,
        "crashed": False,
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


def process_name(pid: int) -> str:
    """Return what stands for a process: numbers are used again, also by the next container of one name."""
    try:
        state, *others = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        began = others[18] if state != "Z" else "ended"  # in ticks since the machine began; nobody waited for a Z
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        began = boot = ""  # the process is gone, or this system does not tell
    return " ".join((socket.gethostname(), str(pid), began, boot)).strip()


def gone_runs(conn: Connection, now: datetime) -> list[int]:
    """Return the runs that stand as running and cannot be: their process here is gone, or nothing was heard of them."""
    rows = conn.execute(select(run.c.run_id, run.c.process, run.c.alive_at).where(run.c.status == "running")).all()
    return [row.run_id for row in rows if _is_dead(row.process, row.alive_at, now)]


def _mark_crashed(conn: Connection, now: datetime) -> None:
    if dead := gone_runs(conn, now):
        ended = {"status": "failed", "crashed": True, "finished_at": now}
        conn.execute(update(run).where(run.c.run_id.in_(dead)).values(ended))


def _is_dead(process: str | None, alive_at: datetime | None, now: datetime) -> bool:
    if process is None or alive_at is None:
        return False
    host, pid, *_ = process.split()
    return alive_at < now - SILENT_FOR or (host == socket.gethostname() and process_name(int(pid)) != process)
