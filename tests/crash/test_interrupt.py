"""Ctrl-C, as a terminal sends it: to the command and all its workers."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

from etl.cli.main import INTERRUPTED, STOPPED
from tests.crash.test_trouble import NEWSFOLD
from tests.support import ROOT

DOCUMENTS = 200
SENTENCE = "The ferry number {0} to Marrow Bay ran late on day {1}, which nobody on quay {0} had foreseen. "
# A shell that starts the tests in the background makes them ignore the signal, and a child inherits that.
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "


def test_ctrl_c_ends_a_run_whose_workers_wait_and_the_next_one_finishes_it(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(DOCUMENTS):
        (pages / f"{number}.txt").write_text("\n\n".join(SENTENCE.format(number, day) * 3 for day in range(3)))
    path = tmp_path / "news.db"
    command = [sys.executable, "-c", HEARING + NEWSFOLD[-1], "ingest", str(pages), "--direct", "--jobs", "2"]
    command += ["--batch-size", "2", "--db", f"sqlite:///{path}"]
    run = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        while run.poll() is None and not stored(path):
            time.sleep(0.05)
        with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as other:
            other.execute("begin immediate")  # the workers wait for this, and the command for them
            time.sleep(0.5)
            os.killpg(run.pid, signal.SIGINT)
            _, said = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == INTERRUPTED
    assert STOPPED in said
    assert 0 < stored(path) < DOCUMENTS
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    assert stored(path) == DOCUMENTS


def stored(path) -> int:
    with closing(sqlite3.connect(path)) as db:
        if not db.execute("select 1 from sqlite_master where name = 'article'").fetchone():
            return 0
        return db.execute("select count(*) from article").fetchone()[0]
