"""`newsfold rejects`: what is listed, what is counted, and what another try changes."""

import json
import random

import pytest
from typer.testing import CliRunner

from etl.cli.main import app
from tests.support import SAMPLE, newsfold, run_ingest


@pytest.fixture(scope="module")
def url(module_database_url):
    run_ingest(module_database_url, [SAMPLE])
    return module_database_url


def rejects(url: str, *args: str) -> list[dict]:
    return json.loads(newsfold("rejects", "--db", url, "--json", *args))


@pytest.mark.parametrize(
    "option",
    [["--stage", "strip"], ["--reason", "empty"], ["--uri", "broken/photo"], ["--uri", ".jsonl"]],
)
def test_filters_narrow_what_is_listed(url, option):
    everything, found = rejects(url), rejects(url, *option)
    assert 0 < len(found) < len(everything)
    assert all(one in everything for one in found)


@pytest.mark.parametrize(
    ("option", "all_pass"),
    [
        (["--source", "adhoc"], True),
        (["--source", "inbox"], False),
        (["--since", "2026-01-01"], True),
        (["--since", "2999-01-01"], False),
        (["--run", "1"], True),
        (["--run", "2"], False),
        (["--min-attempts", "1"], True),
        (["--min-attempts", "2"], False),
        (["--uri", "BROKEN/PHOTO"], False),
    ],
)
def test_source_time_run_and_attempts_are_those_of_the_sample(url, option, all_pass):
    assert rejects(url, *option) == (rejects(url) if all_pass else [])


def test_reasons_are_counted(url):
    listed, counted = rejects(url), rejects(url, "--summary")
    assert sum(row["documents"] for row in counted) == len(listed)
    assert [row["documents"] for row in counted] == sorted((row["documents"] for row in counted), reverse=True)
    assert {(row["stage"], row["reason"]) for row in counted} == {(row["stage"], row["reason"]) for row in listed}
    assert "6 rejected: 2 parse/empty, 2 strip/no-article" in newsfold("rejects", "--db", url)
    assert "for example" in newsfold("rejects", "--db", url, "--summary")


def test_where_there_is_nothing_it_says_so(url):
    done = CliRunner().invoke(app, ["rejects", "--db", url, "--reason", "no-such"])
    assert "no rejected documents like these" in done.stderr


def test_only_what_passes_is_tried_again_and_that_is_an_attempt(database_url):
    run_ingest(database_url, [SAMPLE, "http://127.0.0.1:1/unread"])
    done = json.loads(newsfold("rejects", "--replay", "--reason", "empty", "--db", database_url, "--json"))
    assert done["batches"]["read"] == done["batches"]["rejected"] == 2
    assert {row["attempts"] for row in rejects(database_url, "--reason", "empty")} == {2}
    assert {row["attempts"] for row in rejects(database_url, "--stage", "strip")} == {1}
    assert rejects(database_url, "--min-attempts", "2") == rejects(database_url, "--run", "2")
    unread = CliRunner().invoke(app, ["rejects", "--replay", "--stage", "read", "--db", database_url])
    assert "1 cannot be tried from here" in unread.stderr


def test_what_killed_its_worker_is_tried_in_a_process_of_its_own(tmp_path, monkeypatch):
    """A batch that is alone would be done in the command's own process."""
    url = f"sqlite:///{tmp_path}/news.db"
    rng, letters = random.Random(5), bytes(range(97, 123)) * 2 + bytes(range(200, 230))
    words = b" ".join(bytes(rng.choices(letters, k=6)) for _ in range(280_000))
    (tmp_path / "endless.html").write_bytes(b"<html><body><p>" + words)
    (tmp_path / "good.txt").write_bytes((SAMPLE / "bank-merger.txt").read_bytes())
    monkeypatch.setenv("NEWSFOLD_DOCUMENT_CPU_S", "1")
    files = [str(tmp_path / name) for name in ("endless.html", "good.txt")]
    newsfold("ingest", *files, "--direct", "--jobs", "2", "--batch-size", "1", "--db", url)
    [killer] = rejects(url)
    assert (killer["reason"], killer["attempts"]) == ("killed-worker", 1)
    newsfold("rejects", "--replay", "--jobs", "1", "--db", url)
    [killer] = rejects(url)
    assert (killer["reason"], killer["attempts"]) == ("killed-worker", 2)
