"""Two stored articles compared for a reader: from the stored pair where there is one, else by today's rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etl.db.connect import Database
from etl.db.pairs import stored_pair, stored_texts
from etl.db.read import explain, find_article
from etl.errors import InputError
from etl.match import JOINING, compare
from etl.match.compare import circumstances, jaccard
from etl.match.paragraphs import turned as turned_paragraphs
from etl.match.passages import turned as turned_passages
from etl.match.reasons import reasons
from etl.records import Match, StoredText
from etl.report.comparison import Comparison, Side
from etl.report.side_by_side import rows


def comparison(engine: Database, one: str, other: str) -> Comparison:
    """Return two articles beside each other, each named as `find_article` takes it.

    raises  InputError where one is not found, or both are one article.
    """
    left_id, right_id = find_article(engine, one), find_article(engine, other)
    if left_id == right_id:
        raise InputError(f"{one} and {other} are one article, number {left_id}; its earlier texts are in v_versions")
    texts = stored_texts(engine, (left_id, right_id))
    left, right = texts[left_id], texts[right_id]
    sides = _side(explain(engine, left_id)["article"]), _side(explain(engine, right_id)["article"])
    stored = stored_pair(engine, left_id, right_id)
    now = compare(left, right) if left.scheme == right.scheme else None
    found = stored or now
    match = _seen_from(found, left_id) if found else None
    return _comparison(sides, (left, right), match, stored is not None, _why(sides, left, right, stored, now))


def _comparison(
    sides: tuple[Side, Side], texts: tuple[StoredText, StoredText], match: Match | None, stored: bool, why: list[str]
) -> Comparison:
    passages, paragraphs = (match.passages, match.paragraphs) if match else ((), ())
    return Comparison(
        *sides,
        relation=match.relation if match else None,
        stored=stored,
        same_story=_same_story(*sides),
        jaccard=match.jaccard if match else jaccard(*texts),
        containment=match.containment if match else 0.0,
        coverage=match.coverage if match else 0.0,
        shared_paragraphs=match.shared_paragraphs if match else 0,
        reasons=tuple(why),
        passages=passages,
        paragraphs=paragraphs,
        rows=tuple(rows(texts[0].body, texts[1].body, passages, paragraphs)),
    )


def _seen_from(match: Match, left_id: int) -> Match:
    """Return a match with what it shares as seen from the article that was named first."""
    if match.left_id == left_id:
        return match
    turned = tuple(turned_passages(match.passages)), tuple(turned_paragraphs(match.paragraphs))
    return replace(match, passages=turned[0], paragraphs=turned[1])


def _side(row: dict[str, Any]) -> Side:
    return Side(
        row["article_id"],
        row["headline"],
        row["publisher"],
        row["published"],
        row["url"] or row["uri"],
        row["story_id"],
        row["role"],
        row["word_count"],
    )


def _same_story(left: Side, right: Side) -> bool:
    return left.story_id is not None and left.story_id == right.story_id


def _why(
    sides: tuple[Side, Side], left: StoredText, right: StoredText, stored: Match | None, now: Match | None
) -> list[str]:
    """Return the sentences on the pair, and what grouping made of it."""
    found = reasons(left, right, circumstances(left, right))
    if stored and (now is None or now.relation != stored.relation):
        found.append(
            f"The stored relation, {stored.relation}, is of other rules: newsfold rematch brings it up to date."
        )
    joins, together = now is not None and now.relation in JOINING, _same_story(*sides)
    if stored is None:
        found.append("The pair was compared just now: the two share too few rows for the database to propose it.")
    elif joins and not together:
        found.append("They are not in one story: a story is a lead and what matches it, or a copy that speaks for it.")
    if together and not joins:
        found.append(f"They stand in one story through others: both are copies of article {sides[0].story_id}.")
    return found
