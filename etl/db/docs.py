"""The tables and views as a page of Markdown: made from the schema, so that it cannot go stale."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.dialects import postgresql, sqlite

from etl.db.schema import metadata
from etl.db.views import VIEWS, View

_HEAD = """# The database

Read the views; their names and columns are kept stable. The tables may change with a release.

Full-text search over headline, standfirst and body:

- SQLite: `SELECT a.* FROM article_fts f JOIN v_articles a ON a.article_id = f.rowid WHERE article_fts MATCH 'summit'
  ORDER BY rank`
- PostgreSQL: `SELECT a.* FROM article t JOIN v_articles a USING (article_id)
  WHERE t.search_vector @@ websearch_to_tsquery('simple', 'summit')`

Times are UTC: `timestamptz` on PostgreSQL, text `YYYY-MM-DD HH:MM:SS` on SQLite.
"""


def describe() -> str:
    """Return every view and table with its columns, their types and what they hold."""
    views = "\n".join(_view(view) for view in VIEWS)
    tables = "\n".join(_table(table) for table in sorted(metadata.tables.values(), key=lambda t: t.name))
    return f"{_HEAD}\n## Views\n\n{views}\n## Tables\n\n{tables}"


def _view(view: View) -> str:
    rows = ([f"`{name}`", comment] for name, comment in view.columns.items())
    return f"### {view.name}\n\n{view.comment}.\n\n{_grid(['column', 'what'], rows)}"


def _table(table: Table) -> str:
    rows = ([f"`{c.name}`", _type(c), "" if c.nullable else "not null", _said(c)] for c in table.columns)
    return f"### {table.name}\n\n{table.comment}.\n\n{_grid(['column', 'type', '', 'what'], rows)}"


def _type(column: Column[object]) -> str:
    """The type on PostgreSQL, and on SQLite where that is another."""
    names = [str(column.type.compile(dialect)).lower() for dialect in (postgresql.dialect(), sqlite.dialect())]  # type: ignore[no-untyped-call]
    [one, other] = [name.split(" collate")[0] for name in names]
    return f"`{one}`" if one == other else f"`{one}` (SQLite `{other}`)"


def _said(column: Column[object]) -> str:
    targets = sorted(_target(key) for key in column.foreign_keys)
    said = column.comment or ""
    if column.primary_key:
        said += "; key"
    return said + "".join(f"; refers to `{target}`" for target in targets)


def _target(key: ForeignKey) -> str:
    return str(key.target_fullname)


def _grid(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
