"""What was taken down: marks that hold hashes alone, and documents that are kept out by them.

A document is known by its names (identity, addresses), by its bytes and by its text in normal form. Whoever stores
documents asks for the marks in the same transaction. On PostgreSQL that takes a lock of the table, which a takedown
waits for and holds off; so there is no document that comes in between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from etl.db.prepare import PreparedArticle, PreparedRejection
from etl.db.rows import chunks, insert_new
from etl.db.schema import takedown

TAKEN_DOWN = "taken-down"
LEAST_TEXT_WORDS = 20  # of a text that marks its copies; a shorter one may be the note of a pay wall, and of many pages

Hashes = dict[str, str]  # hash -> kind


def name_hash(name: str) -> str:
    """Return the hash of an identity or an address."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def body_hash(text_hash: int) -> str:
    """Return the hash that stands for a text, which is known by the hash of its normal form."""
    return hashlib.sha256(f"text {text_hash}".encode()).hexdigest()


def mark(conn: Connection, run_id: int, hashes: Hashes, reason: str | None) -> None:
    """Write marks; those that are there stay as they are."""
    rows = [{"hash": h, "kind": kind, "reason": reason, "run_id": run_id} for h, kind in sorted(hashes.items())]
    insert_new(conn, takedown, rows)


def marked(conn: Connection, hashes: Iterable[str]) -> set[str]:
    """Return those of the hashes that are marked."""
    found = set[str]()
    for part in chunks(sorted(set(hashes))):
        found |= set(conn.scalars(select(takedown.c.hash).where(takedown.c.hash.in_(part))))
    return found


def keep_out(
    conn: Connection, articles: Sequence[PreparedArticle], refused: Sequence[PreparedRejection]
) -> tuple[list[PreparedArticle], list[PreparedRejection], list[tuple[str, str]]]:
    """Part what may come in from what was taken down, of which nothing is kept but where it was and its hash.

    returns  articles, rejections with those of the taken down among them, natural keys of the taken down.
    """
    if conn.scalar(select(takedown.c.takedown_id).limit(1)) is None:  # as in most databases
        return list(articles), list(refused), []
    of_articles = [_hashes_of_article(one) for one in articles]
    of_refused = [_hashes_of_rejection(one) for one in refused]
    known = marked(conn, (h for hashes in (*of_articles, *of_refused) for h in hashes))
    if not known:
        return list(articles), list(refused), []
    free = [one for one, hashes in zip(articles, of_articles, strict=True) if known.isdisjoint(hashes)]
    rest = [one for one, hashes in zip(refused, of_refused, strict=True) if known.isdisjoint(hashes)]
    down = [one.document.key for one, h in zip(articles, of_articles, strict=True) if not known.isdisjoint(h)]
    down += [one.key for one, h in zip(refused, of_refused, strict=True) if not known.isdisjoint(h)]
    return free, [*rest, *map(_rejection, down)], down


def _hashes_of_article(one: PreparedArticle) -> set[str]:
    row = one.row
    names = (one.identity, one.document.uri, row["url"], row["canonical_url"])
    return {name_hash(n) for n in names if n} | {one.document.sha256, body_hash(row["text_hash"])}


def _hashes_of_rejection(one: PreparedRejection) -> set[str]:
    """What could not be read holds nothing, and stays the rejection that it is."""
    return {name_hash(one.document.uri), one.document.sha256} if one.document else set()


def _rejection(key: tuple[str, str]) -> PreparedRejection:
    uri, sha256 = key
    why = {"stage": "load", "reason": TAKEN_DOWN, "detail": "it was taken down, see newsfold forget"}
    return PreparedRejection(None, {"uri": uri, "sha256": sha256, **why, "rule_version": None})
