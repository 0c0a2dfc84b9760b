"""Articles and what hangs on them: one text is current, the others are versions, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, insert, select, update

from etl.db.children import Children, counted, remember_lost, replace_children, stored_children
from etl.db.prepare import PreparedArticle
from etl.db.rows import Row, chunks, ids_by_name, insert_new
from etl.db.schema import article, article_version, author, document, publisher
from etl.db.search import add_to_search
from etl.db.versions import Chain, Text, chain

_COMPARED = ("body", "text_hash", "published_at", "published_precision", "publisher_id")  # what matching looks at


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

    stored: Mapping[str, Any]  # its row, with uri and sha256 of its document
    fresh: dict[int, Fresh]  # by document
    chain: Chain
    inserted: bool = False  # by this transaction

    @property
    def article_id(self) -> int:
        return int(self.stored["article_id"])

    @property
    def current(self) -> Fresh | None:
        """The fresh document that is the current text now, if it is one of them."""
        return self.fresh.get(self.chain.current.document_id)


def store_articles(
    conn: Connection, fresh: Sequence[Fresh], scheme_id: int, refused: Collection[int] = (), again: bool = False
) -> dict[int, int]:
    """Store the texts of new documents and return the article of each document.

    All statements go by identity in order, so that two writers wait for each other and never in a ring.

    refused  documents that were a text of an article and are no more.
    again    the documents were cleaned again: what older rules made of the current text becomes a version.
    """
    groups: dict[str, dict[int, Fresh]] = {}
    for one in sorted(fresh, key=lambda f: f.prepared.identity):
        groups.setdefault(one.prepared.identity, {})[one.document_id] = one
    publishers = ids_by_name(conn, publisher, (f.prepared.publisher for f in fresh if f.prepared.publisher))
    authors = ids_by_name(conn, author, (name for f in fresh for name in f.prepared.authors))
    elsewhere = {f.document_id for f in fresh}.union(refused)
    identities = _settle(conn, groups, publishers, elsewhere, again)
    _rewrite(conn, identities, publishers, authors, scheme_id)
    _replace_versions(conn, identities)
    return {document_id: i.article_id for i in identities for document_id in i.fresh}


def _settle(
    conn: Connection,
    groups: dict[str, dict[int, Fresh]],
    publishers: dict[str, int],
    elsewhere: Collection[int],
    again: bool,
) -> list[_Identity]:
    """Insert the new articles, lock them all, and say which text is the current one of each."""
    present = {name for part in chunks(groups) for name in conn.scalars(_identities(part))}
    new = {n: chain([f.text for f in group.values()], group) for n, group in groups.items() if n not in present}
    rows = [
        _row(groups[name][texts.current.document_id], publishers) | {"first_seen_at": _first_seen(groups[name])}
        for name, texts in new.items()
    ]
    insert_new(conn, article, rows)
    keys = {row.identity: row for part in chunks(groups) for row in _locked(conn, part)}
    # Not all that were missing a moment ago: another writer may have been faster.
    inserted = {name for name, texts in new.items() if keys[name].document_id == texts.current.document_id}
    stored: dict[str, Mapping[str, Any]] = {
        row["identity"]: _as_stored(row, keys[row["identity"]].article_id, groups[row["identity"]])
        for row in rows
        if row["identity"] in inserted
    }
    stored |= {
        row["identity"]: row for part in chunks(n for n in groups if n not in inserted) for row in _stored(conn, part)
    }
    old = _stored_versions(conn, [row["article_id"] for name, row in stored.items() if name not in inserted])
    add_to_search(conn, [stored[name]["article_id"] for name in inserted])
    return [
        _Identity(stored[name], group, new[name], inserted=True)
        if name in inserted
        else _identity(stored[name], group, old.get(stored[name]["article_id"], []), elsewhere, again)
        for name, group in groups.items()
    ]


def _as_stored(row: Row, article_id: int, group: Mapping[int, Fresh]) -> Row:
    """Return the row of an article that was just inserted, as `_stored` would read it."""
    uri, sha256 = group[row["document_id"]].prepared.document.key
    return row | {"article_id": article_id, "uri": uri, "sha256": sha256}


def _identity(
    row: Mapping[str, Any], fresh: dict[int, Fresh], old: list[Text], elsewhere: Collection[int], again: bool
) -> _Identity:
    """Put the stored texts and the fresh ones of an article together; a document done again counts as fresh."""
    current = _text(row)
    kept = [text for text in (current, *old) if text.is_said and text.document_id not in elsewhere]
    texts = [*kept, *(f.text for f in fresh.values())]
    by_older_rules = [text for text in old if not text.is_said]
    if again and current.document_id in fresh:
        by_older_rules.append(replace(current, reason="reclean"))
    taken = {text.key for text in texts}
    others = {text.key: text for text in by_older_rules if text.key not in taken}
    at_hand = ({current.document_id} - set(elsewhere)).union(fresh)
    return _Identity(row, fresh, chain([*texts, *others.values()], at_hand))


def _identities(names: list[str]) -> Select[tuple[str]]:
    return select(article.c.identity).where(article.c.identity.in_(names))


def _locked(conn: Connection, names: list[str]) -> Sequence[Any]:
    """Lock articles until the transaction ends, and return their keys. SQLite has locked the whole database."""
    wanted = select(article.c.identity, article.c.article_id, article.c.document_id)
    wanted = wanted.where(article.c.identity.in_(names)).order_by(article.c.identity)
    return conn.execute(wanted.with_for_update(key_share=True)).all()


def _stored(conn: Connection, names: list[str]) -> list[RowMapping]:
    """Return locked articles with the key of their document.

    A statement of its own: PostgreSQL drops a row from a join if it had to wait for its lock and it came back changed.
    """
    mine = article.c.identity.in_(names)
    joined = select(article, document.c.uri, document.c.sha256)
    joined = joined.join(document, document.c.document_id == article.c.document_id)
    return list(conn.execute(joined.where(mine)).mappings())


def _text(row: Mapping[str, Any]) -> Text:
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


def _rewrite(
    conn: Connection,
    identities: list[_Identity],
    publishers: dict[str, int],
    authors: dict[str, int],
    scheme_id: int,
) -> None:
    """Bring articles up to date: those that were there before where anything is another, and all that is new."""
    before = [one for one in identities if not one.inserted]
    stood = stored_children(conn, [one.article_id for one in before if one.current])
    changed, earlier = [], []
    current = [(one.article_id, one.current.prepared) for one in identities if one.inserted and one.current]
    for one in before:
        seen = {"first_seen_at": min(one.stored["first_seen_at"], _first_seen(one.fresh))}
        if one.current is None:
            if seen["first_seen_at"] < one.stored["first_seen_at"]:
                earlier.append(seen | {"key": one.article_id})
        elif row := _changed(one, _row(one.current, publishers) | seen, stood[one.article_id], scheme_id):
            changed.append(row | {"key": one.article_id})
            current.append((one.article_id, one.current.prepared))
        else:
            del stood[one.article_id]
    for rows in (changed, earlier):
        if rows:
            values: Row = {name: bindparam(name) for name in rows[0] if name not in ("key", "identity")}
            conn.execute(update(article).where(article.c.article_id == bindparam("key")).values(values), rows)
    _remember_lost(conn, [one for one in before if one.article_id in stood], stood, publishers)
    replace_children(conn, current, stood, authors, scheme_id)


def _changed(one: _Identity, row: Row, old: Children, scheme_id: int) -> Row | None:
    """Return the row that an article is to have from now on, or None where all is as it was.

    It is matched again only where matching would see another text.
    """
    stored = one.stored
    pending = old.scheme_id != scheme_id or any(stored[name] != row[name] for name in _COMPARED)
    equal = all(stored[name] == value for name, value in row.items() if name != "match_pending")
    if one.current is None or (not pending and equal and old.equals(one.current.prepared, scheme_id)):
        return None
    return row | {"match_pending": pending or stored["match_pending"]}


def _remember_lost(
    conn: Connection, rewritten: list[_Identity], stood: Mapping[int, Children], publishers: dict[str, int]
) -> None:
    """Leave a mark for each paragraph that these articles do not hold any more, or hold for another publisher."""
    lost: list[int] = []
    for one in rewritten:
        if one.current is not None:
            old, new = stood[one.article_id], one.current.prepared
            hashes = counted(old.paragraphs, old.removed)
            if one.stored["publisher_id"] == publishers.get(new.publisher or ""):
                hashes -= counted(new.paragraphs, new.removed)
            lost += hashes
    remember_lost(conn, lost)


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
