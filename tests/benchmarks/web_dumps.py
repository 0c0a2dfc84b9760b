"""Scrapes of one web page by three tools: are they one story, and is nothing else? Run by hand:

    .venv/bin/python tests/benchmarks/web_dumps.py textdumps-dev.jsonl.gz

The file holds a dump a line: `id` is page#tool, `publisher`, `text_in` the text. Each tool leaves other furniture around the
story and cuts its lines elsewhere, so that the dumps are one text in three clothes; the command takes them for pages of
three sites. Pages that show one text at two addresses count as joined wrongly here: --show prints them, for reading.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

from web_news import Row, stories


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_row(json.loads(line)) for line in file]


def _row(dump: dict[str, str | None]) -> Row:
    page, tool = str(dump["id"]).split("#")
    publisher = re.sub(r"\W+", "", dump.get("publisher") or "").lower()
    address = f"https://{tool.split('-')[0]}.{publisher or 'nobody'}.example/{page.replace('/', '_')}"
    return {"id": str(dump["id"]), "url": address, "text": dump["text_in"]}


def page_of(dump: str) -> str:
    return dump.split("#")[0]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("dumps", type=Path)
    asked.add_argument("--show", action="store_true", help="print pages that share a story")
    given = asked.parse_args()
    story = stories(read(given.dumps))
    pages, held = defaultdict(list), defaultdict(set)
    for dump, number in story.items():
        pages[page_of(dump)].append(dump)
        held[number].add(page_of(dump))
    pairs = [pair for dumps in pages.values() for pair in combinations(sorted(dumps), 2)]
    found = Counter(story[a] == story[b] for a, b in pairs)
    several = [sorted(some) for some in held.values() if len(some) > 1]
    print(f"{len(story)} dumps of {len(pages)} pages: {found[True]} of {len(pairs)} pairs of one page in one story")
    print(f"{len(several)} stories hold more than one page")
    if given.show:
        print("\n".join("    " + " ".join(some) for some in several))


if __name__ == "__main__":
    main()
