"""Load: a batch of documents goes into the database in one transaction, and a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, Engine, RowMapping, bindparam, delete, or_, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from etl.db import prepare
from etl.db.articles import Fresh, store_articles
from etl.db.connect import first_line, reading, writing
from etl.db.erase import delete_documents, documents_of, stored_documents
from etl.db.prepare import PreparedArticle, PreparedDocument, PreparedRejection
from etl.db.remove import remove_orphans
from etl.db.rows import Row, chunks, ids_by_name, insert, insert_new
from etl.db.schema import article_version, document, raw_body, rejection, source
from etl.db.schemes import scheme_id
from etl.db.stale import wipe
from etl.db.takedown import keep_out
from etl.errors import DatabaseError, Reject
from etl.records import Folded, Rejected, Scheme

Outcome = Literal["loaded", "rejected"]
Key = tuple[str, str]  # (uri, sha256), the natural key of a document
Also = Callable[[Connection], None]  # what is to be written together with a batch, or not at all


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch."""

    loaded: int  # documents that are new, or done again by other rules
    rejected: int  # documents that were handed over as rejected, and those that no database can hold
    taken_down: int = 0  # among the rejected: articles that are kept out

    def plus(self, other: Stored) -> Stored:
        """Return the sum of two."""
        return Stored(self.loaded + other.loaded, self.rejected + other.rejected, self.taken_down + other.taken_down)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Where a batch goes."""

    engine: Engine
    run_id: int
    scheme: Scheme
    again: bool = False  # the documents are stored already, and were cleaned again
    marks: Sequence[int] = ()  # on their articles, to be wiped; see `stale.py`
    also: Also | None = None


def known_documents(engine: Engine, keys: Sequence[Key], rule_version: str) -> dict[Key, Outcome]:
    """Return what became of those documents that are stored already, by these rules.

    keys     (uri, sha256); sha256 is empty for what could not be read.
    returns  only what need not be done again. A rejection whose rules are not known counts for all rules.
    """
    wanted = {(prepare.address(uri), sha256): (uri, sha256) for uri, sha256 in keys}
    found: dict[Key, Outcome] = {}
    with reading(engine) as conn:
        for uris in chunks(sorted({uri for uri, _ in wanted})):
            loaded = select(document.c.uri, document.c.sha256).where(
                document.c.uri.in_(uris), document.c.article_id.is_not(None), document.c.rule_version == rule_version
            )
            refused = select(rejection.c.uri, rejection.c.sha256).where(
                rejection.c.uri.in_(uris),
                or_(rejection.c.rule_version.is_(None), rejection.c.rule_version == rule_version),
            )
            found |= {wanted[row._t]: "loaded" for row in conn.execute(loaded) if row._t in wanted}
            found |= {wanted[row._t]: "rejected" for row in conn.execute(refused) if row._t in wanted}
    return found


def store(
    engine: Engine,
    run_id: int,
    folded: Sequence[Folded],
    rejected: Sequence[Rejected],
    scheme: Scheme,
    rule_version: str | None = None,
    *,
    again: bool = False,
    marks: Sequence[int] = (),
    also: Also | None = None,
) -> Stored:
    """Store a batch in one transaction; a document that no database can hold becomes a rejection.

    rule_version  rules by which `rejected` were refused. Without it they are not tried again when rules change.
    again         the documents are stored already and were cleaned again, those of one article in one batch:
                  only what comes out otherwise is written, and one that is refused now loses its article.
    marks         of stale articles, wiped in the same transaction.
    also          written in the same transaction; where documents are stored one by one, in the last.
    raises        Transient: try the same call again. DatabaseError: the database cannot be written.
    """
    batch = _Batch(engine, run_id, scheme, again, marks, also)
    articles, refused = _prepared(folded, rejected, rule_version)
    try:
        loaded, unstorable, down = _store(batch, articles, refused)
    except DBAPIError as err:
        raise DatabaseError(f"the database cannot be written: {first_line(err)}") from err
    return Stored(loaded, len(refused) + unstorable + down, down)


def _prepared(
    folded: Sequence[Folded], rejected: Sequence[Rejected], rule_version: str | None
) -> tuple[list[PreparedArticle], list[PreparedRejection]]:
    articles, refused = [], [prepare.rejection(one, rule_version) for one in rejected]
    for one in folded:
        try:
            articles.append(prepare.article(one))
        except Reject as err:
            lost = Rejected(one.raw.uri, err.stage, err.reason, err.detail, one.raw)
            refused.append(prepare.rejection(lost, one.article.rule_version))
    return articles, refused


def _store(batch: _Batch, articles: list[PreparedArticle], refused: list[PreparedRejection]) -> tuple[int, int, int]:
    """Return how many documents were loaded, how many could not be stored, and how many articles are kept out."""
    try:
        loaded, down = _write(batch, articles, refused)
        return loaded, 0, down
    except (StatementError, OverflowError, UnicodeError) as err:
        if not articles or not _is_of_a_row(err):
            raise
    return _store_one_by_one(batch, articles, refused)


def _store_one_by_one(
    batch: _Batch, articles: list[PreparedArticle], refused: list[PreparedRejection]
) -> tuple[int, int, int]:
    """Find the documents that spoilt the batch; the others are stored."""
    loaded, down, spoilt = 0, 0, list[PreparedRejection]()
    for article in articles:
        try:
            new, kept_out = _write(replace(batch, also=None), [article], [])
            loaded, down = loaded + new, down + kept_out
        except (StatementError, OverflowError, UnicodeError) as err:
            if not _is_of_a_row(err):
                raise
            spoilt.append(prepare.unstorable(article, first_line(err)))
    _write(batch, [], [*refused, *spoilt])
    return loaded, len(spoilt), down


def _is_of_a_row(err: Exception) -> bool:
    """Tell an error that one row makes (a value no column takes) from one of the database (a full disk)."""
    if not isinstance(err, DBAPIError):
        return True
    too_large = str(getattr(err.orig, "sqlstate", "")).startswith("54")
    return isinstance(err, DataError | IntegrityError) or too_large


def _write(batch: _Batch, articles: Sequence[PreparedArticle], refused: Sequence[PreparedRejection]) -> tuple[int, int]:
    """Write everything in one transaction; return how many documents are new or done again, and articles kept out."""
    with writing(batch.engine) as conn:
        handed_over = len(articles)
        articles, refused, down = keep_out(conn, articles, refused)
        scheme = scheme_id(conn, batch.scheme)
        read = [*(a.document for a in articles), *(r.document for r in refused if r.document)]
        documents = _store_documents(conn, batch.run_id, read)
        fresh = _fresh(articles, documents, batch.again)
        gone = _gone(conn, down, {documents[one.prepared.document.key]["article_id"] for one in fresh}, batch.again)
        lost = sorted({*_lost(refused, documents), *gone}) if batch.again else []
        article_ids = store_articles(conn, fresh, scheme, lost, batch.again)
        _link_documents(conn, fresh, article_ids)
        _unlink_documents(conn, lost)
        before = {row["document_id"]: row["article_id"] for row in documents.values() if row["article_id"] is not None}
        remove_orphans(conn, _left(before | gone, article_ids, lost))
        delete_documents(conn, gone)
        _store_rejections(conn, batch.run_id, refused, documents)
        wipe(conn, batch.marks)
        if batch.also:
            batch.also(conn)
        return len(fresh), handed_over - len(articles)


def _lost(refused: Iterable[PreparedRejection], documents: Mapping[Key, RowMapping]) -> list[int]:
    """Return the refused documents that are a text of an article."""
    rows = [documents[one.key] for one in refused if one.document]
    return sorted(row["document_id"] for row in rows if row["article_id"] is not None)


def _gone(conn: Connection, down: Sequence[Key], made_anew: Collection[int], again: bool) -> dict[int, int]:
    """Return the stored documents that are taken down, with their articles; an article that is not made anew, whole."""
    gone = stored_documents(conn, down) if again else {}
    return gone | documents_of(conn, set(gone.values()).difference(made_anew))


def _left(before: Mapping[int, int], now: Mapping[int, int], lost: Iterable[int]) -> list[int]:
    """Return the articles that documents have left, for another article or for none."""
    moved = [
        document_id for document_id, article_id in now.items() if before.get(document_id, article_id) != article_id
    ]
    return sorted({before[document_id] for document_id in (*moved, *lost)})


def _store_documents(conn: Connection, run_id: int, documents: Iterable[PreparedDocument]) -> dict[Key, RowMapping]:
    """Insert the documents that are new, with their bytes, and return the rows of all."""
    # Of two copies of one document the one that was fetched first stays.
    read = {d.key: d for d in sorted(documents, key=lambda d: d.fetched_at, reverse=True)}
    sources = ids_by_name(conn, source, (d.source for d in read.values()))
    bodies = {d.sha256: d for d in read.values()}
    insert_new(conn, raw_body, [{"sha256": sha, "body": d.body, "size": d.size} for sha, d in sorted(bodies.items())])
    insert_new(conn, document, [_document_row(d, sources[d.source], run_id) for _, d in sorted(read.items())])
    found: dict[Key, RowMapping] = {}
    for part in chunks(sorted({uri for uri, _ in read})):
        rows = conn.execute(select(document).where(document.c.uri.in_(part))).mappings()
        found |= {(row["uri"], row["sha256"]): row for row in rows}
    return found


def _document_row(prepared: PreparedDocument, source_id: int, run_id: int) -> Row:
    names = ("uri", "sha256", "media_type", "charset", "fetched_at", "robots", "redirects")
    return {name: getattr(prepared, name) for name in names} | {"source_id": source_id, "run_id": run_id}


def _fresh(articles: Iterable[PreparedArticle], documents: Mapping[Key, RowMapping], again: bool) -> list[Fresh]:
    """Return the articles whose document has none yet, or has one made by other rules or from a later copy."""
    fresh: dict[Key, Fresh] = {}
    for one in sorted(articles, key=lambda a: a.document.fetched_at, reverse=True):
        row = documents[one.document.key]
        done = row["article_id"] is not None and row["rule_version"] == one.row["rule_version"]
        if again or not done or one.document.fetched_at < row["fetched_at"]:
            fresh[one.document.key] = Fresh(row["document_id"], one)
    return list(fresh.values())


def _link_documents(conn: Connection, fresh: Sequence[Fresh], article_ids: Mapping[int, int]) -> None:
    """Tell the documents their article; what refused them before is forgotten."""
    if not fresh:
        return
    rows = [
        {
            "key": one.document_id,
            "article_id": article_ids[one.document_id],
            "rule_version": one.prepared.row["rule_version"],
            "charset": one.prepared.document.charset,
            "fetched_at": one.prepared.document.fetched_at,
        }
        for one in fresh
    ]
    values: Row = {name: bindparam(name) for name in rows[0] if name != "key"}
    conn.execute(update(document).where(document.c.document_id == bindparam("key")).values(values), rows)
    for part in chunks(sorted(article_ids)):
        conn.execute(delete(rejection).where(rejection.c.document_id.in_(part)))


def _unlink_documents(conn: Connection, lost: Sequence[int]) -> None:
    """Part documents from their article; what they said in it goes too."""
    for part in chunks(lost):
        conn.execute(delete(article_version).where(article_version.c.document_id.in_(part)))
        parted = update(document).where(document.c.document_id.in_(part))
        conn.execute(parted.values(article_id=None, rule_version=None, charset=None))


def _store_rejections(
    conn: Connection, run_id: int, refused: Sequence[PreparedRejection], documents: Mapping[Key, RowMapping]
) -> None:
    """Insert or renew rejections; one that says the same as before changes no row."""
    rows = {
        one.key: one.row
        | {"document_id": documents[one.key]["document_id"] if one.document else None}
        | {"attempts": 1, "first_run_id": run_id, "last_run_id": run_id}
        for one in sorted(refused, key=lambda r: (r.key, r.row["stage"], r.row["reason"], r.row["detail"]))
    }
    if not rows:
        return
    statement = insert(conn, rejection)
    new, outcome = statement.excluded, ("stage", "reason", "detail", "rule_version")
    renewed = {name: new[name] for name in (*outcome, "document_id", "last_run_id")}
    statement = statement.on_conflict_do_update(
        index_elements=["uri", "sha256"],
        set_=renewed | {"attempts": rejection.c.attempts + 1},
        where=or_(*(rejection.c[name].is_distinct_from(new[name]) for name in outcome)),
    )
    conn.execute(statement, list(rows.values()))
