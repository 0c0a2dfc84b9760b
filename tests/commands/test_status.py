"""`newsfold status`: what somebody should look at stands there, and nothing else does."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from etl.db.connect import open_engine, writing
from etl.db.runs import cancel_run, finish_run, start_run
from etl.db.schema import host, quality_check, run, source
from tests.support import SAMPLE, newsfold, run_ingest

TROUBLE = ("ALARM", "killed", "disabled", "asked for a rest")


@pytest.fixture
def url(database_url):
    run_ingest(database_url, [SAMPLE])
    return database_url


def status(url: str) -> dict:
    return json.loads(newsfold("status", "--db", url, "--json"))


def test_where_all_is_well_nothing_is_to_be_looked_at(url):
    found, shown = status(url), newsfold("status", "--db", url)
    assert (found["alarms"], found["sources"], found["resting_hosts"], found["crashed_runs"]) == ([], [], [], 0)
    assert not [word for word in TROUBLE if word in shown]
    assert [(row["reason"], row["documents"]) for row in found["rejected"][:2]] == [("empty", 2), ("no-article", 2)]
    assert "no-article" in shown


def test_an_alarm_stands_until_a_later_check_is_none(url):
    def checked(run_id: int, alarm: bool) -> None:
        check = {"run_id": run_id, "source_id": 1, "metric": "undated", "documents": 40, "value": 0.9, "usual": 0.1}
        with writing(engine) as db:
            db.execute(insert(quality_check).values(check | {"alarm": alarm, "fresh": alarm}))

    engine = open_engine(url)
    for flow, alarm in (("ingest", False), ("poll", True)):
        checked(start_run(engine, flow, {}), alarm)
    [found] = status(url)["alarms"]
    assert (found["source"], found["metric"], found["run_id"]) == ("adhoc", "undated", 3)
    assert "ALARM adhoc: 90% of 40 documents without a date, 10% are usual" in newsfold("status", "--db", url)
    checked(start_run(engine, "poll", {}), False)
    assert status(url)["alarms"] == []


def test_a_run_whose_process_is_gone_is_called_killed_before_another_one_finds_it(url):
    engine = open_engine(url)
    killed = start_run(engine, "poll", {})
    with writing(engine) as db:
        gone = {"process": "elsewhere 7 1 x", "alive_at": datetime.now(UTC) - timedelta(hours=1)}
        db.execute(update(run).where(run.c.run_id == killed).values(gone))
    for _ in range(6):
        finish_run(engine, start_run(engine, "ingest", {}), "done", {})
        found = status(url)
        assert found["crashed_runs"] == 1
        assert {one["flow"]: one["status"] for one in found["flows"]} == {"ingest": "done", "poll": "crashed"}
    shown = newsfold("status", "--db", url)
    assert "the last run of poll was killed" in shown
    assert "last of its flow" in shown, "it is not among the latest runs any more"


def test_a_run_that_somebody_stopped_is_called_cancelled(url):
    engine = open_engine(url)
    cancel_run(engine, start_run(engine, "poll", {}))
    assert status(url)["runs"][0]["status"] == "cancelled"
    assert status(url)["crashed_runs"] == 0
    assert "the last run of poll was cancelled: the next takes up what it left" in newsfold("status", "--db", url)


def test_sources_that_fail_or_rest_are_named_and_others_are_not(url):
    rows = [
        {"name": name, "kind": "feed", "url": f"https://{name}.example/", **state}
        for name, state in {
            "gone": {"health": "failing", "failures": 3, "last_error": "404"},
            "well": {"health": "ok"},
            "off": {"health": "ok", "enabled": False},
        }.items()
    ]
    until = datetime.now(UTC) + timedelta(hours=1)
    with writing(open_engine(url)) as db:
        for row in rows:
            db.execute(insert(source).values(row))
        held = [("busy.example", until), ("free.example", until - timedelta(hours=2))]
        for name, at in held:
            db.execute(insert(host).values(name=name, next_at_ms=0, held_until_ms=int(at.timestamp() * 1000)))
    found, shown = status(url), newsfold("status", "--db", url)
    assert [row["name"] for row in found["sources"]] == ["gone", "off"]
    assert found["resting_hosts"] == [{"host": "busy.example", "until": f"{until:%Y-%m-%dT%H:%M:%SZ}"}]
    assert "busy.example" in shown
    assert "404" in shown
