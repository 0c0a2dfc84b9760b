"""What two processes gain over one, and what Prefect costs, for a whole ingest: pages in, rows on disk. By hand:

    python -m tests.benchmarks.throughput [--count 10000] [--pages FOLDER] [--on sqlite postgresql] [--repeat 1]
                                           [--ways one two flow]

Without --pages, pages of made-up newspapers are written to a temporary folder. Each round runs `newsfold ingest` on
empty databases in turn: without Prefect in one process, in two, and in two as a flow run against a server of this
machine. Seconds on the clock of the whole command, start-up and report included, and of the processor:
of the command with all its workers, and for Prefect that of its server as well (PostgreSQL's own is left out). The
ratios are those of the shortest times of all rounds, for noise only adds. On a machine that does other work, seconds
on the clock say nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import create_engine
from sqlalchemy.engine import URL

from tests.benchmarks.crashes import NEWSFOLD
from tests.benchmarks.made_news import write_pages
from tests.benchmarks.services import ROOT, databases, drop_after, prefect_server
from tests.dumps import Dump, dump

WAYS = {"one": ["--direct", "--jobs", "1"], "two": ["--direct", "--jobs", "2"], "flow": ["--jobs", "2"]}


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one run."""

    wall: float
    cpu: float


def run(database_url: str, pages: Path, options: list[str], env: dict[str, str]) -> Spent:
    """Ingest the pages, and return what it took, that of its workers included."""
    args = [sys.executable, "-c", NEWSFOLD, "ingest", str(pages), "--db", database_url, *options]
    server = server_seconds(env)
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(args, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(args)}: {said.read()}")
    return Spent(wall, used.ru_utime + used.ru_stime + server_seconds(env) - server)


def server_seconds(env: dict[str, str]) -> float:
    """Return the processor seconds of the Prefect server that an environment names, 0 where it names none."""
    home, total = env.get("PREFECT_HOME"), 0.0
    for process in psutil.process_iter() if home else ():
        with suppress(psutil.Error):
            if process.environ().get("PREFECT_HOME") == home:
                times = process.cpu_times()
                total += times.user + times.system
    return total


def rounds(
    make: Callable[[], URL], pages: Path, args: argparse.Namespace, env: dict[str, str]
) -> Iterator[tuple[str, Spent, Dump]]:
    """Yield what each run took and left; `env` names a Prefect server, for flows."""
    for way in args.ways * args.repeat:
        with drop_after(make()) as address:
            options = [*WAYS[way], "--batch-size", str(args.batch_size)]
            spent = run(address, pages, options, env if way == "flow" else {})
            engine = create_engine(address)
            yield way, spent, dump(engine)
            engine.dispose()


def compare(engine: str, args: argparse.Namespace, pages: Path, folder: Path, env: dict[str, str]) -> None:
    """Print what each run on one engine took, and the ratios of the best."""
    taken: dict[str, list[Spent]] = {}
    with databases(engine, folder) as make:
        first = None
        for way, spent, left in rounds(make, pages, args, env):
            first = first or left
            taken.setdefault(way, []).append(spent)
            state = "" if left == first else "; TABLES DIFFER"
            print(f"{engine}, {way}: {spent.wall:.1f} s, {spent.cpu:.1f} CPU-s{state}", flush=True)
    wall = {way: min(one.wall for one in those) for way, those in taken.items()}
    cpu = {way: min(one.cpu for one in those) for way, those in taken.items()}
    if {"one", "two"} <= taken.keys():
        print(f"{engine}: two processes are {wall['one'] / wall['two']:.2f} x as fast as one")
    if {"two", "flow"} <= taken.keys():
        more = [f"{100 * (of['flow'] / of['two'] - 1):+.1f} %" for of in (cpu, wall)]
        print(f"{engine}: a flow run takes {more[0]} of the processor, {more[1]} on the clock")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--pages", type=Path, help="a folder of pages to take instead")
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--batch-size", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--ways", nargs="+", choices=tuple(WAYS), default=list(WAYS))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        pages = args.pages or folder / "pages"
        if not args.pages:
            write_pages(pages, args.count)
        env = stack.enter_context(prefect_server(folder / "prefect")) if "flow" in args.ways else {}
        for engine in args.on:
            compare(engine, args, pages, folder, env)


if __name__ == "__main__":
    main()
