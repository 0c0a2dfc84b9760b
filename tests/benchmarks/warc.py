"""How fast WARC files are read, beside the library's own iteration over the same file. Run by hand:

    .venv/bin/python tests/benchmarks/warc.py [--megabytes 200] [--file CRAWL.warc.gz] [--jsonl]

Without --file a WARC of generated pages is written to a temporary folder, gzip, a member a record, with the requests
that crawlers keep beside the answers. Prints processor seconds of one core: the library alone, its answers with their
payload read, newsfold's reading (documents as stages get them), newsfold's planning of ranges; the best of three; and
the largest memory of the process. --jsonl reads a file of JSON lines of that size, packed, for its memory alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from etl.sources import plan, read

LIMIT = 32 << 20
BATCH = 500


def pages(megabytes: int) -> Iterator[bytes]:
    """Yield pages of about 36 kB until they have the size."""
    rng, size = random.Random(1), 0
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(2, 9))) for _ in range(3000)]
    while size < megabytes << 20:
        body = "".join(f"<p class=x>{' '.join(rng.choices(words, k=60))}</p>\n" for _ in range(rng.randint(40, 160)))
        page = f"<html><title>{rng.choice(words)}</title><body>{body}</body></html>".encode()
        size += len(page)
        yield page


def write_warc(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for n, page in enumerate(pages(megabytes)):
            asked = f"GET /{n} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: x\r\n\r\n" + page
            for kind, block in (("request", asked), ("response", answer)):
                head = (
                    f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{n}\r\n"
                    f"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:{n:032x}>\r\n"
                    f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
                )
                file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))


def write_jsonl(path: Path, megabytes: int) -> None:
    with gzip.open(path, "wb", 5) as file:
        for n, page in enumerate(pages(megabytes)):
            file.write(json.dumps({"id": n, "html": page.decode()}).encode() + b"\n")


def best(work: Callable[[], object]) -> float:
    """Return the processor seconds of the best of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def count(path: Path) -> int:
    """Read a file as a run does, holding one document at a time."""
    return sum(1 for _ in read(plan([str(path)]).refs(BATCH), "bench", LIMIT))


def compare(path: Path) -> None:
    def library() -> int:
        return sum(1 for _ in ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response))

    def payloads() -> int:
        found = ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response)
        return sum(len(record.reader.read()) for record in found)

    refs = list(plan([str(path)]).refs(BATCH))
    alone, payload = best(library), best(payloads)
    ours, planning = (
        best(lambda: sum(1 for _ in read(refs, "bench", LIMIT))),
        best(lambda: list(plan([str(path)]).refs(BATCH))),
    )
    print(f"{path.stat().st_size / 1e6:.0f} MB packed, {library():,} answers, {len(refs)} ranges")
    print(f"library's iteration  {alone:.3f} s\n  with payloads read {payload:.3f} s")
    print(f"newsfold's reading   {ours:.3f} s: {alone / ours:.2f} x the library's speed")
    print(f"newsfold's planning  {planning:.3f} s, once for each file")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200, help="of pages, before they are packed")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--jsonl", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.file or Path(folder) / ("a.jsonl.gz" if args.jsonl else "a.warc.gz")
        if not args.file:
            (write_jsonl if args.jsonl else write_warc)(path, args.megabytes)
        if args.jsonl:
            print(f"{count(path):,} records")
        else:
            compare(path)
    print(f"largest memory       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
