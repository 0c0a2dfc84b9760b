"""The last look: rules that together take more prose than they leave are wrong about the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etl.strip.page import Page
from etl.strip.verdicts import Named, Saying, first

_MOVED = frozenset(("headline", "standfirst", "repeat", "outside"))


def undo_excess(page: Page, removed: Mapping[int, Named], found: Mapping[int, Sequence[Saying]]) -> dict[int, Named]:
    """Return the removals, without those of softer rules if the body would lose more prose than it keeps.

    What a line says of itself ("Advertisement") and what only moved to a column stays removed.
    """
    body = [x for x in page.lines if x.prose and page.in_body(x.index)]
    taken = sum(x.words for x in body if x.index in removed and removed[x.index].rule not in _MOVED)
    left = sum(x.words for x in body if x.index not in removed)
    if taken <= left or not body:
        return dict(removed)
    firm = {i: [(rule, said) for rule, said in found[i] if rule.firm and not said.soft] for i in removed}
    return {i: first(rows) for i, rows in firm.items() if rows}
