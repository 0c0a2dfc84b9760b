"""A run whose process is gone is told from one that runs, and what it left is taken over."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from etl.db.connect import transient, writing
from etl.db.runs import SILENT_FOR, cancel_run, finish_run, follows_one_cut_short, keep_alive, start_run
from etl.db.schema import run
from etl.under_way import under_way

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import sys, time
from etl.db.connect import open_engine
from etl.db.runs import start_run
print(start_run(open_engine(sys.argv[1]), "ingest", {}), flush=True)
time.sleep(60)
"""


def begin_elsewhere(database_url: str) -> subprocess.Popen[str]:
    begun = subprocess.Popen([sys.executable, "-c", BEGIN, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert begun.stdout
    assert begun.stdout.readline().strip().isdigit()
    return begun


def states(engine) -> list[tuple[int, str]]:
    with engine.connect() as db:
        return [tuple(row) for row in db.execute(text("select run_id, status from v_runs order by run_id"))]


def test_a_killed_run_is_marked_by_the_next_and_a_running_one_is_not(engine, database_url):
    killed, alive = begin_elsewhere(database_url), begin_elsewhere(database_url)
    try:
        os.kill(killed.pid, signal.SIGKILL)
        os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)  # it stays a zombie, as where nobody waits for it
        third = start_run(engine, "ingest", {})
        assert states(engine) == [(1, "crashed"), (2, "running"), (third, "running")]
    finally:
        killed.wait()
        alive.kill()
        alive.wait()


def fail_when_stopped(engine) -> None:
    """Do as a driver does that is to put a connection in order while it waits for an answer."""
    with under_way(engine, "ingest", {}), transient():
        try:
            sys.exit(143)
        finally:
            raise DBAPIError("select 1", None, RuntimeError("can't change that now"))


def test_a_run_is_cancelled_where_a_library_that_was_stopped_fails_in_turn(engine):
    with pytest.raises(SystemExit) as caught:
        fail_when_stopped(engine)
    assert caught.value.code == 143
    assert [status for _, status in states(engine)] == ["cancelled"]


def test_a_run_of_another_machine_is_dead_when_it_was_silent_for_long(engine):
    silent, loud = start_run(engine, "ingest", {}), start_run(engine, "ingest", {})
    now = datetime.now(UTC)
    with writing(engine) as db:
        for run_id, ago in ((silent, SILENT_FOR + timedelta(minutes=1)), (loud, timedelta(minutes=1))):
            there = {"process": "elsewhere 7 1 x", "alive_at": now - ago}
            db.execute(update(run).where(run.c.run_id == run_id).values(there))
    after = start_run(engine, "ingest", {})
    assert states(engine) == [(silent, "crashed"), (loud, "running"), (after, "running")]
    assert not follows_one_cut_short(engine, after)
    assert follows_one_cut_short(engine, loud)


def test_a_run_that_somebody_stopped_stays_cancelled(engine):
    stopped, done = start_run(engine, "ingest", {}), start_run(engine, "ingest", {})
    cancel_run(engine, stopped)
    keep_alive(engine, stopped)  # that was on its way
    after = start_run(engine, "ingest", {})
    assert not follows_one_cut_short(engine, after)
    assert follows_one_cut_short(engine, done), "it may have hung at a document"
    finish_run(engine, done, "done", {})
    cancel_run(engine, done)  # that came too late
    assert states(engine) == [(stopped, "cancelled"), (done, "done"), (after, "running")]


def test_a_run_that_only_seemed_dead_ends_as_what_it_was(engine):
    slow = start_run(engine, "ingest", {})
    with writing(engine) as db:
        db.execute(update(run).where(run.c.run_id == slow).values(alive_at=datetime(2020, 1, 1, tzinfo=UTC)))
    start_run(engine, "ingest", {})
    assert states(engine)[0] == (slow, "crashed")
    keep_alive(engine, slow)
    assert states(engine)[0] == (slow, "running")
    finish_run(engine, slow, "done", {})
    assert states(engine)[0] == (slow, "done")
