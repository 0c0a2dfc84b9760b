"""Documents without a story: what is left when the furniture of the site is taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etl.errors import Reject
from etl.strip.facts import Line
from etl.strip.page import Page
from etl.strip.verdicts import Named

# Rules that name what stands on every page of a site, whatever its story.
_FURNITURE = frozenset(
    ("ad", "comment_form", "consent", "follow", "navigation", "newsletter", "paywall", "share", "weather")
)
_MOST_TEASER_WORDS = 80
_MOST_TEASER_LINES = 2


def refuse_furniture(page: Page, removed: Mapping[int, Named], kept: Sequence[Line]) -> None:
    """Refuse a document that is a teaser in front of a paywall, or nothing but furniture.

    A table with a headline is an article without prose; it is refused only where the furniture outweighs it.
    """
    prose = [x for x in kept if x.prose]
    words = sum(x.words for x in prose)
    wall = next((x for x in page.near if x.says("paywall")), None)
    if wall and len(prose) <= _MOST_TEASER_LINES and words <= _MOST_TEASER_WORDS:
        raise Reject("strip", "paywall", wall.text[:100])
    if prose:
        return
    furniture = sum(page.lines[i].words for i, named in removed.items() if named.rule in _FURNITURE)
    if furniture > sum(x.words for x in kept):
        raise Reject("strip", "no-article", f"{furniture} words of menus, forms and prompts, and no prose")
