"""Matching: candidates by shared rows, pairs, neighbourhoods and stories, the same whatever came first."""

from __future__ import annotations

import itertools
import threading

import pytest
from sqlalchemy import select, text

from etl.db import schema
from etl.db.connect import open_engine, reading
from etl.db.known import Turned, known_paragraphs, learn
from etl.db.load import store
from etl.db.matching import matching
from etl.db.runs import start_run
from etl.db.sketches import MOST_HOLDERS
from etl.errors import Transient
from etl.records import Match, Member, Passage, Standing, Story
from tests.conftest import postgres_database
from tests.db.made import RULES, SCHEME, day, folded, sentence


@pytest.fixture
def run_id(engine):
    return start_run(engine, "ingest", {})


def load(engine, run_id, *documents):
    store(engine, run_id, documents, [], SCHEME, RULES)
    with reading(engine) as conn:
        rows = conn.execute(select(schema.article.c.identity, schema.article.c.article_id))
        return {identity.removeprefix("https://post.example/"): article_id for identity, article_id in rows}


def pair(ids, left, right, relation="near", passages=()):
    left_id, right_id = sorted((ids[left], ids[right]))
    return Match(left_id, right_id, relation, 0.8, 0.9, 0.7, 2, passages)


def names(ids, pairs):
    back = {article_id: name for name, article_id in ids.items()}
    return {tuple(sorted((back[left], back[right]))) for left, right in pairs}


def rows(engine, query):
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def test_what_was_loaded_is_pending_until_it_was_compared(engine, run_id):
    ids = load(engine, run_id, folded("a", [sentence(1)]), folded("b", [sentence(2)]))
    with matching(engine, SCHEME.name) as table:
        assert table.pending() == sorted(ids.values())
        by_themselves(table, table.pending())
        assert table.pending() == []
    load(engine, run_id, folded("a", [sentence(3)], modified=day(3)))
    with matching(engine, SCHEME.name) as table:
        assert table.pending() == [ids["a"]]


def test_texts_are_what_was_stored(engine, run_id):
    one = folded("a", [sentence(1), sentence(2)], published=day(1))
    ids = load(engine, run_id, one)
    with matching(engine, SCHEME.name) as table:
        found = table.texts([ids["a"]])[ids["a"]]
    assert (found.identity, found.body, found.published_at) == (one.article.identity, one.article.body, day(1))
    assert (found.precision, found.publisher, found.scheme) == ("second", "The Harbour Post", SCHEME.name)
    assert found.paragraph_hashes == one.fingerprint.paragraph_hashes
    assert (found.text_hash, found.signature) == (one.fingerprint.text_hash, one.fingerprint.signature)


def test_candidates_share_keys_or_a_long_paragraph_and_nothing_less(engine, run_id):
    shared, long, short = "the same six words stand here " + sentence(1, 8), sentence(2, 12), sentence(3, 11)
    ids = load(
        engine,
        run_id,
        folded("keys1", [shared]),
        folded("keys2", [shared + " " + "tail"]),
        folded("long1", [long, *(sentence(i, 40) for i in range(10, 20))]),
        folded("long2", [*(sentence(i, 40) for i in range(20, 30)), long]),
        folded("short1", [short, *(sentence(i, 40) for i in range(30, 40))]),
        folded("short2", [short, *(sentence(i, 40) for i in range(40, 50))]),
        folded("alone", [sentence(99)]),
    )
    with matching(engine, SCHEME.name) as table:
        found = table.candidates(table.pending())
        assert found == sorted({(min(p), max(p)) for p in found})
        assert {("keys1", "keys2"), ("long1", "long2")} <= names(ids, found)
        assert all("alone" not in one for one in names(ids, found))
        assert table.candidates([ids["long1"]]) == []  # the turn of the other is still to come
        by_themselves(table, table.pending())
        assert table.candidates([ids["long1"]]) == [tuple(sorted((ids["long1"], ids["long2"])))]
        assert table.candidates([]) == []
    sketches = [set(folded("x", [short, *(sentence(i, 40) for i in r)]).fingerprint.sketch) for r in RANGES]
    assert (("short1", "short2") in names(ids, found)) == (len(sketches[0] & sketches[1]) >= 2)


RANGES = (range(30, 40), range(40, 50))


def test_a_family_of_the_same_text_is_a_star_around_the_smallest_identity(engine, run_id):
    family = [folded(name, [sentence(1)]) for name in ("c", "b", "e", "d")]
    ids = load(engine, run_id, *family)
    with matching(engine, SCHEME.name) as table:
        assert names(ids, table.candidates(table.pending())) == {("b", "c"), ("b", "d"), ("b", "e")}


def test_the_same_text_is_found_however_many_hold_it_and_hot_rows_are_passed_over(engine, run_id):
    count = MOST_HOLDERS + 6
    copies = [folded(f"copy{i:03}", [sentence(1)]) for i in range(count)]
    frame = sentence(2, 60)
    notices = (folded(f"hot{i:03}", [frame, sentence(100 + i, 2)]) for i in itertools.count())
    keys = folded("frame", [frame]).fingerprint.sketch
    framed = list(itertools.islice((one for one in notices if one.fingerprint.sketch == keys), count))
    ids = load(engine, run_id, *copies, *framed)
    with matching(engine, SCHEME.name) as table:
        found = names(ids, table.candidates(table.pending()))
    assert found == {("copy000", f"copy{i:03}") for i in range(1, count)}


def test_texts_without_words_are_not_the_same_text(engine, run_id):
    load(engine, run_id, folded("a", ["---"]), folded("b", ["***"]))
    with matching(engine, SCHEME.name) as table:
        assert table.candidates(table.pending()) == []


def test_other_schemes_are_never_candidates(engine, run_id):
    load(engine, run_id, folded("a", [sentence(1)]), folded("b", [sentence(1)]))
    with matching(engine, "other") as table:
        assert len(table.pending()) == 2
        assert table.candidates(table.pending()) == []


def test_a_new_centre_takes_over_the_star(engine, run_id, dump, fresh_database_url):
    late, early = folded("a", [sentence(1)]), [folded(name, [sentence(1)]) for name in ("b", "c", "d")]
    load(engine, run_id, *early)
    match_all(engine)
    load(engine, run_id, late)
    match_all(engine)
    at_once = open_engine(fresh_database_url)
    load(at_once, start_run(at_once, "ingest", {}), late, *early)
    match_all(at_once)
    assert dump(engine) == dump(at_once)
    assert len(dump(engine)["duplicate_pair"]) == 3
    at_once.dispose()


def test_a_star_whose_centre_leaves_finds_another(engine, run_id):
    ids = load(engine, run_id, *(folded(name, [sentence(1)]) for name in ("a", "b", "c", "d")))
    match_all(engine)
    load(engine, run_id, folded("a", [sentence(2)], modified=day(4)))
    match_all(engine)
    left = rows(engine, "SELECT left_article_id, right_article_id FROM duplicate_pair")
    assert names(ids, left) == {("b", "c"), ("b", "d")}
    assert rows(engine, "SELECT copies FROM v_stories ORDER BY copies") == [(0,), (2,)]


def test_saving_replaces_all_pairs_of_the_articles(engine, run_id):
    ids = load(engine, run_id, *(folded(name, [sentence(i)]) for i, name in enumerate("abc")))
    with matching(engine, SCHEME.name) as table:
        table.save_matches(ids.values(), [pair(ids, "a", "b"), pair(ids, "b", "c"), pair(ids, "a", "c")])
    with matching(engine, SCHEME.name) as table:
        spans = (Passage(0, 4, 2, 6), Passage(9, 12, 20, 23))
        table.save_matches([ids["a"]], [pair(ids, "a", "b", "contained", spans)])
    with reading(engine) as conn:
        found = conn.execute(select(schema.duplicate_pair).order_by(schema.duplicate_pair.c.left_article_id)).all()
    assert [(row.relation, row.passages) for row in found] == [
        ("contained", [[0, 4, 2, 6], [9, 12, 20, 23]]),
        ("near", []),
    ]


def test_the_neighbourhood_is_closed_under_joining_pairs_and_stories(engine, run_id):
    ids = load(engine, run_id, *(folded(name, [sentence(i)], published=day(i)) for i, name in enumerate("abcdefgh")))
    chain = [pair(ids, "a", "b"), pair(ids, "b", "c", "exact"), pair(ids, "c", "d", "contained")]
    with matching(engine, SCHEME.name) as table:
        table.save_matches(ids.values(), [*chain, pair(ids, "d", "e", "shares_passage"), pair(ids, "g", "h")])
        table.save_stories([story(ids, "d", "f"), story(ids, "g", "h")])
        standings, matches = table.neighbourhood([ids["a"]])
        assert [s.article_id for s in standings] == sorted(ids[name] for name in "abcdf")
        assert standings[0] == Standing(ids["a"], "https://post.example/a", day(0), 14)
        assert [(m.left_id, m.right_id, m.relation) for m in matches] == sorted(
            (m.left_id, m.right_id, m.relation) for m in chain
        )
        assert table.neighbourhood([]) == ([], [])


def test_stories_are_written_and_those_without_members_go(engine, run_id):
    ids = load(engine, run_id, *(folded(name, [sentence(i)]) for i, name in enumerate("abcd")))
    with matching(engine, SCHEME.name) as table:
        table.save_stories([story(ids, name) for name in "abcd"])
    with matching(engine, SCHEME.name) as table:
        table.save_stories([story(ids, "b", "a", "c"), story(ids, "d")])
    assert rows(engine, "SELECT story_id, copies FROM v_stories ORDER BY story_id") == sorted(
        [(ids["b"], 2), (ids["d"], 0)]
    )
    found = rows(engine, "SELECT article_id, story_id, role FROM v_articles ORDER BY article_id")
    roles = {"a": (ids["b"], "copy"), "b": (ids["b"], "lead"), "c": (ids["b"], "copy"), "d": (ids["d"], "lead")}
    assert found == sorted((ids[name], *place) for name, place in roles.items())


def test_the_lead_may_change(engine, run_id):
    ids = load(engine, run_id, *(folded(name, [sentence(i)]) for i, name in enumerate("ab")))
    for lead, other in ("ab", "ba", "ab"):
        with matching(engine, SCHEME.name) as table:
            table.save_stories([story(ids, lead, other)])
        assert rows(engine, "SELECT lead_article_id, copies FROM v_stories") == [(ids[lead], 1)]


def test_a_matcher_that_fails_leaves_nothing_behind(engine, run_id, dump):
    ids = load(engine, run_id, folded("a", [sentence(1)]), folded("b", [sentence(2)]))
    before = dump(engine)
    with pytest.raises(RuntimeError):
        fail_at_the_end(engine, ids)
    assert dump(engine) == before


def fail_at_the_end(engine, ids):
    with matching(engine, SCHEME.name) as table:
        table.save_matches(table.pending(), [pair(ids, "a", "b")])
        table.save_stories([story(ids, "a", "b")])
        raise RuntimeError


def test_one_matcher_at_a_time(engine, run_id, database_url):
    load(engine, run_id, folded("a", [sentence(1)]), folded("b", [sentence(1)]))
    seen = []

    def second():
        own = open_engine(database_url)
        started.set()
        with matching(own, SCHEME.name) as table:
            seen.append(table.pending())
        own.dispose()

    started = threading.Event()
    other = threading.Thread(target=second)
    with matching(engine, SCHEME.name) as table:
        other.start()
        started.wait(10)
        other.join(0.3)
        assert seen == []
        by_themselves(table, table.pending())
    other.join(20)
    assert seen == [[]]  # what the first had done was there to be seen


def test_a_text_that_changes_under_the_matcher_stays_pending(postgres_server, postgres_template, request):
    with postgres_database(postgres_server, postgres_template) as url:
        engine = open_engine(url.render_as_string(hide_password=False))
        run = start_run(engine, "ingest", {})
        load(engine, run, folded("a", [sentence(1)]))
        with pytest.raises(Transient):
            match_while_a_text_changes(engine, run)
        with matching(engine, SCHEME.name) as table:
            assert len(table.pending()) == 1
        engine.dispose()


def match_while_a_text_changes(engine, run):
    with matching(engine, SCHEME.name) as table:
        pending = table.pending()
        load(engine, run, folded("a", [sentence(2)], modified=day(9)))
        by_themselves(table, pending)


def test_what_repeats_across_one_site_is_learned_and_agency_copy_is_not(engine, run_id):
    furniture, wire, rare, brief = sentence(1, 6), sentence(2, 6), sentence(3, 6), sentence(4, 3)
    ours = [folded(f"p{i}", [sentence(50 + i), furniture, wire, brief, *([rare] if i < 4 else [])]) for i in range(6)]
    theirs = [folded(f"q{i}", [sentence(70 + i), wire], publisher=f"Paper {i}") for i in range(2)]
    ids = load(engine, run_id, *ours, *theirs)
    with matching(engine, SCHEME.name) as table:
        assert learn(table.conn, run_id, table.pending()) == Turned()  # nothing stands in a story yet
    with matching(engine, SCHEME.name) as table:
        table.save_stories([story(ids, name) for name in ids])
        assert len(learn(table.conn, run_id, table.pending()).learned) == 1
        assert learn(table.conn, run_id, table.pending()) == Turned()
    known = known_paragraphs(engine)
    assert known.of("The Harbour Post") == {ours[0].fingerprint.paragraph_hashes[1]}
    assert known.of("Paper 1") == frozenset()
    assert rows(engine, "SELECT kind FROM v_duplicate_paragraphs WHERE text LIKE 'w1x0%'") == [("boilerplate",)]


def test_copies_of_one_story_do_not_make_boilerplate(engine, run_id):
    ids = load(engine, run_id, *(folded(f"p{i}", [sentence(1, 6), sentence(50 + i)]) for i in range(9)))
    first, *others = ids
    with matching(engine, SCHEME.name) as table:
        table.save_stories([story(ids, first, *others)])
        assert learn(table.conn, run_id, table.pending()) == Turned()


def story(ids, lead, *others):
    members = [Member(ids[lead], "lead"), *(Member(ids[name], "copy") for name in others)]
    return Story(ids[lead], tuple(members))


def by_themselves(table, pending):
    """Compare articles, and find each to be a story by itself."""
    table.save_matches(pending, [])
    table.save_stories([Story(i, (Member(i, "lead"),)) for i in pending], pending)


def match_all(engine):
    """What a run does, with every candidate an exact pair and the smallest identity as the lead."""
    with matching(engine, SCHEME.name) as table:
        pending = table.pending()
        found = [Match(*pair, "exact", 1.0, 1.0, 1.0, 1, ()) for pair in table.candidates(pending)]
        table.save_matches(pending, found)
        standings, matches = table.neighbourhood(pending)
        table.save_stories(list(components(standings, matches)), pending)


def components(standings, matches):
    left = {s.article_id: s for s in standings}
    while left:
        group, size = {min(left, key=lambda i: left[i].identity)}, 0
        while len(group) > size:
            size = len(group)
            group |= {i for m in matches for i in (m.left_id, m.right_id) if {m.left_id, m.right_id} & group}
        lead, *others = sorted(group, key=lambda i: left[i].identity)
        yield Story(lead, (Member(lead, "lead"), *(Member(i, "copy") for i in sorted(others))))
        left = {i: s for i, s in left.items() if i not in group}
