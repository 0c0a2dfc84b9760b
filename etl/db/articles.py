"""Articles and what hangs on them: one text is current, the others are versions, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, insert, select, update

from etl.db import prepare
from etl.db.prepare import PreparedArticle
from etl.db.rows import Row, bulk_insert, chunks, ids_by_name, insert_new
from etl.db.schema import (
    article,
    article_author,
    article_version,
    author,
    document,
    fingerprint,
    paragraph,
    publisher,
    removed_block,
    sketch_key,
)
from etl.db.versions import Chain, Text, chain

_CHILDREN = (article_author, paragraph, removed_block, fingerprint, sketch_key)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A document whose text is not in the database yet, or was made by other rules."""

    document_id: int
    prepared: PreparedArticle

    @property
    def text(self) -> Text:
        uri, sha256 = self.prepared.document.key
        return _text(self.prepared.row | {"document_id": self.document_id, "uri": uri, "sha256": sha256})


@dataclass(frozen=True, slots=True)
class _Identity:
    """One article and the fresh documents that claim to be it."""

    stored: RowMapping
    fresh: dict[int, Fresh]  # by document
    chain: Chain
    inserted: bool  # by this transaction

    @property
    def article_id(self) -> int:
        return int(self.stored["article_id"])

    @property
    def current(self) -> Fresh | None:
        """The fresh document that is the current text now, if it is one of them."""
        return self.fresh.get(self.chain.current.document_id)


def store_articles(conn: Connection, fresh: Sequence[Fresh], scheme_id: int) -> dict[int, int]:
    """Store the texts of new documents and return the article of each document.

    All statements go by identity in order, so that two writers wait for each other and never in a ring.
    """
    groups: dict[str, dict[int, Fresh]] = {}
    for one in sorted(fresh, key=lambda f: f.prepared.identity):
        groups.setdefault(one.prepared.identity, {})[one.document_id] = one
    publishers = ids_by_name(conn, publisher, (f.prepared.publisher for f in fresh if f.prepared.publisher))
    authors = ids_by_name(conn, author, (name for f in fresh for name in f.prepared.authors))
    identities = _settle(conn, groups, publishers)
    _rewrite(conn, identities, publishers)
    _replace_children(conn, identities, authors, scheme_id)
    _replace_versions(conn, identities)
    return {document_id: i.article_id for i in identities for document_id in i.fresh}


def _settle(conn: Connection, groups: dict[str, dict[int, Fresh]], publishers: dict[str, int]) -> list[_Identity]:
    """Insert the new articles, lock them all, and say which text is the current one of each."""
    present = {name for part in chunks(groups) for name in conn.scalars(_identities(part))}
    first = {name: chain([f.text for f in group.values()], group).current for name, group in groups.items()}
    rows = [
        _row(groups[name][text.document_id], publishers) | {"first_seen_at": _first_seen(groups[name])}
        for name, text in first.items()
        if name not in present
    ]
    insert_new(conn, article, rows)
    stored = {row["identity"]: row for part in chunks(groups) for row in _stored(conn, part)}
    # Not all that were missing a moment ago: another writer may have been faster.
    inserted = {
        name for name in groups if name not in present and stored[name]["document_id"] == first[name].document_id
    }
    old = _stored_versions(conn, [row["article_id"] for name, row in stored.items() if name not in inserted])
    return [
        _identity(stored[name], group, old.get(stored[name]["article_id"], []), name in inserted)
        for name, group in groups.items()
    ]


def _identity(row: RowMapping, fresh: dict[int, Fresh], old: list[Text], inserted: bool) -> _Identity:
    """Put the stored texts and the fresh ones of an article together; a document done again counts as fresh."""
    kept = [text for text in (_text(row), *old) if text.document_id not in fresh]
    return _Identity(
        row, fresh, chain([*kept, *(f.text for f in fresh.values())], {row["document_id"], *fresh}), inserted
    )


def _identities(names: list[str]) -> Select[tuple[str]]:
    return select(article.c.identity).where(article.c.identity.in_(names))


def _stored(conn: Connection, names: list[str]) -> list[RowMapping]:
    """Lock articles until the transaction ends, and return them with the key of their document.

    Two statements: PostgreSQL drops a row from a join if it had to wait for its lock and the row came back changed.
    SQLite has locked the whole database.
    """
    mine = article.c.identity.in_(names)
    conn.execute(_identities(names).order_by(article.c.identity).with_for_update(key_share=True)).all()
    joined = select(article, document.c.uri, document.c.sha256)
    joined = joined.join(document, document.c.document_id == article.c.document_id)
    return list(conn.execute(joined.where(mine)).mappings())


def _text(row: RowMapping | Row) -> Text:
    """The text of a row of article with the key of its document."""
    values = {name: row[name] for name in Text.__dataclass_fields__ if name in row}
    return Text(version_at=row["modified_at"] or row["published_at"], **values)


def _stored_versions(conn: Connection, article_ids: Iterable[int]) -> dict[int, list[Text]]:
    found: dict[int, list[Text]] = {}
    version = article_version.c
    for part in chunks(article_ids):
        rows = conn.execute(
            select(article_version, document.c.uri, document.c.sha256, document.c.fetched_at)
            .join(document, document.c.document_id == version.document_id)
            .where(version.article_id.in_(part))
        )
        for row in rows.mappings():
            values = {name: row[name] for name in Text.__dataclass_fields__}
            found.setdefault(row["article_id"], []).append(Text(**values))
    return found


def _row(fresh: Fresh, publishers: dict[str, int]) -> Row:
    """The row of an article whose current text is this document's."""
    return fresh.prepared.row | {
        "identity": fresh.prepared.identity,
        "document_id": fresh.document_id,
        "publisher_id": publishers.get(fresh.prepared.publisher or ""),
        "match_pending": True,
    }


def _first_seen(group: dict[int, Fresh]) -> datetime:
    return min(f.prepared.document.fetched_at for f in group.values())


def _rewrite(conn: Connection, identities: list[_Identity], publishers: dict[str, int]) -> None:
    """Bring the rows of articles that were there before up to date."""
    changed, earlier = [], []
    for one in identities:
        seen = min(one.stored["first_seen_at"], _first_seen(one.fresh))
        if one.current is not None and not one.inserted:
            changed.append(_row(one.current, publishers) | {"first_seen_at": seen, "key": one.article_id})
        elif seen < one.stored["first_seen_at"]:
            earlier.append({"first_seen_at": seen, "key": one.article_id})
    for rows in (changed, earlier):
        if rows:
            values: Row = {name: bindparam(name) for name in rows[0] if name not in ("key", "identity")}
            conn.execute(update(article).where(article.c.article_id == bindparam("key")).values(values), rows)


def _replace_children(conn: Connection, identities: list[_Identity], authors: dict[str, int], scheme_id: int) -> None:
    """Write the paragraphs, removed blocks, authors and fingerprint of every new current text."""
    current = [(one.article_id, one.current.prepared) for one in identities if one.current is not None]
    old = [one.article_id for one in identities if one.current is not None and not one.inserted]
    for table in _CHILDREN:
        for part in chunks(old):
            conn.execute(delete(table).where(table.c.article_id.in_(part)))
    bulk_insert(conn, paragraph, prepare.PARAGRAPH, [(i, *row) for i, p in current for row in p.paragraphs])
    bulk_insert(conn, removed_block, prepare.REMOVED, [(i, *row) for i, p in current for row in p.removed])
    bulk_insert(
        conn,
        article_author,
        ("article_id", "position", "author_id"),
        [(i, position, authors[name]) for i, p in current for position, name in enumerate(p.authors)],
    )
    bulk_insert(
        conn,
        fingerprint,
        ("article_id", "scheme_id", "signature"),
        [(i, scheme_id, p.signature) for i, p in current],
    )
    # In the order of the key: an index takes sorted rows nearly twice as fast.
    bulk_insert(conn, sketch_key, ("key", "article_id"), sorted((key, i) for i, p in current for key in p.sketch))


def _replace_versions(conn: Connection, identities: list[_Identity]) -> None:
    """Write the earlier texts anew: a text that arrives late changes what its neighbours were replaced by."""
    old = [one.article_id for one in identities if not one.inserted]
    for part in chunks(old):
        conn.execute(delete(article_version).where(article_version.c.article_id.in_(part)))
    rows = [
        {
            "article_id": one.article_id,
            **{name: getattr(version.text, name) for name in _VERSION_COLUMNS},
            "replaced_at": version.replaced_at,
            "words_added": version.words_added,
            "words_removed": version.words_removed,
        }
        for one in identities
        for version in one.chain.earlier
    ]
    if rows:
        conn.execute(insert(article_version), rows)


_VERSION_COLUMNS = (
    "document_id",
    "headline",
    "body",
    "text_hash",
    "modified_at",
    "version_at",
    "rule_version",
    "reason",
)
