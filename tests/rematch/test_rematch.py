"""Matching again gives what matching gave: whatever the batches, after a loss, after a kill, after other rules."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from etl.accounts import RunReport
from etl.cli.main import app
from etl.db.connect import open_engine
from etl.fingerprint import SCHEME
from etl.match import MATCHER
from etl.match.rule import THRESHOLDS
from etl.rematch import Scope, rematch
from etl.settings import read_settings
from etl.workers import local_pool
from tests.dumps import dump
from tests.rematch.made import write
from tests.support import run_ingest

STRICT = replace(
    THRESHOLDS, most=0.999, wrapped=1.1, scattered=1.1, opened=1.1, scattered_short=1.1, verbatim_words=10_000
)
ALL = Scope(everything=True)
LOST = (
    "delete from duplicate_pair",
    "update article set story_id = null, role = null, matcher_id = null",
    "delete from story",
)


@pytest.fixture
def news(database_url, tmp_path):
    """A database with stories, filled in two runs."""
    for path in write(3, tmp_path):
        run_ingest(database_url, [path])
    return database_url


def again(url: str, scope: Scope | None = None, *, dry: bool = False, batch_size: int = 500) -> RunReport:
    settings = read_settings(database_url=url, jobs=1, batch_size=batch_size)
    return rematch(settings, local_pool(1), scope or Scope(), dry=dry)


def do(engine, *statements: str) -> None:
    with engine.begin() as db:
        for statement in statements:
            db.execute(text(statement))


def rows(engine, query: str) -> list:
    with engine.connect() as db:
        return [tuple(row) for row in db.execute(text(query))]


def found(engine) -> dict:
    """The tables without the names of matchers: the same pairs may have been verified by others."""
    tables = {name: rows for name, rows in dump(engine).items() if name != "matcher"}
    for name in ("article", "duplicate_pair"):
        tables[name] = [{k: v for k, v in row.items() if k != "matcher_id"} for row in tables[name]]
    return tables


def test_the_corpus_has_something_to_decide(news, engine):
    relations = dict(rows(engine, "select relation, count(*) from duplicate_pair group by relation"))
    assert min(relations.get(name, 0) for name in ("exact", "near", "contained", "shares_passage")) > 0
    assert rows(engine, "select 1 from v_paragraph_pairs where kind = 'near'")
    assert rows(engine, "select distinct matcher from v_duplicate_pairs") == [(MATCHER.name,)]
    [(numbers,)] = rows(engine, "select parameters from matcher")
    numbers = json.loads(numbers) if isinstance(numbers, str) else numbers
    assert numbers["pairs"]["most"] == THRESHOLDS.most


@pytest.mark.parametrize("batch_size", [1, 500])
def test_where_nothing_is_decided_otherwise_nothing_changes(news, engine, batch_size):
    before = dump(engine)
    assert again(news).articles_matched == 0
    report = again(news, ALL, batch_size=batch_size)
    assert report.articles_matched == len(before["article"])
    assert (report.status, report.regrouping.moved, report.regrouping.examples) == ("done", 0, ())
    assert dump(engine) == before


@pytest.mark.parametrize("batch_size", [3, 500])
def test_what_was_lost_comes_back(news, engine, batch_size):
    before = dump(engine)
    do(engine, *LOST)
    assert dump(engine) != before
    report = again(news, batch_size=batch_size)
    assert dump(engine) == before
    assert (
        report.regrouping.merged
        == report.stories - rows(engine, "select count(*) from v_stories where copies = 0")[0][0]
    )


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_any_corpus_comes_back(seed, tmp_path):
    url = f"sqlite:///{tmp_path}/news.db"
    run_ingest(url, write(seed, tmp_path))
    engine = open_engine(url)
    before = dump(engine)
    do(engine, *LOST)
    again(url, batch_size=2)
    assert dump(engine) == before
    engine.dispose()


def test_a_dry_run_says_what_happens_and_writes_nothing(news, engine):
    before = dump(engine), rows(engine, "select * from run")
    said = again(news, Scope(thresholds=STRICT), dry=True, batch_size=5)
    assert (dump(engine), rows(engine, "select * from run")) == before
    assert said.run_id == 0
    assert said.regrouping.split > 0
    assert said.regrouping.examples[0].before[0].headline
    done = again(news, Scope(thresholds=STRICT))
    assert done.regrouping == said.regrouping


def test_other_thresholds_and_back_again(news, engine):
    before = found(engine)
    again(news, Scope(thresholds=STRICT))
    assert found(engine) != before
    assert {name for (name,) in rows(engine, "select distinct matcher from v_duplicate_pairs")} != {MATCHER.name}
    assert again(news, Scope(thresholds=STRICT)).articles_matched == 0
    back = again(news)
    assert back.articles_matched >= len(before["article"])
    assert back.regrouping.merged > 0
    assert found(engine) == before


def test_fingerprints_of_another_scheme_are_made_again(news, engine):
    before = found(engine)
    do(
        engine,
        "update scheme set name = 'older'",
        "update fingerprint set signature = null",
        *(
            f"update {table} set text_hash = text_hash / 2 where text_hash is not null"
            for table in ("article", "article_version", "paragraph", "removed_block", "known_paragraph")
        ),
    )
    assert again(news, dry=True).regrouping.fingerprinted == len(before["article"])
    report = again(news, Scope(since=datetime(2027, 1, 1, tzinfo=UTC)), batch_size=4)
    assert report.regrouping.fingerprinted == report.articles_matched == len(before["article"])
    after = found(engine)
    assert {row["name"] for row in after.pop("scheme")} == {"older", SCHEME.name}
    assert after == {name: rows for name, rows in before.items() if name != "scheme"}


def test_a_killed_run_is_taken_up(news, engine):
    before = dump(engine)
    do(engine, *LOST)
    command = [Path(sys.executable).with_name("newsfold"), "rematch", "--direct", "--jobs", "1", "--batch-size", "1"]
    env = os.environ | {"NEWSFOLD_DATABASE_URL": news, "PYTHONPATH": str(Path(__file__).parents[2])}
    running = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for _ in range(3):
        assert running.stderr.readline().startswith("matching")
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert rows(engine, "select status from v_runs where flow = 'rematch'") == [("running",)]
    rest = again(news).articles_matched
    assert 0 < rest <= len(before["article"]) - 3
    assert dump(engine) == before


def test_only_what_was_published_since(news, engine):
    since = "2026-03-02 16:00:00"
    late = rows(engine, f"select count(*) from article where published_at >= '{since}'")[0][0]
    scope = replace(ALL, since=datetime.fromisoformat(since).replace(tzinfo=UTC))
    before = dump(engine)
    assert 0 < again(news, scope).articles_matched == late < len(before["article"])
    assert dump(engine) == before


def test_the_command_shows_it_for_people_and_for_programs(news):
    shown = CliRunner().invoke(app, ["rematch", "--dry-run", "--all", "--db", news])
    assert shown.exit_code == 0, shown.output
    for part in ("nothing was written", "compared again: 0 split, 0 merged", MATCHER.name, "Largest stories"):
        assert part in shown.stdout
    answer = json.loads(CliRunner().invoke(app, ["rematch", "--direct", "--db", news, "--json"]).stdout)
    assert (answer["flow"], answer["regrouping"]["matcher"]) == ("rematch", MATCHER.name)


def test_there_must_be_a_database(tmp_path):
    for option in ("--direct", "--dry-run"):
        done = CliRunner().invoke(app, ["rematch", option, "--db", f"sqlite:///{tmp_path}/none.db"])
        assert done.exit_code == 1
        assert "no database there" in str(done.exception)


def test_the_parameters_stand_in_the_row_of_the_run(news):
    again(news)
    opened = open_engine(news)
    [(kept,)] = rows(opened, "select parameters from v_runs where flow = 'rematch'")
    kept = json.loads(kept) if isinstance(kept, str) else kept
    assert (kept["matcher"], kept["scheme"], kept["all"]) == (MATCHER.name, SCHEME.name, False)
    opened.dispose()
