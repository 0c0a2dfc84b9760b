"""`newsfold stories` and the alarm of `newsfold status`, as a user asks for them."""

import json

import pytest
from typer.testing import CliRunner

from etl.cli.main import app
from tests.support import SAMPLE, newsfold, run_ingest


@pytest.fixture(scope="module")
def url(module_database_url):
    run_ingest(module_database_url, [SAMPLE])
    return module_database_url


def stories(url: str, *args: str) -> list[dict]:
    return json.loads(newsfold("stories", "--db", url, "--json", "--limit", "100", *args))


def test_filters_narrow_what_is_listed(url):
    everything = stories(url)
    for option in (
        ["--since", "2026-03-02", "--until", "2026-03-02"],
        ["--publisher", "meridian daily"],
        ["--agency", "reuters"],
        ["--search", "container quay"],
        ["--min-copies", "1"],
    ):
        found = stories(url, *option)
        assert 0 < len(found) < len(everything), option
        assert all(one in everything for one in found)


def test_the_last_day_is_part_of_the_time(url):
    [day] = {one["first_published_at"][:10] for one in stories(url, "--search", "second container quay")[:1]}
    assert stories(url, "--search", "second container quay", "--since", day, "--until", day)


@pytest.mark.parametrize("order", ["first", "last"])
def test_the_newest_come_first(url, order):
    times = [one[f"{order}_published_at"] for one in stories(url, "--sort", order)]
    known = [time for time in times if time]
    assert known == sorted(known, reverse=True)
    assert times[: len(known)] == known


def test_a_story_above_the_alarm_stands_in_the_status_and_in_the_report(url, monkeypatch):
    assert "look whether" not in newsfold("status", "--db", url)
    monkeypatch.setenv("NEWSFOLD_STORY_SIZE_ALARM", "2")
    assert "1 story has more than 2 articles" in newsfold("status", "--db", url)
    answer = json.loads(newsfold("status", "--db", url, "--json"))
    assert (answer["oversized"], answer["largest"][0]["articles"]) == (1, 5)
    run_ingest(url, [SAMPLE])
    assert json.loads(newsfold("rematch", "--direct", "--db", url, "--json"))["oversized"] == 1
    assert "1 story has more than 2 articles" in newsfold("rematch", "--dry-run", "--db", url)


def test_a_story_without_headline_shows_how_it_begins(url):
    nameless = [one["story_id"] for one in stories(url) if not one["headline"]]
    assert nameless
    assert newsfold("stories", "--db", url, "--limit", "100").count("(no headline) ") == len(nameless)


def test_it_says_that_the_limit_left_stories_out(url):
    asked = ["stories", "--db", url, "--limit"]
    assert "there are more than these 2" in CliRunner().invoke(app, [*asked, "2"]).stderr
    assert "more" not in CliRunner().invoke(app, [*asked, "100"]).stderr


@pytest.mark.parametrize("command", ["stories", "rejects", "export", "reclean", "rematch", "ingest"])
def test_what_is_no_day_is_wrong_usage(command):
    done = CliRunner().invoke(app, [command, "--since", "yesterday"])
    assert done.exit_code == 2
    assert "write it as 2026-03-02" in done.stderr
