"""Cleaning again by today's rules: what changes, what is kept, and that twice is once.

The databases hold what older rules would have left: the sample as it is cleaned today, stored under the version "0"
with some of its removed blocks back in the text.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from etl import sources
from etl.accounts import RunReport
from etl.cli.main import app
from etl.db.connect import open_engine
from etl.db.load import store
from etl.db.runs import start_run
from etl.fingerprint import SCHEME, fingerprint
from etl.pipeline import fold_batch
from etl.reclean import Scope, reclean
from etl.records import CleanArticle, Folded, KnownParagraphs, Metadata, Paragraph, RawDocument, Rejected
from etl.settings import read_settings
from etl.settle import settle
from etl.strip import RULE_VERSION
from etl.workers import local_pool
from tests.dumps import dump
from tests.support import SAMPLE, run_ingest

OLD = "0"
BACK = "caption"  # older rules did not know captions


def raws() -> list[RawDocument]:
    refs = sources.plan([str(SAMPLE)]).refs(100)
    return [one for one in sources.read(refs, "adhoc", 1 << 25) if isinstance(one, RawDocument)]


def by_older_rules(one: Folded) -> Folded:
    """The same document as if nobody had known what a caption is."""
    back = tuple(Paragraph(b.position, "text", b.text) for b in one.article.removed if b.rule == BACK)
    kept = tuple(sorted((*one.article.paragraphs, *back), key=lambda p: p.position))
    removed = tuple(b for b in one.article.removed if b.rule != BACK)
    article = replace(one.article, paragraphs=kept, removed=removed, rule_version=OLD)
    [print_] = fingerprint([article])
    return replace(one, article=article, fingerprint=print_)


def made_up(raw: RawDocument) -> Folded:
    """What older rules took for an article, and today's do not."""
    body = "Home page of a paper that older rules took for an article of nine words."
    article = CleanArticle(raw.uri, raw.uri, Metadata(headline="Home"), (Paragraph(0, "text", body),), (), OLD)
    [print_] = fingerprint([article])
    return Folded(raw, "utf-8", article, print_)


@pytest.fixture
def old(engine, database_url):
    """A database that older rules have filled: captions in the text, an index page loaded, a story refused."""
    run_id = start_run(engine, "ingest", {})
    results = list(fold_batch(raws(), KnownParagraphs()))
    folded = [by_older_rules(r) for r in results if isinstance(r, Folded)]
    refused = [r for r in results if isinstance(r, Rejected)]
    index = next(r for r in refused if r.uri.endswith("harbour-post/index.html"))
    story = next(f for f in folded if f.raw.uri.endswith("flood-warning.txt"))
    lost = Rejected(story.raw.uri, "strip", "no-article", "refused by older rules", story.raw)
    stored = [*(f for f in folded if f is not story), made_up(index.raw)]
    store(engine, run_id, stored, [*(r for r in refused if r is not index), lost], SCHEME, OLD)
    settings = read_settings(database_url=database_url, jobs=1)
    settle(engine, settings, local_pool(1), run_id, lambda _: None)
    with engine.begin() as db:  # the articles of the site whose notice is known by now were cleaned by today's rules
        for table in ("article", "document", "removed_block", "article_version"):
            db.execute(text(f"update {table} set rule_version = '{OLD}' where rule_version is not null"))
    return database_url


def again(url: str, scope: Scope | None = None, *, dry: bool = False, batch_size: int = 500) -> RunReport:
    settings = read_settings(database_url=url, jobs=1, batch_size=batch_size)
    return reclean(settings, local_pool(1), scope or Scope(), dry=dry)


def rows(engine, query: str) -> list:
    with engine.connect() as db:
        return list(db.execute(text(query)).mappings())


def without(tables: dict, *names: str) -> dict:
    return {name: found for name, found in tables.items() if name not in names}


def test_a_dry_run_says_what_would_change_and_writes_nothing(old, engine):
    before = dump(engine), rows(engine, "select * from run")
    report = again(old, dry=True)
    assert (dump(engine), rows(engine, "select * from run")) == before
    changes = report.batches.changes
    captions = len(rows(engine, "select 1 from v_articles where body like '%Photo%' or body like '%photo%'"))
    assert changes.changed >= captions > 0
    assert changes.removed[BACK] >= captions
    assert changes.newly_rejected == 1
    assert changes.loaded == 1
    assert changes.fields["body"] == changes.changed
    assert sum(changes.sites.values()) == changes.changed + changes.newly_rejected
    assert 0 < len(changes.examples) <= 10
    assert all(example.gone or example.back for example in changes.examples)


def test_what_a_dry_run_says_is_what_happens(old):
    said, done = again(old, dry=True), again(old)
    assert done.batches.changes == said.batches.changes
    assert done.batches.read == done.batches.loaded + done.batches.unchanged + done.batches.rejected


def test_afterwards_the_articles_are_what_a_first_run_would_have_made(old, engine, fresh_database_url):
    again(old, batch_size=7)
    run_ingest(fresh_database_url, [SAMPLE])
    fresh = open_engine(fresh_database_url)
    kept = ("article_version", "rejection", "document", "publisher", "author")
    assert without(dump(engine), *kept) == without(dump(fresh), *kept)
    assert rows(engine, "select distinct rule_version from v_articles") == [{"rule_version": RULE_VERSION}]
    assert rows(engine, "select uri, stage, reason from v_rejected order by uri") == rows(
        fresh, "select uri, stage, reason from v_rejected order by uri"
    )
    fresh.dispose()


def test_the_old_text_is_a_version_where_the_text_changed(old, engine):
    before = {row["identity"]: row["body"] for row in rows(engine, "select identity, body from article")}
    again(old)
    kept = "select a.identity, a.body as now, v.body, v.reason, v.rule_version from article_version v join article a"
    found = rows(engine, f"{kept} on a.article_id = v.article_id where v.reason = 'reclean'")
    changed = [
        row["identity"]
        for row in rows(engine, "select identity, body from article")
        if before.get(row["identity"]) not in (None, row["body"])
    ]
    assert sorted(row["identity"] for row in found) == sorted(changed)
    assert found
    assert all(row["body"] == before[row["identity"]] and row["rule_version"] == OLD for row in found)
    assert len(rows(engine, "select * from v_versions")) == len(found) + 1  # and the one that came twice


def test_twice_is_once(old, engine):
    again(old)
    before = dump(engine)
    second = again(old)
    assert second.batches.read == 0
    assert dump(engine) == before
    third = again(old, Scope(everything=True))
    assert third.batches.changes.changed == 0
    assert third.batches.changes.unchanged == 37
    assert third.articles_matched == 0
    assert dump(engine) == before


def test_ingesting_the_same_pages_afterwards_changes_nothing(old, engine):
    again(old)
    before = dump(engine)
    assert run_ingest(old, [SAMPLE]).batches.loaded == 0
    assert dump(engine) == before


def test_one_site_alone(old, engine):
    report = again(old, Scope(site="Valley Courier"))
    assert set(report.batches.changes.sites) == {"Valley Courier"}
    found = rows(engine, "select distinct publisher from v_articles where rule_version <> '0'")
    assert [row["publisher"] for row in found] == ["Valley Courier"]


def test_what_was_pruned_stays_as_it_is_and_is_counted(old, engine):
    with engine.begin() as db:
        db.execute(text("delete from raw_body"))
    before = dump(engine)
    changes = again(old).batches.changes
    assert changes.pruned > 37
    assert (changes.changed, changes.newly_rejected) == (0, 0)
    assert dump(engine) == before


def test_the_command_shows_it_on_a_terminal_and_for_programs(old):
    shown = CliRunner().invoke(app, ["reclean", "--dry-run", "--db", old, "--jobs", "1"])
    assert shown.exit_code == 0, shown.output
    for part in ("nothing was written", "newly rejected", "Paragraphs that go, by rule", "### Examples", "Sites"):
        assert part in shown.stdout
    answer = json.loads(CliRunner().invoke(app, ["reclean", "--dry-run", "--db", old, "--jobs", "1", "--json"]).stdout)
    assert answer["run_id"] == 0
    assert answer["batches"]["changes"]["newly_rejected"] == 1
    done = json.loads(CliRunner().invoke(app, ["reclean", "--direct", "--db", old, "--jobs", "1", "--json"]).stdout)
    assert done["batches"]["changes"] == answer["batches"]["changes"]
    assert (done["flow"], done["status"]) == ("reclean", "done")


def test_there_must_be_a_database(tmp_path):
    done = CliRunner().invoke(app, ["reclean", "--direct", "--db", f"sqlite:///{tmp_path}/none.db"])
    assert done.exit_code == 1
    assert "no database there" in str(done.exception)


def test_rejects_are_listed_and_tried_again(old, engine):
    listed = json.loads(CliRunner().invoke(app, ["rejects", "--db", old, "--json"]).stdout)
    assert {row["reason"] for row in listed} >= {"empty", "no-article"}
    assert "refused by older rules" in CliRunner().invoke(app, ["rejects", "--db", old]).stdout
    done = CliRunner().invoke(app, ["rejects", "--replay", "--db", old, "--jobs", "1", "--json"])
    assert json.loads(done.stdout)["batches"]["changes"]["loaded"] == 1
    assert rows(engine, "select headline from v_articles where uri like '%flood-warning.txt'")
    before = dump(engine)
    assert CliRunner().invoke(app, ["rejects", "--replay", "--db", old, "--jobs", "1"]).exit_code == 0
    tried = [row | {"attempts": row["attempts"] + 1} for row in before["rejection"]]
    assert dump(engine) == before | {"rejection": tried}
