"""Databases that the code of earlier days made: all of it is there after the upgrade, and today's code goes on with it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, select, text

from etl.db import views
from etl.db.connect import open_engine, reading, writing
from etl.db.migrate import config
from etl.db.upgrade import check, upgrade
from etl.reclean import Scope, reclean
from etl.rematch import Scope as MatchScope
from etl.rematch import rematch
from etl.settings import read_settings
from etl.workers import local_pool
from tests.db.upgrade.kept import Rows, fill, kept, revisions, value
from tests.support import SAMPLE, newsfold, run_ingest

REVISIONS = [one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
# What a migration changes on purpose: columns that are dropped or filled anew.
CHANGED = {("known_paragraph", "stories"), ("fingerprint", "sketch")}


def to(engine: Engine, revision: str) -> None:
    with writing(engine) as conn:
        command.upgrade(config(conn), revision)


@pytest.fixture(params=revisions())
def old(request, empty_database_url) -> tuple[str, Rows]:
    """A database of an earlier revision, and what it holds."""
    engine, rows = open_engine(empty_database_url), kept(request.param)
    to(engine, request.param)
    with writing(engine) as conn:
        fill(conn, rows)
    engine.dispose()
    return empty_database_url, rows


def differing(conn: Connection, rows: Rows) -> list[str]:
    """Return the tables whose rows are not those that were filled in, as far as today's columns go."""
    found, known = [], MetaData()
    for name, before in rows.items():
        table = Table(name, known, autoload_with=conn, resolve_fks=False)
        columns = [c for c in before[0] if c in table.c and (name, c) not in CHANGED]
        was = [{c: today_s(name, c, value(table.c[c], row[c])) for c in columns} for row in before]
        now = [dict(row) for row in conn.execute(select(*(table.c[c] for c in columns))).mappings()]
        if sorted(map(one_form, was)) != sorted(map(one_form, now)):
            found.append(name)
    return found


def today_s(table: str, name: str, was: object) -> object:
    """Return what a value has become: of a sketch key only the low 32 bits are kept."""
    if isinstance(was, int) and (table, name) == ("sketch_key", "key"):
        return (was + 2**31) % 2**32 - 2**31
    return was


def one_form(row: dict[str, Any]) -> str:
    """A row as text, the same on both engines."""
    return json.dumps(
        row, sort_keys=True, default=lambda v: f"{v:%Y-%m-%dT%H:%M:%S.%f}" if isinstance(v, datetime) else repr(v)
    )


def test_there_is_a_database_of_every_revision_that_landed():
    assert {"0001", "0002", "0004", "0008", "0009", "0010", "0012"} <= set(revisions()) <= set(REVISIONS)


def test_all_of_it_is_there_after_the_upgrade_and_the_views_answer(old):
    url, rows = old
    engine = open_engine(url)
    assert upgrade(engine) == "upgraded"
    assert check(engine) == []
    with reading(engine) as conn:
        assert differing(conn, rows) == []
        for view in views.VIEWS:
            conn.execute(select(views.handle(view.name))).all()
        v = views.handle("v_articles")
        assert len(conn.execute(select(v)).all()) == len(rows["article"])
        sketches = conn.scalars(text("select length(sketch) from fingerprint")).all()
        assert sum(sketches) == 8 * len(rows["sketch_key"])
    assert json.loads(newsfold("stories", "--db", url, "--search", "container quay", "--json"))


@pytest.fixture(scope="module")
def today(tmp_path_factory) -> dict[str, str]:
    """What today's code makes of the same bytes in a new database."""
    folder = tmp_path_factory.mktemp("today")
    url = f"sqlite:///{folder}/news.db"
    run_ingest(url, [SAMPLE / "harbour-post", SAMPLE / "harbour-wire.txt"])
    return bodies(url)


def test_today_s_code_goes_on_with_it(old, today):
    """Cleaned and matched again, it holds what a database of today holds of the same bytes."""
    url, rows = old
    settings = read_settings(database_url=url, jobs=1)
    for report in (
        reclean(settings, local_pool(1), Scope(everything=True)),
        rematch(settings, local_pool(1), MatchScope(everything=True)),
    ):
        assert report.failed_batches == ()
        assert (report.status, report.unsettled) == ("done", 0)
    assert report.copies == 1
    found = bodies(url)
    shared = today.keys() & found.keys()
    added = any(one["uri"].endswith("lighthouse-sale.html") for one in rows["document"])  # to the sample, since
    assert len(shared) == 6 + added
    assert [key for key in shared if today[key] != found[key]] == []


def bodies(url: str) -> dict[str, str]:
    """Return the text of each article by the SHA-256 of the bytes it came from."""
    engine = open_engine(url)
    with reading(engine) as conn:
        asked = "select d.sha256, a.body from article a join document d on d.document_id = a.document_id"
        found = dict(conn.execute(text(asked)).tuples().all())
    engine.dispose()
    return found
