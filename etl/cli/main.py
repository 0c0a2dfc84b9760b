"""The command itself: its groups, its exit codes, and errors as one line."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import etl.cli
from etl.cli.console import note
from etl.collector import calm
from etl.errors import Transient, UserError

DONE, FAILED = 0, 1


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - the type is private to typer
        """Run a command. A reader that leaves, as `head` does, is no failure; typer would make one of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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
    calm()  # before the libraries come that a command needs: what they make is kept
    try:
        app()
    except UserError as err:
        note(f"newsfold: {err}")
        sys.exit(FAILED)
    except Transient as err:
        note(f"newsfold: {err}; what was loaded is kept, run again to go on")
        sys.exit(FAILED)
