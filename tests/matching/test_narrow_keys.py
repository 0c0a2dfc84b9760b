"""The keys of sketches take half the bytes they took, and a database changes over with what it holds."""

from __future__ import annotations

import random

from alembic import command

from etl.db.connect import writing
from etl.db.runs import start_run
from etl.db.upgrade import config, upgrade
from etl.settle import match_and_learn
from tests.matching.made import corpus, document, load
from tests.matching.test_set import at_once, by_key, rows

KEYS = "SELECT key, article_id FROM sketch_key ORDER BY key, article_id"


def low_half(key):
    return (key + 2**31) % 2**32 - 2**31


def test_keys_go_up_and_down_and_matching_goes_on(engine, fresh_database_url, dump):
    documents = corpus(1)
    random.Random(1).shuffle(documents)
    run = start_run(engine, "ingest", {})
    load(engine, run, documents[:70])
    match_and_learn(engine, run)
    narrow = rows(engine, KEYS)
    with writing(engine) as conn:
        command.downgrade(config(conn), "0010")
    wide = rows(engine, KEYS)
    assert max(abs(key) for key, _ in wide) > 2**32
    assert sorted((low_half(key), article_id) for key, article_id in wide) == narrow
    upgrade(engine)
    assert rows(engine, KEYS) == narrow
    load(engine, run, documents[70:])
    match_and_learn(engine, run)
    other = at_once(fresh_database_url, documents)
    assert dump(engine) == dump(other)
    other.dispose()


def test_keys_that_are_still_to_be_taken_out_go_down_too(engine):
    run = start_run(engine, "ingest", {})
    load(engine, run, [document(1, by_key(1), 0), document(2, by_key(2), 0)])
    match_and_learn(engine, run)
    load(engine, run, [document(1, by_key(3), 1)])
    narrow = rows(engine, KEYS)
    with writing(engine) as conn:
        command.downgrade(config(conn), "0010")
    assert len(rows(engine, KEYS)) == len(narrow)
