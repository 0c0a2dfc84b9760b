"""A run over addresses that is killed, and run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from etl.db.connect import open_engine, reading
from etl.db.schema import article, page
from tests.newsroom import tagged

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "sample"
SLOW_S = 0.15  # an answer: slow enough that the run is killed in the middle
BATCH = 2


@pytest.fixture
def pages(room):
    """Pages that come slowly, and how often each was sent whole."""
    sent = Counter()
    names = sorted(path for path in SAMPLE.glob("harbour-post/*.html") if path.stem != "index")
    for path in names:
        answer = tagged(path.read_bytes())

        def slowly(asked, answer=answer):
            given = answer(asked)
            sent[asked.path] += given.status == 200
            time.sleep(SLOW_S)
            return given

        room.on(f"/{path.stem}", slowly)
    return [f"/{path.stem}" for path in names], sent


def test_nothing_is_lost_and_only_what_was_not_stored_comes_again(room, pages, database_url, tmp_path):
    paths, sent = pages
    listed = tmp_path / "all.urls"
    listed.write_text("\n".join(map(room.url, paths)))
    run = [
        sys.executable, "-c", "from etl.cli.main import main; main()", "ingest", str(listed), "--direct", "--jobs", "1",
        "--allow-private", "--batch-size", str(BATCH), "--db", database_url,
    ]  # fmt: skip
    options = {"cwd": ROOT, "env": os.environ | {"NEWSFOLD_HOST_INTERVAL_S": "0"}, "text": True}
    first = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    deadline = time.monotonic() + 60
    while sent.total() < len(paths) - 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    time.sleep(2 * SLOW_S)  # the server ends what it was asked last
    engine = open_engine(database_url)
    with reading(engine) as conn:
        kept = set(conn.execute(select(page.c.url)).scalars())
    assert kept
    before = Counter(sent)
    again = subprocess.run(run, capture_output=True, **options)
    assert f"{len(paths)} read" in again.stdout, again.stderr
    assert "+ 0 rejected" in again.stdout
    with reading(engine) as conn:
        assert len(conn.execute(select(article.c.article_id)).all()) == len(paths)
    for path in paths:
        assert sent[path] - before[path] == (room.url(path) not in kept)
