"""Fold a yardstick of copies and look-alikes into stories and score them.

    python tests/benchmarks/duplicates.py YARDSTICK --corpus newsroom|quality|reuters [--seed 7] [--show 20]

YARDSTICK is the folder with corpus.py, score.py and score_pairs.py; the newswire and its labelled pairs are in
../../corpora beside it. Candidates are found in memory as the database finds them: two articles that share two sketch
keys, a text hash, or a paragraph of 12 words; keys that more than 64 articles hold are ignored.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from etl.fingerprint import fingerprint
from etl.match import compare_all, group
from etl.records import CleanArticle, Fingerprint, Match, Metadata, Paragraph, Standing, StoredText, utc

HOT_ARTICLES = 64  # a key held by more is not looked at
SHARED_KEYS = 2
PARAGRAPH_WORDS = 12
BATCH_ARTICLES = 64

Row = dict[str, Any]


def article(row: Row) -> CleanArticle:
    paragraphs = tuple(Paragraph(i, "text", p) for i, p in enumerate(row["text"].split("\n\n")))
    return CleanArticle(row["url"], row["url"], Metadata(), paragraphs, (), "yardstick")


def fingerprints(rows: Sequence[Row]) -> list[Fingerprint]:
    batches = (rows[i : i + BATCH_ARTICLES] for i in range(0, len(rows), BATCH_ARTICLES))
    return [made for batch in batches for made in fingerprint([article(row) for row in batch])]


def stored(number: int, row: Row, made: Fingerprint) -> StoredText:
    return StoredText(
        article_id=number,
        identity=row["url"],
        body=row["text"],
        published_at=utc(datetime.fromisoformat(row["published_at"])),
        precision="day" if len(row["published_at"]) == 10 else "minute",
        publisher=row["site"],
        text_hash=made.text_hash,
        paragraph_hashes=made.paragraph_hashes,
        signature=made.signature,
        scheme=made.scheme,
    )


def candidates(rows: Sequence[Row], prints: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    """Return pairs of positions, the smaller first."""
    shared: Counter[tuple[int, int]] = Counter()
    for keys, weight in ((sketch_keys(prints), 1), (sure_keys(rows, prints), SHARED_KEYS)):
        for holders in keys.values():
            if len(holders) <= HOT_ARTICLES:
                shared.update(dict.fromkeys(combinations(holders, 2), weight))
    return sorted(pair for pair, count in shared.items() if count >= SHARED_KEYS)


def sketch_keys(prints: Sequence[Fingerprint]) -> Mapping[int, list[int]]:
    return holders((i, key) for i, made in enumerate(prints) for key in made.sketch)


def sure_keys(rows: Sequence[Row], prints: Sequence[Fingerprint]) -> Mapping[int, list[int]]:
    def keys() -> Iterator[tuple[int, int]]:
        for i, (row, made) in enumerate(zip(rows, prints, strict=True)):
            long = (len(p.split()) >= PARAGRAPH_WORDS for p in row["text"].split("\n\n"))
            own = {h for h, enough in zip(made.paragraph_hashes, long, strict=True) if enough}
            yield from ((i, key) for key in own | {made.text_hash})

    return holders(keys())


def holders(keys: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, key in keys:
        found[key].append(number)
    return found


def fold(rows: Sequence[Row]) -> tuple[list[int], list[Match]]:
    """Return the story of each row, and the matches; prints the processor seconds of each step."""
    clock = [time.process_time()]
    prints = fingerprints(rows)
    clock.append(time.process_time())
    pairs = candidates(rows, prints)
    clock.append(time.process_time())
    texts = [stored(i, row, made) for i, (row, made) in enumerate(zip(rows, prints, strict=True))]
    matches = list(compare_all(pairs, dict(enumerate(texts))))
    clock.append(time.process_time())
    standing = [
        Standing(t.article_id, t.identity, t.published_at, p.word_count) for t, p in zip(texts, prints, strict=True)
    ]
    story = {m.article_id: s.lead_id for s in group(standing, matches) for m in s.members}
    clock.append(time.process_time())
    spent = [after - before for before, after in pairwise(clock)]
    print(
        f"{len(rows)} articles, {len(pairs)} pairs; seconds: fingerprint {spent[0]:.1f}, candidates {spent[1]:.1f}, ",
        end="",
    )
    print(f"compare {spent[2]:.1f}, group {spent[3]:.1f}; {dict(Counter(m.relation for m in matches))}")
    return [story[i] for i in range(len(rows))], matches


def show_mistakes(rows: Sequence[Row], stories: Sequence[int], matches: Sequence[Match], count: int) -> None:
    """Print some pairs joined against the truth, for reading."""
    wrong = [
        m
        for m in matches
        if m.relation != "shares_passage"
        and rows[m.left_id].get("truth_cluster") != rows[m.right_id].get("truth_cluster")
    ]
    for m in random.Random(1).sample(wrong, min(count, len(wrong))):
        print(f"\n--- {m.relation} containment {m.containment:.2f} coverage {m.coverage:.2f}")
        for i in (m.left_id, m.right_id):
            print(f"[{rows[i]['edit']} {rows[i]['site']} {rows[i]['published_at']}] {rows[i]['text'][:600]!r}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("yardstick", type=Path)
    asked.add_argument("--corpus", choices=["newsroom", "quality", "reuters"], required=True)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--show", type=int, default=0, help="pairs joined against the truth to print")
    given = asked.parse_args()
    sys.path.insert(0, str(given.yardstick.resolve()))
    sys.dont_write_bytecode = True
    corpora = given.yardstick.resolve().parents[1] / "corpora"
    if given.corpus == "reuters":
        scores = importlib.import_module("score_pairs")
        rows = scores.read_truth(corpora / "reuters-dev.jsonl.gz")
        stories, _ = fold(rows)
        scores.show(scores.evaluate(rows, stories, scores.read_truth(corpora / "reuters-pairs.jsonl.gz")))
        return
    rows = list(getattr(importlib.import_module("corpus"), given.corpus)(given.seed))
    stories, matches = fold(rows)
    scores = importlib.import_module("score")
    scores.show(scores.evaluate(rows, stories))
    show_mistakes(rows, stories, matches, given.show)


if __name__ == "__main__":
    main()
