"""Those who watch from outside: logs, metrics, events, progress."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from etl import log
from etl.errors import SettingsError
from etl.settings import read_settings

NEWSFOLD = Path(sys.executable).with_name("newsfold")
STORY = "The harbour bridge of Ostmere opened to traffic on Monday after four years of work.\n\n" * 3


@pytest.fixture
def ingest(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(STORY, "utf-8")
    (news / "empty.txt").write_text("", "utf-8")

    def run(*options: str, **environment: str) -> subprocess.CompletedProcess:
        call = [NEWSFOLD, "ingest", news, "--direct", "--db", f"sqlite:///{tmp_path / 'n.db'}", *options]
        return subprocess.run(call, env=os.environ | environment, capture_output=True, text=True)

    return run


def test_a_log_in_json_has_ids_and_reasons_and_no_text(ingest):
    done = ingest("--jobs", "2", "--batch-size", "1", NEWSFOLD_LOG_FORMAT="json")
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("run started", "run ended")
    assert {line["run_id"] for line in lines} == {1}
    [refused] = [line for line in lines if line["event"] == "document rejected"]
    assert (refused["stage"], refused["reason"]) == ("parse", "empty")
    assert refused["document"].endswith("/empty.txt")
    assert len(refused["sha256"]) == 64
    assert (lines[-1]["read"], lines[-1]["loaded"], lines[-1]["status"]) == (2, 1, "done")
    assert "Ostmere" not in done.stderr


def test_a_log_in_text(ingest):
    lines = ingest(NEWSFOLD_LOG_FORMAT="text").stderr.splitlines()
    pattern = r'\d{4}-\d\d-\d\dT[\d:.]+Z info run started run_id=1 flow="ingest"'
    assert any(re.fullmatch(pattern, line) for line in lines)


def test_without_the_setting_there_is_no_log(ingest):
    assert "run started" not in ingest().stderr


def test_a_wrong_form_is_said_in_one_line(monkeypatch):
    monkeypatch.setenv("NEWSFOLD_LOG_FORMAT", "xml")
    with pytest.raises(SettingsError, match="NEWSFOLD_LOG_FORMAT"):
        read_settings()


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://me:secret@news.example/a?token=secret#3", "https://news.example/a#3"),
        ("file:///data/a.jsonl#7", "file:///data/a.jsonl#7"),
        ("https://[broken", "(not an address)"),
    ],
)
def test_an_address_is_logged_without_secrets(uri, shown):
    assert log.address(uri) == shown


def test_metrics_are_what_prometheus_reads(ingest, tmp_path):
    path = tmp_path / "newsfold-{flow}.prom"
    ingest("--metrics", str(path))
    text = (tmp_path / "newsfold-ingest.prom").read_text("utf-8")
    samples = {
        (s.name, *sorted(v for k, v in s.labels.items() if k != "flow")): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }
    assert samples["newsfold_run_documents", "loaded"] == 1
    assert samples["newsfold_run_rejected_documents", "empty", "parse"] == 1
    assert samples["newsfold_run_success",] == 1
    assert samples["newsfold_articles",] == 1
    assert samples["newsfold_run_finished_timestamp_seconds",] > 1_700_000_000
    assert {s.labels["flow"] for f in text_string_to_metric_families(text) for s in f.samples} == {"ingest"}


def test_metrics_that_cannot_be_written_do_not_fail_a_run(ingest, tmp_path):
    done = ingest("--metrics", str(tmp_path / "no" / "folder.prom"), NEWSFOLD_LOG_FORMAT="text")
    assert done.returncode == 0
    assert "metrics not written" in done.stderr
