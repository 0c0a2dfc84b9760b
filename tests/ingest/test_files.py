"""Runs over files of all kinds, into real databases: what is finished is not read again, dates, names, queries."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from etl.run import ingest
from etl.settings import read_settings
from etl.sources import warc
from etl.sources.wanted import OUTSIDE, Wanted
from etl.workers import local_pool
from tests.dumps import dump
from tests.sources.made import packed, record, response

NEWSFOLD = Path(sys.executable).with_name("newsfold")


def run(database_url, *paths, batch_size=5, wanted=None, jobs=1, watch=lambda _: None):
    settings = read_settings(database_url=database_url, jobs=jobs, batch_size=batch_size)
    given = {"wanted": wanted} if wanted else {}
    return ingest([str(path) for path in paths], settings, local_pool(jobs), watch=watch, **given)


def counts(report):
    found = report.batches
    return (found.read, found.loaded, found.unchanged, found.rejected)


def rows(database_url, query):
    engine = create_engine(database_url, poolclass=NullPool)  # asked often: no connection may stay behind
    with engine.connect() as db:
        return [tuple(row) for row in db.execute(text(query))]


def archive(folder: Path, files: int, records: int) -> Path:
    folder.mkdir()
    for n in range(files):
        numbers = range(n * records, (n + 1) * records)
        (folder / f"{n:03}.warc.gz").write_bytes(packed([response(k) for k in numbers]))
    return folder


def test_a_finished_archive_is_counted_and_not_read_again(database_url, tmp_path, monkeypatch):
    folder = archive(tmp_path / "crawl", 3, 12)
    (folder / "bad.warc").write_bytes(response(900) + record(b"HTTP/1.1 404 no\r\n\r\nx") + b"noise")
    first = run(database_url, folder)
    assert counts(first) == (38, 37, 0, 1)
    assert first.batches.passed == {"an answer with status 404": 1}
    monkeypatch.setattr(warc, "read", None)  # reading would fail
    monkeypatch.setattr(warc, "split", None)
    again = run(database_url, folder)
    assert counts(again) == (38, 0, 37, 1)
    assert again.batches.passed == first.batches.passed
    assert again.batches.bytes_read == sum(path.stat().st_size for path in folder.iterdir())


def test_a_file_that_changed_is_read_again_and_only_that(database_url, tmp_path):
    one, two = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    one.write_text('{"id": 1, "text": "The ferry sailed at noon."}\n')
    two.write_text('{"id": 2, "text": "The bridge is closed until spring."}\n')
    run(database_url, tmp_path)
    before = rows(database_url, "select uri, run_id from finished_range order by uri")
    with two.open("a") as file:
        file.write('{"id": 3, "text": "The market opens again on Sunday."}\n')
    assert counts(run(database_url, tmp_path)) == (3, 1, 2, 0)
    after = rows(database_url, "select uri, run_id from finished_range order by uri")
    assert (after[0], len(after)) == (before[0], 2)
    assert after[1] != before[1]


def test_a_file_that_nobody_could_read_is_not_finished(database_url, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "The ferry sailed at noon."}\n')
    gone = tmp_path / "b.jsonl"
    gone.symlink_to(path)
    lines = (f'{{"id": {n}, "text": "Ferry {n} sailed at noon."}}\n' for n in range(9))
    path.write_text("".join(lines))
    report = run(database_url, path, watch=lambda _: path.unlink(missing_ok=True))
    assert report.batches.rejected + report.batches.loaded >= 6
    assert len(rows(database_url, "select * from finished_range")) <= 2


def test_progress_is_by_bytes_of_the_files_as_they_lie(database_url, tmp_path):
    folder, seen = archive(tmp_path / "crawl", 2, 12), []
    run(database_url, folder, watch=seen.append)
    folds = [progress for progress in seen if progress.phase == "fold"]
    size = sum(path.stat().st_size for path in folder.iterdir())
    assert len(folds) >= 4
    assert [p.done_bytes for p in folds] == sorted(p.done_bytes for p in folds)
    assert folds[-1].done_bytes == folds[-1].total_bytes == size


@pytest.mark.parametrize("finished", [1, 4])
def test_kill_9_in_the_middle_of_an_archive(database_url, tmp_path, finished):
    folder = archive(tmp_path / "crawl", 6, 10)
    args = [NEWSFOLD, "ingest", folder, "--direct", "--jobs", "2", "--batch-size", "4", "--db", database_url]
    killed = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(rows(database_url, "select 1 from finished_range")) < finished:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(10)
    before = rows(database_url, "select uri, range_start, range_end, run_id from finished_range")
    report = run(database_url, folder, batch_size=4)
    assert report.batches.read == 60
    assert set(before) <= set(rows(database_url, "select uri, range_start, range_end, run_id from finished_range"))
    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    run(undisturbed, folder, batch_size=500)
    assert dump(create_engine(database_url)) == dump(create_engine(undisturbed))


def dated(path: Path) -> Path:
    days = {1: "2026-02-27", 2: "2026-02-28T23:59:00Z", 3: "2026-03-01", 4: "2026-03-31T22:00:00Z", 5: "2026-04-01"}
    records = [{"id": n, "text": f"Ferry {n} sailed at noon.", "date": day} for n, day in days.items()]
    records.append({"id": 6, "text": "Nobody knows when this ferry sailed."})
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (None, None, "123456"),
        (date(2026, 3, 1), None, "3456"),
        (None, date(2026, 2, 28), "126"),
        (date(2026, 2, 28), date(2026, 3, 31), "2346"),
    ],
)
def test_only_what_was_published_then_is_loaded_and_the_rest_is_counted(database_url, tmp_path, since, until, wanted):
    path = dated(tmp_path / "a.jsonl")
    report = run(database_url, path, wanted=Wanted((), since, until))
    assert [n for (n,) in rows(database_url, "select external_id from article order by external_id")] == list(wanted)
    assert counts(report) == (len(wanted), len(wanted), 0, 0)
    outside = 6 - len(wanted)
    assert report.batches.passed == ({OUTSIDE: outside} if outside else {})
    assert report.batches.undated == (1 if outside else 0)
    again = run(database_url, path, wanted=Wanted((), since, until))
    assert counts(again) == (len(wanted), 0, len(wanted), 0)
    assert again.batches.passed == report.batches.passed
    assert run(database_url, path).batches.loaded == outside, "asked without dates, the rest comes"


def test_a_large_packed_file_is_folded_a_portion_at_a_time(tmp_path):
    url, path = f"sqlite:///{tmp_path}/news.db", tmp_path / "a.jsonl.gz"
    lines = "".join(f'{{"id": {n}, "text": "Ferry {n} sailed at noon, {n * 7} people on it."}}\n' for n in range(1200))
    path.write_bytes(gzip.compress(lines.encode()))
    assert counts(run(url, path)) == (1200, 1200, 0, 0)
    assert counts(run(url, path)) == (1200, 0, 1200, 0)


def newsfold(*args):
    return subprocess.run([NEWSFOLD, *map(str, args)], capture_output=True, text=True)


def test_the_rows_of_a_query_are_read_from_any_database(database_url, tmp_path):
    with create_engine(f"sqlite:///{tmp_path}/cms.db").begin() as db:
        db.execute(text("create table story (nr integer, kop text, inhoud text, day text)"))
        db.execute(text("insert into story values (1, 'Ferry', 'The ferry sailed at noon.', '2026-03-01')"))
        db.execute(text("insert into story values (2, null, 'The bridge is closed.', null)"))
    args = ["ingest", "--direct", "--json", "--jobs", 1, "--db", database_url]
    asked = [
        "--query",
        "select nr as id, kop, inhoud from story order by nr",
        "--from-db",
        f"sqlite:///{tmp_path}/cms.db",
    ]
    done = newsfold(*args, *asked, "--map", "headline=kop", "--map", "text=inhoud")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["batches"]["loaded"] == 2
    found = rows(database_url, "select external_id, headline, body from article order by external_id")
    assert found == [("1", "Ferry", "The ferry sailed at noon."), ("2", None, "The bridge is closed.")]
    [(uri,)] = rows(database_url, "select uri from document where uri like '%#1'")
    assert uri.startswith(f"sqlite:///{tmp_path}/cms.db?query=")
    again = json.loads(newsfold(*args, *asked, "--map", "headline=kop", "--map", "text=inhoud").stdout)
    assert (again["batches"]["loaded"], again["batches"]["unchanged"]) == (0, 2)


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        (["--query", "select 1"], "--from-db", 2),
        ([], "PATH", 2),
        (["--query", "select * from missing", "--from-db", "sqlite://"], "no such table: missing", 1),
        (["--query", "select 1 as a", "--from-db", "nonsense"], "not a database address", 1),
        (["--query", "create table x (a int)", "--from-db", "sqlite://"], "expected a SELECT", 1),
        (["--query", "select 1", "--from-db", "nosuch://user:secret@host/x"], "nosuch://user:***@host/x", 1),
        (["a.jsonl", "--map", "headline"], "say NAME=COLUMN", 1),
        (["a.jsonl", "--since", "yesterday"], "--since", 2),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_said_in_one_line(tmp_path, args, said, code):
    done = newsfold("ingest", "--direct", "--db", f"sqlite:///{tmp_path}/x.db", *args)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
