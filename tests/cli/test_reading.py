"""The reading commands, on the sample, as a user runs them."""

import json

import pytest

from tests.support import SAMPLE, newsfold, run_ingest


@pytest.fixture(scope="module")
def url(module_database_url):
    run_ingest(module_database_url, [SAMPLE])
    return module_database_url


def test_status_counts(url):
    answer = json.loads(newsfold("status", "--db", url, "--json"))
    assert answer["articles"] == answer["stories"] + answer["copies"]
    assert answer["match_pending"] == 0
    assert [run["status"] for run in answer["runs"]] == ["done"]
    shown = newsfold("status", "--db", url)
    assert f"{answer['articles']}" in shown
    assert "ingest" in shown


def test_stories_come_most_copied_first(url):
    rows = json.loads(newsfold("stories", "--db", url, "--json"))
    copies = [row["copies"] for row in rows]
    assert copies == sorted(copies, reverse=True)
    assert copies[0] == 4
    assert "second container quay" in newsfold("stories", "--db", url, "--min-copies", "4")
    assert json.loads(newsfold("stories", "--db", url, "--json", "--headline", "QUAY")) == rows[:1]


def test_explain_shows_every_block_with_its_rule_and_the_story(url):
    answer = json.loads(newsfold("explain", "flood-warning.txt", "--db", url, "--json"))
    assert [b["position"] for b in answer["blocks"]] == list(range(len(answer["blocks"])))
    removed = {b["text"]: b["rule"] for b in answer["blocks"] if not b["kept"]}
    assert removed["Please enter your comment!"] == "comment_form"
    shown = newsfold("explain", "flood-warning.txt", "--db", url)
    assert "comment_form" in shown
    assert answer["article"]["origins"]["headline"] == "text"
    assert "from text" in shown
    assert "No copies: this article is a story by itself." in shown


def test_explain_tells_why_two_articles_are_one_story(url):
    shown = newsfold("explain", "harbour-wire.txt", "--db", url)
    for word in ("exact", "near", "abridged", "expanded", "containment", "same story"):
        assert word in shown


@pytest.mark.parametrize("name", ["airport-fog", "https://meridian-daily.example/en/water-rules", "1"])
def test_an_article_is_found_by_record_id_address_and_number(url, name):
    assert json.loads(newsfold("explain", name, "--db", url, "--json"))["article"]["article_id"]


def test_db_check_finds_no_difference(url):
    assert newsfold("db", "check", "--db", url).strip() == "the schema is what this version expects"


def test_db_docs_describe_views_and_tables():
    text = newsfold("db", "docs")
    assert "v_articles" in text
    assert "removed_block" in text
