"""The latest run as metrics in Prometheus' text format, for the textfile collector of the node exporter.

Every metric carries the flow, so that the files of two flows can lie side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from etl.accounts import RunReport

Labels = tuple[str, ...]
Values = Mapping[Labels, float]


def write_metrics(path: Path, report: RunReport) -> None:
    """Write all metrics of a run; whoever reads the file sees the old ones or the new ones, never a part.

    path    "{flow}" in it becomes the name of the flow.
    raises  OSError where it cannot be written.
    """
    write_to_textfile(str(path).replace("{flow}", report.flow), metrics(report))


def metrics(report: RunReport) -> CollectorRegistry:
    """Return the metrics of a run."""
    registry, batches = CollectorRegistry(), report.batches

    def gauge(name: str, what: str, values: Values, labels: Labels = ()) -> None:
        one = Gauge(f"newsfold_{name}", what, ("flow", *labels), registry=registry)
        for key, value in values.items():
            one.labels(report.flow, *key).set(value)

    def total(name: str, what: str, value: float) -> None:
        gauge(name, what, {(): value})

    outcomes: Values = {(name,): getattr(batches, name) for name in ("loaded", "unchanged", "rejected")}
    reasons: Values = {tuple(key.partition("/")[::2]): count for key, count in batches.reasons.items()}
    total("run_finished_timestamp_seconds", "When the run ended", report.started_at.timestamp() + report.wall_seconds)
    total("run_duration_seconds", "How long the run took", report.wall_seconds)
    total("run_success", "1: all batches were finished", report.status == "done")
    total("run_failed_batches", "Batches that could not be finished", len(report.failed_batches))
    gauge("run_documents", "Documents of the run by what became of them", outcomes, ("outcome",))
    gauge("run_rejected_documents", "Rejected documents of the run", reasons, ("stage", "reason"))
    gauge("run_stage_seconds", "Time of one core", {(k,): v for k, v in batches.seconds.items()}, ("stage",))
    gauge("run_removed_blocks", "Blocks removed", {(k,): v for k, v in batches.rules.items()}, ("rule",))
    total("articles", "Articles in the database", report.articles)
    total("stories", "Stories in the database", report.stories)
    total("copies", "Articles that do not lead their story", report.copies)
    total("oversized_stories", "Stories of more articles than the alarm", report.oversized)
    alarms: Values = {(check.source or "", check.metric): 1.0 for check in report.alarms}
    gauge("quality_alarm", "1: far from what is usual, see v_quality", alarms, ("source", "metric"))
    if report.polled:
        failing: Values = {(one.name, one.health): 1.0 for one in report.polled.troubles}
        total("sources_polled", "Sources that were due", report.polled.due)
        gauge("source_trouble", "1: the source does not do well", failing, ("source", "health"))
    return registry
