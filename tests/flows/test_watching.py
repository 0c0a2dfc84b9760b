"""What a run under Prefect leaves for those who watch: an event for each fresh alarm, and how far it is."""

import asyncio
from datetime import UTC, datetime

from prefect import flow, get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.events.clients import AssertingEventsClient
from prefect.events.worker import EventsWorker

from etl.accounts import BatchReport, Check, RunReport
from flows.events import ALARM, emit_alarms
from flows.progress import KEY, ProgressArtifact


def artifacts() -> list[float]:
    async def read() -> list[float]:
        async with get_client() as client:
            found = await client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[KEY])))
            return [artifact.data for artifact in found]

    return asyncio.run(read())


def test_progress_is_one_artifact_that_fills_up(prefect_server):
    @flow
    def long_run(every_seconds: float) -> None:
        artifact = ProgressArtifact(every_seconds)
        for share in (0.1, 0.5, 1.0, 1.0):
            artifact.show(share, "fold")

    before = artifacts()
    long_run(3600.0)  # over before the first is due
    assert artifacts() == before
    long_run(0.0)
    assert sorted(artifacts()) == sorted([*before, 100.0])


def test_a_fresh_alarm_is_an_event_and_one_that_lasts_is_none(prefect_server):
    checks = (Check("wire", "undated", 50, 0.6, 0.0, True, True), Check("wire", "no_author", 50, 0.9, 0.1, True))
    report = RunReport(7, "poll", "sqlite://", datetime.now(UTC), 1.0, BatchReport(), alarms=checks)
    AssertingEventsClient.reset()
    EventsWorker.set_client_override(AssertingEventsClient)
    try:
        emit_alarms(report)
        EventsWorker.instance().drain()
    finally:
        EventsWorker.set_client_override(None)
    events = [e for client in AssertingEventsClient.all for e in client.events if e.event == ALARM]
    assert [e.payload["metric"] for e in events] == ["undated"]
    assert events[0].resource.id == "newsfold.source.wire"
    assert events[0].payload["message"] == "60% of 50 documents without a date, 0% are usual"
