"""News made to mislead: copies that are hard to see, and look-alikes that are none. All of it is made up here.

    python tests/benchmarks/traps.py [--seed 1] [--show 20] [--out TRAPS.jsonl]

Folds them in memory (see `duplicates.py`) and prints for each kind of copy how many were found, for each kind of
look-alike how many were joined to another story; --out writes the documents with their truth, for other programs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from duplicates import fold, show_mistakes
from trap_copies import copies, live_pages, takes
from trap_desk import Desk, Row
from trap_look_alikes import briefs, notices, scenes


def make(seed: int) -> list[Row]:
    """Return about 2,300 documents, by time."""
    desk = Desk(seed)
    copies(desk, 16)
    takes(desk, 20)
    live_pages(desk, 16)
    notices(desk, 4)
    scenes(desk, 16)
    briefs(desk, 16)
    return sorted(desk.rows, key=lambda row: (row["published_at"], row["id"]))


def score(rows: Sequence[Row], stories: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Return for each kind (right, all): copies in the story of their original, look-alikes joined with nothing."""
    found: dict[str, list[bool]] = defaultdict(list)
    home = {row["truth_cluster"]: story for row, story in zip(rows, stories, strict=True) if _is_original(row)}
    truths: dict[int, set[int]] = defaultdict(set)
    for row, story in zip(rows, stories, strict=True):
        truths[story].add(row["truth_cluster"])
    for row, story in zip(rows, stories, strict=True):
        alone = len(truths[story]) == 1
        found[row["edit"]].append(alone if _is_original(row) else home[row["truth_cluster"]] == story)
    return {kind: (sum(right), len(right)) for kind, right in sorted(found.items())}


def _is_original(row: Row) -> bool:
    return row["edit"] == "base" or row["edit"].startswith("neg_")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--show", type=int, default=0, help="pairs joined against the truth to print")
    given = asked.parse_args()
    rows = make(given.seed)
    if given.out:
        given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return
    stories, matches = fold(rows)
    for kind, (right, every) in score(rows, stories).items():
        print(f"{kind:22} {right:4} of {every:4} right{'' if right == every else '   <'}")
    print("largest story", max(Counter(stories).values()))
    show_mistakes(rows, stories, matches, given.show)


if __name__ == "__main__":
    main()
