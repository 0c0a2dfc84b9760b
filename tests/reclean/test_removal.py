"""Documents that are refused when they are cleaned again, or become another article: nothing of them stays behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from etl.db.load import store
from etl.db.runs import start_run
from etl.fingerprint import SCHEME
from etl.pipeline import fold
from etl.records import Folded, KnownParagraphs, RawDocument, Rejected
from etl.settle import match_and_learn
from etl.text import text_hash
from tests.dumps import dump
from tests.site_memory.made import Page, body, headline

NOTHING_KNOWN = KnownParagraphs()
FETCHED = datetime(2026, 3, 2, tzinfo=UTC)


def folded(site: str, name: str, number: int, file: str = "", modified: str = "", first: int = 0) -> Folded:
    page = Page(site, name, headline(number), body(number)[first:], modified=modified)
    raw = RawDocument(f"{page.address}?{file}", page.html.encode(), "text/html", FETCHED)
    result = fold(raw, NOTHING_KNOWN)
    assert isinstance(result, Folded)
    return result


def refused(one: Folded) -> Rejected:
    return Rejected(one.raw.uri, "strip", "no-article", "by newer rules", one.raw)


@pytest.fixture
def load(engine):
    """Load or clean again, and match; return the tables."""
    run_id = start_run(engine, "reclean", {})

    def loaded(*results: Folded | Rejected, again: bool = False) -> dict:
        kept = [r for r in results if isinstance(r, Folded)]
        lost = [r for r in results if isinstance(r, Rejected)]
        store(engine, run_id, kept, lost, SCHEME, "1", again=again)
        match_and_learn(engine, run_id)
        found = dump(engine)
        del found["publisher"]  # one may have no article left
        return found

    return loaded


def empty(engine) -> None:
    with engine.begin() as db:
        db.execute(text("update article set story_id = null"))
        db.execute(text("update document set article_id = null"))
        tables = "rejection stale_article lost_paragraph known_paragraph duplicate_pair story article_author paragraph"
        more = "removed_block fingerprint sketch_key article_version article document raw_body publisher author"
        for table in f"{tables} {more}".split():
            db.execute(text(f"delete from {table}"))


def test_the_story_of_an_article_that_goes_is_formed_anew(engine, load):
    """The one that goes is the lead, and all that held two others together."""
    family = [folded(f"Paper {i}", "story", 1, first=i) for i in range(3)]
    alone = folded("Paper 9", "other", 2)
    load(*family, alone)
    for gone in family:
        rest = [one for one in family if one is not gone]
        after = load(*rest, alone, refused(gone), again=True)
        empty(engine)
        assert after == load(*rest, alone, refused(gone))
        empty(engine)
        load(*family, alone)


def test_an_earlier_text_that_is_refused_goes_and_the_current_one_stays(engine, load):
    first = folded("Paper", "story", 1, "a", "2026-03-03T08:00:00Z")
    second = folded("Paper", "story", 2, "b", "2026-03-04T08:00:00Z")
    assert len(load(first, second)["article_version"]) == 1
    for kept, lost in ((second, first), (first, second)):
        after = load(kept, refused(lost), again=True)
        assert after["article_version"] == []
        empty(engine)
        assert after == load(kept, refused(lost))
        empty(engine)
        load(first, second)


def test_a_document_that_becomes_another_article_leaves_nothing_behind(engine, load):
    one, other = folded("Paper", "story", 1), folded("Paper", "second", 1)
    load(one, other)
    moved = replace(one, article=replace(one.article, identity="https://paper.example/new"))
    after = load(moved, other, again=True)
    empty(engine)
    assert after == load(moved, other)


def test_what_is_known_of_a_site_shortens_an_article_and_never_refuses_one():
    page = Page(
        "Paper", "brief", headline(1), ("The ferry sails again on Friday, the harbour office said.",), after=body(2)[:1]
    )
    raw = RawDocument(page.address, page.html.encode(), "text/html", FETCHED)
    for paragraphs in (page.paragraphs, page.after, (*page.paragraphs, *page.after)):
        known = KnownParagraphs({"Paper": frozenset(map(text_hash, paragraphs))})
        assert isinstance(fold(raw, known), Folded)
