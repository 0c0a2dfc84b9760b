"""What cleaning again does to an article: which blocks go, which come back, which columns are others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etl.accounts import Changes, Example
from etl.db import prepare
from etl.db.stored import StoredArticle
from etl.errors import Reject
from etl.records import Folded, Rejected

SHOWN = ("body", "headline", "standfirst", "published_at", "published_precision", "modified_at", "agency", "dateline")
ALSO = ("language", "declared_language", "section", "keywords", "is_accessible_for_free", "url", "canonical_url")
NO_RULE = "(cut otherwise)"  # a text that stands in no single block before or after


def difference(before: StoredArticle, after: Folded | Rejected) -> Changes:
    """Return what becomes of one article when its document comes out like this."""
    site = before.publisher or ""
    if isinstance(after, Rejected):
        return Changes(newly_rejected=1, sites={site: 1}, examples=(_example(before, before.kept, ()),))
    try:
        fields = _fields(before, after)
    except Reject:
        return Changes(newly_rejected=1, sites={site: 1}, examples=(_example(before, before.kept, ()),))
    if not fields:
        return Changes(unchanged=1)
    kept = [prepare.storable(p.text) for p in after.article.paragraphs]
    gone, back = _missing(before.kept, kept), _missing(kept, before.kept)
    removed_now = [(prepare.storable(b.text), b.rule) for b in after.article.removed]
    return Changes(
        changed=1,
        fields=dict.fromkeys(fields, 1),
        removed=_by_rule(gone, removed_now),
        restored=_by_rule(back, before.removed),
        sites={site: 1},
        examples=(_example(before, gone, back),) if gone or back else (),
    )


def _fields(before: StoredArticle, after: Folded) -> list[str]:
    prepared = prepare.article(after)
    found = [name for name in (*SHOWN, *ALSO) if before.fields[name] != prepared.row[name]]
    if before.authors != prepared.authors:
        found.append("authors")
    return [*found, "publisher"] if before.publisher != prepared.publisher else found


def _missing(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the texts that are not among the others, in their order."""
    left = Counter(others)
    found = []
    for text in texts:
        if left[text]:
            left[text] -= 1
        else:
            found.append(text)
    return found


def _by_rule(texts: Sequence[str], removed: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Count texts by the rule of the removed block that they are, or stand in."""
    rules = dict(reversed(removed))
    counts: Counter[str] = Counter()
    for text in texts:
        found = rules.get(text) or next((rule for block, rule in removed if text in block), NO_RULE)
        counts[found] += 1
    return dict(sorted(counts.items()))


def _example(before: StoredArticle, gone: Sequence[str], back: Sequence[str]) -> Example:
    return Example(before.fields["identity"], before.fields["headline"], tuple(gone), tuple(back))
