"""What a user can get wrong: one clear line, an exit code, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

NEWSFOLD = Path(sys.executable).with_name("newsfold")


def newsfold(*args: object, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run([NEWSFOLD, *map(str, args)], cwd=cwd, input=stdin, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(
        "The harbour of Lindmar will be dredged in spring, its council said on Tuesday."
    )
    (tmp_path / "nothing").mkdir()
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "broken.db").write_bytes(b"this is not a database, only a file of that name" * 99)
    with create_engine(f"sqlite:///{tmp_path}/newer.db").begin() as db:
        db.execute(text("create table alembic_version (version_num varchar(32) not null primary key)"))
        db.execute(text("insert into alembic_version values ('9999')"))
    return tmp_path


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ingest", "missing", "--direct"], "no such file or folder: missing"),
        (["ingest", "missing"], "no such file or folder: missing"),
        (["ingest", "nothing", "--direct"], "no documents in nothing"),
        (["ingest", "paper.pdf", "--direct"], "paper.pdf: unknown format"),
        (["ingest", "docs", "--direct", "--format", "odt"], "unknown format 'odt'"),
        (["ingest", "docs", "--direct", "--db", "sqlite:///newer.db"], "newer"),
        (["ingest", "docs", "--direct", "--db", "sqlite:///broken.db"], "not a database"),
        (["ingest", "docs", "--direct", "--db", "sqlite:////no/such/folder/x.db"], "/no/such/folder"),
        (["ingest", "docs", "--direct", "--db", "postgresql+psycopg://me:secret@127.0.0.1:1/x"], "127.0.0.1"),
        (["ingest", "docs", "--direct", "--db", "nonsense"], "not a database address"),
        (["ingest", "-", "--direct"], "standard input is empty"),
        (["clean", "missing"], "no such file or folder: missing"),
        (["status", "--db", "sqlite:///none.db"], "none.db"),
        (["reclean", "--db", "sqlite:///none.db"], "none.db"),
        (["reclean", "--dry-run", "--db", "sqlite:///newer.db"], "newer"),
        (["rejects", "--db", "sqlite:///none.db"], "none.db"),
        (["rejects", "--replay", "--db", "sqlite:///none.db"], "none.db"),
        (["explain", "nobody", "--db", "sqlite:///newer.db"], "newer"),
        (["db", "check", "--db", "sqlite:///none.db"], "none.db"),
    ],
)
def test_one_line_and_exit_code_1(folder, args, said):
    done = newsfold(*args, cwd=folder)
    lines = done.stderr.decode().strip().splitlines()
    assert done.returncode == 1
    assert len(lines) == 1, done.stderr.decode()
    assert lines[0].startswith("newsfold: ")
    assert said in lines[0]
    assert "secret" not in lines[0]


@pytest.mark.parametrize("args", [["ingest"], ["ingest", "docs", "--jobs", "0"], ["fold"], ["explain"]])
def test_wrong_usage_is_exit_code_2(folder, args):
    assert newsfold(*args, cwd=folder).returncode == 2


def test_a_wrong_setting_is_named(folder, monkeypatch):
    monkeypatch.setenv("NEWSFOLD_BATCH_SIZE", "many")
    done = newsfold("ingest", "docs", "--direct", cwd=folder)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("newsfold: NEWSFOLD_BATCH_SIZE: ")


def test_strict_tells_that_something_was_rejected(folder):
    (folder / "docs" / "empty.txt").write_bytes(b"")
    assert newsfold("ingest", "docs", "--direct", cwd=folder).returncode == 0
    assert newsfold("ingest", "docs", "--direct", "--strict", cwd=folder).returncode == 3
