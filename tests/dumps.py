"""The whole database as plain values that do not depend on the order of arrival: for comparing two of them."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, select

from etl.db.schema import (
    article,
    author,
    document,
    duplicate_pair,
    finished_range,
    lost_paragraph,
    lost_sketch,
    matcher,
    metadata,
    publisher,
    quality_check,
    run,
    scheme,
    sketch_key,
    source,
    uncounted_article,
)

Dump = dict[str, list[dict[str, Any]]]

# What stands for the key of a row: the same in every database that holds the same.
_NATURAL = {
    source: ("name",),
    publisher: ("name",),
    author: ("name",),
    scheme: ("name",),
    matcher: ("name",),
    document: ("uri", "sha256"),
    article: ("identity",),
}


def dump(engine: Engine) -> Dump:
    """Return the rows of every table but `run` and its checks, how files were cut, and what is left for the next matcher, sorted.

    Keys are replaced by natural keys, references to runs are left out, bytes stand as their hash.
    """
    with engine.connect() as conn:
        names = {table: _natural_keys(conn, table, columns) for table, columns in _NATURAL.items()}
        left = (run, quality_check, finished_range, lost_paragraph, lost_sketch, uncounted_article)
        tables = (table for table in metadata.tables.values() if table not in left)
        return {table.name: sorted(_rows(conn, table, names), key=repr) for table in tables}


def _natural_keys(conn: Connection, table: Table, columns: tuple[str, ...]) -> dict[int, str]:
    [key] = table.primary_key.columns
    rows = conn.execute(select(key, *(table.c[name] for name in columns)))
    return {row[0]: " ".join(row[1:]) for row in rows}


def _rows(conn: Connection, table: Table, names: dict[Table, dict[int, str]]) -> list[dict[str, Any]]:
    rows = [
        {c.name: _value(c, row[c.name], names) for c in table.columns if _is_kept(c)}
        for row in conn.execute(select(table)).mappings()
    ]
    return [_turned(row) for row in rows] if table is duplicate_pair else rows


def _is_kept(column: Column[Any]) -> bool:
    target = _target(column)
    surrogate = column.primary_key and target is None and column.name == f"{column.table.name}_id"
    return not surrogate and target is not run


def _value(column: Column[Any], value: Any, names: dict[Table, dict[int, str]]) -> Any:
    target = _target(column)
    if target is not None and value is not None:
        return names[target if target in names else article][value]  # a story is named by its lead article
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def _target(column: Column[Any]) -> Table | None:
    if column is sketch_key.c.article_id:
        return article
    return next((key.column.table for key in column.foreign_keys), None)


def _turned(pair: dict[str, Any]) -> dict[str, Any]:
    """Left and right follow the order of arrival; here they follow the identities."""
    if pair["left_article_id"] < pair["right_article_id"]:
        return pair | {"passages": sorted(pair["passages"])}  # two that begin at one place have no order of their own
    turned = pair | {"left_article_id": pair["right_article_id"], "right_article_id": pair["left_article_id"]}
    return turned | {
        "passages": sorted([*span[2:], *span[:2]] for span in pair["passages"]),
        "paragraphs": sorted([right, left, share] for left, right, share in pair["paragraphs"]),
    }
