"""What is known of a site, and what its pages become, depends on the set of pages: however and whenever they came."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from etl.db.connect import open_engine
from tests.dumps import dump
from tests.site_memory import made
from tests.support import run_ingest

NEWSFOLD = Path(sys.executable).with_name("newsfold")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    return made.write(tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="module")
def at_once(files, tmp_path_factory):
    """All pages in one run: its report, and the tables to compare others with."""
    url = f"sqlite:///{tmp_path_factory.mktemp('at-once')}/news.db"
    report = run_ingest(url, files)
    return report, url, dump(create_engine(url))


def rows(url: str, query: str) -> list:
    engine = open_engine(url)
    with engine.connect() as db:
        found = db.execute(text(query)).all()
    engine.dispose()
    return found


def bodies(url: str) -> dict[str, list[str]]:
    return {row.uri: row.body.split("\n\n") for row in rows(url, "select uri, body from v_articles")}


def in_turn(files: list[Path], seed: int) -> list[Path]:
    turned = list(files)
    random.Random(seed).shuffle(turned)
    return turned


def test_the_template_is_gone_from_all_pages_and_nothing_else_is(at_once, files):
    report, url, _ = at_once
    found = bodies(url)
    assert report.unsettled == 0
    assert report.known_learned - report.known_unlearned == len(made.TEMPLATE)
    assert not [(uri, text) for uri, texts in found.items() for text in texts if text in made.TEMPLATE]
    for page, path in zip(made.pages(), files, strict=True):
        if path.as_uri() in found:  # a page that came twice is one article
            assert found[path.as_uri()] == list(page.paragraphs)
    assert len(found) == len(files) - 1


def test_earlier_texts_of_an_article_lose_it_too(at_once):
    (version,) = rows(at_once[1], "select body from article_version")
    assert not [line for line in made.TEMPLATE if line in version.body]


def test_agency_copy_on_many_sites_and_copies_on_one_are_no_boilerplate(at_once):
    found = bodies(at_once[1]).values()
    assert sum(made.WIRE_LINE in texts for texts in found) == 15
    assert sum(made.body(500)[0] in texts for texts in found) == 6


def test_what_was_removed_says_why(at_once):
    gone = rows(at_once[1], "select text, count(*) as n from v_removed where rule = 'known' group by text")
    assert {row.text: row.n for row in gone}[made.KORR_OLD] == 7
    assert {row.text for row in gone} == made.TEMPLATE
    kinds = rows(at_once[1], "select text, kind from v_duplicate_paragraphs where kind = 'boilerplate'")
    assert {row.text for row in kinds} == made.TEMPLATE


def test_in_small_batches_on_several_workers(at_once, files, database_url):
    run_ingest(database_url, files, jobs=2, batch_size=4)
    assert dump(create_engine(database_url)) == at_once[2]


@pytest.mark.parametrize("seed", [1])
def test_in_two_runs(at_once, files, database_url, seed):
    turned = in_turn(files, seed)
    run_ingest(database_url, turned[:30])
    run_ingest(database_url, turned[30:], batch_size=1)
    assert dump(create_engine(database_url)) == at_once[2]


@pytest.mark.parametrize("seed", [3])
def test_one_page_a_run(at_once, files, database_url, seed):
    for path in in_turn(files, seed):
        run_ingest(database_url, [path])
    assert dump(create_engine(database_url)) == at_once[2]
    assert rows(database_url, "select * from lost_paragraph") == []


def test_a_second_run_changes_nothing(at_once, files):
    _, url, before = at_once
    again = run_ingest(url, files)
    assert (again.articles_matched, again.known_learned, again.cleaned_again) == (0, 0, 0)
    assert dump(create_engine(url)) == before


def test_killed_while_articles_are_cleaned_again(at_once, files, database_url):
    args = [
        NEWSFOLD,
        "ingest",
        files[0].parents[1],
        "--direct",
        "--jobs",
        "1",
        "--batch-size",
        "1",
        "--db",
        database_url,
    ]
    killed = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until_some_are_cleaned_again(database_url)
    os.killpg(killed.pid, signal.SIGKILL)
    assert killed.wait(10) == -signal.SIGKILL
    assert rows(database_url, "select * from stale_article"), "killed too late to show anything"
    report = run_ingest(database_url, files)
    assert report.batches.loaded == 0
    assert report.cleaned_again > 0
    assert dump(create_engine(database_url)) == at_once[2]


def wait_until_some_are_cleaned_again(url: str) -> None:
    engine = create_engine(url)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with engine.connect() as db:
                if db.execute(text("select count(*) from removed_block where rule = 'known'")).scalar_one() > 4:
                    break
        except SQLAlchemyError:
            pass  # the schema is not there yet
        time.sleep(0.002)
    else:
        pytest.fail("no article was cleaned again within a minute")
    engine.dispose()


def test_what_a_third_site_prints_is_unlearned_and_comes_back(files, database_url, tmp_path):
    """One page of a third publisher, however late, makes a line of two into agency copy, as if it had been first."""
    lantern = [path for path in files if path.parent.name == "The-Lantern"]
    line = made.LANTERN[0]
    run_ingest(database_url, lantern)
    assert not [uri for uri, texts in bodies(database_url).items() if line in texts]
    others = [
        made.Page(site, "late", made.headline(700 + i), (*made.body(700 + i), line))
        for i, site in enumerate(("Korr Bulletin", "Velden Post"))
    ]
    late = []
    for page in others:
        path = tmp_path / f"{page.site}.html"
        path.write_text(page.html, "utf-8")
        late.append(path)
    report = run_ingest(database_url, late)
    assert report.known_unlearned == 1
    assert sum(line in texts for texts in bodies(database_url).values()) == 18
    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    run_ingest(undisturbed, [*late, *lantern])
    assert dump(create_engine(database_url)) == dump(create_engine(undisturbed))


def test_an_article_without_its_bytes_is_left_as_it_is(files, database_url):
    lantern = [path for path in files if path.parent.name == "The-Lantern" and "story" in path.name]
    run_ingest(database_url, lantern[:4])
    engine = open_engine(database_url)
    with engine.begin() as db:
        db.execute(text("delete from raw_body"))
    run_ingest(database_url, lantern[4:])
    held = [uri for uri, texts in bodies(database_url).items() if made.LANTERN[0] in texts]
    assert len(held) == 4
    assert rows(database_url, "select * from stale_article") == []
