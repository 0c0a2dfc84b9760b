"""Migrations: up, check, down, up; ten at once; what cannot be used is said in one line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from etl.db.connect import mask, open_engine, reading, writing
from etl.db.migrate import config
from etl.db.schema import metadata
from etl.db.upgrade import check, head, upgrade
from etl.db.views import VIEWS
from etl.errors import DatabaseError

FIRST_USE = """
import sys, time
from etl.db.connect import open_engine
from etl.db.upgrade import upgrade
time.sleep(max(0.0, float(sys.argv[2]) - time.time()))
print(upgrade(open_engine(sys.argv[1])))
"""


def test_first_use_upgrades_and_the_second_finds_nothing_to_do(empty_database_url):
    engine = open_engine(empty_database_url)
    assert upgrade(engine) == "upgraded"
    assert upgrade(engine) == "current"
    assert check(engine) == []


def test_the_revisions_are_a_chain_that_ends_where_alembic_says():
    scripts = ScriptDirectory.from_config(config())
    chain = [script.revision for script in scripts.walk_revisions()]
    assert head() == scripts.get_current_head()
    assert chain == sorted(chain, reverse=True)


def test_a_schema_that_is_current_does_not_wake_alembic(engine):
    use = "import sys; from etl.db.connect import open_engine; from etl.db.upgrade import upgrade\n"
    use += "print(upgrade(open_engine(sys.argv[1])), 'alembic' in sys.modules)"
    url = engine.url.render_as_string(hide_password=False)
    run = subprocess.run([sys.executable, "-c", use, url], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["current", "False"]


def test_alembic_finds_no_difference_between_schema_and_migrations(engine):
    with writing(engine) as conn:
        command.check(config(conn))


def test_down_leaves_nothing_and_up_again_is_the_same(engine):
    with writing(engine) as conn:
        command.downgrade(config(conn), "base")
    with reading(engine) as conn:
        assert set(inspect(conn).get_table_names()) == {"alembic_version"}
        assert inspect(conn).get_view_names() == []
    assert upgrade(engine) == "upgraded"
    assert check(engine) == []


def test_the_database_holds_the_tables_of_the_design(engine):
    with reading(engine) as conn:
        found = set(inspect(conn).get_table_names())
    assert {table.name for table in metadata.tables.values()} <= found
    assert len(metadata.tables) == 30


def test_every_reference_between_tables_is_enforced(engine):
    with reading(engine) as conn:
        found = {
            (table, key["constrained_columns"][0], key["referred_table"])
            for table in metadata.tables
            for key in inspect(conn).get_foreign_keys(table)
        }
    wanted = {
        (table.name, key.parent.name, key.column.table.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
    }
    assert found == wanted


def test_check_tells_what_differs(engine):
    with writing(engine) as conn:
        conn.execute(text("DROP VIEW v_runs"))
        conn.execute(text("DROP INDEX ix_article_url"))
        conn.execute(text("ALTER TABLE source ADD COLUMN colour text"))
    lines = check(engine)
    assert any("v_runs" in line for line in lines)
    assert any("ix_article_url" in line for line in lines)
    assert any("colour" in line for line in lines)


def test_check_says_that_an_old_database_needs_an_upgrade(empty_database_url):
    [line] = check(open_engine(empty_database_url))
    assert "newsfold db upgrade" in line


def test_ten_first_uses_at_once_make_one_upgrade(empty_database_url, tmp_path):
    start = str(time.time() + 3)
    script = tmp_path / "first_use.py"
    script.write_text(FIRST_USE)
    arguments = [sys.executable, str(script), empty_database_url, start]
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen(arguments, cwd=root, env=_env(root), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(10)
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in ended] == [0] * 10, [err for (_, err), _ in ended]
    assert sorted(out.strip() for (out, _), _ in ended) == ["current"] * 9 + ["upgraded"]


def test_a_database_of_a_newer_newsfold_is_refused(engine):
    with writing(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (upgrade, check):
        with pytest.raises(DatabaseError, match="newer than this newsfold, upgrade newsfold"):
            use(engine)


def test_a_database_that_another_program_migrates_is_refused(engine):
    with writing(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'ae1027a6acf'"))
    for use in (upgrade, check):
        with pytest.raises(DatabaseError, match="another program's: name another database"):
            use(engine)


def test_check_names_what_is_missing_and_what_is_not_ours(engine):
    with writing(engine) as conn:
        conn.execute(text("CREATE TABLE notes (note text)"))
        conn.execute(text("DROP TABLE robots"))
    assert check(engine) == ["missing table: robots", "not newsfold's table: notes"]


def test_tables_of_another_program_are_not_taken_over(empty_database_url):
    engine = open_engine(empty_database_url)
    with writing(engine) as conn:
        conn.execute(text("CREATE TABLE article (title text)"))
    with pytest.raises(DatabaseError, match=r"article.*name another database") as caught:
        upgrade(engine)
    assert "\n" not in str(caught.value)
    with reading(engine) as conn:
        assert set(inspect(conn).get_table_names()) == {"article"}


def test_a_view_that_is_gone_comes_back_with_the_next_migration(engine):
    with writing(engine) as conn:
        conn.execute(text("DROP VIEW v_runs"))
        command.downgrade(config(conn), "base")
    upgrade(engine)
    with reading(engine) as conn:
        assert set(inspect(conn).get_view_names()) == {view.name for view in VIEWS}


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(DatabaseError, match="nowhere does not exist"):
        open_engine(f"sqlite:///{tmp_path}/nowhere/news.db")


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(DatabaseError, match="is a folder"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text("The council met on Monday. " * 50)
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="not a database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:s3cret@127.0.0.1:1/news",
        "postgresql://ada:s3cret@/news?host=/nowhere",
        "postgresql+psycopg://ada:s3cret@127.0.0.1:1/news",
    ],
)
def test_an_unreachable_server_is_one_line_without_the_password(url):
    with pytest.raises(DatabaseError) as caught:
        open_engine(url)
    assert "s3cret" not in str(caught.value)
    assert "ada" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["news.db", "mysql://ada:s3cret@host/news", "oracle://x", ""])
def test_an_address_of_another_kind_says_what_is_allowed(url):
    with pytest.raises(DatabaseError, match="sqlite:///FILE") as caught:
        open_engine(url)
    assert "s3cret" not in str(caught.value)


def test_mask_hides_the_password():
    assert mask("postgresql://ada:s3cret@host/news") == "postgresql://ada:***@host/news"


def test_sqlite_is_opened_for_many_readers_and_one_writer(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/news.db")
    with reading(engine) as conn:
        assert conn.scalar(text("PRAGMA journal_mode")) == "wal"
        assert conn.scalar(text("PRAGMA foreign_keys")) == 1
        assert conn.scalar(text("PRAGMA synchronous")) == 1
        assert conn.scalar(text("PRAGMA busy_timeout")) >= 10_000


def _env(root: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(root)}
