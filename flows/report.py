"""The report of a run as a Markdown artifact: on the run's own page, and under Artifacts with all earlier ones."""

from prefect.artifacts import create_markdown_artifact

from etl.accounts import RunReport
from etl.report.markdown import run_report, summary

KEY = "newsfold-run"  # one key for all runs: Prefect keeps them as versions of one report


def publish(report: RunReport) -> None:
    """Keep the report of a run where people look for it."""
    create_markdown_artifact(run_report(report), key=KEY, description=summary(report))
