"""The checks of real runs, as rows and in the report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from etl.accounts import BatchReport
from etl.db import views
from etl.db.connect import reading, writing
from etl.db.load import store
from etl.db.runs import start_run
from etl.db.schema import run
from etl.report.markdown import run_report
from etl.run import finish
from etl.settings import read_settings
from etl.settle import Settled
from tests.db.made import RULES, SCHEME, day, folded, rejected, sentence

START = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def ran(engine, database_url):
    """Do a run of a day: some articles, of which some have no date, and some rejected documents."""

    def once(number: int, documents: int, undated: int = 0, refused: int = 0):
        run_id = start_run(engine, "ingest", {})
        with writing(engine) as conn:
            at = START + timedelta(days=number)
            conn.execute(update(run).where(run.c.run_id == run_id).values(started_at=at))
        made = [
            folded(
                f"{number}-{i}",
                (sentence(1000 * number + i),),
                published=None if i < undated else day(number),
                authors=("Ada Quill",) if i % 2 else (),
            )
            for i in range(documents - refused)
        ]
        store(engine, run_id, made, [rejected(f"r{number}-{i}") for i in range(refused)], SCHEME, RULES)
        settings = read_settings(database_url=database_url)
        return finish(engine, settings, run_id, "ingest", START, BatchReport(), (), Settled())

    return once


def rows(engine, **wanted):
    v = views.handle("v_quality")
    query = select(v).order_by(v.c.run_id, v.c.metric)
    for name, value in wanted.items():
        query = query.where(v.c[name] == value)
    with reading(engine) as conn:
        return conn.execute(query).mappings().all()


def test_a_run_is_measured(engine, ran):
    assert ran(0, 40, undated=10, refused=4).alarms == ()
    found = {row["metric"]: (row["documents"], row["value"], row["usual"], row["alarm"]) for row in rows(engine)}
    assert found == {
        "documents": (40, 40, None, False),
        "rejected": (40, 0.1, None, False),
        "undated": (40, 0.25, None, False),
        "no_headline": (40, 0, None, False),
        "no_author": (40, 0.45, None, False),
    }
    assert {(row["source"], row["flow"], row["checked_at"]) for row in rows(engine)} == {("adhoc", "ingest", START)}


def test_dates_that_go_missing_are_an_alarm_and_fresh_once(engine, ran):
    for number in range(6):
        assert ran(number, 30, undated=number % 2).alarms == ()
    reports = [ran(6, 30, undated=20), ran(7, 30, undated=25)]
    assert [[(c.source, c.metric, c.fresh) for c in r.alarms] for r in reports] == [
        [("adhoc", "undated", True)],
        [("adhoc", "undated", False)],
    ]
    assert "adhoc: 67% of 30 documents without a date, 2% are usual" in run_report(reports[0])
    assert [row["run_id"] for row in rows(engine, alarm=True)] == [7, 8]


def test_a_run_that_brings_nothing_new_is_not_measured(engine, ran):
    ran(0, 30)
    before = rows(engine)
    assert ran(0, 30).alarms == ()
    assert rows(engine) == before


def test_two_weeks_and_then_hardly_anything(engine, ran):
    for number in range(14):
        assert ran(number, 24).alarms == ()
    [alarm] = ran(14, 2).alarms
    assert (alarm.metric, alarm.value, alarm.usual) == ("daily_documents", 2, 24)
