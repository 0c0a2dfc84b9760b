"""The command itself: its groups, its exit codes, and errors as one line."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
import threading
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import etl.cli
from etl.cli.console import note
from etl.errors import Transient, UserError

DONE, FAILED, INTERRUPTED = 0, 1, 130
STOPPED = "newsfold: stopped; what was loaded is kept, run again to go on"
GRACE_SECONDS = 5.0


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - the type is private to typer
        """Run a command. How it ends when it is told to stop is said here: typer would do it without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            note(STOPPED)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left, as `head` does
            raise typer.Exit(DONE) from None


app = typer.Typer(
    name="newsfold",
    cls=_Commands,
    help="Fold the many copies of the news into one clean row per story, in your own SQL database.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsfold {version('newsfold')}")
        raise typer.Exit(DONE)


@app.callback()
def _options(
    shown: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    if not any(name.upper().startswith("NEWSFOLD_") for name in os.environ):
        return
    from etl.settings import misspelt

    for line in misspelt():
        note(f"newsfold: {line}")


for _info in pkgutil.iter_modules(etl.cli.__path__, "etl.cli."):
    if hasattr(_module := importlib.import_module(_info.name), "register"):
        _module.register(app)


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 failed, 2 usage, 3 done but something was rejected (--strict)."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop_soon)
    try:
        app()
    except UserError as err:
        note(f"newsfold: {err}")
        sys.exit(FAILED)
    except Transient as err:
        note(f"newsfold: {err}; what was loaded is kept, run again to go on")
        sys.exit(FAILED)


def _stop_soon(_number: int, _frame: object) -> None:
    """Answer Ctrl-C as Python does, and end this process where batches that are under way keep it for long.

    Whatever it leaves undone is safe: a batch is one transaction, workers end with it, the next run takes it up.
    """
    last = threading.Timer(GRACE_SECONDS, _leave)
    last.daemon = True
    last.start()
    raise KeyboardInterrupt


def _leave() -> None:
    if sys.stderr.isatty():
        print("\x1b[?25h", end="", file=sys.stderr)  # the progress bar hides the cursor
    note(STOPPED)
    sys.stderr.flush()
    os._exit(INTERRUPTED)
