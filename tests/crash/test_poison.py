"""A document that kills the worker which folds it is rejected; the rest of its batch is loaded."""

import random
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from etl.accounts import RunReport
from etl.batch import Job, fold_job
from etl.isolation import Limits, isolate
from etl.run import ingest
from etl.settings import read_settings
from etl.sources import Ref
from etl.workers import local_pool
from tests.support import SAMPLE

ORDINARY = sorted(SAMPLE.glob("*.txt"))[:5]
LOW = Limits(document_cpu_s=1)


def endless(path: Path) -> None:
    """Write a page of one paragraph in no known charset: within every limit of size, it takes some seconds."""
    rng = random.Random(5)
    letters = bytes(range(97, 123)) * 2 + bytes(range(200, 230))
    words = b" ".join(bytes(rng.choices(letters, k=6)) for _ in range(280_000))
    path.write_bytes(b"<html><body><p>" + words)


@pytest.fixture(scope="module")
def pile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pile")
    for path in ORDINARY:
        (folder / path.name).write_bytes(path.read_bytes())
    endless(folder / "m-endless.html")
    return folder


def run(database_url: str, folder: Path, limits: Limits = LOW) -> RunReport:
    settings = read_settings(database_url=database_url, batch_size=3)
    return ingest([str(folder)], settings, local_pool(2, limits))


def rejected(database_url: str) -> list[tuple[str, ...]]:
    engine = create_engine(database_url)
    with engine.connect() as db:
        found = db.execute(text("select uri, stage, reason, detail from v_rejected order by uri")).all()
    engine.dispose()
    return [(Path(uri).name, *others) for uri, *others in found]


def test_what_takes_too_long_is_rejected_and_the_rest_is_loaded(tmp_path, pile):
    database_url = f"sqlite:///{tmp_path}/news.db"
    report = run(database_url, pile)
    assert report.failed_batches == ()
    assert (report.batches.read, report.batches.rejected) == (len(ORDINARY) + 1, 1)
    assert report.batches.loaded == len(ORDINARY)
    [(name, stage, reason, detail)] = rejected(database_url)
    assert (name, stage, reason) == ("m-endless.html", "parse", "killed-worker")
    assert detail == "took more than 1 s of a processor"

    again = run(database_url, pile).batches
    assert (again.read, again.unchanged, again.rejected) == (len(ORDINARY) + 1, len(ORDINARY), 1), "not tried again"


def test_a_run_after_a_killed_one_trusts_not_even_a_single_batch(tmp_path, pile):
    """A batch that is alone is folded in the run's own process, which may be what killed the run before."""
    database_url = f"sqlite:///{tmp_path}/news.db"
    run(database_url, ORDINARY[0])
    engine = create_engine(database_url)
    with engine.begin() as db:
        db.execute(text("update run set status = 'running', process = 'elsewhere 1 1 x', alive_at = '2020-01-01'"))
    engine.dispose()
    assert run(database_url, pile / "m-endless.html").batches.reasons == {"parse/killed-worker": 1}


def test_what_cannot_even_be_read_is_rejected_and_the_rest_is_loaded(tmp_path):
    """A file of a gigabyte, where a document may be that large and a worker not."""
    database_url, vast = f"sqlite:///{tmp_path}/news.db", tmp_path / "vast.txt"
    with vast.open("wb") as file:
        file.truncate(1 << 30)
    run(database_url, ORDINARY[0])  # makes the schema
    refs = tuple(Ref(str(path), path.as_uri(), "text") for path in (*ORDINARY[1:3], vast))
    report = isolate(fold_job, Job(database_url, 1, "test", refs, 2 << 30), Limits(memory_bytes=900 << 20))
    assert (report.read, report.loaded, report.rejected) == (3, 2, 1)
    assert rejected(database_url) == [("vast.txt", "read", "killed-worker", "needs more than 900 MiB of memory")]
