"""Memory of one process that cleans the same pages over and over. Run by hand:

    .venv/bin/python tests/benchmarks/memory.py CORPORA [--rounds 5]

CORPORA is the folder with the corpora's `*-dev.jsonl.gz`. Prints the process's resident memory (MiB) after each round.
The first round fills what is made once: models, patterns, tables of languages. Nothing may grow after it.
"""

from __future__ import annotations

import argparse
import base64
import gc
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from etl.collector import calm
from etl.pipeline import Clock, clean
from etl.records import KnownParagraphs, RawDocument

FETCHED = datetime(2026, 6, 1, tzinfo=UTC)


def pages(folder: Path) -> Iterator[RawDocument]:
    for path in sorted(folder.glob("*-dev.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if "html_b64" in row:
                    yield RawDocument(row["url"], base64.b64decode(row["html_b64"]), "text/html", FETCHED)


def resident_mib() -> float:
    """Return the resident memory of this process; Linux."""
    kilobytes = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(kilobytes.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="memory of a process that cleans pages")
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    calm()
    print(f"start    {resident_mib():7.1f} MiB")
    for number in range(1, options.rounds + 1):
        count = 0
        for raw in pages(options.corpora):
            clean(raw, KnownParagraphs(), Clock())
            count += 1
        gc.collect()
        print(f"round {number:2} {resident_mib():7.1f} MiB after {count} pages", flush=True)


if __name__ == "__main__":
    main()
