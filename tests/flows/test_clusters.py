"""Batches folded on a cluster that runs already leave the tables that one machine leaves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from etl.errors import SettingsError
from etl.settings import Settings, read_settings
from flows.clusters import cluster
from flows.local import run_ingest
from tests.conftest import migrated
from tests.dumps import dump
from tests.support import ROOT, SAMPLE
from tests.support import run_ingest as run_without_prefect

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture
def postgres(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with migrated(request, "postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers of one thread, each a process of its own."""
    told = tmp_path / "scheduler.json"
    files = ["--scheduler-file", str(told)]
    scheduler = [*files, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [*files, "--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)]
    started = [
        subprocess.Popen([sys.executable, "-c", program, *arguments], cwd=ROOT, **QUIET)
        for program, arguments in ((SCHEDULER, scheduler), (WORKER, worker))
    ]
    try:
        from distributed import Client

        while not told.exists() or not told.read_text().strip().endswith("}"):
            assert started[0].poll() is None, "the scheduler did not start"
        with Client(scheduler_file=str(told), timeout="60s") as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


@pytest.mark.usefixtures("prefect_server")
def test_two_dask_workers_leave_the_same_tables(postgres: str, dask: str, tmp_path: Path):
    settings = read_settings(database_url=postgres, jobs=1, batch_size=5, dask_address=dask)
    report = run_ingest([str(SAMPLE)], settings, task_runner="dask")
    assert report.failed_batches == ()
    alone = f"sqlite:///{tmp_path}/alone.db"
    run_without_prefect(alone, [SAMPLE])
    assert dump(create_engine(postgres)) == dump(create_engine(alone))


def attach(settings: Settings, name: str = "dask") -> None:
    with cluster(name, settings, lambda job: job.do()):  # type: ignore[arg-type]
        pass


def test_what_is_missing_is_said_in_one_line():
    postgres = "postgresql://desk@db.example/news"
    with pytest.raises(SettingsError, match="meet in PostgreSQL, not in a SQLite file"):
        attach(read_settings(dask_address="tcp://127.0.0.1:8786", database_url="sqlite:///news.db"))
    for name in ("dask", "ray"):
        with pytest.raises(SettingsError, match=f"set NEWSFOLD_{name.upper()}_ADDRESS to a cluster that runs"):
            attach(read_settings(database_url=postgres), name)
