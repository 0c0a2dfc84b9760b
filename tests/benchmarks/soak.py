"""Whether a day of polls and ingests leaves anything behind but articles. Run by hand:

    python -m tests.benchmarks.soak [--hours 24] [--database URL] [--flow-runs 96]

A clock that is moved on plays the day through: every 15 minutes a poll of 50 feeds that change, fail, move, fall
silent and shrink, every hour an ingest of 20 new pages in two processes and of those of the hour before, all in this
one process; the feeds are served by another. After each quarter of the day a row: memory, open files, threads,
children, temporary files, and bytes of the database an article.

Then `newsfold serve` runs the flow `poll` with its own server, once for each quarter of an hour of such a day (--flow-runs
names another number; 12 s each): memory, open files and threads of both of its processes, temporary files, and rows of
Prefect's database. After each row that is printed all runs are made 40 days old in that database, so that the server deletes
them as its setting of retention has it do: what the next row counts came since, and the last line is what stays in the end.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import yaml
from sqlalchemy import text

from etl.db.connect import Database, open_engine, reading
from etl.db.sources import put_sources
from etl.db.upgrade import upgrade
from etl.polling.poll import poll
from etl.polling.source_files import read_source_file
from etl.run import ingest
from etl.settings import Settings, read_settings
from etl.workers import local_pool
from flows.local import SWITCHES
from tests.benchmarks.made_news import write_pages
from tests.benchmarks.services import ROOT, end
from tests.clock import SimulatedClock
from tests.deploy.processes import free_port
from tests.newsroom import Newsroom
from tests.poll.feeds50 import Feeds

POLL_MINUTES, NEWS_MINUTES = 15, 5
PAGES_AN_HOUR = 20
ROWS = ("flow_run", "task_run", "flow_run_state", "task_run_state", "log", "artifact", "events")


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds."""

    rss_mb: float
    files: int
    threads: int
    children: int

    def __str__(self) -> str:
        return f"{self.rss_mb:.0f} | {self.files} | {self.threads} | {self.children}"


def held(pid: int) -> Held:
    process = psutil.Process(pid)
    children = len(process.children(recursive=True))
    return Held(process.memory_info().rss / 2**20, process.num_fds(), process.num_threads(), children)


def newsroom(pipe: Connection) -> None:
    """Serve the feeds in a process of its own; each message is a minute up to which news come, None the end."""
    with Newsroom() as room:
        feeds = Feeds(room)
        pipe.send(feeds.toml())
        while (minute := pipe.recv()) is not None:
            feeds.pass_minutes(minute)
            room.log.clear()
            pipe.send(minute)


@contextmanager
def feeds_served(folder: Path) -> Iterator[tuple[Connection, Path]]:
    """Run the newsroom; give the way to talk to it, and the file that lists its feeds."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=newsroom, args=(there,), daemon=True)
    server.start()
    listed = folder / "newsroom.toml"
    listed.write_text(here.recv(), "utf-8")
    yield here, listed
    here.send(None)
    server.join(10)


def play(settings: Settings, engine: Database, feeds: Connection, folder: Path, hours: int) -> None:
    """Play the hours through, and print a row after each quarter of them."""
    clock, marks = SimulatedClock(), {hours * 60 * quarter // 4 for quarter in (1, 2, 3, 4)}
    print(
        "| hour | articles | memory MB, then held | files | threads | children | temporary files | database B an article |"
    )
    print("| ---: |" + " ---: |" * 7)
    for minute in range(0, hours * 60 + 1, NEWS_MINUTES):
        feeds.send(minute)
        feeds.recv()
        if minute % POLL_MINUTES == 0:
            poll(settings, local_pool(1), clock=clock)
        if minute % 60 == 0:
            hour = minute // 60
            write_pages(folder / f"hour{hour}", PAGES_AN_HOUR, seed=hour)
            ingest([str(found) for found in folder.glob(f"hour{hour}")], settings, local_pool(2))
            ingest([str(found) for found in folder.glob(f"hour{hour - 1}")] or [str(folder)], settings, local_pool(2))
        if minute in marks or minute == 60:
            tell(engine, minute / 60)
        clock.forward(minutes=NEWS_MINUTES)


def tell(engine: Database, hour: float) -> None:
    gc.collect()
    before = held(os.getpid()).rss_mb
    ctypes.CDLL(None).malloc_trim(0)
    with reading(engine) as conn:
        articles = int(conn.scalar(text("select count(*) from v_articles")) or 0)
        sqlite = "select page_count * page_size from pragma_page_count(), pragma_page_size()"
        size = conn.scalar(
            text(sqlite if engine.dialect.name == "sqlite" else "select pg_database_size(current_database())")
        )
    held_now, left = held(os.getpid()), temporary_files()
    print(
        f"| {hour:g} | {articles:,} | {before:.0f}, {held_now} | {left} | {int(size or 0) / articles:,.0f} |",
        flush=True,
    )


def temporary_files() -> int:
    return len(list(Path(tempfile.gettempdir()).iterdir()))


def serve(folder: Path, listed: Path, feeds: Connection, from_minute: int, runs: int) -> None:
    """Have `newsfold serve` run the flow `poll` so often, and print what its processes and its database hold.

    from_minute  up to which the feeds have had their news.
    """
    home, port = folder / "home", free_port()
    home.mkdir()
    deployments = yaml.safe_load((ROOT / "deploy" / "prefect.yaml").read_text("utf-8"))
    one = next(row for row in deployments["deployments"] if row["name"] == "poll")
    one |= {"schedules": [{"interval": 12, "slug": "poll"}], "parameters": {"everything": True}}
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump({"deployments": [one]}), "utf-8")
    database, prefect = f"sqlite:///{home}/news.db", home / "prefect"
    news = _ready(database)
    put_sources(news, read_source_file(listed))
    env = {**os.environ, **SWITCHES, "PREFECT_HOME": str(prefect), "NEWSFOLD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    env |= {"NEWSFOLD_DATABASE_URL": database, "NEWSFOLD_ALLOW_PRIVATE": "true", "NEWSFOLD_HOST_INTERVAL_S": "0"}
    env |= {"PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "5"}
    command = [sys.executable, "-c", "from etl.cli.main import main; main()", "serve", "--port", str(port)]
    with (folder / "serve.log").open("w") as log:
        serving = subprocess.Popen([*command, "--prefect-file", str(file)], env=env, stdout=log, stderr=log)
    try:
        watch(serving.pid, prefect / "prefect.db", news, feeds, from_minute, runs)
    finally:
        end(serving)


def watch(pid: int, prefect_db: Path, news: Database, feeds: Connection, minute: int, runs: int) -> None:
    """Print rows when an eighth of the runs is done, and at each quarter; the feeds have news between two runs."""
    print(
        "\n| flow runs | temporary files | process | memory MB | files | threads | children | "
        + " | ".join(ROWS)
        + " |"
    )
    print("| ---: | ---: | --- |" + " ---: |" * (4 + len(ROWS)))
    done = 0
    for mark in (runs // 8, *(runs * quarter // 4 for quarter in (1, 2, 3, 4))):
        while done < mark:
            time.sleep(2)
            for _ in range((runs_done(news) - done) * POLL_MINUTES // NEWS_MINUTES):
                minute += NEWS_MINUTES
                feeds.send(minute)
                feeds.recv()
            done = runs_done(news)
        told = " | ".join(str(count) for count in counted(prefect_db).values())
        for process in psutil.Process(pid).children():
            name = "server" if "server" in process.cmdline() else "runner"
            print(f"| {done} | {temporary_files()} | {name} | {held(process.pid)} | {told} |", flush=True)
        age(prefect_db)
    time.sleep(40)  # for the server to look
    print("\nforty days later: " + ", ".join(f"{count} {table}" for table, count in counted(prefect_db).items()))


def runs_done(news: Database) -> int:
    with reading(news) as conn:
        return int(conn.scalar(text("select count(*) from v_runs where status = 'done'")) or 0)


def counted(prefect_db: Path) -> dict[str, int]:
    """Return how many rows Prefect's tables have."""
    with closing(sqlite3.connect(prefect_db, timeout=30)) as db:
        return {table: db.execute(f"select count(*) from {table}").fetchone()[0] for table in ROWS}


def age(prefect_db: Path) -> None:
    """Make all runs that are over 40 days old, and what was told of them."""
    with closing(sqlite3.connect(prefect_db, timeout=30)) as db, db:
        for table, moment in (("flow_run", "end_time"), ("events", "occurred")):
            db.execute(f"update {table} set {moment} = datetime({moment}, '-40 days') where {moment} is not null")


def _ready(database_url: str) -> Database:
    engine = open_engine(database_url)
    upgrade(engine)
    return engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--database", help="an empty database; default: a file of SQLite")
    parser.add_argument("--flow-runs", type=int, help="default: one for each quarter of the hours")
    args = parser.parse_args()
    runs = args.hours * 60 // POLL_MINUTES if args.flow_runs is None else args.flow_runs
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder / "tmp")  # where what is left behind can be counted
        (folder / "tmp").mkdir()
        url = args.database or f"sqlite:///{folder}/news.db"
        settings = read_settings(database_url=url, allow_private=True, host_interval_s=0, batch_size=10)
        with feeds_served(folder) as (feeds, listed):
            if args.hours:
                engine = _ready(url)
                put_sources(engine, read_source_file(listed))
                play(settings, engine, feeds, folder, args.hours)
            if runs:
                serve(folder, listed, feeds, args.hours * 60, runs)


if __name__ == "__main__":
    main()
