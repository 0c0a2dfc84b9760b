"""Rows of the views as files: whole, in order, and read back by the programs they are for."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from etl.db.connect import open_engine
from etl.db.export import Wanted, columns, rows
from etl.db.load import store
from etl.db.runs import start_run
from etl.db.views import VIEWS
from etl.errors import InputError
from etl.settle import match_and_learn
from tests.db.made import RULES, SCHEME, day, folded, sentence

NEWSFOLD = Path(sys.executable).with_name("newsfold")
TEXT = ('He said: "so, it is", and\nleft. ' + sentence(1, 30), sentence(2, 40))


@pytest.fixture(scope="module")
def url(module_database_url):
    engine = open_engine(module_database_url)
    made = [
        folded("lead", TEXT, published=day(0), headline="=1+1"),
        folded("copy", TEXT, published=day(1), publisher="Other"),
        folded("late", (sentence(3, 30),), published=day(5), keywords=("a", "b")),
        folded("undated", (sentence(4, 30),), headline="Größe – 大"),
    ]
    run_id = start_run(engine, "ingest", {})
    store(engine, run_id, made, [], SCHEME, RULES)
    match_and_learn(engine, run_id)
    engine.dispose()
    return module_database_url


def export(url: str, *options: str) -> bytes:
    done = subprocess.run([NEWSFOLD, "export", "--db", url, *options], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def names(url: str, *options: str) -> list[str]:
    return [json.loads(line)["url"].rpartition("/")[2] for line in export(url, *options).splitlines()]


def test_json_lines_are_the_rows(url):
    found = [json.loads(line) for line in export(url).splitlines()]
    assert sorted(row["headline"] for row in found) == sorted(
        ["=1+1", "Council puts off vote", "Council puts off vote", "Größe – 大"]
    )
    [lead] = [row for row in found if row["headline"] == "=1+1"]
    assert (lead["body"], lead["published_at"]) == ("\n\n".join(TEXT), "2026-03-01T12:00:00Z")
    assert {tuple(row["keywords"]) for row in found} == {(), ("a", "b")}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--since", "2026-03-02"], {"copy", "late"}),
        (["--until", "2026-03-01"], {"lead"}),
        (["--publisher", "Other"], {"copy"}),
    ],
)
def test_it_is_narrowed(url, options, expected):
    assert set(names(url, *options)) == expected


def test_csv_comes_back_and_holds_no_formula(url):
    table = list(csv.DictReader(export(url, "--format", "csv").decode().splitlines(keepends=True)))
    assert len(table) == 4
    [lead] = [row for row in table if row["url"].endswith("/lead")]
    assert lead["body"] == "\n\n".join(TEXT)
    assert lead["headline"] == "'=1+1"


def test_parquet_has_types(url, tmp_path):
    export(url, "--format", "parquet", "-o", str(tmp_path / "a.parquet"))
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.num_rows == 4
    assert {str(table.schema.field(n).type) for n in ("article_id", "copies", "word_count")} == {"int64"}
    assert max(t for t in table["published_at"].to_pylist() if t).isoformat() == "2026-03-06T12:00:00+00:00"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet"]


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_every_view_as_parquet(url, tmp_path, view):
    export(url, "--view", view, "--format", "parquet", "-o", str(tmp_path / "a.parquet"))
    assert pq.read_table(tmp_path / "a.parquet").num_rows == len(export(url, "--view", view).splitlines())


def test_dolma(url):
    found = [json.loads(line) for line in export(url, "--format", "dolma", "--source", "desk").splitlines()]
    assert all(list(row) == ["id", "text", "source", "added", "created", "metadata"] for row in found)
    [late] = [row for row in found if row["id"].endswith("/late")]
    assert (late["source"], late["created"]) == ("desk", "2026-03-06T12:00:00Z")
    assert datetime.fromisoformat(late["added"]) == day(0)
    assert late["metadata"]["keywords"] == ["a", "b"]


def test_rows_come_one_by_one(url):
    engine = open_engine(url)
    with rows(engine, Wanted()) as stream:
        assert set(next(stream)) == set(columns("v_articles"))
    engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("v_nothing"), "no such view"),
        (Wanted("v_runs", publisher="x"), "publisher"),
        (Wanted("v_stories", leads_only=True), "leads"),
    ],
)
def test_what_cannot_be_is_said(url, wanted, said):
    engine = open_engine(url)
    with pytest.raises(InputError, match=said), rows(engine, wanted):
        pass
    engine.dispose()
