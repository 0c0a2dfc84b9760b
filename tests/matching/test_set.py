"""Pairs, stories and what is learned are a function of the set of articles, also where many share a key."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.runs import start_run
from etl.db.sketches import MOST_HOLDERS
from etl.matching import match_chunk
from etl.settle import match_and_learn
from tests.db.made import sentence
from tests.matching.made import corpus, document, load


def at_once(url, documents):
    engine = open_engine(url)
    run = start_run(engine, "ingest", {})
    load(engine, run, documents)
    match_and_learn(engine, run)
    return engine


def rows(engine, query):
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(text(query))]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_the_batches_and_the_chunks(engine, fresh_database_url, dump, seed):
    rng, documents = random.Random(seed), corpus(seed)
    other = at_once(fresh_database_url, documents)
    rng.shuffle(documents)
    run = start_run(engine, "ingest", {})
    while documents:
        size = rng.choice([1, 5, 30, 60])
        batch, documents = documents[:size], documents[size:]
        load(engine, run, batch)
        for _ in range(rng.randint(0, 2)):
            match_chunk(engine, rng.choice([3, 20]))
        if rng.random() < 0.5:
            match_and_learn(engine, run)
    match_and_learn(engine, run)
    assert dump(engine) == dump(other)
    other.dispose()


def by_key(number):
    return [f"{sentence(1, 60)} {sentence(number, 2)}"]  # no two have a paragraph in common


def by_paragraph(number):
    return [sentence(2, 12), *(sentence(100 * number + i, 60) for i in range(6))]  # hardly a key in common


@pytest.mark.parametrize("text_of", [by_key, by_paragraph])
def test_what_too_many_share_cools_down_when_one_lets_it_go(engine, fresh_database_url, dump, text_of):
    run = start_run(engine, "ingest", {})
    held = [document(n, text_of(n + 10), 0) for n in range(MOST_HOLDERS + 1)]
    load(engine, run, held)
    match_and_learn(engine, run)
    [(hot,)] = rows(engine, "SELECT count(*) FROM duplicate_pair")
    later = document(7, [sentence(8, 70)], 1)
    load(engine, run, [later])
    match_and_learn(engine, run)
    [(cool,)] = rows(engine, "SELECT count(*) FROM duplicate_pair")
    assert hot < cool == MOST_HOLDERS * (MOST_HOLDERS - 1) // 2
    other = at_once(fresh_database_url, [*held, later])
    assert dump(engine) == dump(other)
    assert rows(engine, "SELECT * FROM article WHERE match_pending") == []
    for table in ("lost_sketch", "lost_paragraph", "uncounted_article"):
        assert rows(engine, f"SELECT * FROM {table}") == []
    other.dispose()
