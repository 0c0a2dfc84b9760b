"""`newsfold sources`: the whole way, from a list of sources to the table of how they do."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from etl.cli.main import app
from etl.errors import DatabaseError, InputError
from tests.feeds.made import item, rss
from tests.newsroom import Newsroom
from tests.poll.feeds50 import page


@pytest.fixture
def newsfold(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSFOLD_DATABASE_URL", f"sqlite:///{tmp_path / 'news.db'}")
    monkeypatch.setenv("NEWSFOLD_HOST_INTERVAL_S", "0")
    monkeypatch.setenv("NEWSFOLD_ALLOW_PRIVATE", "true")

    def run(*arguments, code=0):
        done = CliRunner().invoke(app, ["sources", *map(str, arguments)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.stdout

    return run


def test_from_a_list_of_sources_to_the_table_of_how_they_do(newsfold, tmp_path):
    with Newsroom() as room:
        room.page("/rss", rss(item(1, room.url("/1.html")), item(2, room.url("/2.html"))))
        for number in (1, 2):
            room.page(f"/{number}.html", page("post", number))
        listed = tmp_path / "sources.toml"
        listed.write_text(f'[[source]]\nname = "post"\nurl = "{room.url("/rss")}"\n')
        assert newsfold("import", listed) == "1 added, 0 changed, 0 as they were\n"
        assert newsfold("import", listed) == "0 added, 0 changed, 1 as they were\n"
        assert newsfold("add", "gone", room.url("/gone"), "--interval", "1h").startswith("1 added")
        report = json.loads(newsfold("poll", "--direct", "--jobs", "1", "--json"))
        assert (report["batches"]["loaded"], report["polled"]["items_new"], report["polled"]["failed"]) == (2, 2, 1)
        text = newsfold("poll", "--direct", "--all")
        assert "2 sources asked." in text
        assert "| gone | failing | failed 2 times in a row, not-found" in text
    rows = {row["name"]: row for row in json.loads(newsfold("list", "--json"))}
    assert (rows["post"]["health"], rows["post"]["items_seen"], rows["gone"]["health"]) == ("ok", 2, "failing")
    assert "HTTP 404" in newsfold("list")
    assert newsfold("disable", "gone") == "gone: polled no more\n"
    assert "disabled" in newsfold("list")
    assert newsfold("enable", "gone") == "gone: polled when it is due\n"
    assert newsfold("remove", "gone") == "gone: removed\n"
    assert newsfold("remove", "post") == "post: removed; its articles stay, and its name with them\n"


def test_what_cannot_be_done_is_said_in_a_line(newsfold, tmp_path):
    with pytest.raises(DatabaseError, match="no database there"):
        newsfold("list")
    with pytest.raises(InputError, match="newsfold knows feed"):
        newsfold("add", "x", "https://post.example/", "--kind", "fax")
    newsfold("add", "x", tmp_path, "--kind", "folder")
    with pytest.raises(InputError, match="no source is called 'y'"):
        newsfold("poll", "y", "--direct")
    with pytest.raises(InputError, match="no source is called 'y'"):
        newsfold("disable", "y")
