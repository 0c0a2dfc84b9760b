"""Verified pairs in, stories out: a function of the set of articles and matches, whatever their order.

A story is a lead and what matches it, directly or through one representative: a member that has nearly all its text in
common with the lead. There are no longer chains, so the ends of a running story do not meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from etl.records import JOINING, Match, Member, Role, Standing, Story


@dataclass(frozen=True, slots=True)
class Grouping:
    """Shares are 0..1."""

    representative: float = 0.75  # containment that makes a member speak for its lead: as in Thresholds.most
    representative_size: float = (
        0.50  # of the lead's words: a shorter member, quoted perhaps, speaks only for what it holds
    )
    collector_pieces: int = 3  # a page that holds so many texts ...
    collector_alike: float = 0.34  # ... of which fewer pairs match each other, is news in brief and no story
    collector_looked_at: int = 24  # pieces, the smallest identities first
    second_hand: float = 0.25  # share of the lead's direct members that one joining at second hand must match


GROUPING = Grouping()
_NEVER = datetime.max.replace(tzinfo=UTC)

Edges = Mapping[int, Mapping[int, Match]]


def group(articles: Sequence[Standing], matches: Sequence[Match]) -> list[Story]:
    """Return every article in exactly one story, stories by the policy order of their leads."""
    standing = {a.article_id: a for a in articles}
    edges = _without_collectors(standing, _edges(standing, matches))
    free, stories = set(standing), []
    for lead in sorted(standing, key=lambda a: _policy(standing[a])):
        if lead in free:
            members = _members(edges, lead, free, standing)
            free -= {lead, *members}
            stories.append(_story(standing, edges, lead, members))
    return stories


def _policy(article: Standing) -> tuple[datetime, int, str, int]:
    """Sort key of leads: earliest published, unknown last; then longest; then smallest identity."""
    return article.published_at or _NEVER, -article.word_count, article.identity, article.article_id


def _edges(standing: Mapping[int, Standing], matches: Iterable[Match]) -> dict[int, dict[int, Match]]:
    edges: dict[int, dict[int, Match]] = {a: {} for a in standing}
    for match in matches:
        if match.relation in JOINING and match.left_id in edges and match.right_id in edges:
            edges[match.left_id][match.right_id] = edges[match.right_id][match.left_id] = match
    return edges


def _pieces(standing: Mapping[int, Standing], edges: Edges, article: int) -> list[int]:
    """Return the shorter texts that stand in an article."""
    size = standing[article].word_count
    return [b for b, m in edges[article].items() if m.relation == "contained" and standing[b].word_count < size]


def _collects(standing: Mapping[int, Standing], edges: Edges, article: int) -> bool:
    """Say whether an article holds several texts that are strangers to each other."""
    pieces = _pieces(standing, edges, article)
    if len(pieces) < GROUPING.collector_pieces:
        return False
    pieces = sorted(pieces, key=lambda a: standing[a].identity)[: GROUPING.collector_looked_at]
    pairs = list(combinations(pieces, 2))
    return sum(b in edges[a] for a, b in pairs) < GROUPING.collector_alike * len(pairs)


def _without_collectors(standing: Mapping[int, Standing], edges: Edges) -> Edges:
    """Return the edges without those between a collector and its pieces."""
    cut = {(a, piece) for a in standing if _collects(standing, edges, a) for piece in _pieces(standing, edges, a)}
    if not cut:
        return edges
    return {a: {b: m for b, m in near.items() if (a, b) not in cut and (b, a) not in cut} for a, near in edges.items()}


def _members(edges: Edges, lead: int, free: set[int], standing: Mapping[int, Standing]) -> list[int]:
    direct = [a for a in edges[lead] if a in free]
    speakers = [a for a in direct if edges[lead][a].containment >= GROUPING.representative]
    spoken_for = {b for a in speakers for b in edges[a] if _speaks(standing[a], standing[lead], standing[b])}
    reached = (spoken_for & free) - {lead, *direct}
    needed = GROUPING.second_hand * len(direct)
    second = [b for b in reached if sum(a in edges[b] for a in direct) >= needed]
    return sorted([*direct, *second])


def _speaks(speaker: Standing, lead: Standing, other: Standing) -> bool:
    """Say whether what speaker and other have in common is the lead's text, not a piece that the lead quotes."""
    is_long = speaker.word_count >= GROUPING.representative_size * lead.word_count
    return is_long or other.word_count <= speaker.word_count


def _story(standing: Mapping[int, Standing], edges: Edges, lead: int, members: Sequence[int]) -> Story:
    placed = [Member(a, _role(standing[lead], standing[a], edges[lead].get(a))) for a in members]
    return Story(lead, (Member(lead, "lead"), *placed))


def _role(lead: Standing, article: Standing, match: Match | None) -> Role:
    """Return what a member is to the lead; one that joined at second hand is judged by its length."""
    if match is not None and match.relation != "contained":
        return "copy"
    if match is None and 0.8 * max(lead.word_count, article.word_count) <= min(lead.word_count, article.word_count):
        return "copy"
    return "abridged" if article.word_count < lead.word_count else "expanded"
