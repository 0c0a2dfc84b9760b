"""Load: twice is once, the order of arrival does not matter, one bad document spoils nothing."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from sqlalchemy import func, select, text, update

from etl.db import connect, read, schema
from etl.db.connect import open_engine, reading, writing
from etl.db.load import Stored, known_documents, store
from etl.db.runs import finish_run, start_run
from etl.db.upgrade import upgrade
from etl.errors import DatabaseError, Transient
from etl.records import Scheme
from tests.conftest import postgres_database
from tests.db.made import RULES, SCHEME, day, folded, rejected, sentence


@pytest.fixture
def run_id(engine):
    return start_run(engine, "ingest", {"paths": ["somewhere"]})


def load(engine, run_id, *documents, refused=()):
    return store(engine, run_id, documents, refused, SCHEME, RULES)


def rows(engine, query):
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def body_of(engine, identity):
    with reading(engine) as conn:
        return conn.scalar(select(schema.article.c.body).where(schema.article.c.identity == identity))


def test_an_article_is_stored_with_all_that_hangs_on_it(engine, run_id):
    one = folded("a", [sentence(1), sentence(2)], removed=[("Share", "share"), (sentence(1), "repeat")])
    assert load(engine, run_id, one) == Stored(loaded=1, rejected=0)
    assert rows(engine, "SELECT headline, publisher, authors, word_count, versions FROM v_articles") == [
        ("Council puts off vote", "The Harbour Post", "Ada Quill; Ben Stet", 28, 0)
    ]
    cut = "SELECT substr(a.body, p.char_start + 1, p.char_end - p.char_start), p.kind FROM paragraph p"
    assert rows(engine, f"{cut} JOIN article a USING (article_id) ORDER BY position") == [
        (sentence(1), "text"),
        (sentence(2), "text"),
    ]
    assert rows(engine, "SELECT position, text, rule, detail, rule_version FROM v_removed ORDER BY position") == [
        (2, "Share", "share", "seen", RULES),
        (3, sentence(1), "repeat", "seen", RULES),
    ]
    assert rows(engine, "SELECT length(sketch) FROM fingerprint") == [(8 * len(one.fingerprint.sketch),)]


def test_what_a_page_says_besides_is_stored_with_its_origins(engine, run_id):
    origins = {"headline": "h1", "keywords": "meta"}
    said = {"keywords": ("Ferry", "Sea\x00"), "is_accessible_for_free": False, "declared_language": "de"}
    one = folded("a", [sentence(1)], repaired=True, origins=origins, **said)
    load(engine, run_id, one, folded("b", [sentence(2)]))
    found = [read.explain(engine, article_id)["article"] for article_id in (1, 2)]
    names = ("keywords", "is_accessible_for_free", "declared_language", "repaired", "origins", "charset")
    assert [found[0][name] for name in names] == [["Ferry", "Sea"], False, "de", True, origins, "utf-8"]
    assert [found[1][name] for name in names] == [[], None, None, False, {}, "utf-8"]
    again = folded("a", [sentence(1)], repaired=True, origins={"headline": "og"})
    load(engine, run_id, again)
    assert rows(engine, "SELECT count(*) FROM v_versions") == [(0,)]


def test_raw_bytes_are_kept_compressed_under_their_hash(engine, run_id):
    one, other = folded("a"), rejected("b", b"<form>")
    load(engine, run_id, one, refused=[other])
    with reading(engine) as conn:
        kept = {row.sha256: row for row in conn.execute(select(schema.raw_body))}
    for raw in (one.raw, other.raw):
        assert zstandard.ZstdDecompressor().decompress(kept[raw.sha256].body) == raw.body
        assert kept[raw.sha256].size == len(raw.body)


def test_loading_twice_changes_no_row(engine, run_id, dump):
    batch = [folded(f"a{i}", [sentence(i)]) for i in range(20)]
    refused = [rejected("bad"), rejected("gone", None)]
    assert load(engine, run_id, *batch, refused=refused) == Stored(20, 2)
    before = dump(engine)
    again = start_run(engine, "ingest", {})
    assert load(engine, again, *batch, refused=refused) == Stored(0, 2)
    assert dump(engine) == before
    assert rows(engine, "SELECT first_run_id, last_run_id, attempts FROM rejection") == [(run_id, run_id, 1)] * 2


def test_known_documents_are_told_by_outcome_and_rules(engine, run_id):
    one, other = folded("a"), rejected("b")
    load(engine, run_id, one, refused=[other, rejected("gone", None)])
    keys = [(x.raw.uri, x.raw.sha256) for x in (one, other)]
    unknown = [(one.raw.uri, "0" * 64), ("https://post.example/none", one.raw.sha256)]
    assert known_documents(engine, [*keys, *unknown], RULES) == {keys[0]: "loaded", keys[1]: "rejected"}
    assert known_documents(engine, keys, "rules-2") == {}
    assert known_documents(engine, [], RULES) == {}
    assert known_documents(engine, [("https://post.example/gone", "")], RULES) == {
        ("https://post.example/gone", ""): "rejected"
    }


def test_a_document_twice_in_one_batch_is_one(engine, run_id):
    assert load(engine, run_id, folded("a", fetched=day(2)), folded("a", fetched=day(1))) == Stored(1, 0)
    assert rows(engine, "SELECT count(*) FROM document") == [(1,)]
    with reading(engine) as conn:
        assert conn.scalar(select(schema.document.c.fetched_at)) == day(1)


def test_a_changed_article_keeps_its_earlier_text_as_a_version(engine, run_id):
    load(engine, run_id, folded("a", ["one two three four"], identity="x", published=day(1), fetched=day(1)))
    new = folded("b", ["one two five"], identity="x", published=day(1), modified=day(2), fetched=day(3), headline="New")
    load(engine, run_id, new)
    assert rows(engine, "SELECT headline, body, versions FROM v_articles") == [("New", "one two five", 1)]
    query = "SELECT version, headline, body, words_added, words_removed, reason FROM v_versions"
    assert rows(engine, query) == [(1, "Council puts off vote", "one two three four", 1, 2, "changed")]
    with reading(engine) as conn:
        assert conn.scalar(select(schema.article_version.c.replaced_at)) == day(2)
        assert conn.scalar(select(schema.article.c.first_seen_at)) == day(1)
    assert rows(engine, "SELECT count(*) FROM paragraph") == [(1,)]


TEXTS = [
    folded("1", ["alpha beta gamma"], identity="x", published=day(1), fetched=day(1), authors=("A",)),
    folded("2", ["alpha beta delta"], identity="x", published=day(1), modified=day(2), fetched=day(9), authors=("B",)),
    folded("3", ["alpha beta delta"], identity="x", published=day(1), modified=day(3), fetched=day(4), authors=("C",)),
    folded("4", ["alpha beta gamma"], identity="x", published=None, fetched=day(8), removed=[("AD", "ad")]),
    folded("5", ["alpha beta gamma"], identity="x", published=None, fetched=day(8), headline="Other"),
]


@pytest.mark.parametrize("count", [2, 3])
def test_texts_of_one_article_may_arrive_in_any_order(engine, run_id, dump, count):
    found = []
    for order in itertools.permutations(TEXTS[:count]):
        for batches in ([order], [[one] for one in order]):
            for batch in batches:
                load(engine, run_id, *batch)
            found.append(dump(engine))
            empty(engine)
    assert all(one == found[0] for one in found)


def test_five_texts_in_many_orders_and_cuts_give_the_same_tables(engine, run_id, dump):
    found = []
    for turn in range(5):
        order = TEXTS[turn:] + TEXTS[:turn]
        for cut in (0, 1, 3):
            load(engine, run_id, *order[:cut])
            load(engine, run_id, *order[cut:])
            found.append(dump(engine))
            empty(engine)
    assert all(one == found[0] for one in found)
    [article] = found[0]["article"]
    assert (article["body"], article["document_id"].split()[0]) == ("alpha beta delta", "https://post.example/3")
    assert len(found[0]["article_version"]) == 2


def test_the_same_text_from_another_document_is_no_version(engine, run_id):
    load(engine, run_id, folded("a", identity="x", fetched=day(1), authors=("First",)))
    load(engine, run_id, folded("b", identity="x", fetched=day(2), authors=("Second",)))
    assert rows(engine, "SELECT authors, uri, versions FROM v_articles") == [("Second", "https://post.example/b", 0)]
    assert rows(engine, "SELECT count(*) FROM document WHERE article_id IS NOT NULL") == [(2,)]


def test_an_older_text_that_arrives_late_goes_to_the_versions(engine, run_id):
    load(engine, run_id, folded("new", ["new text"], identity="x", published=day(5)))
    settle(engine)
    load(engine, run_id, folded("old", ["old text"], identity="x", published=day(1), fetched=day(-1)))
    assert body_of(engine, "x") == "new text"
    assert rows(engine, "SELECT body FROM v_versions") == [("old text",)]
    with reading(engine) as conn:
        assert conn.scalar(select(schema.article.c.match_pending)) is False  # nothing to compare again
        assert conn.scalar(select(schema.article.c.first_seen_at)) == day(-1)


def test_new_rules_do_a_document_again(engine, run_id):
    load(engine, run_id, folded("a", ["text and junk"]))
    settle(engine)
    again = folded("a", ["text"], rules="rules-2", body=folded("a", ["text and junk"]).raw.body)
    assert load(engine, run_id, again) == Stored(1, 0)
    assert rows(engine, "SELECT body, versions FROM v_articles") == [("text", 0)]
    assert rows(engine, "SELECT count(*) FROM article WHERE match_pending") == [(1,)]
    key = (again.raw.uri, again.raw.sha256)
    assert known_documents(engine, [key], "rules-2") == {key: "loaded"}


def test_a_rejected_document_that_comes_through_later_is_no_rejection_any_more(engine, run_id):
    one = folded("a")
    load(engine, run_id, refused=[rejected("a", one.raw.body)])
    assert rows(engine, "SELECT stage, reason FROM v_rejected") == [("strip", "no_text")]
    assert load(engine, run_id, one) == Stored(1, 0)
    assert rows(engine, "SELECT count(*) FROM rejection") == [(0,)]


def test_another_outcome_of_a_rejection_counts_as_an_attempt(engine, run_id):
    load(engine, run_id, refused=[rejected("a")])
    later = start_run(engine, "ingest", {})
    store(engine, later, [], [rejected("a", reason="too_short")], SCHEME, "rules-2")
    found = rows(engine, "SELECT reason, attempts, first_rejected_run, last_rejected_run FROM v_rejected")
    assert found == [("too_short", 2, run_id, later)]


def test_characters_no_database_holds_are_left_out(engine, run_id):
    bad = folded(
        "a\x00b", ["one\x00two \ud800three", "four"], headline="H\x00", authors=("A\x00",), removed=[("\x00", "r")]
    )
    assert load(engine, run_id, bad, refused=[rejected("c\x00", b"x")]) == Stored(1, 1)
    assert rows(engine, "SELECT uri, headline, body, authors FROM v_articles") == [
        ("https://post.example/ab", "H", "onetwo three\n\nfour", "A")
    ]
    cut = "SELECT substr(a.body, p.char_start + 1, p.char_end - p.char_start) FROM paragraph p"
    assert rows(engine, f"{cut} JOIN article a USING (article_id) WHERE position = 1") == [("four",)]
    key = (bad.raw.uri, bad.raw.sha256)
    assert known_documents(engine, [key], RULES) == {key: "loaded"}


def test_one_bad_document_becomes_a_rejection_and_the_rest_is_loaded(engine, run_id):
    clash = folded("bad", [sentence(1)], removed=[("x", "r"), ("y", "r")])
    twice = clash.article.removed[0]
    object.__setattr__(clash.article, "removed", (twice, twice))  # one place, two blocks: against the key
    huge = folded("long/" + "x" * 3000, [sentence(2)])
    good = [folded(f"good{i}", [sentence(i + 10)]) for i in range(5)]
    assert load(engine, run_id, *good[:3], clash, huge, *good[3:], refused=[rejected("r")]) == Stored(5, 3)
    found = rows(engine, "SELECT stage, reason FROM v_rejected ORDER BY stage, reason")
    assert found == [("load", "name_too_long"), ("load", "unstorable"), ("strip", "no_text")]
    assert rows(engine, "SELECT count(*) FROM raw_body") == [(8,)]
    assert load(engine, run_id, clash, huge) == Stored(0, 2)


def test_a_batch_that_fails_leaves_nothing_behind(engine, run_id, dump):
    before = dump(engine)
    with pytest.raises(DatabaseError):
        store(engine, 99_999, [], [rejected("a")], SCHEME, RULES)  # there is no such run
    assert dump(engine) == before


def test_a_scheme_keeps_its_recipe(engine, run_id):
    load(engine, run_id, folded("a"))
    with pytest.raises(DatabaseError, match="permutations 128, not 256"):
        store(engine, run_id, [folded("b")], [], Scheme("made", 256, 1, "xxh32", "affine32", 5, 16, 3, 0, "1"))


def test_a_locked_database_is_transient(tmp_path, monkeypatch):
    monkeypatch.setattr(connect, "SQLITE_BUSY_MS", 50)
    engine = open_engine(f"sqlite:///{tmp_path}/news.db")
    upgrade(engine)
    run = start_run(engine, "ingest", {})
    with writing(engine), pytest.raises(Transient, match="locked"):
        store(engine, run, [folded("a")], [], SCHEME)


def test_a_lost_connection_is_transient(postgres_server, postgres_template):
    with postgres_database(postgres_server, postgres_template) as url:
        engine = open_engine(url.render_as_string(hide_password=False))
        with pytest.raises(Transient):
            lose_connection(engine)
        engine.dispose()


def lose_connection(engine):
    with writing(engine) as conn:
        mine = conn.scalar(text("SELECT pg_backend_pid()"))
        with reading(engine) as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        conn.execute(text("SELECT 1"))


def test_writers_with_overlapping_documents_do_not_disturb_each_other(engine, database_url, run_id, dump):
    batches = [
        [folded(f"{i}", [sentence(i)], identity=f"id{i % 40}", fetched=day(i), authors=(f"a{i % 7}",)) for i in part]
        for part in (range(60), range(59, -1, -1), range(30, 90), range(89, 29, -1))
    ]

    def write(batch):
        own = open_engine(database_url)
        for part in range(0, len(batch), 12):
            load(own, run_id, *batch[part : part + 12])
        own.dispose()

    with ThreadPoolExecutor(len(batches)) as pool:
        list(pool.map(write, batches))
    together = dump(engine)
    empty(engine)
    load(engine, run_id, *(one for batch in batches for one in batch))
    assert dump(engine) == together


def test_a_run_ends_with_its_counts(engine, run_id):
    finish_run(engine, run_id, "done", {"batches": {"read": 9, "loaded": 7, "unchanged": 1, "rejected": 1}, "x": [1]})
    columns = "status, read_count, loaded_count, unchanged_count, rejected_count"
    assert rows(engine, f"SELECT {columns} FROM v_runs") == [("done", 9, 7, 1, 1)]
    with pytest.raises(DatabaseError):
        finish_run(engine, 99_999, "done", {})


def settle(engine):
    with writing(engine) as conn:
        conn.execute(update(schema.article).values(match_pending=False))


def empty(engine):
    """Take out everything but runs."""
    with writing(engine) as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("PRAGMA defer_foreign_keys = ON"))
        tables = [t for t in schema.metadata.tables if t != "run"]
        if conn.dialect.name == "postgresql":
            conn.execute(text(f"TRUNCATE {', '.join(tables)}"))
        else:
            for table in tables:
                conn.execute(text(f"DELETE FROM {table}"))


def test_empty_takes_out_everything(engine, run_id):
    load(engine, run_id, folded("a"), refused=[rejected("b")])
    empty(engine)
    with reading(engine) as conn:
        tables = [t for t in schema.metadata.tables.values() if t.name != "run"]
        assert sum(conn.scalar(select(func.count()).select_from(t)) for t in tables) == 0
