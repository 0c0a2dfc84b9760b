"""The page about a database: whole, safe, and the same whenever it is made of the same rows."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text

from etl.db.load import store
from etl.db.overview import overview
from etl.db.runs import start_run
from etl.fingerprint import SCHEME, fingerprint
from etl.records import CleanArticle, Folded
from etl.report.page import HEIGHT, WIDTH, database_page, points
from etl.settle import match_and_learn
from tests.db.made import RULES, day, folded, rejected, sentence

EVIL = "<script>alert(1)</script>\"' onload=x"
VOID = {"meta", "circle", "polyline", "br"}


class Tags(HTMLParser):
    """Keeps the elements, and sees that each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.seen = list[str](), list[tuple[str, dict]]()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def with_print(one: Folded) -> Folded:
    article: CleanArticle = one.article
    return Folded(one.raw, one.charset, article, fingerprint([article])[0])


@pytest.fixture
def news(engine):
    run_id = start_run(engine, "ingest", {})
    body = tuple(sentence(i, 30) for i in range(3))
    made = [
        folded("a", body, published=day(0), headline=EVIL, publisher=EVIL, removed=[(EVIL, "ad")]),
        folded("b", body, published=day(1), headline="A copy", publisher="Other"),
        folded("c", (sentence(9, 40),), identity="c"),
    ]
    store(engine, run_id, [with_print(one) for one in made], [rejected("r", reason="odd")], SCHEME, RULES)
    match_and_learn(engine, run_id)
    return engine


def test_it_shows_what_there_is_and_runs_nothing(news):
    with news.begin() as conn:
        conn.execute(text("UPDATE article SET url = 'javascript:alert(1)' WHERE headline = 'A copy'"))
    page = database_page(overview(news))
    tags = Tags(page)
    assert tags.open == []
    assert "script" not in {tag for tag, _ in tags.seen}
    assert not any(name.startswith("on") for _, attrs in tags.seen for name in attrs)
    assert all(attrs["href"].startswith("https://") for tag, attrs in tags.seen if tag == "a")
    assert not re.search(r"(src|url\()", page.partition("</style>")[2])
    assert page.count("&lt;script&gt;alert(1)") >= 3
    shown = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for said in ("3 articles", "2 stories", "1 copies", "strip odd 1", "exact 1.00", "A copy"):
        assert said in shown, said
    assert page == database_page(overview(news))


def test_an_empty_database_has_a_page_too(engine):
    page = database_page(overview(engine))
    assert Tags(page).open == []
    assert "No story has a copy." in page


def test_a_curve_stays_in_its_frame():
    checks = [{"metric": "documents", "value": v, "alarm": v == 0} for v in (5, 500, 0, 20)]
    found = points(checks)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y, _ in found)
    assert [alarm for _, _, alarm in found] == [False, False, True, False]
    assert min(y for _, y, _ in found) == found[1][1]


def test_the_command(news, database_url, tmp_path):
    path = tmp_path / "page.html"
    call = [Path(sys.executable).with_name("newsfold"), "report", "--db", database_url, "-o", path]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert path.read_text("utf-8").startswith("<!doctype html>")
    wrong = subprocess.run([*call[:-1], tmp_path / "no" / "page.html"], capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "cannot be written" in wrong.stderr
