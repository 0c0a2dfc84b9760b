"""The runbook's commands for a SQLite file: a copy while it is written to, which takes its place later."""

import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from etl.db.connect import open_engine
from etl.db.upgrade import check
from tests.support import ROOT, SAMPLE, run_ingest

RUNBOOK = (ROOT / "deploy" / "README.md").read_text("utf-8")


def test_a_copy_made_while_somebody_writes_is_a_whole_database(tmp_path: Path):
    [line] = re.findall(r"^python3 -c .*vacuum into.*$", RUNBOOK, re.MULTILINE)
    url = f"sqlite:///{tmp_path / 'newsfold.db'}"
    run_ingest(url, [SAMPLE])
    with closing(sqlite3.connect(tmp_path / "newsfold.db", isolation_level=None)) as writer:
        [before] = writer.execute("select count(*) from article")
        writer.execute("begin immediate")
        writer.execute("update article set headline = 'half a change'")
        done = subprocess.run([sys.executable, *shlex.split(line)[1:]], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        writer.execute("rollback")
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        assert copy.execute("select count(*) from article").fetchone() == before
        assert copy.execute("select count(*) from article where headline = 'half a change'").fetchone() == (0,)

    for path in tmp_path.glob("newsfold.db*"):
        path.unlink()
    (tmp_path / "backup.db").rename(tmp_path / "newsfold.db")
    assert check(open_engine(url)) == []
    report = run_ingest(url, [SAMPLE])
    assert report.batches.loaded == 0, "everything is there"
