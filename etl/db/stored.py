"""Stored documents, to be taken through the pipeline again: which, their bytes, and what became of them last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlalchemy import Connection, Engine, RowMapping, func, select

from etl.db.children import stored_children
from etl.db.connect import reading
from etl.db.prepare import PARAGRAPH, REMOVED
from etl.db.rows import chunks
from etl.db.schema import article, document, publisher, raw_body, rejection, source
from etl.records import RawDocument


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it was read."""

    uri: str
    sha256: str
    article_id: int | None  # None: rejected
    is_current: bool  # the text of its article comes from it
    raw: RawDocument | None  # None: its bytes were pruned


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it stands: what cleaning made of its document."""

    article_id: int
    publisher: str | None
    fields: RowMapping  # columns of article
    authors: tuple[str, ...]
    kept: tuple[str, ...]  # text of each paragraph
    removed: tuple[tuple[str, str], ...]  # (text, rule) of each removed block


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be cleaned again."""

    article_ids: tuple[int, ...] = ()
    document_ids: tuple[int, ...] = ()  # of rejected documents


def outdated_articles(
    engine: Engine, rule_version: str | None, site: str | None = None, since: datetime | None = None
) -> tuple[int, ...]:
    """Return the articles with a document that was cleaned by other rules than these; without rules all, sorted.

    site   name of a publisher.
    since  published, or where that is not known fetched, then or later.
    """
    wanted = select(article.c.article_id).join(document, document.c.article_id == article.c.article_id).distinct()
    if rule_version is not None:
        wanted = wanted.where(document.c.rule_version.is_distinct_from(rule_version))
    if site is not None:
        wanted = wanted.join(publisher, publisher.c.publisher_id == article.c.publisher_id)
        wanted = wanted.where(publisher.c.name == site)
    if since is not None:
        wanted = wanted.where(func.coalesce(article.c.published_at, article.c.fetched_at) >= since)
    with reading(engine) as conn:
        return tuple(conn.scalars(wanted.order_by(article.c.article_id)))


def rejected_documents(
    engine: Engine, rule_version: str | None = None, since: datetime | None = None
) -> tuple[int, ...]:
    """Return the rejected documents that were refused by other rules than these; without rules all, sorted.

    since  fetched then or later.
    """
    wanted = select(document.c.document_id).join(rejection, rejection.c.document_id == document.c.document_id)
    wanted = wanted.where(document.c.article_id.is_(None))
    if rule_version is not None:
        wanted = wanted.where(rejection.c.rule_version.is_not(None), rejection.c.rule_version != rule_version)
    if since is not None:
        wanted = wanted.where(document.c.fetched_at >= since)
    with reading(engine) as conn:
        return tuple(conn.scalars(wanted.order_by(document.c.document_id)))


def stored_documents(engine: Engine, selection: Selection) -> list[StoredDocument]:
    """Return the documents of articles, and single ones besides, each with its bytes where they are still there."""
    found: dict[int, StoredDocument] = {}
    with reading(engine) as conn:
        for column, ids in (
            (document.c.article_id, selection.article_ids),
            (document.c.document_id, selection.document_ids),
        ):
            for part in chunks(ids):
                wanted = select(document, source.c.name, raw_body.c.body, article.c.document_id.label("current_id"))
                wanted = wanted.join_from(document, source).where(column.in_(part))
                wanted = wanted.outerjoin(raw_body, raw_body.c.sha256 == document.c.sha256)
                wanted = wanted.outerjoin(article, article.c.article_id == document.c.article_id)
                found |= {row["document_id"]: _document(row) for row in conn.execute(wanted).mappings()}
    return [found[document_id] for document_id in sorted(found)]


def _document(row: RowMapping) -> StoredDocument:
    raw = None
    if row["body"] is not None:
        body = zstandard.ZstdDecompressor().decompress(row["body"])
        raw = RawDocument(row["uri"], body, row["media_type"], row["fetched_at"], row["name"])
    is_current = row["current_id"] == row["document_id"]
    return StoredDocument(row["uri"], row["sha256"], row["article_id"], is_current, raw)


def stored_articles(engine: Engine, article_ids: Sequence[int]) -> dict[int, StoredArticle]:
    """Return articles as they stand, by number."""
    with reading(engine) as conn:
        rows = {row["article_id"]: row for part in chunks(article_ids) for row in _articles(conn, part)}
        hanging = stored_children(conn, sorted(rows))
    return {
        article_id: StoredArticle(
            article_id,
            row["publisher"],
            row,
            tuple(hanging[article_id].authors),
            tuple(row["body"][p[_START] : p[_END]] for p in hanging[article_id].paragraphs),
            tuple((r[_TEXT], r[_RULE]) for r in hanging[article_id].removed),
        )
        for article_id, row in rows.items()
    }


_START, _END = (PARAGRAPH.index(name) - 1 for name in ("char_start", "char_end"))
_TEXT, _RULE = (REMOVED.index(name) - 1 for name in ("text", "rule"))


def _articles(conn: Connection, ids: list[int]) -> Sequence[RowMapping]:
    wanted = select(article, publisher.c.name.label("publisher")).outerjoin(
        publisher, publisher.c.publisher_id == article.c.publisher_id
    )
    return conn.execute(wanted.where(article.c.article_id.in_(ids))).mappings().all()
