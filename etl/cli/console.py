"""What people see: text as it stands, one-line notes, a progress bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from etl.accounts import Progress, RunReport
from etl.stopping import last_word, prompt

if TYPE_CHECKING:
    from rich.console import Console

STOPPED = "newsfold: stopped; what was loaded is kept, run again to go on"
CONTROLS = dict.fromkeys(n for n in (*range(32), *range(0x7F, 0xA0)) if chr(n) not in "\t\n")


def print_json(value: object) -> None:
    """Print one JSON value; dates as ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def note(line: str) -> None:
    """Print one line for people, out of the way of the output."""
    print(printable(line), file=sys.stderr)


def printable(text: str) -> str:
    """Return text of strangers without what could steer a terminal: control characters, which are seen nowhere."""
    return text.translate(CONTROLS)


def plain_console(soft_wrap: bool = False) -> Console:
    """Return a console that prints text as it stands: no markup, no names of emoji; control characters are left out."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Plain(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
            for one in super().render(renderable, options):
                yield one if one.control else Segment(printable(one.text), one.style)

    return Plain(highlight=False, markup=False, emoji=False, soft_wrap=soft_wrap)


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
    from rich.markdown import Markdown

    from etl.report.markdown import run_report

    text = run_report(report)
    if sys.stdout.isatty():
        plain_console().print(Markdown(text))
    else:
        print(text)


_PHASES = {"fold": "folding", "match": "matching", "refold": "cleaning again", "fingerprint": "fingerprinting"}


def _plain_progress(progress: Progress) -> None:
    note(f"{_PHASES[progress.phase]}: {progress.documents:,} documents")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
