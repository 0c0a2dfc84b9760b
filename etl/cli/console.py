"""What people see: tables, one-line notes, a progress bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from etl.accounts import Progress, RunReport
from etl.stopping import last_word, prompt

STOPPED = "newsfold: stopped; what was loaded is kept, run again to go on"


def print_json(value: object) -> None:
    """Print one JSON value; dates as ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def note(line: str) -> None:
    """Print one line for people, out of the way of the output."""
    print(line, file=sys.stderr)


@contextmanager
def watched_run() -> Iterator[Callable[[Progress], None]]:
    """Show how far a run is, on standard error; where it is told to stop it ends soon, and says so."""
    try:
        with prompt(), _progress_bar() as (watch, clear), last_word(partial(_say_stopped, clear)):
            yield watch
    except (KeyboardInterrupt, SystemExit):
        note(STOPPED)
        raise


def _say_stopped(clear: Callable[[], None]) -> None:
    clear()
    note(STOPPED)


@contextmanager
def _progress_bar() -> Iterator[tuple[Callable[[Progress], None], Callable[[], None]]]:
    """Give what shows how far a run is, and what leaves the terminal as it was."""
    if not sys.stderr.isatty():
        yield _plain_progress, lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    text = TextColumn("{task.description}"), TextColumn("{task.fields[note]}")
    columns = (text[0], BarColumn(), TaskProgressColumn(), text[1], TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, note="")

        def show(p: Progress) -> None:
            bar.update(
                task,
                description=_PHASES[p.phase],
                completed=p.done_bytes,
                total=max(p.total_bytes, p.done_bytes) if p.total_bytes else None,  # unknown of pages of the web
                note=f"{p.documents:,} documents",
            )

        yield show, bar.stop


def show_report(report: RunReport, as_json: bool) -> None:
    """Print the report of a run: as JSON, rendered on a terminal, else as Markdown."""
    if as_json:
        print_json({**asdict(report), "status": report.status})
        return
    from rich.console import Console
    from rich.markdown import Markdown

    from etl.report.markdown import run_report

    text = run_report(report)
    if sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        print(text)


_PHASES = {"fold": "folding", "match": "matching", "refold": "cleaning again", "fingerprint": "fingerprinting"}


def _plain_progress(progress: Progress) -> None:
    note(f"{_PHASES[progress.phase]}: {progress.documents:,} documents")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
