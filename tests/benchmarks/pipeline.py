"""What the whole pipeline costs, pages in to rows on disk, beside trafilatura.extract alone on the same pages. By hand:

    .venv/bin/python tests/benchmarks/pipeline.py [PATH...] [--rounds 3] [--jobs 1] [--pages 500] [--form jsonl|warc]
        [--python PYTHON]

PATH is anything that `newsfold ingest` reads: folders, WARC, JSON lines; the pages of HTML in it are taken. Without one
it is the sample, which is small: a ratio needs some hundred real pages. newsfold is given them as JSON lines, with the
page in base64, or as a crawler writes them (warc); the peer has their bytes in memory. PYTHON is an interpreter that
has trafilatura, where this one has not.

Everything is user + system of the processes and their children, in turn, the median of the rounds. newsfold runs as
`ingest --direct` into a new SQLite file: read, clean, fingerprint, load, match, report. Its start-up is what a run over
a single page costs, with a new database and with one that is there; of trafilatura only the calls are counted, so
"each" leaves newsfold's start-up out as well, and "whole" has it.
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from etl.errors import Reject
from etl.parse import record, sniff
from etl.records import RawDocument
from etl.resources import seeds
from etl.sources import plan, read

LIMIT = 32 << 20
NEWSFOLD = Path(sys.executable).with_name("newsfold")
PEER = """
import base64, json, logging, sys, time
from trafilatura import __version__, extract
logging.disable()
rows = [json.loads(line) for line in open(sys.argv[1])]
pages = [(base64.b64decode(row["html_b64"]), row["url"]) for row in rows]
start = time.process_time()
for html, url in pages:
    extract(html, url=url, include_comments=False)
print(time.process_time() - start, __version__)
"""


def pages(paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the bytes of each page of HTML."""
    for raw in read(plan(paths).refs(100), "benchmark", LIMIT):
        if isinstance(raw, RawDocument):
            try:
                url, body = content(raw)
            except Reject:
                continue
            if sniff.is_page(body.decode("utf-8", "replace"), raw.media_type):
                yield url, body


def content(raw: RawDocument) -> tuple[str, bytes]:
    """Return the address of a document and its bytes; of a JSON line those of its page. raises Reject: none."""
    if raw.media_type != "application/json":
        return raw.uri, raw.body
    found = record.read(raw.body.decode("utf-8", "replace"))
    html = found.html or ""
    return found.url or raw.uri, html.encode() if isinstance(html, str) else html


def write(path: Path, pages: Sequence[tuple[str, bytes]]) -> None:
    """Write pages as JSON lines or as a WARC file, by the ending of its name."""
    record = as_answer if path.suffix == ".warc" else as_line
    path.write_bytes(b"".join(record(number, *page) for number, page in enumerate(pages)))


def as_line(number: int, url: str, body: bytes) -> bytes:
    return json.dumps({"id": number, "url": url, "html_b64": base64.b64encode(body).decode()}).encode() + b"\n"


def as_answer(_: int, url: str, body: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-06-01T00:00:00Z\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    return head.encode() + answer + b"\r\n\r\n"


def cpu_of(*command: str) -> tuple[float, str]:
    """Return the CPU seconds of a command and of its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out


def ingest(file: Path, database: Path, jobs: int) -> float:
    url = f"sqlite:///{database}"
    return cpu_of(str(NEWSFOLD), "ingest", "--direct", "--jobs", str(jobs), "--db", url, str(file))[0]


def turn(lines: Path, files: Sequence[Path], jobs: int, python: str) -> tuple[float, float, float, float, str]:
    """Return CPU seconds: first use, start-up, the pages; the peer's; and the peer's version.

    files  of one page, of another one, and of all.
    """
    one, other, every = files
    with tempfile.TemporaryDirectory() as folder:
        first = ingest(one, Path(folder) / "one.db", jobs)
        start = ingest(other, Path(folder) / "one.db", jobs)
        whole = ingest(every, Path(folder) / "all.db", jobs)
    theirs, version = cpu_of(python, "-c", PEER, str(lines))[1].split()
    return first, start, whole, float(theirs), version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=[str(seeds() / "sample")])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--pages", type=int, default=500, help="the most that are taken")
    parser.add_argument("--form", choices=("jsonl", "warc"), default="jsonl")
    parser.add_argument("--python", default=sys.executable)
    args = parser.parse_args()
    found = list(islice(pages(args.paths), args.pages))
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{name}.{args.form}" for name in ("one", "other", "all")]
        lines = Path(folder) / "peer.jsonl"
        for name, some in zip((lines, *names), (found, found[:1], found[1:2], found), strict=True):
            write(name, some)
        turns = [turn(lines, names, args.jobs, args.python) for _ in range(args.rounds)]
    first, start, whole, theirs = (median(column) for column in list(zip(*turns, strict=True))[:4])
    each, peer_each = (whole - first) / (len(found) - 1), theirs / len(found)
    size = sum(len(body) for _, body in found) / len(found) / 1000
    print(f"{len(found)} pages of {size:.0f} kB, as {args.form}, {args.rounds} rounds, {args.jobs} worker(s)")
    print(f"newsfold: start-up {first:.2f} s with a new database, {start:.2f} s with one that is there")
    print(f"newsfold: {each * 1e3:.2f} ms each, whole {whole:.2f} s")
    print(f"trafilatura {turns[0][4]}: {peer_each * 1e3:.2f} ms each, whole {theirs:.2f} s")
    print(f"ratio: {each / peer_each:.2f} each, {whole / theirs:.2f} whole")


if __name__ == "__main__":
    main()
