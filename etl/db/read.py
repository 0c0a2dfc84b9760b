"""The queries behind the commands that read. All answers are plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    RowMapping,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from etl.accounts import BigStory
from etl.db import views
from etl.db.connect import reading
from etl.db.schema import article, document, duplicate_pair, paragraph, removed_block, story
from etl.errors import InputError
from etl.records import Moment

LARGEST = 5  # stories named in a report

Answer = dict[str, Any]


def totals(engine: Engine) -> tuple[int, int, int, tuple[BigStory, ...]]:
    """Return the numbers of articles, stories and copies, and the largest stories that have copies."""
    with reading(engine) as conn:
        articles, stories_, members = count(conn, article), count(conn, story), count_members(conn)
        return articles, stories_, members - stories_, tuple(BigStory(*row) for row in conn.execute(_largest()))


def _largest() -> Select[Any]:
    """The largest stories, counted in an index alone: every run ends with this, and articles are wide."""
    member, size = article.c.story_id, func.count().label("size")
    sizes = select(member, size).where(member.is_not(None)).group_by(member).having(size > 1)
    largest = sizes.order_by(size.desc(), member).limit(LARGEST).subquery()
    lead = select(largest.c.story_id, article.c.headline, largest.c.size).join_from(
        largest, article, article.c.article_id == largest.c.story_id
    )
    return lead.order_by(largest.c.size.desc(), largest.c.story_id)


def oversized(engine: Engine, most: int) -> int:
    """Return the number of stories of more than `most` articles."""
    member = article.c.story_id
    large = select(member).where(member.is_not(None)).group_by(member).having(func.count() > most)
    with reading(engine) as conn:
        return count(conn, large.subquery())


def find_article(engine: Engine, wanted: str) -> int:
    """Return the article that `wanted` names: its number, identity, address, record id, uri or the end of its uri.

    raises  InputError when it names none, or several.
    """
    found = articles_named(engine, wanted)
    if not found:
        raise InputError(f"{wanted}: no such article; name it by number, address, record id or file name")
    if len(found) > 1:
        numbers = ", ".join(map(str, found[:5])) + (" ..." if len(found) > 5 else "")
        raise InputError(f"{wanted}: is several articles ({numbers}), name one by its number")
    return found[0]


def articles_named(engine: Engine, wanted: str, most: int = 6) -> list[int]:
    """Return the articles that `wanted` names in the surest way in which it names any; at most so many."""
    with reading(engine) as conn:
        for condition in _names(wanted):
            query = (
                select(article.c.article_id)
                .distinct()
                .join_from(article, document, document.c.article_id == article.c.article_id)
            )
            found = list(conn.scalars(query.where(condition).order_by(article.c.article_id).limit(most)))
            if found:
                return found
    return []


def explain(engine: Engine, article_id: int) -> Answer:
    """Return everything that is known of an article.

    returns  article: the row of v_articles, with `published` and `modified` saying no more than is known;
             blocks: every block of the document in order, kept or removed, by which rule; versions: its earlier
             texts; story: the members and what they are to the lead; pairs: the articles it was compared with
             and shares text with, with the shared passages.
    raises   InputError when there is none.
    """
    with reading(engine) as conn:
        v = views.handle("v_articles")
        row = conn.execute(select(v).where(v.c.article_id == article_id)).mappings().first()
        if row is None:
            raise InputError(f"{article_id}: no such article")
        v_versions = views.handle("v_versions")
        earlier = select(v_versions).where(v_versions.c.article_id == article_id).order_by(v_versions.c.version)
        return {
            "article": _honest(row),
            "blocks": _blocks(conn, article_id, row["body"]),
            "versions": plain(conn.execute(earlier).mappings()),
            "story": {"story_id": row["story_id"], "members": _story_members(conn, row["story_id"])},
            "pairs": _pairs(conn, article_id, row),
        }


def answers(engine: Engine, query: Select[Any]) -> list[Answer]:
    with reading(engine) as conn:
        return plain(conn.execute(query).mappings())


def plain(rows: Iterable[Mapping[Any, Any]]) -> list[Answer]:
    """Return rows as values that JSON can hold."""
    return [{name: _value(value) for name, value in row.items()} for row in rows]


def _value(value: object) -> object:
    return f"{value:%Y-%m-%dT%H:%M:%S}Z" if isinstance(value, datetime) else value


def count(conn: Connection, counted: FromClause) -> int:
    """Return the number of rows."""
    return int(conn.scalar(select(func.count()).select_from(counted)) or 0)


def count_members(conn: Connection) -> int:
    """Return the number of articles that belong to a story."""
    return int(conn.scalar(select(func.count()).where(article.c.story_id.is_not(None))) or 0)


def _names(wanted: str) -> list[ColumnElement[bool]]:
    """Ways to name an article, the surest first."""
    ends = {f"{mark}{end}" for mark in "/#" for end in (wanted, quote(wanted))}
    found: list[ColumnElement[bool]] = [article.c.article_id == int(wanted)] if _is_number(wanted) else []
    return [
        *found,
        article.c.identity == wanted,
        or_(article.c.url == wanted, article.c.canonical_url == wanted),
        article.c.external_id == wanted,
        document.c.uri == wanted,
        or_(*(_ends_with(end) for end in sorted(ends))),
    ]


def _is_number(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit() and len(wanted) < 19  # fits in 64 bit


def _ends_with(end: str) -> ColumnElement[bool]:
    """Without LIKE, which minds the case on one engine only."""
    uri = document.c.uri
    return and_(func.length(uri) >= len(end), func.substr(uri, func.length(uri) - len(end) + 1) == end)


def _honest(row: RowMapping) -> Answer:
    """The row, with dates in ISO 8601 that claim no more than is known."""
    [answer] = plain([row])
    for name in ("published", "modified"):
        at = row[f"{name}_at"]
        raw, precision, zone = (row[f"{name}_{part}"] for part in ("raw", "precision", "zone"))
        answer[name] = None if at is None else Moment(at, raw, precision, zone, "").iso()
    return answer


def _blocks(conn: Connection, article_id: int, body: str) -> list[Answer]:
    p, r = paragraph.c, removed_block.c
    kept = select(p.block_position, p.kind, p.word_count, p.char_start, p.char_end).where(p.article_id == article_id)
    removed = select(r.position, r.text, r.rule, r.detail, r.rule_version).where(r.article_id == article_id)
    found = [
        {
            "position": row.block_position,
            "kept": True,
            "kind": row.kind,
            "words": row.word_count,
            "text": body[row.char_start : row.char_end],
        }
        for row in conn.execute(kept)
    ]
    found += [{"kept": False} | dict(row) for row in conn.execute(removed).mappings()]
    return sorted(found, key=lambda block: block["position"])


def _story_members(conn: Connection, story_id: int | None) -> list[Answer]:
    a, c = views.handle("v_articles"), views.handle("v_copies")
    columns = [a.c[name] for name in ("article_id", "role", "headline", "publisher", "url", "uri", "published_at")]
    to_lead = [c.c[name] for name in ("relation", "jaccard", "containment", "coverage", "shared_paragraphs")]
    joined = select(*columns, *to_lead).join_from(a, c, c.c.article_id == a.c.article_id, isouter=True)
    first = case((a.c.article_id == story_id, 0), else_=1)
    return plain(conn.execute(joined.where(a.c.story_id == story_id).order_by(first, a.c.article_id)).mappings())


def _pairs(conn: Connection, article_id: int, row: RowMapping) -> list[Answer]:
    pair = duplicate_pair.c
    other = case((pair.left_article_id == article_id, pair.right_article_id), else_=pair.left_article_id)
    touching = or_(pair.left_article_id == article_id, pair.right_article_id == article_id)
    columns = [pair[n] for n in ("relation", "jaccard", "containment", "coverage", "shared_paragraphs", "passages")]
    joined = select(
        article.c.article_id, article.c.headline, article.c.story_id, pair.left_article_id, *columns
    ).join_from(duplicate_pair, article, article.c.article_id == other)
    found = []
    for one in conn.execute(joined.where(touching).order_by(article.c.article_id)).mappings():
        answer = dict(one)
        left = answer.pop("left_article_id") == article_id
        answer["same_story"] = answer.pop("story_id") == row["story_id"] is not None
        answer["passages"] = [_passage(span, row["body"], left) for span in one["passages"]]
        found.append(answer)
    return found


def _passage(span: Sequence[int], body: str, left: bool) -> Answer:
    """One shared passage, seen from this article."""
    start, end, other_start, other_end = span if left else (*span[2:], *span[:2])
    text = body[start:end]
    return {"text": text, "start": start, "end": end, "other_start": other_start, "other_end": other_end}
