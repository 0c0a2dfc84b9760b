"""Fingerprints made again, from the stored texts, and with them every hash that the scheme's normal form decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, tuple_, update

from etl.db.children import packed, remember_lost
from etl.db.rows import Row, bulk_insert, chunks, insert_new
from etl.db.schema import (
    article,
    article_version,
    fingerprint,
    known_paragraph,
    lost_sketch,
    paragraph,
    removed_block,
    scheme,
)
from etl.db.sketches import take_out_lost
from etl.records import CleanArticle, Fingerprint, Metadata, Paragraph
from etl.text import count_words, text_hash

Turned = set[tuple[int | None, int, int]]  # publisher, hash of a paragraph as it was, as it is


@dataclass(frozen=True, slots=True)
class Kept:
    """The text of a stored article, as cleaning left it."""

    article_id: int
    publisher_id: int | None
    clean: CleanArticle
    hashes: tuple[int, ...]  # of its paragraphs, as they are stored


def of_other_schemes(conn: Connection, scheme_name: str) -> list[int]:
    """Return the articles whose fingerprint was made otherwise, sorted."""
    wanted = select(fingerprint.c.article_id).join(scheme).where(scheme.c.name != scheme_name)
    return list(conn.scalars(wanted.order_by(fingerprint.c.article_id)))


def kept_texts(conn: Connection, ids: Sequence[int]) -> list[Kept]:
    """Return the articles that are still there, each with its paragraphs in order."""
    found = []
    for part in chunks(ids):
        p, rows = paragraph.c, dict[int, list[Any]]()
        wanted = select(p.article_id, p.position, p.char_start, p.char_end, p.kind, p.text_hash)
        for row in conn.execute(wanted.where(p.article_id.in_(part)).order_by(p.article_id, p.position)):
            rows.setdefault(row.article_id, []).append(row)
        a = article.c
        columns = select(a.article_id, a.identity, a.publisher_id, a.body, a.rule_version)
        for one in conn.execute(columns.where(article.c.article_id.in_(part)).order_by(article.c.article_id)):
            mine = rows.get(one.article_id, [])
            kept = tuple(Paragraph(r.position, r.kind, one.body[r.char_start : r.char_end]) for r in mine)
            clean = CleanArticle(one.identity, one.identity, Metadata(), kept, (), one.rule_version)
            found.append(Kept(one.article_id, one.publisher_id, clean, tuple(r.text_hash for r in mine)))
    return found


def replace_fingerprints(
    conn: Connection, run_id: int | None, scheme_id: int, kept: Sequence[Kept], prints: Sequence[Fingerprint]
) -> None:
    """Write new fingerprints of stored texts, and mark the articles as not compared.

    run_id  the run that what is known of the sites is to name; None: leave that alone.
    """
    ids = [one.article_id for one in kept]
    for part in chunks(ids):
        mine = fingerprint.c.article_id.in_(part)
        had = select(fingerprint.c.article_id, fingerprint.c.sketch).where(mine)
        conn.execute(insert(lost_sketch).from_select(["article_id", "sketch"], had))
        conn.execute(delete(fingerprint).where(mine))
    take_out_lost(conn)  # now: matching puts in the new keys, and they may be the same
    made = list(zip(ids, prints, strict=True))
    rows = [(i, scheme_id, print_.signature, packed(print_.sketch)) for i, print_ in made]
    bulk_insert(conn, fingerprint, ("article_id", "scheme_id", "signature", "sketch"), rows)
    values = [
        {"key_article_id": i, "text_hash": p.text_hash, "word_count": p.word_count, "match_pending": True}
        for i, p in made
    ]
    _update(conn, article, ("article_id",), values)
    _rehash(conn, run_id, kept, prints)


def _rehash(conn: Connection, run_id: int | None, kept: Sequence[Kept], prints: Sequence[Fingerprint]) -> None:
    """Bring the hashes of paragraphs, removed blocks and versions up to date, and what is known of the sites."""
    turned: Turned = set()
    rows = []
    for one, print_ in zip(kept, prints, strict=True):
        for place, (old, new) in enumerate(zip(one.hashes, print_.paragraph_hashes, strict=True)):
            if old != new:
                turned.add((one.publisher_id, old, new))
                words = count_words(one.clean.paragraphs[place].text)
                key = {"key_article_id": one.article_id, "key_position": one.clean.paragraphs[place].position}
                rows.append(key | {"text_hash": new, "word_count": words})
    _update(conn, paragraph, ("article_id", "position"), rows)
    turned |= _rehash_removed(conn, {one.article_id: one.publisher_id for one in kept})
    _rehash_versions(conn, [one.article_id for one in kept])
    if run_id is not None:
        _turn_known(conn, run_id, turned)


def _rehash_removed(conn: Connection, publishers: Mapping[int, int | None]) -> Turned:
    turned: Turned = set()
    for part in chunks(publishers):
        r, rows = removed_block.c, []
        wanted = select(removed_block).where(r.article_id.in_(part), r.text_hash.is_not(None))
        for row in conn.execute(wanted.order_by(r.article_id, r.position)):
            new = text_hash(row.text)
            if new != row.text_hash:
                turned.add((publishers[row.article_id], row.text_hash, new))
                rows.append({"key_article_id": row.article_id, "key_position": row.position, "text_hash": new})
        _update(conn, removed_block, ("article_id", "position"), rows)
    return turned


def _rehash_versions(conn: Connection, ids: Iterable[int]) -> None:
    key = ("article_id", "document_id", "rule_version")
    for part in chunks(ids):
        rows = []
        for row in conn.execute(select(article_version).where(article_version.c.article_id.in_(part))).mappings():
            new = text_hash(row["body"])
            if new != row["text_hash"]:
                rows.append({f"key_{name}": row[name] for name in key} | {"text_hash": new})
        _update(conn, article_version, key, rows)


def _turn_known(conn: Connection, run_id: int, turned: Turned) -> None:
    """Let what is known be known by its new hash too; the next matcher counts the old one, and finds it nowhere."""
    now = {(publisher, old): new for publisher, old, new in turned if publisher is not None}
    key = tuple_(known_paragraph.c.publisher_id, known_paragraph.c.text_hash)
    for part in chunks(sorted(now)):
        known = conn.execute(select(*key.clauses).where(key.in_(part))).all()
        rows = [{"publisher_id": p, "text_hash": now[p, old], "run_id": run_id} for p, old in sorted(map(tuple, known))]
        insert_new(conn, known_paragraph, rows)
    remember_lost(conn, {old for _, old, _ in turned})


def _update(conn: Connection, table: Table, key: Sequence[str], rows: Sequence[Row]) -> None:
    """Update rows by their key, which stands in each under `key_...`."""
    if rows:
        named = [table.c[name] == bindparam(f"key_{name}") for name in key]
        values: Row = {name: bindparam(name) for name in rows[0] if not name.startswith("key_")}
        conn.execute(update(table).where(*named).values(values), rows)
