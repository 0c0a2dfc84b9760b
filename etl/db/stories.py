"""Stories by what people look for: when, who printed it, which agency, how often, which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, ColumnElement, Engine, and_, func, or_, select, true
from sqlalchemy import text as sql

from etl.db import views
from etl.db.connect import reading
from etl.db.read import Answer, answers
from etl.db.rows import chunks
from etl.db.schema import article, publisher
from etl.db.search import SEARCH_COLUMN, SEARCH_INDEX
from etl.errors import InputError
from etl.text import words

Sort = Literal["copies", "first", "last"]

OPENING_CHARS = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which stories. Each part that is given must hold, for one article of the story or for several."""

    since: datetime | None = None  # UTC; one of its articles was published then or later
    until: datetime | None = None  # UTC; one was published before
    publisher: str | None = None  # name, whatever its case
    agency: str | None = None  # name, whatever its case
    headline: str | None = None  # words in the headline of the lead, whatever their case
    search: str | None = None  # words that one article has all of, in headline, standfirst or body
    least_copies: int = 0


def stories(engine: Engine, wanted: Filter, sort: Sort = "copies", limit: int = 50) -> list[Answer]:
    """Return the rows of v_stories that pass, most copied first, or by first or last publication, the newest first."""
    v = views.handle("v_stories")
    query = select(v).where(v.c.copies >= wanted.least_copies)
    if wanted.headline:
        query = query.where(func.lower(v.c.headline).contains(wanted.headline.lower(), autoescape=True))
    for condition in _of_an_article(engine, wanted):
        query = query.where(v.c.story_id.in_(select(article.c.story_id).where(condition)))
    orders = {
        "copies": (v.c.copies.desc(), v.c.last_published_at.desc().nulls_last()),
        "first": (v.c.first_published_at.desc().nulls_last(),),
        "last": (v.c.last_published_at.desc().nulls_last(),),
    }
    return answers(engine, query.order_by(*orders[sort], v.c.story_id).limit(limit))


def openings(engine: Engine, article_ids: Sequence[int]) -> dict[int, str]:
    """Return how the texts of articles begin, by their numbers: that stands for a headline where there is none."""
    opening = func.substr(article.c.body, 1, OPENING_CHARS)
    found: dict[int, str] = {}
    with reading(engine) as conn:
        for part in chunks(article_ids):
            asked = select(article.c.article_id, opening).where(article.c.article_id.in_(part))
            found.update(conn.execute(asked).tuples().all())
    return found


def _of_an_article(engine: Engine, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold for one article of the story each; both ends of a time hold for the same one."""
    published = article.c.published_at
    if wanted.since or wanted.until:
        after = published >= wanted.since if wanted.since else true()
        yield after & (published < wanted.until if wanted.until else published.is_not(None))
    if wanted.publisher:
        named = select(publisher.c.publisher_id).where(_is(publisher.c.name, wanted.publisher))
        yield article.c.publisher_id.in_(named)
    if wanted.agency:
        yield _is(article.c.agency, wanted.agency)
    if wanted.search:
        yield _holds(engine, wanted.search)


def _is(column: Column[str], name: str) -> ColumnElement[bool]:
    """SQLite lowers ASCII alone, so the name as it stands counts too."""
    return or_(column == name, func.lower(column) == name.lower())


def _holds(engine: Engine, search: str) -> ColumnElement[bool]:
    """Ask the full-text index of either engine for articles that have all words of a search."""
    terms = [term for term in search.split() if words(term)]
    if not terms:
        raise InputError(f"{search!r}: no word to search for")
    if engine.dialect.name == "postgresql":
        asked = sql(f"article.{SEARCH_COLUMN} @@ plainto_tsquery('simple', :terms)")
        return and_(asked.bindparams(terms=" ".join(terms)))
    quoted = " ".join('"' + term.replace('"', '""') + '"' for term in terms)
    asked = sql(f"article.article_id IN (SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH :terms)")  # noqa: S608
    return and_(asked.bindparams(terms=quoted))
