"""deploy/roles.sql: the owner changes the schema, the loader the rows, the reader sees the views and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from etl.db import views
from etl.db.connect import open_engine, writing
from etl.db.existing import open_current
from etl.db.upgrade import upgrade
from etl.db.views import VIEWS
from etl.errors import DatabaseError
from tests.conftest import postgres_database
from tests.support import SAMPLE, run_ingest

ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"
DENIED = "permission denied|must be owner"


def run_roles(url: URL) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql(ROLES.read_text("utf-8").replace("%", "%%"))
    engine.dispose()


def as_role(url: URL, role: str) -> str:
    return url.set(username=role).render_as_string(hide_password=False)


def ask(url: URL, role: str, statement: str) -> None:
    engine = open_engine(as_role(url, role))
    try:
        with writing(engine) as conn:
            conn.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def news(postgres_server: URL) -> Iterator[URL]:
    """A database whose owner made the schema and whose loader loaded the sample."""
    with postgres_database(postgres_server) as url:
        run_roles(url)
        upgrade(open_engine(as_role(url, "newsfold_owner")))
        run_ingest(as_role(url, "newsfold_loader"), [SAMPLE])
        yield url


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_reader_reads_every_view(news, view):
    ask(news, "newsfold_reader", f"SELECT * FROM {view} LIMIT 1")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT body FROM article",
        "SELECT body FROM raw_body",
        "SELECT * FROM alembic_version",
        "INSERT INTO takedown DEFAULT VALUES",
        "UPDATE article SET body = ''",
        "DELETE FROM story",
        "CREATE TABLE mine (a int)",
        "DROP VIEW v_articles",
        "TRUNCATE article",
    ],
)
def test_reader_can_do_nothing_else(news, statement):
    with pytest.raises(DatabaseError, match=DENIED):
        ask(news, "newsfold_reader", statement)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (a int)", "DROP TABLE article", "ALTER TABLE article ADD COLUMN a int"]
)
def test_loader_loads_and_changes_no_table(news, statement):
    ask(news, "newsfold_loader", "SELECT 1 FROM article")
    with pytest.raises(DatabaseError, match=DENIED):
        ask(news, "newsfold_loader", statement)


def test_who_may_not_is_told_who_may(news, postgres_server: URL):
    with pytest.raises(DatabaseError, match="newsfold_loader uses them"):
        open_current(as_role(news, "newsfold_reader"))
    with postgres_database(postgres_server) as url:
        run_roles(url)
        with pytest.raises(DatabaseError, match="newsfold_owner makes the tables"):
            upgrade(open_engine(as_role(url, "newsfold_loader")))


def test_what_somebody_else_made_is_taken_over(postgres_server: URL):
    with postgres_database(postgres_server) as url:
        upgrade(open_engine(url.render_as_string(hide_password=False)))
        run_roles(url)
        ask(url, "newsfold_reader", "SELECT * FROM v_articles")
        ask(url, "newsfold_loader", "SELECT * FROM article")
        run_roles(url)


def test_whoever_could_read_the_views_still_can_after_a_migration(news):
    analyst = "analyst_" + news.database[-8:]
    admin = create_engine(news, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.exec_driver_sql(f"CREATE ROLE {analyst} LOGIN; GRANT USAGE ON SCHEMA public TO {analyst}")
        conn.exec_driver_sql(f"GRANT SELECT ON v_articles TO {analyst}")
    engine = open_engine(as_role(news, "newsfold_owner"))
    with writing(engine) as conn:  # as migrations/env.py does around the steps
        views.make_again(conn)
    engine.dispose()
    ask(news, "newsfold_reader", "SELECT * FROM v_stories")
    ask(news, analyst, "SELECT * FROM v_articles")
    with admin.connect() as conn:
        conn.exec_driver_sql(f"DROP OWNED BY {analyst}; DROP ROLE {analyst}")
    admin.dispose()
