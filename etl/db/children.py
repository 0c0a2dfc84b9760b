"""What hangs on the current text of an article: paragraphs, removed blocks, authors, fingerprint, sketch."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from etl.db import prepare
from etl.db.prepare import PreparedArticle
from etl.db.rows import bulk_insert, chunks
from etl.db.schema import (
    article_author,
    author,
    fingerprint,
    lost_paragraph,
    lost_sketch,
    paragraph,
    removed_block,
)

LEAST_WORDS = 4  # of a paragraph that a site may be known by; shorter ones are headings and names
CHILDREN = (article_author, paragraph, removed_block, fingerprint)


@dataclass(slots=True)
class Children:
    """The rows that hang on one stored text, as `PreparedArticle` has them."""

    paragraphs: list[tuple[Any, ...]] = field(default_factory=list)
    removed: list[tuple[Any, ...]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    scheme_id: int | None = None

    def equals(self, prepared: PreparedArticle, scheme_id: int) -> bool:
        """Tell whether a text that was made anew would leave the same rows."""
        return (
            self.paragraphs == prepared.paragraphs
            and self.removed == prepared.removed
            and self.authors == list(prepared.authors)
            and self.scheme_id == scheme_id
        )


def counted(paragraphs: Iterable[tuple[Any, ...]], removed: Iterable[tuple[Any, ...]]) -> set[int]:
    """Return the hashes by which a text counts where its site is learned: kept, and removed as known."""
    kept = {row[_HASH] for row in paragraphs if row[_WORDS] >= LEAST_WORDS}
    known = (row[_REMOVED_HASH] for row in removed if row[_RULE] == "known")
    return kept | {hash_ for hash_ in known if hash_ is not None}  # rows of the first schema have none


_PARAGRAPH, _REMOVED = prepare.PARAGRAPH[1:], prepare.REMOVED[1:]  # without the article
_HASH, _WORDS = _PARAGRAPH.index("text_hash"), _PARAGRAPH.index("word_count")
_REMOVED_HASH, _RULE = _REMOVED.index("text_hash"), _REMOVED.index("rule")


def stored_children(conn: Connection, article_ids: Sequence[int]) -> dict[int, Children]:
    """Return what hangs on the stored texts of articles, without signature and sketch: text and scheme make them."""
    found = {article_id: Children() for article_id in article_ids}
    for part in chunks(article_ids):
        kept = select(*(paragraph.c[name] for name in prepare.PARAGRAPH)).where(paragraph.c.article_id.in_(part))
        for article_id, *row in conn.execute(kept.order_by(paragraph.c.article_id, paragraph.c.position)):
            found[article_id].paragraphs.append(tuple(row))
        gone = select(*(removed_block.c[name] for name in prepare.REMOVED)).where(removed_block.c.article_id.in_(part))
        for article_id, *row in conn.execute(gone.order_by(removed_block.c.article_id, removed_block.c.position)):
            found[article_id].removed.append(tuple(row))
        names = select(article_author.c.article_id, author.c.name).join(author)
        names = names.where(article_author.c.article_id.in_(part))
        for article_id, name in conn.execute(names.order_by(article_author.c.article_id, article_author.c.position)):
            found[article_id].authors.append(name)
        made = select(fingerprint.c.article_id, fingerprint.c.scheme_id).where(fingerprint.c.article_id.in_(part))
        for article_id, scheme_id in conn.execute(made):
            found[article_id].scheme_id = scheme_id
    return found


def replace_children(
    conn: Connection,
    current: Sequence[tuple[int, PreparedArticle]],
    old: Mapping[int, Children],
    authors: Mapping[str, int],
    scheme_id: int,
) -> None:
    """Write what hangs on new current texts; what those in `old` have lost is kept in mind."""
    delete_children(conn, old)
    bulk_insert(conn, paragraph, prepare.PARAGRAPH, [(i, *row) for i, p in current for row in p.paragraphs])
    bulk_insert(conn, removed_block, prepare.REMOVED, [(i, *row) for i, p in current for row in p.removed])
    bulk_insert(
        conn,
        article_author,
        ("article_id", "position", "author_id"),
        [(i, position, authors[name]) for i, p in current for position, name in enumerate(p.authors)],
    )
    prints = [(i, scheme_id, p.signature, packed(p.sketch)) for i, p in current]
    bulk_insert(conn, fingerprint, ("article_id", "scheme_id", "signature", "sketch"), prints)


def delete_children(conn: Connection, article_ids: Iterable[int]) -> None:
    """Delete all that hangs on the texts of articles; matching takes their keys out later."""
    ids = list(article_ids)
    for part in chunks(ids):
        had = select(fingerprint.c.article_id, fingerprint.c.sketch).where(fingerprint.c.article_id.in_(part))
        conn.execute(insert(lost_sketch).from_select(["article_id", "sketch"], had))
    for table in CHILDREN:
        for part in chunks(ids):
            conn.execute(delete(table).where(table.c.article_id.in_(part)))


def remember_lost(conn: Connection, hashes: Iterable[int]) -> None:
    """Leave marks for the next matcher, one for each text that holds a paragraph no more, or in another story."""
    bulk_insert(conn, lost_paragraph, ("text_hash",), [(hash_,) for hash_ in sorted(hashes)])


def packed(sketch: Sequence[int]) -> bytes:
    """Return a sketch as it is stored."""
    return struct.pack(f"<{len(sketch)}q", *sketch)
