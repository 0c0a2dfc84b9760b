"""The flow `reclean` does what the plain run does, explains its parameters, and leaves its report."""

from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import is_valid
from sqlalchemy import create_engine, text

from etl.reclean import Scope
from etl.settings import read_settings
from flows.local import run_reclean
from flows.reclean import reclean
from flows.report import KEY
from flows.runners import RunnerName
from tests.dumps import dump
from tests.support import run_ingest

SCHEMA: dict[str, Any] = parameter_schema(reclean).model_dump()
FIELDS = SCHEMA["properties"]


@pytest.fixture
def old(news: Path, database: str, prefect_server: None) -> str:
    """A database that says older rules have filled it."""
    run_ingest(database, [news])
    with create_engine(database).begin() as db:
        for table in ("article", "document", "rejection"):
            db.execute(text(f"update {table} set rule_version = '0' where rule_version is not null"))
        db.execute(text("update article set headline = 'as older rules had it' where article_id = 1"))
    return database


@pytest.mark.parametrize("task_runner", ["threads", "processes"])
def test_it_cleans_again_and_a_second_run_finds_nothing_to_do(old: str, task_runner: RunnerName):
    settings = read_settings(database_url=old, jobs=2, batch_size=2)
    report = run_reclean(settings, Scope(), task_runner=task_runner)
    assert (report.flow, report.status) == ("reclean", "done")
    assert report.batches.changes is not None
    assert (report.batches.changes.changed, report.batches.changes.fields) == (1, {"headline": 1})
    before = dump(create_engine(old))
    assert [row["reason"] for row in before["article_version"]] == ["reclean"]
    assert run_reclean(settings, Scope(), task_runner=task_runner).batches.read == 0
    assert dump(create_engine(old)) == before


def test_a_dry_run_writes_nothing_and_leaves_its_report(old: str):
    before = dump(create_engine(old))
    state = reclean(dry_run=True, database_url=old, return_state=True)
    assert state.is_completed()
    assert dump(create_engine(old)) == before
    artifact = Artifact.get(KEY)
    assert artifact is not None
    assert "nothing was written" in artifact.data
    assert "### Columns that change" in artifact.data


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, prefect_server: None):
    state = reclean(database_url=f"sqlite:///{tmp_path}/none.db", return_state=True)
    assert state.is_failed()
    assert "no database there" in str(state.message)


@pytest.mark.parametrize("name", FIELDS)
def test_every_parameter_is_explained(name: str):
    assert len(FIELDS[name].get("description", "").split()) >= 5


def test_nothing_must_be_given_and_wrong_values_are_refused():
    assert SCHEMA.get("required", []) == []
    assert is_valid({"since": "2026-03-01", "site": "The Harbour Post"}, SCHEMA)
    for wrong in ({"jobs": 0}, {"site": ""}, {"database_url": "postgresql://news:secret@db/news"}):
        assert not is_valid(wrong, SCHEMA)
    assert not [name for name, hint in reclean.fn.__annotations__.items() if isinstance(hint, str)]
