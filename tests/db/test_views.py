"""The views are the contract: their names and columns, what they count, full-text search, their documents."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from etl.db.connect import open_engine, reading, writing
from etl.db.docs import describe
from etl.db.load import store
from etl.db.matching import matching
from etl.db.runs import start_run
from etl.db.schema import metadata
from etl.db.search import SETTINGS
from etl.db.views import VIEWS
from etl.records import Match, Member, ParagraphPair, Story
from tests.db.made import RULES, SCHEME, day, folded, rejected, sentence

# As agreed with the programs that read them; more columns may follow.
CONTRACT = {
    "v_articles": "article_id, external_id, uri, url, publisher, headline, standfirst, body, authors, published_at, "
    "published_raw, published_precision, modified_at, language, section, agency, word_count, story_id, role, copies, "
    "first_seen_at, versions",
    "v_stories": "story_id, lead_article_id, headline, first_published_at, last_published_at, copies, publishers",
    "v_copies": "story_id, article_id, lead_article_id, relation, jaccard, containment, coverage, shared_paragraphs",
    "v_duplicate_pairs": "left_article_id, right_article_id, relation, jaccard, containment, coverage, "
    "shared_paragraphs",
    "v_paragraph_pairs": "left_article_id, right_article_id, left_position, right_position, kind, similarity",
    "v_duplicate_paragraphs": "text, word_count, times, articles, publishers, kind",
    "v_removed": "article_id, url, publisher, position, text, rule, detail, rule_version",
    "v_versions": "article_id, version, headline, body, replaced_at, words_added, words_removed",
    "v_rejected": "uri, stage, reason, detail, attempts",
    "v_runs": "run_id, flow, status, started_at, seconds, read_count, loaded_count, unchanged_count, rejected_count",
    "v_sources": "name, kind, last_ok_at, failures, silent_for",
}


@pytest.fixture
def run_id(engine):
    return start_run(engine, "ingest", {})


def load(engine, run_id, *documents, refused=()):
    store(engine, run_id, documents, refused, SCHEME, RULES)


def rows(engine, query):
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def test_every_view_begins_with_its_agreed_columns(engine):
    with reading(engine) as conn:
        found = {name: [c["name"] for c in inspect(conn).get_columns(name)] for name in CONTRACT}
    for name, listed in CONTRACT.items():
        agreed = listed.split(", ")
        assert found[name][: len(agreed)] == agreed


def test_views_have_exactly_the_columns_that_are_documented(engine):
    with reading(engine) as conn:
        assert {v.name for v in VIEWS} == set(inspect(conn).get_view_names())
        for view in VIEWS:
            assert [c["name"] for c in inspect(conn).get_columns(view.name)] == list(view.columns)


def test_a_copy_is_told_by_its_relation_to_the_lead(engine, run_id):
    names = ("lead", "exact", "near", "short", "far")
    load(engine, run_id, *(folded(name, [sentence(i)], publisher=name) for i, name in enumerate(names)))
    ids = {u.rsplit("/", 1)[1]: i for i, u in rows(engine, "SELECT article_id, uri FROM v_articles")}
    scores = (0.5, 0.75, 0.25, 3, ())
    with matching(engine, SCHEME.name) as table:
        pairs = [("lead", "exact", "exact"), ("lead", "near", "near"), ("lead", "short", "contained")]
        pairs.append(("near", "far", "near"))
        found = [Match(*sorted((ids[one], ids[two])), relation, *scores) for one, two, relation in pairs]
        table.save_matches(ids.values(), found)
        roles = {"lead": "lead", "exact": "copy", "near": "copy", "short": "abridged", "far": "expanded"}
        table.save_stories([Story(ids["lead"], tuple(Member(ids[n], role) for n, role in roles.items()))])
    columns = "article_id, relation, jaccard, containment, coverage, shared_paragraphs"
    assert rows(engine, f"SELECT {columns} FROM v_copies ORDER BY article_id") == sorted(
        [
            (ids["exact"], "exact", 0.5, 0.75, 0.25, 3),
            (ids["near"], "near", 0.5, 0.75, 0.25, 3),
            (ids["short"], "abridged", 0.5, 0.75, 0.25, 3),
            (ids["far"], "expanded", None, None, None, None),  # joined by another copy
        ]
    )
    assert rows(engine, "SELECT copies, publishers, lead_publisher FROM v_stories") == [(4, 5, "lead")]
    assert rows(engine, "SELECT DISTINCT copies FROM v_articles") == [(4,)]
    assert len(rows(engine, "SELECT * FROM v_duplicate_pairs")) == 4


def test_paragraphs_found_more_than_once(engine, run_id):
    shared, short = "Sign up for our morning letter", "Read it"
    repeat = folded("a", [shared, sentence(1), short], removed=[("SIGN UP for our morning letter!", "repeat")])
    near = folded("c", [sentence(3)], removed=[("Almost the same words again", "repeat"), ("AD", "ad")])
    load(engine, run_id, repeat, folded("b", [shared, sentence(2), short], publisher="Other"), near)
    columns = "word_count, times, articles, publishers, kind, text"
    assert rows(engine, f"SELECT {columns} FROM v_duplicate_paragraphs ORDER BY articles DESC") == [
        (6, 3, 2, 2, "shared", "SIGN UP for our morning letter!"),
        (None, 2, 1, 1, "repeat_in_article", "Almost the same words again"),
    ]


def test_versions_are_numbered_by_content_time(engine, run_id):
    for number in (3, 1, 2):
        load(engine, run_id, folded(f"{number}", [sentence(number)], identity="x", modified=day(number)))
    found = rows(engine, "SELECT version, uri FROM v_versions ORDER BY version")
    assert found == [(1, "https://post.example/1"), (2, "https://post.example/2")]


def test_rejections_and_sources(engine, run_id):
    load(engine, run_id, folded("a", fetched=day(-5)), refused=[rejected("b"), rejected("c", None)])
    assert rows(engine, "SELECT stage, source, media_type FROM v_rejected ORDER BY stage") == [
        ("read", None, None),
        ("strip", "adhoc", "text/html"),
    ]
    [(name, kind, failures, documents, silent)] = rows(
        engine, "SELECT name, kind, failures, documents, silent_for FROM v_sources"
    )
    assert (name, kind, failures, documents) == ("adhoc", "adhoc", 1, 2)
    assert isinstance(silent, int)


SEARCH = {
    "sqlite": "SELECT a.url FROM article_fts f JOIN v_articles a ON a.article_id = f.rowid "
    "WHERE article_fts MATCH '{words}' ORDER BY a.url",
    "postgresql": "SELECT a.url FROM article t JOIN v_articles a USING (article_id) "
    "WHERE t.search_vector @@ websearch_to_tsquery('simple', '{words}') ORDER BY a.url",
}


def search(engine, words):
    found = rows(engine, SEARCH[engine.dialect.name].format(words=words))
    return [url.removeprefix("https://post.example/") for (url,) in found]


def test_search_finds_headline_and_body_and_forgets_what_was_replaced(engine, run_id):
    load(
        engine,
        run_id,
        folded("a", ["The harbour froze overnight."]),
        folded("b", ["Ferries sail."], headline="Harbour"),
    )
    assert search(engine, "harbour") == ["a", "b"]
    assert search(engine, "froze overnight") == ["a"]
    load(engine, run_id, folded("a", ["The river froze overnight."], modified=day(2)))
    assert search(engine, "harbour") == ["b"]
    assert search(engine, "river") == ["a"]


@pytest.mark.parametrize("words", ["гавань", "λιμάνι", "Hafenstraße"])
def test_search_finds_words_of_other_alphabets(engine, run_id, words):
    load(engine, run_id, folded("a", [f"x {words} y"]), folded("b", ["z"]))
    assert search(engine, words) == ["a"]


def test_a_body_longer_than_a_search_vector_holds_is_stored(engine, run_id):
    load(engine, run_id, folded("long", [" ".join(f"word{i}" for i in range(200_000))]))
    assert search(engine, "word17") == ["long"]


def test_the_documents_name_every_table_view_and_column():
    page = describe()
    for view in VIEWS:
        section = page.split(f"### {view.name}\n")[1].split("\n### ")[0]
        assert all(f"| `{name}` | {said} |" in section for name, said in view.columns.items())
    for table in metadata.tables.values():
        section = page.split(f"### {table.name}\n")[1].split("\n### ")[0]
        assert table.comment
        assert table.comment in section
        for column in table.columns:
            assert column.comment
            assert f"| `{column.name}` |" in section


def test_postgresql_keeps_the_comments(engine):
    if engine.dialect.name == "sqlite":  # it has no place for comments; `newsfold db docs` shows them
        assert inspect(engine).get_columns("article")[0].get("comment") is None
        return
    for name, columns in {v.name: v.columns for v in VIEWS}.items():
        found = {c["name"]: c["comment"] for c in inspect(engine).get_columns(name)}
        assert found == columns


def test_paragraph_pairs_show_both_texts_and_go_with_their_pair(engine, run_id):
    load(engine, run_id, folded("a", [sentence(1), sentence(2)]))
    load(engine, run_id, folded("b", [sentence(3), sentence(2)]))
    found = (ParagraphPair(0, 0, 0.5), ParagraphPair(1, 1, 1.0))
    with matching(engine, SCHEME.name) as table:
        left, right = table.pending()
        table.save_matches([left, right], [Match(left, right, "near", 0.5, 0.75, 0.25, 1, (), found)])
    columns = "left_position, right_position, kind, similarity, left_text, right_text, relation"
    assert rows(engine, f"SELECT {columns} FROM v_paragraph_pairs ORDER BY left_position") == [
        (0, 0, "near", 0.5, sentence(1), sentence(3), "near"),
        (1, 1, "equal", 1.0, sentence(2), sentence(2), "near"),
    ]
    with matching(engine, SCHEME.name) as table:
        table.save_matches([left], [])
    assert rows(engine, "SELECT * FROM v_paragraph_pairs") == []


def test_the_index_of_sqlite_gathers_more_than_by_itself_and_agrees_with_the_articles(tmp_path, sqlite_template):
    path = tmp_path / "news.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    run = start_run(engine, "ingest", {})
    for number in range(3):
        load(engine, run, *(folded(f"{number}-{i}", [sentence(i)]) for i in range(20)))
    assert dict(rows(engine, "SELECT k, v FROM article_fts_config WHERE k <> 'version'")) == SETTINGS
    with writing(engine) as conn:
        conn.execute(text("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)"))
    engine.dispose()


def test_the_articles_of_a_day_are_found_by_an_index(engine):
    query = "SELECT headline FROM v_articles WHERE published_at >= '2026-03-02' AND published_at < '2026-03-03'"
    with reading(engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL enable_seqscan = off"))  # which is the quicker way to few rows
            plan = conn.execute(text(f"EXPLAIN {query}")).scalars().all()
        else:
            plan = [row.detail for row in conn.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert "ix_article_published_at" in "\n".join(plan)
