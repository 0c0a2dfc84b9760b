"""One stored pair, and the texts of its articles."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, select

from etl.db.connect import reading
from etl.db.matching import Matching, match_of
from etl.db.schema import duplicate_pair
from etl.records import Match, ParagraphPair, Passage, StoredText


def stored_texts(engine: Engine, ids: Collection[int]) -> dict[int, StoredText]:
    """Return what articles are compared by."""
    with reading(engine) as conn:
        return Matching(conn, 0).texts(ids)


def stored_pair(engine: Engine, one: int, other: int) -> Match | None:
    """Return the verified pair of two articles, if there is one."""
    pair = duplicate_pair.c
    wanted = select(duplicate_pair).where(pair.left_article_id == min(one, other))
    with reading(engine) as conn:
        row = conn.execute(wanted.where(pair.right_article_id == max(one, other))).first()
    if row is None:
        return None
    return match_of(
        row,
        tuple(Passage(*span) for span in row.passages),
        tuple(ParagraphPair(*found) for found in row.paragraphs),
    )
