"""The sample corpus comes out as its truth says, on both databases."""

import tomllib

import pytest
from sqlalchemy import create_engine, text

from tests.support import SAMPLE, run_ingest

TRUTH = tomllib.loads((SAMPLE / "truth.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def sample(module_database_url):
    report = run_ingest(module_database_url, [SAMPLE], jobs=1)
    engine = create_engine(module_database_url)
    with engine.connect() as db:
        yield report, db
    engine.dispose()


def rows(db, query: str, **bound) -> list[dict]:
    return [dict(row) for row in db.execute(text(query), bound).mappings()]


def uri(file: str) -> str:
    path, mark, record = file.partition("#")
    return (SAMPLE / path).as_uri() + mark + record


def loaded(db, truth: dict) -> dict:
    """Return the article that a document became: by its own uri, or as the version that it is."""
    (found,) = rows(
        db,
        "select a.*, d.document_id = a.document_id as current, d.charset from document d "
        "join article a on a.article_id = d.article_id where d.uri = :uri",
        uri=uri(truth["file"]),
    )
    return found


def folded(value: str) -> str:
    return " ".join(value.split())


CURRENT = [d for d in TRUTH["document"] if d["file"] not in {f for v in TRUTH["version"] for f in v["earlier"]}]
by_file = pytest.mark.parametrize("truth", CURRENT, ids=[d["file"] for d in CURRENT])


def test_counts(sample):
    report, _ = sample
    counts = TRUTH["counts"]
    found = {
        "read": report.batches.read,
        "loaded": report.batches.loaded,
        "rejected": report.batches.rejected,
        "articles": report.articles,
        "stories": report.stories,
        "copies": report.copies,
    }
    assert found == counts


@by_file
def test_metadata(sample, truth):
    _, db = sample
    (view,) = rows(db, "select * from v_articles where article_id = :id", id=loaded(db, truth)["article_id"])
    published = truth.get("published")
    stored = published and published.replace("T", " ").rstrip("Z")
    expected = {
        "headline": truth.get("headline"),
        "standfirst": truth.get("standfirst"),
        "authors": "; ".join(truth["authors"]) if "authors" in truth else None,
        "language": truth["language"],
        "agency": truth.get("agency"),
        "dateline": truth.get("dateline"),
        "published_at": f"{stored} 00:00:00" if stored and len(stored) == 10 else stored,
        "published_precision": truth.get("precision"),
    }
    found = {name: view[name] for name in expected}
    found["published_at"] = found["published_at"] and str(found["published_at"])[:19]
    assert found == expected
    if published and "T" in published:
        assert view["published_zone"] == ("stated" if published.endswith("Z") else "unknown")


@by_file
def test_body(sample, truth):
    _, db = sample
    article = loaded(db, truth)
    body = folded(article["body"])
    assert body.startswith(truth["begins"])
    assert body.endswith(truth["ends"])
    assert [s for s in truth["kept"] if folded(s) not in body] == []
    assert [s for s in truth.get("absent", []) if folded(s) in body] == []
    parts = rows(db, "select kind from paragraph where article_id = :id order by position", id=article["article_id"])
    assert len(parts) == truth["paragraphs"], article["body"]


@by_file
def test_headings(sample, truth):
    _, db = sample
    article = loaded(db, truth)
    spans = rows(
        db,
        "select char_start, char_end from paragraph where article_id = :id and kind = 'heading' order by position",
        id=article["article_id"],
    )
    assert [article["body"][s["char_start"] : s["char_end"]] for s in spans] == truth.get("headings", [])


@by_file
def test_removed(sample, truth):
    _, db = sample
    article = loaded(db, truth)
    body = folded(article["body"])
    gone = [
        folded(r["text"])
        for r in rows(db, "select text from v_removed where article_id = :id", id=article["article_id"])
    ]
    assert [s for s in truth["removed"] if folded(s) in body and folded(s) not in truth["kept"] and len(s) > 12] == []
    assert [s for s in truth["removed"] if not any(folded(s) in text for text in gone)] == []
    for again in truth.get("repeated", []):
        assert body.count(folded(again)) == 1
        assert any(folded(again) in text for text in gone)


def test_rejections(sample):
    _, db = sample
    expected = {(r["file"], r["stage"], r["reason"]) for r in TRUTH["rejected"]}
    found = rows(db, "select uri, stage, reason from v_rejected")
    names = {SAMPLE.as_uri() + "/" + r["file"]: r["file"] for r in TRUTH["rejected"]}
    assert {(names.get(r["uri"].partition("#")[0]), r["stage"], r["reason"]) for r in found} == expected


def test_charsets_that_pages_lie_about(sample):
    _, db = sample
    lying = [d for d in CURRENT if "charset" in d]
    assert [loaded(db, d)["charset"] for d in lying] == [d["charset"] for d in lying]


@pytest.mark.parametrize("story", TRUTH["story"], ids=[s["lead"] for s in TRUTH["story"]])
def test_stories(sample, story):
    _, db = sample
    expected = {(uri(m["file"]), m["role"], m.get("relation")) for m in story["members"]}
    lead = loaded(db, {"file": story["lead"]})["article_id"]
    members = rows(
        db,
        "select a.uri, a.role, c.relation from v_articles a left join v_copies c on c.article_id = a.article_id "
        "where a.story_id = :id",
        id=lead,
    )
    assert {(m["uri"], m["role"], m["relation"]) for m in members} == expected


@pytest.mark.parametrize("apart", TRUTH["apart"], ids=[a["why"] for a in TRUTH["apart"]])
def test_what_is_not_the_same_text_stays_apart(sample, apart):
    _, db = sample
    stories = [loaded(db, {"file": file})["story_id"] for file in apart["files"]]
    assert len(set(stories)) == len(stories)


def test_the_corrected_story_is_a_version(sample):
    _, db = sample
    for version in TRUTH["version"]:
        old, new = (
            next(d for d in TRUTH["document"] if d["file"] == f) for f in (version["earlier"][0], version["current"])
        )
        article = loaded(db, new)
        assert article["current"]
        (kept,) = rows(db, "select * from v_versions where article_id = :id", id=article["article_id"])
        assert [s for s in old["kept"] if s not in kept["body"]] == []
        assert (kept["version"], kept["headline"]) == (1, old["headline"])
        assert kept["words_added"] > 0 < kept["words_removed"]
        assert str(kept["replaced_at"])[:19] == new["modified"].replace("T", " ").rstrip("Z")


def test_a_house_notice_is_learned_and_removed_everywhere(sample):
    report, db = sample
    for notice in TRUTH["boilerplate"]:
        (found,) = rows(db, "select * from v_duplicate_paragraphs where text = :text", text=notice["text"])
        holders = {loaded(db, {"file": file})["article_id"] for file in notice["files"]}
        assert (found["kind"], found["articles"]) == ("boilerplate", len(holders))
        gone = rows(db, "select article_id from v_removed where rule = 'known' and text = :text", text=notice["text"])
        assert {row["article_id"] for row in gone} == holders
        bodies = rows(db, "select body from v_articles union all select body from v_versions")
        assert not [b for b in bodies if notice["text"] in b["body"]]
    assert report.known_learned == len(TRUTH["boilerplate"])
    assert report.cleaned_again == sum("house_notice" in d for d in CURRENT)
