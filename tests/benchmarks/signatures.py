"""Texts to MinHash signatures (word 5-grams, 128 permutations) against the libraries that make them. Run by hand:

    .venv/bin/pip install xxhash rensa gaoya
    .venv/bin/python tests/benchmarks/signatures.py [--texts 2000] [--rounds 3]

All make signatures of the same texts in one process, in turn; a peer that is not installed is left out. Printed are
texts a CPU second, the median of the rounds. gaoya has no call for signatures alone: it also fills its index.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from datasketch import MinHash
from rerun import sentences

from etl.fingerprint import SCHEME, fingerprint
from etl.fingerprint.minhash import minhash
from etl.fingerprint.shingles import shingle_hashes
from etl.fingerprint.signature import sign
from etl.pipeline import FINGERPRINT_CHUNK
from etl.records import CleanArticle, Metadata, Paragraph
from etl.text.tokens import tokenise

WORDS, PERMUTATIONS = SCHEME.shingle_words, SCHEME.permutations
PEER_WORD = re.compile(r"\w+")

Maker = Callable[[Sequence[str]], object]


def texts(count: int, words: int = 370) -> list[str]:
    """Return texts of eight paragraphs, drawn from the sentences of the sample; a number keeps each apart."""
    rng, pool, made = random.Random(1), sentences(), list[str]()
    for number in range(count):
        drawn = [f"The file has number {number}."]
        while sum(s.count(" ") + 1 for s in drawn) < words:
            drawn.append(rng.choice(pool))
        made.append("\n\n".join(" ".join(drawn[k::8]) for k in range(8)))
    return made


def chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[i : i + FINGERPRINT_CHUNK] for i in range(0, len(items), FINGERPRINT_CHUNK))


def signatures(items: Sequence[str]) -> list[bytes | None]:
    made: list[bytes | None] = []
    for chunk in chunks(items):
        tokens = tokenise(chunk)
        made += sign(*shingle_hashes(tokens.hashes, tokens.offsets, WORDS))
    return made


def objects(items: Sequence[str]) -> list[MinHash]:
    return [minhash(signature) for signature in signatures(items) if signature]


def fingerprints(items: Sequence[str]) -> int:
    """Make whole fingerprints: signature, sketch, hashes and word counts of text and paragraphs."""
    return sum(len(fingerprint([article(text) for text in chunk])) for chunk in chunks(items))


def article(text: str) -> CleanArticle:
    paragraphs = tuple(Paragraph(i, "text", p) for i, p in enumerate(text.split("\n\n")))
    return CleanArticle("", "", Metadata(), paragraphs, (), "")


def shingles(text: str, words: int = WORDS) -> set[str]:
    found = PEER_WORD.findall(text.lower())
    return {" ".join(found[i : i + words]) for i in range(max(1, len(found) - words + 1))}


def datasketch_documented(items: Sequence[str]) -> list[MinHash]:
    made = []
    for text in items:
        one = MinHash(num_perm=PERMUTATIONS)
        for shingle in shingles(text):
            one.update(shingle.encode())
        made.append(one)
    return made


def datasketch_best(items: Sequence[str]) -> list[MinHash]:
    from xxhash import xxh32_intdigest

    encoded = [[s.encode() for s in shingles(text)] for text in items]
    return list(MinHash.bulk(encoded, num_perm=PERMUTATIONS, hashfunc=xxh32_intdigest))


def rensa_documented(items: Sequence[str]) -> list[object]:
    from rensa import RMinHash

    made = []
    for text in items:
        one = RMinHash(num_perm=PERMUTATIONS, seed=42)
        one.update(list(shingles(text)))
        made.append(one)
    return made


def gaoya_index(items: Sequence[str]) -> object:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.5, 16, PERMUTATIONS // 16, None, "word", True, (WORDS, WORDS))
    index.par_bulk_insert_docs(list(range(len(items))), list(items))
    return index


MAKERS: dict[str, tuple[str, Maker]] = {
    "newsfold, signatures": ("numpy", signatures),
    "newsfold, datasketch objects": ("numpy", objects),
    "newsfold, whole fingerprints": ("numpy", fingerprints),
    "datasketch `update`, as documented": ("datasketch", datasketch_documented),
    "datasketch `bulk` with xxh32": ("xxhash", datasketch_best),
    "rensa, as documented": ("rensa", rensa_documented),
    "gaoya, with its index": ("gaoya", gaoya_index),
}


def rate(make: Maker, items: Sequence[str]) -> float:
    start = time.process_time()
    make(items)
    return len(items) / (time.process_time() - start)


def is_datasketchs(items: Sequence[str]) -> bool:
    """Say whether datasketch makes the same signatures of the same shingle hashes."""
    tokens = tokenise(items)
    hashes, offsets = shingle_hashes(tokens.hashes, tokens.offsets, WORDS)
    for i, ours in enumerate(objects(items)):
        theirs = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
        theirs.update_batch(hashes[offsets[i] : offsets[i + 1]].astype(np.uint32).tolist())
        if not np.array_equal(ours.hashvalues, theirs.hashvalues):
            return False
    return True


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--texts", type=int, default=2000)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # of gaoya and rensa
    items = texts(given.texts)
    makers = {name: make for name, (library, make) in MAKERS.items() if find_spec(library)}
    for make in makers.values():
        make(items[:FINGERPRINT_CHUNK])  # tables and imports are not counted
    rates: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(given.rounds):
        for name, make in makers.items():
            rates[name].append(rate(make, items))
    ours = statistics.median(rates["newsfold, signatures"])
    size = sum(map(len, items)) / len(items)
    print(f"{len(items):,} texts of {size:,.0f} characters; as datasketch makes them: {is_datasketchs(items[:100])}\n")
    print("| | texts a CPU-s | newsfold's signatures are |\n| --- | ---: | ---: |")
    for name, found in rates.items():
        print(f"| {name} | {statistics.median(found):,.0f} | {ours / statistics.median(found):.1f} x |")


if __name__ == "__main__":
    main()
