"""A run that somebody stops ends soon, says that it was cancelled, and the next one takes up what it left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tests.crash.test_trouble import NEWSFOLD
from tests.deploy.processes import environment, hearing_ctrl_c, nothing_left, pages
from tests.dumps import dump
from tests.support import ROOT, SAMPLE, run_ingest

MAY_TAKE_SECONDS = 15
STOPPED = "newsfold: stopped; what was loaded is kept, run again to go on"


def begin(home: Path, *arguments: str) -> subprocess.Popen[str]:
    with hearing_ctrl_c():
        return subprocess.Popen(
            [*NEWSFOLD, "ingest", *arguments], cwd=ROOT, env=environment(home, NEWSFOLD_ALLOW_PRIVATE="true"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def wait_for(run: subprocess.Popen[str], seen: Callable[[], object]) -> None:
    while not seen():
        assert run.poll() is None, run.communicate()
        time.sleep(0.02)


def answer(database_url: str, asked: str) -> list[object]:
    """Return the first column of what a query finds; nothing where the tables are not there yet."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as db:
            return list(db.scalars(text(asked)))
    except SQLAlchemyError:
        return []
    finally:
        engine.dispose()


def stop(run: subprocess.Popen[str], number: signal.Signals) -> str:
    """Have a run stopped, and return what it says."""
    os.kill(run.pid, number)
    _, said = run.communicate(timeout=MAY_TAKE_SECONDS)
    assert run.returncode == 128 + number
    return said


def test_one_that_reads_the_web_for_minutes_ends_soon_and_says_so(tmp_path):
    """Its workers cannot be waited for, and Ctrl-C comes to it alone, as from a program that started it."""
    database_url = f"sqlite:///{tmp_path}/news.db"
    with pages() as site, nothing_left(tmp_path):
        (tmp_path / "slow.urls").write_text("\n".join(f"{site}/{page}" for page in range(100)), "utf-8")
        run = begin(tmp_path, str(tmp_path / "slow.urls"), "--direct", "--db", database_url, "--jobs", "2")
        wait_for(run, lambda: answer(database_url, "select name from host"))
        said = stop(run, signal.SIGINT)
    assert said.splitlines()[-1] == STOPPED
    assert "Traceback" not in said
    assert answer(database_url, "select status from v_runs") == ["cancelled"]


def test_what_was_loaded_is_kept_and_the_next_run_takes_up_the_rest(empty_database_url, tmp_path):
    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    run_ingest(undisturbed, [SAMPLE])
    small = ("--direct", "--jobs", "2", "--batch-size", "2")
    with nothing_left(tmp_path):
        run = begin(tmp_path, str(SAMPLE), "--db", empty_database_url, *small)
        wait_for(run, lambda: answer(empty_database_url, "select article_id from article"))
        stop(run, signal.SIGTERM)
    assert answer(empty_database_url, "select status from v_runs") == ["cancelled"]
    run_ingest(empty_database_url, [SAMPLE])
    assert dump(create_engine(empty_database_url)) == dump(create_engine(undisturbed))


ALONE = """
import os, time
from etl.isolation import Limits, isolate

def never_done(job):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    isolate(never_done, None, Limits())
"""


def test_a_batch_that_is_tried_alone_does_not_outlive_its_run(tmp_path):
    """Ctrl-C passes it by, so that no traceback of it comes between; it ends with the process that waits for it."""
    (tmp_path / "alone.py").write_text(ALONE, "utf-8")
    env = environment(tmp_path)
    with nothing_left(tmp_path):
        run = subprocess.Popen([sys.executable, tmp_path / "alone.py"], env=env, stdout=subprocess.PIPE, text=True)
        assert run.stdout
        batch = psutil.Process(int(run.stdout.readline()))
        batch.send_signal(signal.SIGINT)
        with pytest.raises(psutil.TimeoutExpired):
            batch.wait(0.2)
        run.kill()
        run.communicate(timeout=MAY_TAKE_SECONDS)  # what it prints to is open for as long as one of the two lives
