"""`newsfold status`: what the database holds, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from etl.cli.console import print_json
from etl.cli.options import AsJson, Database
from etl.cli.reading import existing, minute, new_table, print_tables

if TYPE_CHECKING:
    from rich.table import Table

Answer = dict[str, Any]
CUT_SHORT = {"crashed": "killed", "cancelled": "cancelled"}
COUNTS = ("documents", "articles", "stories", "copies", "versions", "pairs", "rejections", "match_pending")


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(db: Database = None, as_json: AsJson = False) -> None:
    """Show what the database holds, the latest runs, and what is not as it should be: alarms, crashes, sources."""
    from etl.db.status import status as read_status
    from etl.settings import read_settings

    answer = read_status(existing(db), read_settings(database_url=db).story_size_alarm)
    if as_json:
        return print_json(answer)
    counts = new_table("", "")
    for name in COUNTS:
        counts.add_row(name.replace("_", " "), f"{answer[name]:,}")
    shown: list[Table | str] = [counts, *_alarms(answer)]
    if answer["largest"]:
        named = {"largest story": "story_id", "articles": "articles", "headline": "headline"}
        shown.append(_rows(named, answer["largest"]))
    if answer["rejected"]:
        named = {"rejected by": "stage", "reason": "reason", "documents": "documents"}
        shown.append(_rows(named, answer["rejected"]))
    if answer["sources"]:
        shown.append(_sources(answer["sources"]))
    if answer["resting_hosts"]:
        shown.append(_rows({"host that asked for a rest": "host", "until": "until"}, answer["resting_hosts"]))
    earlier = [run for run in answer["flows"] if run not in answer["runs"]]
    print_tables(*shown, _runs("run", answer["runs"]), *([_runs("last of its flow", earlier)] if earlier else []))
    return None


def _alarms(answer: Answer) -> list[str]:
    """Return a line for each thing that somebody should look at."""
    found = []
    if oversized := answer["oversized"]:
        several, most = "stories have" if oversized > 1 else "story has", answer["story_size_alarm"]
        found.append(
            f"ALARM {oversized:,} {several} more than {most:,} articles: look whether the largest are one text"
        )
    found += [f"ALARM {row['source']}: {row['message']}" for row in answer["alarms"] if row["source"]]
    cut_short = ((run["flow"], CUT_SHORT.get(run["status"])) for run in answer["flows"])
    return found + [
        f"the last run of {flow} was {how}: the next takes up what it left" for flow, how in cut_short if how
    ]


def _sources(sources: list[Answer]) -> Table:
    table = new_table("source", "health", "fails", "next poll", "why")
    for row in sources:
        due = minute(row["next_poll_at"]) or "at once"
        health, due = (row["health"], due) if row["enabled"] else ("disabled", "")
        table.add_row(row["name"], health, str(row["failures_in_a_row"] or ""), due, row["last_error"] or "")
    return table


def _runs(head: str, runs: list[Answer]) -> Table:
    table = new_table(head, "flow", "status", "started", "seconds", "read", "loaded", "unchanged", "rejected")
    for run in runs:
        numbers = [f"{run[f'{n}_count'] or 0:,}" for n in ("read", "loaded", "unchanged", "rejected")]
        seconds = "" if run["seconds"] is None else f"{run['seconds']:.1f}"
        table.add_row(str(run["run_id"]), run["flow"], run["status"], minute(run["started_at"]), seconds, *numbers)
    return table


def _rows(named: Mapping[str, str], rows: list[Answer]) -> Table:
    """Return some columns of rows as a table. named: heading -> column."""
    table = new_table(*named)
    for row in rows:
        table.add_row(*(str(row[column]) if row[column] is not None else "-" for column in named.values()))
    return table
