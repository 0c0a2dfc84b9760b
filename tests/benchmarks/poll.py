"""What a poll of many feeds costs in which nothing changed: one 304 each, and no article is touched.

    python -m tests.benchmarks.poll [--feeds 1000] [--db sqlite:///FILE]

A server of this machine, in a process of its own, answers for all of them; pacing and robots.txt are off.
Prints seconds on the clock and of the processor, requests, and rows of articles touched.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.sources import NewsSource, put_sources
from etl.db.upgrade import upgrade
from etl.polling.poll import poll
from etl.settings import read_settings
from etl.workers import local_pool
from tests.newsroom import Newsroom, tagged

FEED = "<rss version='2.0'><channel><title>Feed {n}</title>{items}</channel></rss>"
ITEM = "<item><title>Story {n}</title><guid isPermaLink='false'>feed-{n}</guid><description>{text}</description></item>"
TEXT = "The council of Orle met on Monday, heard matter {n} and put off the vote on the bridge once more. " * 6


def serve(feeds: int, pipe: Connection) -> None:
    """Serve the feeds until told to stop; then say how often they were asked."""
    with Newsroom() as room:
        for n in range(feeds):
            body = FEED.format(n=n, items=ITEM.format(n=n, text=TEXT.format(n=n)))
            room.on(f"/{n}.xml", tagged(body, {"Content-Type": "application/rss+xml"}))
        pipe.send(room.port)
        while pipe.recv() == "asked":
            pipe.send(len(room.log))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--db", help="an empty database; default: a file of SQLite")
    given = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(given.feeds, there), daemon=True)
    server.start()
    port = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        url = given.db or f"sqlite:///{Path(folder) / 'poll.db'}"
        measure(url, [f"http://127.0.0.1:{port}/{n}.xml" for n in range(given.feeds)], here)
    here.send("stop")
    server.join(10)


def measure(database_url: str, urls: list[str], server: Connection) -> None:
    """Poll all feeds twice, and print what the second time cost."""
    engine = open_engine(database_url)
    upgrade(engine)
    put_sources(engine, [NewsSource(f"feed {n:04}", "feed", url) for n, url in enumerate(urls)])
    settings = read_settings(database_url=database_url, allow_private=True, host_interval_s=0, robots=False, jobs=2)
    for turn in ("first", "unchanged"):
        before, articles = asked(server), article_state(engine)
        wall, cpu = time.perf_counter(), time.process_time()
        report = poll(settings, local_pool(settings.jobs), everything=True)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        polled = report.polled
        print(
            f"{turn}: {wall:.1f} s, {cpu:.1f} s of one core; {asked(server) - before} requests, "
            f"{polled.changed if polled else 0} changed, {polled.unchanged if polled else 0} unchanged; "
            f"{report.batches.read} documents read, articles {'touched' if article_state(engine) != articles else 'left alone'}"
        )


def asked(server: Connection) -> int:
    server.send("asked")
    return int(server.recv())


def article_state(engine: object) -> list[tuple[object, ...]]:
    """Return what would differ if any row of an article or a document were touched."""
    query = "select count(*), max(article_id), max(document_id), max(fetched_at), sum(word_count) from article"
    with reading(engine) as conn:  # type: ignore[arg-type]
        return [tuple(row) for row in conn.execute(text(query))]


if __name__ == "__main__":
    main()
