"""How much cheaper a run is when nothing is new. Run by hand:

    .venv/bin/python tests/benchmarks/rerun.py [--documents 10000] [--database URL]

Articles of about 350 words are drawn from sentences of the sample; the database is a temporary SQLite file
unless one is named. Prints wall and CPU seconds (user + system, children included) of both runs and their ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEWSFOLD = Path(sys.executable).with_name("newsfold")


def sentences() -> list[str]:
    """Return the sentences of the sample's plain texts."""
    text = " ".join(p.read_text("utf-8", "replace") for p in sorted((ROOT / "seeds" / "sample").glob("*.txt")))
    return [s for s in re.split(r"(?<=[.!?”])\s+", text) if 8 <= len(s.split()) <= 50]


def write(path: Path, documents: int) -> None:
    """Write articles of eight paragraphs; a number in each keeps the texts apart."""
    rng, pool = random.Random(1), sentences()
    with path.open("w", encoding="utf-8") as file:
        for n in range(documents):
            paragraphs = [" ".join(rng.sample(pool, 2)) + f" The file has number {n * 8 + k}." for k in range(8)]
            row = {
                "id": n,
                "url": f"https://news.example/{n}",
                "headline": f"Report {n}",
                "text": "\n\n".join(paragraphs),
            }
            file.write(json.dumps(row) + "\n")


def timed(*args: str) -> tuple[float, float]:
    """Return wall and CPU seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([NEWSFOLD, *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--database")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "articles.jsonl")
        write(path, args.documents)
        call = ("ingest", str(path), "--direct", "--db", args.database or f"sqlite:///{folder}/rerun.db")
        first, again = timed(*call), timed(*call)
    print(f"| {args.documents:,} documents | wall s | CPU s |\n| --- | ---: | ---: |")
    print(f"| first run | {first[0]:.1f} | {first[1]:.1f} |\n| again, unchanged | {again[0]:.1f} | {again[1]:.1f} |")
    print(f"| ratio | {first[0] / again[0]:.0f} x | {first[1] / again[1]:.0f} x |")


if __name__ == "__main__":
    main()
