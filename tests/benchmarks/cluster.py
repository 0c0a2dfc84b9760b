"""Whether a Dask and a Ray cluster leave the tables of one machine, and how two workers compare with one. By hand:

    pip install -e ".[dev,ray]"; python -m tests.benchmarks.cluster [--documents 2000] [--runner dask ray] [--pages]

Starts a cluster with one worker process of one thread, then one with two, on this machine, PostgreSQL, and a Prefect
server; ingests articles of about 350 words made from the sample, or with --pages, pages of made-up newspapers. A
few documents are read first, so that Dask's workers are warm; Ray starts others for each run. Prints the wall seconds
of the run, the ratio, and whether a full dump equals that of a run without a cluster. Wall seconds mean something only
where nothing else runs.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from etl.run import ingest
from etl.settings import read_settings
from etl.workers import local_pool
from flows.local import prepare_environment, run_ingest
from tests.benchmarks.made_news import write_pages
from tests.benchmarks.rerun import write
from tests.benchmarks.services import dask, databases, ray
from tests.dumps import dump
from tests.support import SAMPLE

prepare_environment()  # before Prefect is imported, as the command does

from prefect.testing.utilities import prefect_test_harness  # noqa: E402


def read_with(runner: str, workers: int, path: Path, url: str, warm_url: str) -> tuple[float, bool]:
    """Return the wall seconds of a run on a cluster, and whether all of its batches were done."""
    with (dask if runner == "dask" else ray)(workers) as (address, _):
        given = {name.removeprefix("NEWSFOLD_").lower(): value for name, value in address.items()}
        warm = read_settings(database_url=warm_url, jobs=1, batch_size=5, **given)
        run_ingest([str(SAMPLE)], warm, task_runner=runner)
        settings = read_settings(database_url=url, jobs=workers, **given)
        report = run_ingest([str(path)], settings, task_runner=runner)
    return report.wall_seconds, not report.failed_batches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--runner", nargs="+", choices=("dask", "ray"), default=["dask", "ray"])
    parser.add_argument("--pages", action="store_true")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        databases("postgresql", Path(folder)) as make,
        prefect_test_harness(server_startup_timeout=120),
    ):
        path = Path(folder, "pages" if args.pages else "articles.jsonl")
        (write_pages if args.pages else write)(path, args.documents)
        alone = read_settings(database_url=f"sqlite:///{folder}/alone.db", jobs=1)
        ingest([str(path)], alone, local_pool(1))
        expected = dump(create_engine(alone.database_url))
        for runner in args.runner:
            taken = []
            for workers in (1, 2):
                url, warm_url = (make().render_as_string(hide_password=False) for _ in range(2))
                seconds, done = read_with(runner, workers, path, url, warm_url)
                taken.append(seconds)
                equal = "equal" if done and dump(create_engine(url)) == expected else "UNEQUAL"
                print(f"{runner}, {workers} workers: {seconds:.1f} s, tables {equal}", flush=True)
            print(f"{runner}: two workers are {taken[0] / taken[1]:.2f} x as fast as one", flush=True)


if __name__ == "__main__":
    main()
