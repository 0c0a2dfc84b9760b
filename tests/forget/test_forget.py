"""Articles that are taken down: as if they had never been there, and never to come back."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.items import remember
from etl.db.load import store
from etl.db.rejections import Rejects
from etl.db.runs import start_run
from etl.errors import InputError
from etl.execution import patiently
from etl.feeds import FeedItem
from etl.fingerprint import SCHEME, fingerprint
from etl.forget import forget
from etl.pipeline import fold
from etl.polling.entries import entry
from etl.reclean import Scope, reclean
from etl.records import Folded, KnownParagraphs, RawDocument
from etl.settings import read_settings
from etl.settle import match_and_learn
from etl.strip import RULE_VERSION
from etl.workers import local_pool
from tests.dumps import dump
from tests.site_memory.made import Page, body, headline

FETCHED = datetime(2026, 3, 2, tzinfo=UTC)
LOST = ("publisher", "run", "quality_check")  # one may have no article left; marks name the order of takedowns


def document(site: str, name: str, number: int, file: str = "", modified: str = "", first: int = 0) -> RawDocument:
    page = Page(site, name, headline(number), body(number)[first:], modified=modified)
    return RawDocument(f"{page.address}?v={file}", page.html.encode(), "text/html", FETCHED)


# Three families of copies, whole and cut, one of them with two texts at one address; and two that stand alone.
CORPUS = [
    *(document(f"Paper {i}", f"bridge-{i}", 1, first=i % 2) for i in range(4)),
    *(document(f"Paper {i}", f"ferry-{i}", 2) for i in range(3)),
    document("Paper 1", "vote", 3, "a", "2026-03-03T08:00:00Z"),
    document("Paper 1", "vote", 4, "b", "2026-03-04T08:00:00Z"),
    document("Paper 2", "vote-too", 4),
    document("Paper 3", "alone", 5),
    document("Paper 4", "alone-too", 6),
]
LATER, SAME_AS_LATER, ALONE = CORPUS[-4:-1]


def load(engine, documents) -> None:
    run_id = start_run(engine, "ingest", {})
    results = [fold(raw, KnownParagraphs()) for raw in documents]
    folded = [r for r in results if isinstance(r, Folded)]
    assert len(folded) == len(results)
    patiently(lambda: store(engine, run_id, folded, [], SCHEME, RULE_VERSION))
    match_and_learn(engine, run_id)


def take_down(url: str, *names: str, reason: str | None = None):
    return forget(read_settings(database_url=url, jobs=1), local_pool(1), names, reason)


def tables(engine) -> dict:
    found = dump(engine)
    return {name: rows for name, rows in found.items() if name not in LOST}


def everything(engine) -> str:
    """Every value of every table, bytes as they are, and the full-text index."""
    with reading(engine) as conn:
        names = list(dump(engine))
        rows = [tuple(map(str, row)) for name in [*names, "run"] for row in conn.execute(text(f"SELECT * FROM {name}"))]
    return repr(rows)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_as_if_they_had_never_been_there(engine, database_url, fresh_database_url, seed):
    """Seed 0 takes down what is the later of two texts at another address: that one stays with its earlier text."""
    rng = random.Random(seed)
    down = rng.sample([raw for raw in CORPUS if "/vote?" not in raw.uri], 2) if seed else [SAME_AS_LATER]
    load(engine, CORPUS)
    take_down(database_url, *(raw.uri for raw in down))
    once = tables(engine)
    other = open_engine(fresh_database_url)
    load(other, down)
    take_down(fresh_database_url, *(raw.uri for raw in down))
    shuffled = rng.sample(CORPUS, len(CORPUS))
    for at in range(0, len(shuffled), 5):
        load(other, shuffled[at : at + 5])
    expected = tables(other)
    other.dispose()
    refused = {row["uri"] for row in expected.pop("rejection")}
    assert {raw.uri for raw in down} <= refused
    later = [] if seed else [LATER.uri]  # read again without its article, which stays with its earlier text
    assert [row["uri"] for row in once.pop("rejection")] == later
    for found in (once, expected):  # the earlier text of an address has marks where it was there
        found.pop("takedown")
    assert once == expected
    load(engine, CORPUS)
    again = tables(engine)
    assert {row["reason"] for row in again.pop("rejection")} == {"taken-down"}
    again.pop("takedown")
    assert again == expected


def test_no_word_of_it_stays(engine, database_url):
    secret = document("Paper 7", "private", 9)
    load(engine, [*CORPUS, secret])
    record = {"url": secret.uri, "text": body(9)[0]}
    with engine.begin() as conn:
        conn.execute(text("UPDATE run SET report = :r"), {"r": json.dumps({"largest": [{"headline": headline(9)}]})})
    assert body(9)[0] in everything(engine)
    report = take_down(database_url, secret.uri, reason="a court said so")
    assert (report.forgotten.articles, report.forgotten.documents) == (1, 1)
    left = everything(engine)
    for said in (*body(9), headline(9), secret.uri, record["url"]):
        assert said not in left, said
    assert "a court said so" in left


@pytest.mark.parametrize(
    "comes_back",
    [
        pytest.param(lambda raw: raw, id="the same document"),
        pytest.param(lambda raw: replace(raw, uri="https://elsewhere.example/page"), id="its bytes, elsewhere"),
        pytest.param(lambda raw: document("Paper 8", "other-name", 5), id="its text, on another page"),
        pytest.param(lambda raw: replace(document("Paper 3", "alone", 8), uri=raw.uri), id="its address, another text"),
    ],
)
def test_it_never_comes_back(engine, database_url, comes_back):
    load(engine, CORPUS)
    take_down(database_url, ALONE.uri)
    before = tables(engine)
    back = comes_back(ALONE)
    load(engine, [back])
    after = tables(engine)
    [refused] = after.pop("rejection")
    assert (refused["uri"], refused["stage"], refused["reason"]) == (back.uri, "load", "taken-down")
    before.pop("rejection")
    assert after == before


def test_neither_does_it_by_cleaning_again_or_replay(engine, database_url):
    load(engine, CORPUS)
    take_down(database_url, CORPUS[0].uri)
    before = tables(engine)
    settings = read_settings(database_url=database_url, jobs=1)
    for scope in (Scope(everything=True), Scope(rejects=Rejects())):
        reclean(settings, local_pool(1), scope)
    assert tables(engine) == before


def test_a_text_that_becomes_the_same_by_cleaning_again_goes_too(engine, database_url):
    """Its bytes are left: cleaning again makes of them what was taken down."""
    one, two = document("Paper 3", "alone", 5), document("Paper 4", "changed", 5)
    result = fold(two, KnownParagraphs())
    cut = replace(result.article, paragraphs=result.article.paragraphs[:2], rule_version="0")
    load(engine, [one])
    run_id = start_run(engine, "ingest", {})
    store(engine, run_id, [replace(result, article=cut, fingerprint=fingerprint([cut])[0])], [], SCHEME, "0")
    match_and_learn(engine, run_id)
    take_down(database_url, one.uri)
    assert [row["uri"] for row in tables(engine)["document"]] == [two.uri]
    reclean(read_settings(database_url=database_url, jobs=1), local_pool(1), Scope())
    left = tables(engine)
    assert (left["article"], left["document"], left["raw_body"]) == ([], [], [])
    assert [row["reason"] for row in left["rejection"]] == ["taken-down"]


def test_an_address_is_kept_out_before_anything_is_there(engine, database_url):
    load(engine, CORPUS[:2])
    raw = CORPUS[-1]
    report = take_down(database_url, raw.uri + "&utm_source=x")
    assert report.forgotten.articles == 0
    load(engine, [raw])
    assert [row["reason"] for row in tables(engine)["rejection"]] == ["taken-down"]


def test_what_names_nothing_takes_nothing_down(engine, database_url):
    load(engine, CORPUS)
    before = everything(engine)
    for wrong in ("no-such-file.txt", "999999"):
        with pytest.raises(InputError, match="no such article"):
            take_down(database_url, CORPUS[0].uri, wrong)
    assert everything(engine) == before


def test_a_list_forgets_what_it_said_of_it(engine, database_url):
    load(engine, CORPUS)
    raw, item = CORPUS[0], FeedItem(url=CORPUS[0].uri, headline="Words of the feed")
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO source (name, kind, url) VALUES ('wire', 'feed', 'https://wire.example/rss')"))
        source_id = conn.execute(text("SELECT source_id FROM source WHERE name = 'wire'")).scalar()
        remember(conn, source_id, [entry(item, "https://wire.example/rss")], FETCHED)
    take_down(database_url, raw.uri)
    with reading(engine) as conn:
        assert conn.execute(text("SELECT state, record FROM source_item")).all() == [("done", None)]


def test_while_others_load_the_same(engine, database_url):
    """Whoever is first: nothing of it is there when both are done."""
    load(engine, CORPUS[:4])
    stop = threading.Event()

    def again() -> None:
        while not stop.is_set():
            other = open_engine(database_url)
            load(other, CORPUS)
            other.dispose()

    loaders = [threading.Thread(target=again) for _ in range(2)]
    for loader in loaders:
        loader.start()
    take_down(database_url, CORPUS[0].uri)
    stop.set()
    for loader in loaders:
        loader.join()
    match_and_learn(engine, start_run(engine, "ingest", {}))
    left = tables(engine)
    gone = {row["uri"] for row in left["rejection"] if row["reason"] == "taken-down"}
    assert gone <= {raw.uri for raw in CORPUS}
    assert CORPUS[0].uri not in {row["uri"] for row in left["document"]}
    assert all(row["text_hash"] != fold(CORPUS[0], KnownParagraphs()).fingerprint.text_hash for row in left["article"])


def test_the_command(engine, database_url):
    load(engine, CORPUS)
    program = Path(sys.executable).with_name("newsfold")
    call = [program, "forget", CORPUS[0].uri, "--db", database_url, "--json"]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["forgotten"]["articles"] == 2  # two papers have the same text
