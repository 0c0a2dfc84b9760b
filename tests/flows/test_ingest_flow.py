"""The flow does what the plain run does, says what it did, and ends as what it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from prefect.artifacts import Artifact
from prefect.client.orchestration import get_client
from sqlalchemy import create_engine

from etl.accounts import Progress, RunReport
from etl.errors import InputError
from etl.execution import Watch
from etl.report.markdown import run_report
from etl.settings import Settings, read_settings
from etl.sources.ref import File
from flows.ingest import ingest
from flows.local import run_ingest
from flows.report import KEY
from flows.runners import RunnerName
from tests.dumps import dump
from tests.support import run_ingest as run_without_prefect

pytestmark = pytest.mark.usefixtures("prefect_server")


def settings(database: str, batch_size: int = 500) -> Settings:
    return read_settings(database_url=database, jobs=2, batch_size=batch_size)


def articles(database: str) -> int:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as db:
        return db.execute("select count(*) from article").fetchone()[0]


@pytest.mark.parametrize("task_runner", ["threads", "processes"])
def test_flow_and_plain_run_leave_the_same_tables(
    news: Path, database_url: str, database: str, task_runner: RunnerName
):
    """On either engine, whatever runs the batches: what a plain run leaves in SQLite."""
    report = run_ingest([str(news)], settings(database_url, batch_size=2), task_runner=task_runner)
    run_without_prefect(database, [news])
    assert (report.status, report.batches.read, report.batches.loaded) == ("done", 5, 4)
    assert dump(create_engine(database_url)) == dump(create_engine(database))


def test_the_report_is_kept_as_an_artifact(news: Path, database: str):
    report = run_ingest([str(news)], settings(database))
    artifact = Artifact.get(KEY)
    assert artifact is not None
    assert artifact.data == run_report(report)
    assert "**5 read = 4 loaded + 0 unchanged + 1 rejected**" in artifact.data
    assert artifact.description == "5 read = 4 loaded + 0 unchanged + 1 rejected"


def test_a_second_run_finds_everything_unchanged(news: Path, database: str):
    run_ingest([str(news)], settings(database))
    again = run_ingest([str(news)], settings(database)).batches
    assert (again.read, again.loaded, again.unchanged, again.rejected) == (5, 0, 4, 1)


def test_the_state_says_how_it_went(news: Path, database: str):
    state = ingest([str(news)], database_url=database, return_state=True)
    assert state.is_completed()
    assert state.message == "5 read = 4 loaded + 0 unchanged + 1 rejected"


def test_a_batch_that_fails_for_good_fails_the_run_after_the_others_and_a_rerun_takes_it_up(news: Path, database: str):
    run_without_prefect(database, [news / "empty.txt"])  # makes the schema
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as db:
        for table in ("document", "rejection"):  # nothing of b.txt can be written, not even that it was rejected
            db.execute(
                f"create trigger refuse_{table} before insert on {table} when new.uri like '%/b.txt' "
                "begin select raise(abort, 'the disk is on fire'); end"
            )
    state = ingest([str(news)], database_url=database, batch_size=1, task_runner="threads", return_state=True)
    report: RunReport = state.result(raise_on_failure=False)
    assert state.is_failed()
    assert "\n" not in state.message
    assert "b.txt" in state.message
    assert "Run again" in state.message
    assert report.status == "failed"
    assert len(report.failed_batches) == 1
    assert articles(database) == 3, "the other batches are loaded"
    assert "Batches that could not be finished (1)" in Artifact.get(KEY).data

    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as db:
        db.execute("drop trigger refuse_document")
        db.execute("drop trigger refuse_rejection")
    assert run_ingest([str(news)], settings(database)).batches.loaded == 1
    assert articles(database) == 4


def test_what_the_user_got_wrong_is_one_line(tmp_path: Path, database: str):
    state = ingest([str(tmp_path / "nowhere")], database_url=database, return_state=True)
    assert state.is_failed()
    assert state.message == f"no such file or folder: {tmp_path / 'nowhere'}"
    with pytest.raises(InputError, match="no such file or folder"):
        run_ingest([str(tmp_path / "nowhere")], settings(database))


def test_the_command_sees_progress_and_may_hand_over_a_spooled_file(news: Path, database: str):
    seen: list[Progress] = []
    watch: Watch = seen.append
    report = run_ingest([File(news / "a.txt", "stdin:sha256:abc")], settings(database), "auto", watch)
    assert report.batches.loaded == 1
    assert seen[-1].documents == 1
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as db:
        assert db.execute("select uri from document").fetchall() == [("stdin:sha256:abc",)]


def test_prefect_is_not_told_the_address_that_the_command_was_given(news: Path, tmp_path: Path):
    """It may hold a password, and Prefect stores parameters in clear."""
    run_ingest([str(news / "a.txt")], settings(f"sqlite:///{tmp_path / 'secret-word.db'}"))
    with get_client(sync_client=True) as client:
        parameters = [str(flow_run.parameters) for flow_run in client.read_flow_runs()]
    assert any(str(news) in given for given in parameters)
    assert not [given for given in parameters if "secret-word" in given]
