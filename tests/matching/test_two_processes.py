"""Two processes that load overlapping sets at the same time give the database that one gives."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.matching import matching
from etl.db.runs import start_run
from etl.errors import Transient
from etl.fingerprint import SCHEME
from etl.matching import match_chunk
from etl.settle import match_and_learn
from tests.conftest import migrated
from tests.matching.made import corpus, load

ROOT = Path(__file__).resolve().parents[2]
PROCESS = """
import random, sys, time
from etl.db.connect import open_engine
from etl.db.runs import start_run
from etl.execution import patiently
from etl.matching import match_chunk
from etl.settle import match_and_learn
from tests.matching.made import corpus, load

url, begin, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
rng, documents, engine = random.Random(seed), corpus(0), open_engine(url)
run = patiently(lambda: start_run(engine, "ingest", {}))
documents = rng.sample(documents, len(documents) * 3 // 4) if seed else documents
rng.shuffle(documents)
time.sleep(max(0.0, begin - time.time()))
for at in range(0, len(documents), 20):
    patiently(lambda: load(engine, run, documents[at : at + 20]))
    patiently(lambda: match_chunk(engine, 8))
match_and_learn(engine, run)
print("done")
"""


def start(url, begin, seed):
    call = [sys.executable, "-c", PROCESS, url, str(begin), str(seed)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def expected(fresh_database_url, dump):
    engine = open_engine(fresh_database_url)
    run = start_run(engine, "ingest", {})
    load(engine, run, corpus(0))
    match_and_learn(engine, run)
    yield dump(engine)
    engine.dispose()


def test_two_at_once(engine, database_url, dump, expected):
    begin = time.time() + 3
    both = [start(database_url, begin, seed) for seed in (0, 1)]
    ended = [process.communicate(timeout=120) for process in both]
    assert [out for out, _ in ended] == ["done\n"] * 2, [err[-2000:] for _, err in ended]
    assert dump(engine) == expected


def test_killed_between_two_chunks_and_taken_up_by_another(engine, database_url, dump, expected):
    first = start(database_url, 0, 0)
    while not first.poll() and compared(engine) < 40:
        time.sleep(0.02)
    first.kill()
    first.communicate()
    run = start_run(engine, "ingest", {})
    documents = corpus(0)
    random.Random(3).shuffle(documents)
    load(engine, run, documents)
    match_chunk(engine, 5)
    match_and_learn(engine, run)
    assert dump(engine) == expected


def compared(engine):
    with reading(engine) as conn:
        return conn.scalar(text("SELECT count(*) FROM article WHERE NOT match_pending"))


def test_who_cannot_wait_long_is_told_that_another_is_at_it(request, tmp_path):
    with migrated(request, "postgresql", tmp_path) as url:
        engine = open_engine(url)
        with matching(engine, SCHEME.name), pytest.raises(Transient):
            match_chunk(engine, longest_wait_ms=50)
        assert match_chunk(engine, longest_wait_ms=50) is None
        engine.dispose()
