"""A step back: refused with a reason where it would lose something, and nothing is lost where it is not."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from etl.db.connect import open_engine, reading, writing
from etl.db.migrate import config
from etl.db.upgrade import check, upgrade
from tests.db.upgrade.kept import fill, kept
from tests.support import SAMPLE, run_ingest


def back(engine, revision: str) -> None:
    with writing(engine) as conn:
        command.downgrade(config(conn), revision)


def revision(engine) -> str:
    with reading(engine) as conn:
        return conn.scalar(text("select version_num from alembic_version"))


@pytest.fixture
def filled(request, empty_database_url):
    """A database of the revision that a test names, with its rows."""
    engine = open_engine(empty_database_url)
    with writing(engine) as conn:
        command.upgrade(config(conn), request.param)
        fill(conn, kept(request.param))
    return engine


def test_from_the_latest_schema_it_loses_nothing_and_the_way_up_again_is_open(database_url):
    run_ingest(database_url, [SAMPLE / "harbour-wire.txt", SAMPLE / "harbour-post", SAMPLE / "broken"])
    engine = open_engine(database_url)
    everything = "select count(*), sum(length(body)) from article"
    with reading(engine) as conn:
        before = conn.execute(text(everything)).all()
    head = revision(engine)
    back(engine, "-1")
    assert upgrade(engine) == "upgraded"
    assert (revision(engine), check(engine)) == (head, [])
    with reading(engine) as conn:
        assert conn.execute(text(everything)).all() == before


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ("0001", "what is stored"),
        ("0008", "the list of sources"),
        ("0009", "marks that keep articles out"),
    ],
    indirect=["filled"],
)
def test_what_is_stored_is_not_dropped(filled, says):
    before = revision(filled)
    with pytest.raises(CommandError, match=f"{says} would be lost; restore a backup"):
        back(filled, "base")
    assert revision(filled) == before, "all of it is one transaction"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("insert into takedown (kind, hash, run_id) values ('text', 'x', 1)", "marks that keep articles out"),
        ("update run set crashed = true", "which runs were killed"),
        ("update run set cancelled = true", "which runs were cancelled"),
    ],
)
def test_one_row_that_cannot_be_made_again_is_enough(engine, made, says):
    with writing(engine) as conn:
        at = "'2026-03-01 12:00:00+00:00'"
        conn.execute(text(f"insert into run (flow, parameters, status, started_at) values ('x', '{{}}', 'done', {at})"))
        conn.execute(text(made))
    with pytest.raises(CommandError, match=says):
        back(engine, "0008")


@pytest.mark.parametrize("filled", ["0002", "0004"], indirect=True)
def test_what_can_be_made_again_is_no_hindrance(filled):
    """Sketches stand in rows too, matchers and corresponding paragraphs come from matching again."""
    with reading(filled) as conn:
        before = conn.execute(text("select count(*), sum(length(body)) from article")).all()
        stale = conn.scalar(text("select count(*) from stale_article"))
    assert stale == 0
    target = "0001"
    with writing(filled) as conn:
        conn.execute(text("delete from article_version where reason = 'reclean'"))
    back(filled, target)
    assert revision(filled) == target
    assert upgrade(filled) == "upgraded"
    assert check(filled) == []
    with reading(filled) as conn:
        assert conn.execute(text("select count(*), sum(length(body)) from article")).all() == before


def test_an_older_version_makes_the_views_that_a_newer_one_knew_no_more(engine):
    """A newer one that steps back to this schema leaves it without views."""
    with writing(engine) as conn:
        conn.execute(text("DROP VIEW v_runs"))
    assert any("v_runs is missing: run newsfold db upgrade" in line for line in check(engine))
    assert upgrade(engine) == "upgraded"
    assert check(engine) == []
    assert upgrade(engine) == "current"


def test_every_step_says_what_it_would_lose_or_loses_nothing():
    """A new migration is looked at by whoever writes it: these are the steps that were."""
    looked_at = {f"{number:04}" for number in range(1, 16)}
    assert {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()} <= looked_at
