"""No step of a run reads a whole table that grows with the articles: the cost of a batch must not grow with them."""

from __future__ import annotations

import random
import re

import pytest
from sqlalchemy import event

from etl.db.connect import open_engine
from etl.db.load import store
from etl.db.runs import start_run
from etl.fingerprint import SCHEME
from etl.settle import match_and_learn
from tests.matching.made import RULES, corpus

GROWING = (
    "article", "article_author", "article_version", "document", "duplicate_pair", "fingerprint", "paragraph",
    "raw_body", "removed_block", "sketch_key", "story",
)  # fmt: skip
PLANNED = re.compile(r"(SELECT|WITH|INSERT|UPDATE|DELETE)\b")
SCAN = re.compile(r"SCAN (\w+)")


@pytest.fixture
def plans(tmp_path, sqlite_template):
    """A database of SQLite, and what its planner answers for each statement: statement -> steps.

    PostgreSQL plans by what it has counted, and reads a small table whole because that is cheaper.
    """
    path = tmp_path / "news.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine, found = open_engine(f"sqlite:///{path}"), {}

    @event.listens_for(engine, "after_cursor_execute")
    def explain(_conn, cursor, statement, parameters, _context, many):
        if PLANNED.match(statement.strip()) and statement not in found:
            first = parameters[0] if many else parameters
            rows = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", first)
            found[statement] = [row[3] for row in rows]

    yield engine, found
    engine.dispose()


def test_loading_matching_and_learning_find_their_rows_by_index(plans):
    engine, found = plans
    run, documents = start_run(engine, "ingest", {}), corpus(0)
    random.Random(0).shuffle(documents)
    for part in (documents[::2], documents[1::2], documents[:20]):
        store(engine, run, part, [], SCHEME, RULES)
        match_and_learn(engine, run)
    assert len(found) > 50
    whole = {statement: scanned(statement, steps) for statement, steps in found.items()}
    assert {statement: tables for statement, tables in whole.items() if tables} == {}


def scanned(statement, steps):
    """The growing tables that a statement reads from end to end; the partial index of pending articles is a queue."""
    names = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", statement)}
    read = [m[1] for step in steps if (m := SCAN.match(step)) and "ix_article_match_pending" not in step]
    return [table for name in read if (table := names.get(name, name)) in GROWING]
