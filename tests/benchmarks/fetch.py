"""What it costs to ask for 1,000 pages that did not change: one request each, answered with 304 by a local server.

    python -m tests.benchmarks.fetch [--pages 1000]

The server is a process of its own; hosts are not paced, robots.txt is off. Prints seconds on the clock and of this
process, and how many requests the server saw. For comparison: the same requests one after the other with http.client.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from etl.fetch import Fetched, MemoryGate, Policy, Request, SystemClock, fetch_all
from tests.newsroom import Newsroom

HOSTS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    pages = parser.parse_args().pages
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(theirs, pages), daemon=True)
    server.start()
    port, etag = ours.recv()
    hosts = [f"127.0.0.{1 + n % HOSTS}" for n in range(pages)]
    _told("newsfold", pages, lambda: asyncio.run(_newsfold(hosts, port, etag)))
    _told("http.client", pages, lambda: _plain(hosts, port, etag))
    ours.send("end")
    print(f"the server saw {ours.recv():,} requests")


def _serve(pipe: Connection, pages: int) -> None:
    with Newsroom() as room:
        for n in range(pages):
            room.page(f"/{n}", "<p>The same as ever.</p>")
        url = http.client.HTTPConnection("127.0.0.1", room.port)
        url.request("GET", "/0")
        pipe.send((room.port, url.getresponse().headers["ETag"]))
        pipe.recv()
        pipe.send(len(room.log) - 1)


async def _newsfold(hosts: list[str], port: int, etag: str) -> int:
    clock = SystemClock()
    policy = Policy(host_interval_s=0, robots=False, allow_private=True)
    requests = [Request(f"http://{host}:{port}/{n}", etag) for n, host in enumerate(hosts)]
    outcomes = fetch_all(requests, policy, MemoryGate(clock), clock)
    return sum([isinstance(outcome, Fetched) and outcome.status == 304 async for outcome in outcomes])


def _plain(hosts: list[str], port: int, etag: str) -> int:
    connections = {host: http.client.HTTPConnection(host, port) for host in set(hosts)}
    unchanged = 0
    for n, host in enumerate(hosts):
        connections[host].request("GET", f"/{n}", headers={"If-None-Match": etag})
        response = connections[host].getresponse()
        response.read()
        unchanged += response.status == 304
    return unchanged


def _told(name: str, pages: int, work: Callable[[], int]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    unchanged = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name}: {unchanged:,} of {pages:,} unchanged, {wall:.2f} s on the clock, {cpu:.2f} s of this process")


if __name__ == "__main__":
    main()
