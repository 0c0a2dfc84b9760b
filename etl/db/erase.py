"""Take articles down: everything that is stored of them goes, and marks are left that keep them out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Engine, delete, exists, func, or_, select, tuple_, update

from etl.accounts import Forgotten
from etl.db.connect import writing
from etl.db.remove import remove_orphans
from etl.db.reports import scrub_reports
from etl.db.rows import bulk_insert, chunks
from etl.db.schema import (
    article,
    article_author,
    article_version,
    author,
    document,
    page,
    raw_body,
    rejection,
    source_item,
    stale_article,
)
from etl.db.sketches import take_out_lost
from etl.db.takedown import LEAST_TEXT_WORDS, Hashes, body_hash, mark, name_hash
from etl.text import count_words


@dataclass(slots=True)
class _Known:
    """By what articles, and the documents that they come from, are known."""

    identities: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    texts: set[int] = field(default_factory=set)  # hashes, of texts long enough
    bytes: set[str] = field(default_factory=set)  # SHA-256 of documents
    said: set[str] = field(default_factory=set)  # what a report may have of them

    @property
    def names(self) -> list[str]:
        return sorted(self.identities | self.addresses)

    @property
    def hashes(self) -> Hashes:
        return (
            {body_hash(t): "text" for t in self.texts}
            | dict.fromkeys(self.bytes, "bytes")
            | {name_hash(n): "address" for n in self.addresses}
            | {name_hash(n): "identity" for n in self.identities}
        )


def erase(
    engine: Engine,
    run_id: int,
    article_ids: Sequence[int],
    addresses: Collection[str],
    reason: str | None,
    one_form: Callable[[str], str | None],
) -> Forgotten:
    """Take articles down in one transaction, and with them every other one of the same text, bytes or address.

    Their neighbours are left to be matched again, and articles of which only some documents are concerned to be
    cleaned again, see `stale.py`: both is done at the end of a run.

    addresses  to be kept out besides, whether something is stored under them or not.
    one_form   gives an address in its one form, by which lists know it; None: it is none of the web.
    raises     Transient.
    """
    with _alone(engine) as conn:
        known = _known(conn, article_ids)
        known.addresses |= set(addresses)
        known.addresses |= {form for name in known.addresses if (form := one_form(name))}
        mark(conn, run_id, known.hashes, reason)
        concerned = _concerned(conn, known) - set(article_ids)
        partly = _partly(conn, concerned)
        whole = sorted({*article_ids, *concerned} - partly)
        known.said |= _said(conn, whole)
        bulk_insert(conn, stale_article, ("article_id",), [(i,) for i in sorted(partly)])
        documents = _documents(conn, whole, known)
        articles = _remove(conn, whole, documents)
        _remove_lists(conn, known)
        scrub_reports(conn, known.said)
        return Forgotten(articles, len(documents), len(known.hashes))


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction beside which nobody loads or matches. The locks come first: what is read later is the latest."""
    with writing(engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("LOCK TABLE takedown IN ACCESS EXCLUSIVE MODE")
            conn.exec_driver_sql("LOCK TABLE story IN SHARE ROW EXCLUSIVE MODE")
        else:
            conn.exec_driver_sql("pragma secure_delete = on")  # freed pages are overwritten
        yield conn


def _known(conn: Connection, ids: Sequence[int]) -> _Known:
    found = _Known()
    for part in chunks(ids):
        a, v, d = article.c, article_version.c, document.c
        for row in conn.execute(select(article).where(a.article_id.in_(part))).mappings():
            found.identities |= {row["identity"]}
            found.addresses |= {row["url"], row["canonical_url"]} - {None}
            found.texts |= {row["text_hash"]} if row["word_count"] >= LEAST_TEXT_WORDS else set()
        for text_hash, body in conn.execute(select(v.text_hash, v.body).where(v.article_id.in_(part))):
            found.texts |= {text_hash} if count_words(body) >= LEAST_TEXT_WORDS else set()
        for uri, sha256, redirects in conn.execute(select(d.uri, d.sha256, d.redirects).where(d.article_id.in_(part))):
            found.addresses |= {uri, *(address for _, address in redirects or ())}
            found.bytes.add(sha256)
    found.addresses |= _asked_for(conn, found.addresses)
    found.said |= found.identities | found.addresses
    return found


def _asked_for(conn: Connection, uris: Iterable[str]) -> set[str]:
    """Return the addresses that led to documents."""
    parts = chunks(sorted(uris))
    return {url for part in parts for url in conn.scalars(select(page.c.url).where(page.c.uri.in_(part)))}


def _concerned(conn: Connection, known: _Known) -> set[int]:
    """Return the articles that hold something which is kept out from now on."""
    found = set[int]()
    for column, values in (
        (article.c.identity, known.names),
        (article.c.url, known.names),
        (article.c.canonical_url, known.names),
        (article.c.text_hash, sorted(known.texts)),
        (article_version.c.text_hash, sorted(known.texts)),
        (document.c.uri, known.names),
        (document.c.sha256, sorted(known.bytes)),
    ):
        for part in chunks(values):
            found |= set(conn.scalars(select(column.table.c.article_id).where(column.in_(part))))
    return found - {None}


def _partly(conn: Connection, ids: Iterable[int]) -> set[int]:
    """Return the articles that can be made anew without what is kept out: of several documents, all of them there."""
    d, found = document.c, set[int]()
    for part in chunks(sorted(ids)):
        joined = select(d.article_id).outerjoin(raw_body, raw_body.c.sha256 == d.sha256).where(d.article_id.in_(part))
        several = joined.group_by(d.article_id).having(func.count() > 1, func.count() == func.count(raw_body.c.sha256))
        found |= set(conn.scalars(several))
    return found


def _said(conn: Connection, ids: Iterable[int]) -> set[str]:
    """Return what a report of a run may hold of articles."""
    a, found = article.c, set[str | None]()
    for part in chunks(ids):
        columns = select(a.identity, a.url, a.headline, a.body, document.c.uri)
        joined = columns.join(document, document.c.article_id == a.article_id).where(a.article_id.in_(part))
        for identity, url, headline, body, uri in conn.execute(joined):
            found |= {identity, url, headline, uri, *body.split("\n\n")}
    return {text for text in found if text}


def _documents(conn: Connection, article_ids: Sequence[int], known: _Known) -> list[int]:
    """Return the documents of articles, and the rejected ones of the same addresses or bytes."""
    d, found = document.c, set[int]()
    for part in chunks(article_ids):
        found |= set(conn.scalars(select(d.document_id).where(d.article_id.in_(part))))
    for column, values in ((d.uri, known.names), (d.sha256, sorted(known.bytes))):
        for names in chunks(values):
            refused = select(d.document_id).where(column.in_(names), d.article_id.is_(None))
            found |= set(conn.scalars(refused))
    return sorted(found)


def _remove(conn: Connection, article_ids: Sequence[int], document_ids: Sequence[int]) -> int:
    """Delete articles with all that hangs on them, and documents with their bytes; return how many articles went."""
    authors = _authors(conn, article_ids)
    for part in chunks(document_ids):
        conn.execute(update(document).where(document.c.document_id.in_(part)).values(article_id=None))
    removed = remove_orphans(conn, article_ids)
    delete_documents(conn, document_ids)
    for part in chunks(authors):
        used = exists().where(article_author.c.author_id == author.c.author_id)
        conn.execute(delete(author).where(author.c.author_id.in_(part), ~used))
    take_out_lost(conn)
    return removed


def delete_documents(conn: Connection, document_ids: Iterable[int]) -> None:
    """Delete documents that no article comes from, their rejections, and the bytes that no other document has."""
    d = document.c
    for part in chunks(document_ids):
        hashes = list(conn.scalars(select(d.sha256).where(d.document_id.in_(part)).distinct()))
        conn.execute(delete(rejection).where(rejection.c.document_id.in_(part)))
        conn.execute(delete(article_version).where(article_version.c.document_id.in_(part)))
        conn.execute(delete(document).where(d.document_id.in_(part)))
        used = exists().where(d.sha256 == raw_body.c.sha256)
        conn.execute(delete(raw_body).where(raw_body.c.sha256.in_(hashes), ~used))


def stored_documents(conn: Connection, keys: Iterable[tuple[str, str]]) -> dict[int, int]:
    """Return those of the documents, by uri and SHA-256, that are a text of an article: their number to its number."""
    d, found = document.c, dict[int, int]()
    for part in chunks(sorted(set(keys))):
        wanted = select(d.document_id, d.article_id).where(tuple_(d.uri, d.sha256).in_(part))
        found |= dict(conn.execute(wanted.where(d.article_id.is_not(None))).tuples().all())
    return found


def documents_of(conn: Connection, article_ids: Iterable[int]) -> dict[int, int]:
    """Return the documents of articles: their number to that of the article."""
    d, found = document.c, dict[int, int]()
    for part in chunks(sorted(set(article_ids))):
        found |= dict(conn.execute(select(d.document_id, d.article_id).where(d.article_id.in_(part))).tuples().all())
    return found


def _authors(conn: Connection, ids: Iterable[int]) -> list[int]:
    column = article_author.c.author_id
    found = (conn.scalars(select(column).where(article_author.c.article_id.in_(part))) for part in chunks(ids))
    return sorted({author_id for part in found for author_id in part})


def _remove_lists(conn: Connection, known: _Known) -> None:
    """Forget what lists and the web said of these addresses; the items stay seen, so they are not read again."""
    hashes = [h for h, kind in known.hashes.items() if kind in ("address", "identity")]
    for part in chunks(hashes):
        listed = or_(source_item.c.url_hash.in_(part), source_item.c.item_key.in_(part))
        conn.execute(update(source_item).where(listed).values(record=None, note=None, state="done"))
    for names in chunks(known.names):
        columns: list[Column[str]] = [page.c.url, page.c.uri]
        conn.execute(delete(page).where(or_(*(column.in_(names) for column in columns))))
        conn.execute(delete(rejection).where(rejection.c.uri.in_(names)))
