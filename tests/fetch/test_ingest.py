"""Pages of the web from their address to the tables, and again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from etl.db.connect import open_engine, reading
from etl.db.schema import article, article_version, document, page, rejection
from etl.errors import InputError
from etl.run import ingest
from etl.settings import Settings
from etl.sources.web import ADDRESSES_A_BATCH, address_batches, addresses
from etl.workers import local_pool
from tests.newsroom import always, redirect

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "sample"
PAGES = {
    "/ferry": "harbour-post/ferry-subsidy.html",
    "/rail": "harbour-post/rail-bridge.html",
    "/fog": "meridian/airport-fog.html",
}


def sample(path: str) -> bytes:
    return (SAMPLE / path).read_bytes()


@pytest.fixture
def paper(room):
    """A newsroom with three articles, a page that is none, and a robots.txt."""
    for path, name in PAGES.items():
        room.page(path, sample(name))
    room.page("/wall", sample("meridian/cookie-wall.html"))
    room.robots("User-agent: *\nDisallow: /secret")
    return room


@pytest.fixture
def run(database_url):
    """Ingest addresses into a database, in this process."""

    def once(*locators, **given):
        settings = Settings(
            **{"database_url": database_url, "allow_private": True, "host_interval_s": 0.0, "jobs": 1} | given
        )
        return ingest(list(map(str, locators)), settings, local_pool(1)).batches

    return once


@pytest.fixture
def rows(engine):
    def all_of(*columns):
        with reading(engine) as conn:
            return [tuple(row) for row in conn.execute(select(*columns).order_by(columns[0]))]

    return all_of


def counts(report):
    return report.read, report.loaded, report.unchanged, report.rejected


def test_pages_become_articles_and_say_how_they_came(paper, run, rows):
    paper.on("/old", redirect("/ferry", 301))
    report = run(paper.url("/old"), paper.url("/rail"), paper.url("/wall"))
    assert counts(report) == (3, 2, 0, 1)
    assert rows(document.c.uri, document.c.robots, document.c.redirects, document.c.charset) == [
        (paper.url("/ferry"), "allowed", [[301, paper.url("/ferry")]], "utf-8"),
        (paper.url("/rail"), "allowed", None, "utf-8"),
        (paper.url("/wall"), "allowed", None, "utf-8"),
    ]
    assert rows(rejection.c.uri, rejection.c.stage) == [(paper.url("/wall"), "strip")]
    assert [url for url, _ in rows(article.c.url, article.c.headline)] == [paper.url("/ferry"), paper.url("/rail")]


def test_what_did_not_change_is_asked_for_once_and_never_cleaned(paper, run, rows):
    urls = [paper.url(path) for path in (*PAGES, "/wall")]
    run(*urls)
    before, asked = rows(article.c.article_id, article.c.body), len(paper.log)
    report = run(*urls)
    assert counts(report) == (4, 0, 3, 1)
    assert not set(report.seconds) & {"parse", "strip", "fingerprint"}
    assert report.bytes_read == 0
    assert rows(article.c.article_id, article.c.body) == before
    asked_again = [entry for entry in paper.log[asked:] if entry.path != "/robots.txt"]
    assert len(asked_again) == 4
    assert all(entry.headers["if-none-match"] for entry in asked_again)


def test_a_server_without_marks_costs_a_body_but_no_cleaning(paper, run):
    paper.on("/ferry", always(sample(PAGES["/ferry"])))
    run(paper.url("/ferry"))
    report = run(paper.url("/ferry"))
    assert counts(report) == (1, 0, 1, 0)
    assert not set(report.seconds) & {"parse", "strip", "fingerprint"}


def test_a_page_that_changed_is_a_new_version(paper, run, rows):
    run(paper.url("/ferry"))
    paper.page("/ferry", sample("harbour-post/ferry-subsidy-corrected.html"))
    assert counts(run(paper.url("/ferry"))) == (1, 1, 0, 0)
    assert len(rows(article.c.article_id)) == 1
    assert len(rows(article_version.c.article_id)) == 1


def test_a_page_that_cannot_be_had_is_a_rejection_until_it_can(paper, run, rows):
    paper.on("/ferry", always("", 410))
    report = run(paper.url("/ferry"), paper.url("/secret/plan"))
    assert counts(report) == (2, 0, 0, 2)
    assert report.reasons == {"read/not-found": 1, "read/robots": 1}
    assert rows(rejection.c.uri, rejection.c.reason) == [
        (paper.url("/ferry"), "not-found"),
        (paper.url("/secret/plan"), "robots"),
    ]
    paper.page("/ferry", sample(PAGES["/ferry"]))
    assert counts(run(paper.url("/ferry"))) == (1, 1, 0, 0)
    assert rows(rejection.c.uri) == [(paper.url("/secret/plan"),)]


def test_an_article_stays_when_its_page_is_gone(paper, run, rows):
    run(paper.url("/ferry"))
    paper.on("/ferry", always("", 404))
    assert counts(run(paper.url("/ferry"))) == (1, 0, 0, 1)
    assert len(rows(article.c.article_id)) == 1


def test_a_crash_after_loading_costs_one_more_question_and_nothing_else(paper, run, rows, engine):
    """What is known of a page is written after its document: without it, the page is simply asked for again."""
    run(paper.url("/ferry"))
    with engine.begin() as conn:
        conn.execute(page.delete())
    assert counts(run(paper.url("/ferry"))) == (1, 0, 1, 0)
    assert len(rows(page.c.url)) == 1


def test_private_addresses_are_refused_unless_allowed(paper, run):
    report = run("http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", allow_private=False)
    assert counts(report) == (3, 0, 0, 3)
    assert report.reasons == {"read/private-address": 3}


def test_addresses_and_files_are_read_in_one_run(paper, run):
    assert counts(run(paper.url("/ferry"), SAMPLE / "meridian" / "airport-fog.html")) == (2, 2, 0, 0)


def test_a_wrong_charset_spoils_no_page(paper, run, rows):
    """The page is UTF-8; the server says something else."""
    wrong = ["utf-16", "windows-1251", "x-nonsense", "koi8-r; charset=utf-8", "", "\x7f", "utf-8"]
    for number, declared in enumerate(wrong):
        headers = {"Content-Type": f"text/html; charset={declared}"}
        paper.page(f"/{number}", sample("meridian/lonja-atunes.html"), headers)
    run(*(paper.url(f"/{number}") for number in range(len(wrong))))
    bodies = [body for (body,) in rows(article.c.body)]
    assert len(bodies) == len(wrong)
    assert len(set(bodies)) == 1
    assert "ó" in bodies[0]


def test_a_list_is_read_line_by_line(tmp_path):
    listed = tmp_path / "today.urls"
    listed.write_text(
        "\ufeff# today\nhttps://a.example/1\r\n\n  https://b.example/2  \nhttps://a.example/1#part\n", "utf-8"
    )
    found, others = addresses([str(listed), "https://c.example/", "news.txt"])
    assert found == ("https://a.example/1", "https://b.example/2", "https://c.example/")
    assert others == ["news.txt"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"https://me:secret@a.example/\n", "line 1: an address with a user name or password is not read"),
        (b"https://a.example/\nfile:///etc/passwd\n", "line 2: 'file:///etc/passwd' is no address"),
        (b"\xff\xfe", "is no list of addresses"),
        (None, "No such file"),
    ],
)
def test_a_list_that_is_none_is_said_in_one_line(tmp_path, content, said):
    listed = tmp_path / "today.urls"
    if content is not None:
        listed.write_bytes(content)
    with pytest.raises(InputError, match=said) as err:
        addresses([str(listed)])
    assert "\n" not in str(err.value)


def test_a_password_in_an_address_is_refused_before_anything_is_written():
    with pytest.raises(InputError, match="a user name or password is not read") as err:
        addresses(["https://me:secret@paper.example/"])
    assert "secret" not in str(err.value)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 300)), unique=True, max_size=400), st.integers(1, 90))
def test_batches_hold_every_address_once_and_many_hosts(named, size):
    urls = [f"https://{host}.example/{number}" for host, number in named]
    batches = list(address_batches(urls, size))
    assert sorted(url for batch in batches for url in batch) == sorted(urls)
    assert all(len(batch) <= min(size, ADDRESSES_A_BATCH) for batch in batches)
    if batches:
        hosts = {urlsplit(url).netloc for url in urls}
        assert len({urlsplit(url).netloc for url in batches[0]}) == min(len(hosts), len(batches[0]))


def test_the_command_reads_addresses(paper, tmp_path):
    listed = tmp_path / "today.urls"
    listed.write_text("\n".join(paper.url(path) for path in PAGES))
    database = f"sqlite:///{tmp_path / 'news.db'}"
    command = [sys.executable, "-c", "from etl.cli.main import main; main()"]
    settings = {"NEWSFOLD_HOST_INTERVAL_S": "0.05", "NEWSFOLD_CONTACT": "mailto:desk@paper.example"}
    done = subprocess.run(
        [*command, "ingest", str(listed), "--direct", "--allow-private", "--db", database],
        cwd=ROOT, env=os.environ | settings, capture_output=True, text=True,
    )  # fmt: skip
    assert "3 read = 3 loaded + 0 unchanged + 0 rejected" in done.stdout, done.stderr
    assert all(entry.headers["user-agent"].endswith("(+mailto:desk@paper.example)") for entry in paper.log)
    with reading(open_engine(database)) as conn:
        assert len(conn.execute(select(page)).all()) == 3
