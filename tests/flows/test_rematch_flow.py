"""The flow `rematch` does what the plain run does, explains its parameters, and leaves its report."""

from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import is_valid
from sqlalchemy import create_engine, text

from etl.match import MATCHER
from etl.rematch import Scope
from etl.settings import read_settings
from flows.local import run_rematch
from flows.rematch import rematch
from flows.report import KEY
from tests.dumps import dump
from tests.support import run_ingest

SCHEMA: dict[str, Any] = parameter_schema(rematch).model_dump()
FIELDS = SCHEMA["properties"]


@pytest.fixture
def stored(news: Path, database: str, prefect_server: None) -> str:
    run_ingest(database, [news])
    return database


def test_it_brings_back_what_was_lost_and_a_second_run_finds_nothing_to_do(stored: str):
    before = dump(create_engine(stored))
    with create_engine(stored).begin() as db:
        db.execute(text("delete from duplicate_pair"))
        db.execute(text("update article set story_id = null, role = null, matcher_id = null"))
        db.execute(text("delete from story"))
    settings = read_settings(database_url=stored, jobs=2, batch_size=2)
    report = run_rematch(settings, Scope())
    assert (report.flow, report.status, report.articles_matched) == ("rematch", "done", 4)
    assert report.regrouping is not None
    assert (report.regrouping.merged, report.regrouping.matcher) == (1, MATCHER.name)
    assert dump(create_engine(stored)) == before
    assert run_rematch(settings, Scope()).articles_matched == 0


def test_a_dry_run_writes_nothing_and_leaves_its_report(stored: str):
    before = dump(create_engine(stored))
    state = rematch(dry_run=True, everything=True, database_url=stored, return_state=True)
    assert state.is_completed()
    assert "4 articles compared again: 0 split" in str(state.message)
    assert dump(create_engine(stored)) == before
    artifact = Artifact.get(KEY)
    assert artifact is not None
    assert "nothing was written" in artifact.data
    assert "## Stories matched again" in artifact.data


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, prefect_server: None):
    state = rematch(database_url=f"sqlite:///{tmp_path}/none.db", return_state=True)
    assert state.is_failed()
    assert "no database there" in str(state.message)


@pytest.mark.parametrize("name", FIELDS)
def test_every_parameter_is_explained(name: str):
    assert len(FIELDS[name].get("description", "").split()) >= 5


def test_nothing_must_be_given_and_wrong_values_are_refused():
    assert SCHEMA.get("required", []) == []
    assert is_valid({"since": "2026-03-01", "everything": True}, SCHEMA)
    for wrong in ({"jobs": 0}, {"since": "yesterday"}, {"database_url": "postgresql://news:secret@db/news"}):
        assert not is_valid(wrong, SCHEMA)
    assert not [name for name, hint in rematch.fn.__annotations__.items() if isinstance(hint, str)]
