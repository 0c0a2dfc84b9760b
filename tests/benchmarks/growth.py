"""What a batch costs as the database grows: fingerprint, load, match, all on disk. Run by hand:

    .venv/bin/python tests/benchmarks/growth.py [--articles 300000] [--minutes 30] [--database URL]
                                                [--texts FILE.jsonl] [--peer]

Loads batches of 1,000 articles of about 370 words, from cleaned articles on: no parsing. Of the articles made here
one in five is an edited copy of a recent one, one in twenty a notice that fills a form; a form serves for 10 to 100.
--texts takes the field `text` of a JSON-lines file instead. Prints CPU milliseconds of a batch, the median of the
five up to each mark, memory, and in the end the bytes an article takes in each table and index. The database is a
temporary SQLite file unless one is named. --minutes stops the loading in time. --peer clusters the first 10,000 with
datasketch in memory as well, in its two quickest ways (needs xxhash), and prints the ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from statistics import median
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import Engine, text

from etl.collector import calm
from etl.db.connect import open_engine
from etl.db.load import store
from etl.db.runs import start_run
from etl.db.upgrade import upgrade
from etl.fingerprint import SCHEME, fingerprint
from etl.pipeline import FINGERPRINT_CHUNK
from etl.records import CleanArticle, Folded, Metadata, Moment, Paragraph, RawDocument
from etl.settle import match_and_learn

BATCH, LOADED_TOGETHER = 1000, 500  # the second as `newsfold ingest` does by default
MARKS = (10_000, 50_000, 100_000, 200_000, 300_000, 500_000, 1_000_000)
STAGES = ("fingerprint", "load", "match")
START = datetime(2026, 1, 1, tzinfo=UTC)

T = TypeVar("T")
Paragraphs = list[str]


class Writer:
    """Articles of made-up words, as frequent as words are."""

    def __init__(self, seed: int = 1, words: int = 50_000) -> None:
        self.rng = random.Random(seed)
        self.words = ["".join(self.rng.choices("aeiounrstlmdkpg", k=self.rng.randint(2, 9))) for _ in range(words)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(words)))
        self.recent: deque[Paragraphs] = deque(maxlen=500)
        self.forms = [self.form() for _ in range(8)]

    def form(self) -> tuple[Paragraphs, int]:
        return [self.sentence(40) for _ in range(6)], self.rng.randint(10, 100)

    def sentence(self, words: int) -> str:
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=words)).capitalize() + "."

    def articles(self) -> Iterator[Paragraphs]:
        while True:
            kind = self.rng.random()
            if kind < 0.05:
                yield self.notice(self.rng.randrange(len(self.forms)))
            elif kind < 0.25 and self.recent:
                yield self.edited(self.rng.choice(self.recent))
            else:
                self.recent.append([self.sentence(46) for _ in range(8)])
                yield self.recent[-1]

    def notice(self, number: int) -> Paragraphs:
        """Fill a form, which is given up after some use."""
        form, uses = self.forms[number]
        self.forms[number] = (form, uses - 1) if uses else self.form()
        return [f"{self.sentence(6)} {p} {self.rng.randint(1, 10**6)}." for p in form]

    def edited(self, paragraphs: Paragraphs) -> Paragraphs:
        """Cut the end, add a paragraph, and exchange some words."""
        kept = [*paragraphs[: self.rng.randint(3, 8)], self.sentence(20)]
        return [" ".join(w if self.rng.random() > 0.02 else "changed" for w in p.split(" ")) for p in kept]


def from_file(path: Path) -> Iterator[Paragraphs]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield [p for p in json.loads(line)["text"].split("\n\n") if p.strip()]


def documents(texts: Iterator[Paragraphs]) -> Iterator[tuple[RawDocument, CleanArticle]]:
    for number, paragraphs in enumerate(texts):
        uri, at = f"https://news{number % 200}.example/{number}", START + timedelta(minutes=number)
        meta = Metadata(
            headline=f"Report {number}",
            published=Moment(at, at.isoformat(), "minute", "stated", "given"),
            url=uri,
            publisher=f"Paper {number % 200}",
            language="en",
        )
        kept = tuple(Paragraph(i, "text", p) for i, p in enumerate(paragraphs))
        article = CleanArticle(uri, uri, meta, kept, (), "benchmark")
        body = json.dumps({"url": uri, "text": article.body}).encode()
        yield RawDocument(uri, body, "application/json", at), article


class Clock:
    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    def measure(self, stage: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        result = work()
        self.spent[stage] += 1000 * (time.process_time() - start)
        return result


def load_batch(engine: Engine, run_id: int, batch: Sequence[tuple[RawDocument, CleanArticle]]) -> Counter[str]:
    """Fingerprint, load and match one batch; return the CPU milliseconds of each stage."""
    clock = Clock()
    for at in range(0, len(batch), LOADED_TOGETHER):
        part = batch[at : at + LOADED_TOGETHER]
        prints = clock.measure("fingerprint", lambda part=part: fingerprints([article for _, article in part]))
        folded = [Folded(raw, "utf-8", a, made) for (raw, a), made in zip(part, prints, strict=True)]
        clock.measure("load", lambda folded=folded: store(engine, run_id, folded, [], SCHEME, "benchmark"))
    clock.measure("match", lambda: match_and_learn(engine, run_id))
    return clock.spent


def fingerprints(articles: Sequence[CleanArticle]) -> list:
    chunks = (articles[i : i + FINGERPRINT_CHUNK] for i in range(0, len(articles), FINGERPRINT_CHUNK))
    return [made for chunk in chunks for made in fingerprint(chunk)]


def grow(
    engine: Engine, source: Iterator[tuple[RawDocument, CleanArticle]], articles: int, minutes: float = float("inf")
) -> tuple[int, float]:
    """Load batch by batch, printing a row at each mark; return how many were loaded, and the first a CPU second."""
    run_id, stored, latest, first = start_run(engine, "ingest", {}), 0, deque(maxlen=5), Counter()
    print("| stored | " + " | ".join(STAGES) + " | CPU ms of 1,000 | against 10,000 | memory MB |")
    print("| ---: |" + " ---: |" * (len(STAGES) + 3))
    at_first, end = 0.0, time.monotonic() + 60 * minutes
    while (
        stored < articles and time.monotonic() < end and (batch := list(islice(source, min(BATCH, articles - stored))))
    ):
        spent = load_batch(engine, run_id, batch)
        stored += len(batch)
        latest.append(spent)
        first.update(spent if stored <= MARKS[0] else {})
        if stored in MARKS:
            at_first = row(stored, latest, at_first)
    if stored not in MARKS:
        row(stored, latest, at_first)
    rate = 1000 * min(stored, MARKS[0]) / first.total()
    print(f"\nThe first {min(stored, MARKS[0]):,}: {rate:,.0f} articles a CPU-s")
    return stored, rate


def row(stored: int, latest: Sequence[Counter[str]], at_first: float) -> float:
    """Print the median of the latest batches; return that of the first row."""
    each = {stage: median(batch[stage] for batch in latest) for stage in STAGES}
    whole = sum(each.values())
    at_first = at_first or whole
    shown = " | ".join(f"{each[stage]:,.0f}" for stage in STAGES)
    print(f"| {stored:,} | {shown} | {whole:,.0f} | {whole / at_first:.2f} x | {memory_mb():,.0f} |", flush=True)
    return at_first


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sizes(engine: Engine) -> list[tuple[str, int]]:
    """Return the bytes of each table and index, the largest first."""
    sqlite = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
    postgres = (
        "SELECT relname, pg_relation_size(oid) FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace) "
        "ORDER BY 2 DESC"
    )
    with engine.connect() as conn:
        return [(n, s) for n, s in conn.execute(text(sqlite if engine.dialect.name == "sqlite" else postgres))]


def datasketch_rate(texts: Sequence[str], words: int, verify: float) -> float:
    """Return texts a CPU second of datasketch from text to pairs: bulk, xxh32, its index, signatures compared."""
    from datasketch import MinHash, MinHashLSH
    from signatures import shingles
    from xxhash import xxh32_intdigest

    start, made = time.process_time(), list[MinHash]()
    for at in range(0, len(texts), BATCH):
        encoded = [[s.encode() for s in shingles(text, words)] for text in texts[at : at + BATCH]]
        made += MinHash.bulk(encoded, num_perm=SCHEME.permutations, hashfunc=xxh32_intdigest)
    index = MinHashLSH(threshold=0.5, num_perm=SCHEME.permutations)
    for number, one in enumerate(made):
        index.insert(number, one)
    pairs = 0
    for number, one in enumerate(made):
        pairs += sum(other > number and one.jaccard(made[other]) >= verify for other in index.query(one))
    return len(texts) / (time.process_time() - start)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--articles", type=int, default=300_000)
    asked.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many, whatever is loaded")
    asked.add_argument("--database")
    asked.add_argument("--texts", type=Path)
    asked.add_argument("--peer", action="store_true")
    given = asked.parse_args()

    def source() -> Iterator[Paragraphs]:
        return from_file(given.texts) if given.texts else Writer().articles()

    calm()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(given.database or f"sqlite:///{folder}/growth.db")
        upgrade(engine)
        stored, ours = grow(engine, documents(source()), given.articles, given.minutes)
        print(f"\n| {stored:,} articles | bytes an article |\n| --- | ---: |")
        for name, size in sizes(engine):
            if size >= stored:
                print(f"| {name} | {size / stored:,.0f} |")
        engine.dispose()
    if given.peer:
        texts = ["\n\n".join(p) for p in islice(source(), MARKS[0])]
        print()
        for words, verify in ((1, 0.5), (5, 0.0)):
            rate = datasketch_rate(texts, words, verify)
            print(f"datasketch, shingles of {words} words, verified from {verify}, in memory: {rate:,.0f} a CPU-s;")
            print(f"   newsfold, everything stored: {ours / rate:.2f} x")


if __name__ == "__main__":
    main()
