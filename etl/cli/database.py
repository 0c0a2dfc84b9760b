"""`newsfold db`: the schema."""

from __future__ import annotations

import typer

from etl.cli.options import Database


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The schema: bring it up to date, check it, describe it.", no_args_is_help=True)
    for command in (upgrade, check, docs):
        group.command()(command)
    app.add_typer(group, name="db")


def upgrade(db: Database = None) -> None:
    """Bring the schema up to date; make the database if there is none."""
    from etl.db.connect import mask, open_engine
    from etl.db.upgrade import upgrade as upgrade_schema
    from etl.settings import read_settings

    url = read_settings(database_url=db).database_url
    typer.echo(f"{mask(url)}: {upgrade_schema(open_engine(url))}")


def check(db: Database = None) -> None:
    """Compare the schema of a database with what this program expects; exit with 1 if they differ."""
    from etl.db.existing import open_existing
    from etl.db.upgrade import check as differences
    from etl.settings import read_settings

    found = differences(open_existing(read_settings(database_url=db).database_url))
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo("the schema is what this version expects")


def docs() -> None:
    """Print every table, view and column as Markdown."""
    from etl.db.docs import describe

    typer.echo(describe())
