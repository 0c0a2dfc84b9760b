"""`newsfold settings`: what holds here, and why."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import print_json
from etl.cli.options import AsJson, Database, Jobs
from etl.cli.reading import new_table, print_tables

if TYPE_CHECKING:
    from etl.settings import Setting


def register(app: typer.Typer) -> None:
    app.command()(settings)


def settings(
    db: Database = None,
    jobs: Jobs = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Documents in one batch.")] = None,
    as_json: AsJson = False,
    as_env: Annotated[bool, typer.Option("--env", help="Print a file of variables to fill in, with defaults.")] = False,
) -> None:
    """Print every setting, its value, where that comes from and what it is for. Passwords are masked."""
    from etl.settings import describe

    if as_env:
        return typer.echo(env_file())
    found = [_masked(one) for one in describe({"database_url": db, "jobs": jobs, "batch_size": batch_size})]
    if as_json:
        return print_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
    table = new_table("setting", "value", "from", "what it is")
    table.columns[0].no_wrap = True
    for one in found:
        table.add_row(one.name, "" if one.value is None else str(one.value), one.origin, one.description)
    return print_tables(table)


def env_file() -> str:
    """Return every setting as a line of a file of variables, switched off, below what it is for."""
    from etl.settings import Settings, variable

    lines = ["# Settings of newsfold, with their defaults: take the # away where you want another value."]
    for name, field in Settings.model_fields.items():
        default = field.default if field.default_factory is None and field.default is not None else ""
        shown = str(default).lower() if isinstance(default, bool) else default
        lines += ["", *textwrap.wrap(field.description or "", 118, initial_indent="# ", subsequent_indent="# ")]
        lines.append(f"#{variable(name)}={shown}")
    return "\n".join(lines)


def _masked(one: Setting) -> Setting:
    """Hide the password of any address: which setting holds it does not matter."""
    from etl.db.connect import mask

    return replace(one, value=mask(one.value)) if isinstance(one.value, str) and "://" in one.value else one
