"""Whether a crash at any moment leaves what an undisturbed run leaves. Run by hand:

    python -m tests.benchmarks.crashes [--on sqlite postgresql dask ray] [--trials 50] [--seed 1] [--results FILE]

Each trial starts a run on a fresh database and hurts it at a random moment with signal 9, or has the server end its
connections (PostgreSQL); then runs again, and compares a full dump with that of an undisturbed run. A run that
outlives its wound is not repeated if it says that it is done. The pages are the sample and three made-up sites, whose
lines are learned, so that stories are cleaned again at the end.

    worker       one process of the pool
    command      `newsfold ingest --direct` alone; its workers are left to themselves
    whole run    the command and all its workers
    flow run     the process of a Prefect flow run alone
    connection   one connection to the database
    connections  all of them
    cluster      one worker of the Dask or Ray cluster

A trial is a function of seed, place and number. --results keeps what came out as JSON lines: what stands there is not
done again, and the table in the end counts all of it. Dask and Ray need their extras; without Ray, leave it out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.benchmarks.services import ROOT, dask, databases, drop_after, prefect_server, ray
from tests.dumps import Dump, dump
from tests.site_memory import made

SAMPLE = ROOT / "seeds" / "sample"
LAST_S = 900  # a run that takes longer hangs
NEWSFOLD = "from etl.cli.main import main; main()"
ON_CLUSTER = """
import sys
from etl.settings import read_settings
from flows.local import run_ingest
url, runner, *paths = sys.argv[1:]
report = run_ingest(paths, read_settings(database_url=url, jobs=2, batch_size=4), task_runner=runner)
sys.exit("; ".join(one.detail for one in report.failed_batches) or 0)
"""
WOUNDS = {
    "sqlite": ("worker", "command", "whole run", "flow run"),
    "postgresql": ("worker", "command", "whole run", "flow run", "connection", "connections"),
    "dask": ("cluster", "cluster", "flow run", "cluster", "connection"),
    "ray": ("cluster", "cluster", "flow run", "cluster", "connection"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done to a run, and when: a share of the time that an undisturbed run takes."""

    place: str
    seed: int
    number: int
    wound: str
    moment: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the first run ended, and whether the tables are those of an undisturbed run."""

    ended: str
    equal: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs take place: their input, their environment, and who starts the workers of a cluster."""

    name: str
    paths: Sequence[Path]
    env: Mapping[str, str]
    cluster: psutil.Process | None = None

    def start(self, database_url: str, through_prefect: bool) -> subprocess.Popen[str]:
        paths = [str(path) for path in self.paths]
        if self.cluster:
            args = [sys.executable, "-c", ON_CLUSTER, database_url, self.name, *paths]
        else:
            run = ["ingest", *paths, "--jobs", "2", "--batch-size", "4", "--db", database_url]
            args = [sys.executable, "-c", NEWSFOLD, *run, *([] if through_prefect else ["--direct"])]
        env = {**os.environ, **self.env}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(args, cwd=ROOT, env=env, text=True, start_new_session=True, **pipes)


def trial(place: str, seed: int, number: int) -> Trial:
    """Return a trial; each wound in turn, so that few trials hold all of them."""
    wounds = WOUNDS[place]
    moment = random.Random(f"{place} {seed} {number}").random()
    return Trial(place, seed, number, wounds[number % len(wounds)], moment)


def hurt(run: subprocess.Popen[str], given: Trial, url: URL, place: Place) -> bool:
    """Do to a run what the trial says; return whether there was anything to hurt."""
    rng = random.Random(f"which {given.place} {given.seed} {given.number}")
    if run.poll() is not None:
        return False
    if given.wound == "whole run":
        os.killpg(run.pid, signal.SIGKILL)
    elif given.wound in ("command", "flow run"):
        run.kill()
    elif given.wound in ("connection", "connections"):
        return end_connections(run, url, 1 if given.wound == "connection" else 1000)
    else:
        return kill_one(run, place, rng)
    return True


def end_connections(run: subprocess.Popen[str], url: URL, most: int) -> bool:
    """Have the server end connections to a database as soon as there are any, and say whether there were."""
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    ended = (
        "select pg_terminate_backend(pid) from "
        "(select pid from pg_stat_activity where datname = :name order by random() limit :most) as chosen"
    )
    found = 0
    with admin.connect() as db:
        while not found and run.poll() is None:
            found = len(db.execute(text(ended), {"name": url.database, "most": most}).all())
            time.sleep(0.01)
    admin.dispose()
    return bool(found)


def kill_one(run: subprocess.Popen[str], place: Place, rng: random.Random) -> bool:
    """Kill a worker as soon as there is one, a busy one of a cluster rather than an idle one."""
    while run.poll() is None:
        found = sorted(workers(place.cluster or psutil.Process(run.pid)), key=lambda process: process.pid)
        busy = [process for process in found if "fold_job" in process.name()]
        if found:
            with suppress(psutil.NoSuchProcess):
                rng.choice(busy or found).kill()
                return True
        time.sleep(0.05)
    return False


def workers(above: psutil.Process) -> list[psutil.Process]:
    """Return the processes that do the work of a pool, of Dask's nannies or of a Ray node.

    Not their trackers; nor a node's agents, without which it ends itself, and it is the only one here.
    """
    found = []
    with suppress(psutil.Error):
        for process in above.children():
            with suppress(psutil.Error):
                command = " ".join(process.cmdline())
                if "spawn_main" in command or (command.startswith("ray::") and "Agent" not in command):
                    found.append(process)
    return found


def endure(given: Trial, url: URL, place: Place, longest_s: float) -> tuple[Dump, bool, str]:
    """Return what a wounded run leaves, and a second one if it was needed; whether it was hurt, how it ended."""
    address, through_prefect = url.render_as_string(hide_password=False), given.wound == "flow run"
    run = place.start(address, through_prefect)
    with suppress(subprocess.TimeoutExpired):
        run.wait(given.moment * longest_s)
    was_hurt = hurt(run, given, url, place)
    said = run.communicate(timeout=LAST_S)[1].strip().splitlines() or [f"code {run.returncode}"]
    ended = "done" if run.returncode == 0 else "killed" if run.returncode < 0 else said[-1][:100]
    if run.returncode:
        again = place.start(address, through_prefect)
        errors = again.communicate(timeout=LAST_S)[1]
        if again.returncode:
            raise SystemExit(f"the second run failed after {given}: {errors}")
    return dump_of(address), was_hurt, ended


def dump_of(address: str) -> Dump:
    engine = create_engine(address)
    try:
        return dump(engine)
    finally:
        engine.dispose()


def measure(place: Place, url: URL, through_prefect: bool) -> tuple[Dump, float]:
    """Return the dump of an undisturbed run, and how long it took."""
    address, began = url.render_as_string(hide_password=False), time.monotonic()
    run = place.start(address, through_prefect)
    errors = run.communicate(timeout=LAST_S)[1]
    if run.returncode:
        raise SystemExit(f"the undisturbed run failed: {errors}")
    return dump_of(address), time.monotonic() - began


@contextmanager
def place_of(name: str, folder: Path) -> Iterator[Place]:
    """Give the place with this name; all its runs share a Prefect server, and a cluster if that is its name."""
    shutil.copytree(SAMPLE, folder / "sample")  # its files stay as they are while others work on the project
    made.write(folder / "made")
    paths = [folder / "sample", folder / "made"]
    with ExitStack() as stack:
        env = stack.enter_context(prefect_server(folder / "prefect"))
        if name in ("dask", "ray"):
            address, above = stack.enter_context((dask if name == "dask" else ray)(2))
            yield Place(name, paths, env | address, above)
        else:
            yield Place(name, paths, env)


def try_all(name: str, given: Sequence[Trial], kept: Path | None) -> Iterator[tuple[Trial, Outcome]]:
    """Do the trials of one place, keep and yield what comes out."""
    engine = "sqlite" if name == "sqlite" else "postgresql"
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        databases(engine, Path(folder)) as make,
        place_of(name, Path(folder)) as place,
    ):
        took = {}
        for through_prefect in sorted({one.wound == "flow run" for one in given}):
            undisturbed, took[through_prefect] = measure(place, make(), through_prefect)
        for one in given:
            longest_s, was_hurt = took[one.wound == "flow run"], False
            while not was_hurt:  # a run that was over before its moment came is tried at half of it
                with drop_after(make()) as address:
                    found, was_hurt, ended = endure(one, make_url(address), place, longest_s)
                longest_s /= 2
            outcome = Outcome(ended, found == undisturbed)
            if kept:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(one) | asdict(outcome)) + "\n")
            yield one, outcome


def earlier(kept: Path | None) -> dict[Trial, Outcome]:
    """Return what stands in the file of results."""
    found = {}
    for line in kept.read_text("utf-8").splitlines() if kept and kept.exists() else []:
        row = json.loads(line)
        outcome = Outcome(*(row.pop(name) for name in Outcome.__slots__))
        found[Trial(**row)] = outcome
    return found


def show(found: Mapping[Trial, Outcome]) -> None:
    """Print how many trials there were of each kind, and how they ended."""
    kinds = dict.fromkeys((one.place, one.wound) for one in found)
    print("\n| place | wound | trials | equal | first runs |\n| --- | --- | ---: | ---: | --- |")
    for kind in kinds:
        those = [outcome for one, outcome in found.items() if (one.place, one.wound) == kind]
        ends = Counter(one.ended if one.ended in ("done", "killed") else "failed" for one in those)
        told = ", ".join(f"{count} {name}" for name, count in sorted(ends.items()))
        counts = f"{len(those)} | {sum(o.equal for o in those)}"
        print(f"| {kind[0]} | {kind[1]} | {counts} | {told} |")
    print(f"\n{sum(outcome.equal for outcome in found.values())} of {len(found)} equal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs="+", choices=tuple(WOUNDS), default=list(WOUNDS))
    parser.add_argument("--trials", type=int, default=50, help="in each place")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path)
    args = parser.parse_args()
    found = earlier(args.results)
    for name in args.on:
        left = [one for n in range(args.trials) if (one := trial(name, args.seed, n)) not in found]
        for one, outcome in try_all(name, left, args.results) if left else ():
            found[one] = outcome
            state = "equal" if outcome.equal else "UNEQUAL"
            print(f"{one.place} {one.number}: {one.wound} at {one.moment:.3f}: {outcome.ended}; {state}", flush=True)
    show(found)
    sys.exit(0 if all(outcome.equal for outcome in found.values()) else 1)


if __name__ == "__main__":
    main()
