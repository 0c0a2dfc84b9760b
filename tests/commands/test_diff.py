"""`newsfold diff` on the sample: for a terminal, for a pipe, as a page and for programs."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from etl.cli.main import app
from etl.db.connect import open_engine
from tests.support import ROOT, SAMPLE, newsfold, run_ingest

COPY = ("harbour-wire.txt", "harbour-quay.html")
STRANGERS = ("harbour-wire.txt", "flood-warning.txt")


@pytest.fixture(scope="module")
def url(module_database_url):
    run_ingest(module_database_url, [SAMPLE])
    return module_database_url


def answer(url: str, left: str, right: str) -> dict:
    return json.loads(newsfold("diff", left, right, "--db", url, "--json"))


def test_a_copy_is_shown_with_scores_reasons_and_aligned_paragraphs(url):
    shown = newsfold("diff", *COPY, "--db", url)
    first, second, *_ = shown.splitlines()
    assert first == "contained, in one story"
    assert "contained 0.9" in second
    assert "- Nearly all of the shorter one is in the other" in shown
    assert re.search(r"^= The 640-metre quay", shown, re.MULTILINE)
    assert re.search(r"^> What the town owes already$", shown, re.MULTILINE)
    assert re.search(r"^< .*\*March 2\*", shown, re.MULTILINE)


def test_strangers_are_told_to_be_strangers(url):
    shown = newsfold("diff", *STRANGERS, "--db", url)
    assert shown.startswith("nothing shared, not joined\n")
    assert "compared just now" in shown
    assert "= " not in shown


def test_programs_get_everything_from_the_side_that_was_named_first(url):
    there, back = answer(url, *COPY), answer(url, *COPY[::-1])
    assert (there["left"], there["right"]) == (back["right"], back["left"])
    assert there["reasons"] == back["reasons"]
    spans = ("left_start", "left_end"), ("right_start", "right_end")
    for left, right in (spans, spans[::-1]):
        assert [tuple(p[name] for name in left) for p in there["passages"]] == [
            tuple(p[name] for name in right) for p in sorted(back["passages"], key=lambda p: p["right_start"])
        ]
    assert {(p["left"], p["right"]) for p in there["paragraphs"]} == {
        (p["right"], p["left"]) for p in back["paragraphs"]
    }
    assert there["stored"]
    assert there["same_story"]


def test_without_the_stored_pair_the_same_is_found_now(url):
    stored = answer(url, *COPY)
    engine = open_engine(url)
    with engine.begin() as db:
        kept = list(db.execute(text("select * from duplicate_pair")).mappings())
        db.execute(text("create table kept as select * from duplicate_pair"))
        db.execute(text("delete from duplicate_pair"))
    fresh = answer(url, *COPY)
    with engine.begin() as db:
        db.execute(text("insert into duplicate_pair select * from kept"))
        db.execute(text("drop table kept"))
    engine.dispose()
    assert kept
    assert not fresh["stored"]
    same = set(stored) - {"stored", "reasons"}
    assert {name: fresh[name] for name in same} == {name: stored[name] for name in same}


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def page(path: Path) -> Page:
    found = Page()
    found.feed(path.read_text("utf-8"))
    return found


def test_the_page_stands_by_itself_and_its_anchors_have_targets(url, tmp_path):
    path = tmp_path / "diff.html"
    newsfold("diff", *COPY, "--db", url, "--html", str(path))
    found = page(path)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in found.tags}
    targets = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(targets) == len(set(targets)) > 2
    assert {attrs["href"].removeprefix("#") for tag, attrs in found.tags if tag == "a"} <= set(targets)
    assert "http" not in path.read_text("utf-8").split("</style>")[0]
    assert "What the town owes already" in "".join(found.text)


def test_what_an_article_says_is_text_on_the_page(tmp_path):
    evil = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }} closed the harbour of Ostmere for the night on Monday.'
    body = f"{evil}\n\nThe mayor said that nobody had seen the lighthouse keeper since he went to buy some lamp oil."
    for name, more in (("a", ""), ("b", "\n\nA line of its own that the other one does not have at all.")):
        (tmp_path / f"{name}.txt").write_text(body + more, "utf-8")
    url = f"sqlite:///{tmp_path}/news.db"
    run_ingest(url, [tmp_path / "a.txt", tmp_path / "b.txt"])
    newsfold("diff", "a.txt", "b.txt", "--db", url, "--html", str(tmp_path / "diff.html"))
    assert "script" not in {tag for tag, _ in page(tmp_path / "diff.html").tags}
    assert "{{ 7 * 7 }}" in "".join(page(tmp_path / "diff.html").text)


@pytest.mark.parametrize("columns", [80, 200])
def test_on_a_terminal_there_are_two_columns_that_fit(tmp_path, columns):
    url = f"sqlite:///{tmp_path}/news.db"
    run_ingest(url, [SAMPLE / "harbour-wire.txt", SAMPLE / "meridian" / "harbour-quay.html"])
    here, there = pty.openpty()
    command = [Path(sys.executable).with_name("newsfold"), "diff", *COPY, "--db", url]
    env = os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    env.pop("NO_COLOR", None)
    running = subprocess.Popen(command, env=env, stdout=there, stdin=subprocess.DEVNULL, cwd=ROOT)
    os.close(there)
    shown = _read(here).decode()
    assert running.wait() == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    table = lines[next(i for i, line in enumerate(lines) if "ELVERHAVEN" in line) :]
    assert max(map(len, table)) <= columns
    both = [line for line in table if line.count("640-metre quay") == 2]
    assert both
    assert "\x1b[" in shown


def _read(descriptor: int) -> bytes:
    found = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end is closed
            part = b""
        if not part:
            os.close(descriptor)
            return found
        found += part


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [("harbour-wire.txt", "harbour-wire.txt", "are one article"), ("harbour-wire.txt", "none.txt", "no such article")],
)
def test_a_mistake_is_said_in_one_line(url, left, right, said):
    done = CliRunner().invoke(app, ["diff", left, right, "--db", url])
    assert done.exit_code == 1
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)


def test_a_page_that_cannot_be_written_is_said_in_one_line(url, tmp_path):
    done = CliRunner().invoke(app, ["diff", *COPY, "--db", url, "--html", str(tmp_path / "none" / "d.html")])
    assert "cannot be written" in str(done.exception)
