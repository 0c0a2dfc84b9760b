"""The stage: cut loose, look, judge, resolve, and say what became of every block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from etl.errors import Reject
from etl.records import CleanArticle, Element, KnownParagraphs, Paragraph, ParsedDocument, RemovedBlock
from etl.strip.body import named_families
from etl.strip.facts import Line
from etl.strip.guard import undo_excess
from etl.strip.kinds import kind_of
from etl.strip.learned.model import Model
from etl.strip.lines.model import LineModel
from etl.strip.metadata import complete
from etl.strip.page import Page, survey_near
from etl.strip.refusals import refuse_furniture
from etl.strip.rules import discover
from etl.strip.segment import cut_loose
from etl.strip.verdicts import Named, Rule, by_line, resolve
from etl.strip.version import RULE_VERSION
from etl.strip.voices import look

# Rules that keep the text elsewhere: in a column, or in an earlier copy.
_MOVED = frozenset(("headline", "standfirst", "repeat"))
_OUTSIDE = "outside"  # the rule whose reasons are the model's
_FEWEST_PAGE_WORDS = 25  # a page with less prose is an index, a gallery, a wall or an error
_WALL_WORDS = 250  # and so does a page that only asks for consent
_FEWEST_ASKING_WORDS = 4
_LINKED = 0.5
_DEAD_WORDS = 120  # an error page says so in its first lines, and little else


def strip(
    document: ParsedDocument, known: KnownParagraphs, model: Model | None = None, lines: LineModel | None = None
) -> CleanArticle:
    """Return the article and every removed block with its rule; kept and removed together are all text.

    model   that chooses the body of a page; None: the one that ships with newsfold.
    lines   the same for the lines of a plain text.
    raises  Reject("strip", "no-article") where there is no prose, "too-short" where a page has hardly any,
            "paywall" where there is a teaser alone, "error-page" where it says that it is one.
    """
    sight = look(document, model)
    near = sight.near if sight else None
    blocks, origins = cut_loose(document.blocks, document.metadata.published, near)
    page = survey_near(replace(document, blocks=blocks), known, sight.over(origins) if sight else None, lines)
    _refuse_error_page(page)
    _refuse_wall(page, document.elements)
    removed = judge(page, discover())
    kept = [line for line in page.lines if line.index not in removed]
    refuse_furniture(page, removed, kept)
    _refuse_empty(page, kept, listed=document.metadata.headline is not None)
    return CleanArticle(
        document.uri,
        document.identity,
        complete(page, kept),
        tuple(Paragraph(line.index, kind_of(page, line), line.text) for line in kept),
        tuple(_removed(page, removed)),
        RULE_VERSION,
    )


def judge(page: Page, rules: Sequence[Rule]) -> dict[int, Named]:
    """Return the verdict that stands on each removed line. The order of the rules does not matter."""
    found = by_line(rules, page)
    return undo_excess(page, resolve(found, _MOVED), found)


def _removed(page: Page, removed: Mapping[int, Named]) -> Iterable[RemovedBlock]:
    outside = [i for i, named in removed.items() if named.rule == _OUTSIDE]
    why = page.choice.why(outside) if page.choice.why else {}
    for index, named in sorted(removed.items()):
        yield RemovedBlock(index, page.lines[index].text, named.rule, why.get(index, named.verdict.detail))


def _refuse_error_page(page: Page) -> None:
    first = [x for x in page.lines if x.index in page.choice.body][:3]
    words = sum(x.words for x in page.lines if x.index in page.choice.body)
    dead = next((x for x in first if x.says("dead")), None)
    if dead and words <= _DEAD_WORDS:
        raise Reject("strip", "error-page", dead.text[:100])


def _refuse_wall(page: Page, elements: Sequence[Element]) -> None:
    """Refuse a short page that does little but ask for consent."""
    prose = [x for x in page.lines if x.words >= _FEWEST_ASKING_WORDS and x.link_share < _LINKED and not x.hidden]
    total = sum(x.words for x in prose)
    if page.plain or total > _WALL_WORDS:
        return
    families = named_families(page.lines, elements)
    asking = [x for x in prose if x.says("consent") or families.get(x.index) == "consent"]
    if sum(x.words for x in asking) * 2 > total:
        raise Reject("strip", "no-article", f"asks for consent: {asking[0].text[:100]}")


def _refuse_empty(page: Page, kept: Sequence[Line], listed: bool) -> None:
    """Refuse what holds no article.

    listed  the text came with a headline of its own, so that tables and results without a sentence are an article.
    """
    prose = sum(x.words for x in kept if x.prose)
    if not kept or not (prose or (page.plain and listed)):
        raise Reject("strip", "no-article", "no prose is left")
    if not page.plain and prose < _FEWEST_PAGE_WORDS:
        raise Reject("strip", "too-short", f"{prose} words of prose")
