"""The answers of the reading commands."""

from __future__ import annotations

import json

import pytest

from etl.db import read
from etl.db.load import store
from etl.db.matching import matching
from etl.db.rejections import rejects
from etl.db.runs import finish_run, start_run
from etl.db.status import status
from etl.errors import InputError
from etl.records import Match, Member, Passage, Story
from tests.db.made import RULES, SCHEME, day, folded, rejected, sentence


@pytest.fixture
def news(engine):
    """Three articles, of which b is a copy of a; a has an earlier text."""
    run = start_run(engine, "ingest", {"paths": ["x"]})
    old = folded("a", [sentence(9)], identity="ID-A", fetched=day(-3))
    a = folded(
        "dir/a.html",
        [sentence(1), sentence(2)],
        identity="ID-A",
        published=day(1),
        removed=[("Share", "share")],
        external_id="rec-1",
        headline="Harbour froze",
    )
    b = folded("dir/b c.html", [sentence(1), sentence(3)], publisher="Other", published=day(2), external_id="rec-2")
    c = folded("c.html", [sentence(4)], external_id="rec-2")
    store(engine, run, [old, a, b, c], [rejected("r"), rejected("q", None)], SCHEME, RULES)
    ids = {name: read.find_article(engine, name) for name in ("a.html", "b c.html", "c.html")}
    left, right = sorted((ids["a.html"], ids["b c.html"]))
    span = len(sentence(1))
    with matching(engine, SCHEME.name) as table:
        match = Match(left, right, "near", 0.5, 0.6, 0.7, 1, (Passage(0, span, 0, span),))
        table.save_matches(ids.values(), [match])
        lead, copy = ids["a.html"], ids["b c.html"]
        single = Story(ids["c.html"], (Member(ids["c.html"], "lead"),))
        stories = [Story(lead, (Member(lead, "lead"), Member(copy, "copy"))), single]
        table.save_stories(stories, ids.values())
    finish_run(engine, run, "done", {"read": 6})
    return ids


def test_totals_name_the_largest_stories(engine, news):
    articles, stories, copies, largest = read.totals(engine)
    assert (articles, stories, copies) == (3, 2, 1)
    assert [(s.story_id, s.headline, s.articles) for s in largest] == [(news["a.html"], "Harbour froze", 2)]


def test_status_counts_and_lists_runs(engine, news):
    found = status(engine, 1)
    counts = {k: v for k, v in found.items() if isinstance(v, int) or k == "largest"}
    assert counts == {
        "documents": 5,
        "articles": 3,
        "stories": 2,
        "copies": 1,
        "versions": 1,
        "pairs": 1,
        "rejections": 2,
        "match_pending": 0,
        "story_size_alarm": 1,
        "oversized": 1,
        "crashed_runs": 0,
        "largest": [{"story_id": news["a.html"], "headline": "Harbour froze", "articles": 2}],
    }
    assert status(engine, 2)["oversized"] == 0
    assert found["runs"][0]["parameters"] == {"paths": ["x"]}
    assert json.dumps(found)


@pytest.mark.parametrize(
    "name", ["ID-A", "https://post.example/dir/a.html", "a.html", "dir/a.html", "rec-1", "https://post.example/a"]
)
def test_an_article_is_found_by_any_of_its_names(engine, news, name):
    assert read.find_article(engine, name) == news["a.html"]
    assert read.find_article(engine, str(news["a.html"])) == news["a.html"]


@pytest.mark.parametrize("name", ["nothing.html", "A.HTML", ".html", "html", "0", "9" * 30, "%", ""])
def test_a_name_of_nothing_is_refused(engine, news, name):
    with pytest.raises(InputError, match="no such article"):
        read.find_article(engine, name)


def test_a_name_of_several_is_refused_with_their_numbers(engine, news):
    with pytest.raises(InputError, match="several articles") as caught:
        read.find_article(engine, "rec-2")
    assert str(news["c.html"]) in str(caught.value)


def test_explain_shows_every_block_the_story_and_why(engine, news):
    found = read.explain(engine, news["a.html"])
    assert (found["article"]["published"], found["article"]["modified"]) == ("2026-03-02T12:00:00Z", None)
    assert [(b["position"], b["kept"], b.get("rule")) for b in found["blocks"]] == [
        (0, True, None),
        (1, True, None),
        (2, False, "share"),
    ]
    assert [b["text"] for b in found["blocks"]] == [sentence(1), sentence(2), "Share"]
    assert [v["body"] for v in found["versions"]] == [sentence(9)]
    members = found["story"]["members"]
    assert [(m["article_id"], m["role"], m["relation"]) for m in members] == [
        (news["a.html"], "lead", None),
        (news["b c.html"], "copy", "near"),
    ]
    [pair] = found["pairs"]
    assert (pair["article_id"], pair["same_story"], pair["jaccard"]) == (news["b c.html"], True, 0.5)
    assert [p["text"] for p in pair["passages"]] == [sentence(1)]
    assert json.dumps(found)
    [seen_from_the_copy] = read.explain(engine, news["b c.html"])["pairs"]
    assert seen_from_the_copy["passages"][0]["text"] == sentence(1)


def test_explain_refuses_what_is_not_there(engine):
    with pytest.raises(InputError):
        read.explain(engine, 12345)


def test_rejects_are_listed(engine, news):
    found = rejects(engine)
    assert [(r["stage"], r["uri"].rsplit("/", 1)[1]) for r in found] == [("read", "q"), ("strip", "r")]
    assert len(rejects(engine, limit=1)) == 1
    assert json.dumps(found)
