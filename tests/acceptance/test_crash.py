"""kill -9 in the middle of a run, run again: the tables are as if it had not happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tests.dumps import dump
from tests.support import SAMPLE, run_ingest

NEWSFOLD = Path(sys.executable).with_name("newsfold")


def start(database_url: str) -> subprocess.Popen:
    args = [NEWSFOLD, "ingest", SAMPLE, "--direct", "--jobs", "2", "--batch-size", "4", "--db", database_url]
    return subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def wait_for_articles(database_url: str, wanted: int) -> None:
    engine = create_engine(database_url)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with engine.connect() as db:
                if db.execute(text("select count(*) from article")).scalar_one() >= wanted:
                    break
        except SQLAlchemyError:
            pass  # the schema is not there yet
        time.sleep(0.005)
    else:
        pytest.fail(f"{wanted} articles did not arrive within a minute")
    engine.dispose()


@pytest.mark.parametrize("articles", [1, 12, 30])
def test_kill_9_and_run_again(database_url, tmp_path, articles):
    killed = start(database_url)
    wait_for_articles(database_url, articles)
    os.killpg(killed.pid, signal.SIGKILL)
    assert killed.wait(10) == -signal.SIGKILL
    run_ingest(database_url, [SAMPLE], jobs=2, batch_size=4)
    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    run_ingest(undisturbed, [SAMPLE], jobs=1)
    assert dump(create_engine(database_url)) == dump(create_engine(undisturbed))
