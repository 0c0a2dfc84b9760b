"""Articles whose paragraphs are shared by about as many as make a paragraph hot, loaded in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine

from etl.db.load import store
from etl.db.sketches import MOST_HOLDERS
from etl.fingerprint import SCHEME, fingerprint
from etl.records import CleanArticle, Folded, Metadata, Moment, Paragraph, RawDocument
from tests.db.made import DAY, sentence

RULES = "rules-1"


def corpus(seed: int) -> list[Folded]:
    """Return articles around the limit: frames that about MOST_HOLDERS of them share, some with an earlier version."""
    rng = random.Random(seed)
    frames = [[sentence(1000 * n + i, 16) for i in range(3)] for n in range(2)]
    made, number = list[Folded](), 0
    for frame in frames:
        for _ in range(MOST_HOLDERS + rng.randint(0, 5)):
            number += 1
            own = [sentence(5000 + 10 * number + i, 14) for i in range(rng.randint(1, 3))]
            versions = [[*frame, *own]]
            if rng.random() < 0.08:  # the frame comes or goes with the next version
                versions.insert(rng.randint(0, 1), own)
            made += [document(number, paragraphs, n) for n, paragraphs in enumerate(versions)]
    for copy in range(3):  # twins of one text, and of its versions
        made.append(document(900 + copy, frames[0], version=1))
    return made


def document(number: int, paragraphs: Sequence[str], version: int) -> Folded:
    uri = f"https://post.example/{(number * 7919) % 1000:03}"
    at = DAY + timedelta(hours=number % 9, minutes=version)
    moment = Moment(at, at.isoformat(), "second", "stated", "meta")
    kept = tuple(Paragraph(i, "text", text) for i, text in enumerate(paragraphs))
    meta = Metadata(headline=f"Report {number}", published=moment, publisher=f"Paper {number % 4}", url=uri)
    article = CleanArticle(uri, uri, meta, kept, (), RULES)
    raw = RawDocument(uri, article.body.encode(), "text/plain", at)
    return Folded(raw, "utf-8", article, fingerprint([article])[0])


def load(engine: Engine, run_id: int, documents: Sequence[Folded]) -> None:
    store(engine, run_id, documents, [], SCHEME, RULES)
