"""What always holds, on both databases. Crashes have a file of their own; the numbers are those of the design."""

import json

import pytest
from sqlalchemy import create_engine, text

from tests.dumps import dump
from tests.support import SAMPLE, run_ingest


@pytest.fixture
def sample(database_url):
    """The sample, loaded: the report of the run and a connection to read with."""
    report = run_ingest(database_url, [SAMPLE], jobs=1, batch_size=10)
    engine = create_engine(database_url)
    with engine.connect() as db:
        yield report, db
    engine.dispose()


def rows(db, query: str) -> list[dict]:
    return [dict(row) for row in db.execute(text(query)).mappings()]


def test_1_every_document_is_counted_once(sample):
    report, db = sample
    batches = report.batches
    assert batches.read == batches.loaded + batches.unchanged + batches.rejected
    assert sum(batches.reasons.values()) == batches.rejected
    assert len(rows(db, "select * from v_rejected")) == batches.rejected > 0
    (run,) = rows(db, "select * from v_runs")
    counts = (run["read_count"], run["loaded_count"], run["unchanged_count"], run["rejected_count"])
    assert counts == (batches.read, batches.loaded, 0, batches.rejected)


def test_1_every_block_is_kept_or_removed_and_none_twice(sample):
    _, db = sample
    places = rows(
        db,
        "select article_id, block_position as place from paragraph union all select article_id, position from removed_block",
    )
    by_article: dict[int, list[int]] = {}
    for row in places:
        by_article.setdefault(row["article_id"], []).append(row["place"])
    assert by_article
    assert all(sorted(found) == list(range(len(found))) for found in by_article.values())
    assert not rows(db, "select * from v_removed where rule = '' or rule_version = ''")


def test_2_twice_is_once(sample, database_url):
    report, db = sample
    before = dump(db.engine)
    again = run_ingest(database_url, [SAMPLE], jobs=1, batch_size=7)
    assert dump(db.engine) == before
    assert again.batches.unchanged == report.batches.loaded
    assert again.batches.rejected == report.batches.rejected
    assert (again.batches.loaded, again.articles_matched) == (0, 0)


def test_5_a_bad_document_is_a_rejection_with_its_bytes(database_url, tmp_path):
    (tmp_path / "good.txt").write_text("The ferry to Osterhall will sail again on Friday, the port authority said.\n")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "noise.html").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "lines.jsonl").write_bytes(b'{"id": 1, "text": 7}\n{"id": 2\n[]\n{"id": 3, "text": "\\u0000\\ud800"}\n')
    report = run_ingest(database_url, [tmp_path])
    assert (report.batches.read, report.batches.loaded, report.batches.rejected) == (7, 1, 6)
    with create_engine(database_url).connect() as db:
        found = rows(db, "select r.uri, r.stage, r.reason, b.size from rejection r left join raw_body b using (sha256)")
        assert all(row["stage"] in ("parse", "strip") and row["reason"] != "fault" for row in found), found
        assert all(row["size"] is not None for row in found)


def test_6_copies_are_linked_never_deleted(sample):
    _, db = sample
    (count,) = rows(db, "select count(*) as n from v_articles")
    assert count["n"] == sum(row["copies"] + 1 for row in rows(db, "select copies from v_stories"))
    assert rows(db, "select * from v_copies")
    assert not rows(db, "select * from v_articles where story_id is null or role is null or body = ''")


def test_7_every_copy_can_be_explained(sample):
    _, db = sample
    for pair in rows(db, "select * from duplicate_pair"):
        bodies = [
            rows(db, f"select body from article where article_id = {pair[side]}")[0]["body"]
            for side in ("left_article_id", "right_article_id")
        ]
        passages = pair["passages"] if isinstance(pair["passages"], list) else json.loads(pair["passages"])
        assert passages, "a pair without a shared passage explains nothing"
        for left_start, left_end, right_start, right_end in passages:
            assert bodies[0][left_start:left_end].strip()
            assert bodies[1][right_start:right_end].strip()
    assert not rows(
        db,
        "select * from v_copies where relation not in ('exact', 'near', 'abridged', 'expanded') or relation is null",
    )


def test_9_no_date_without_its_string_its_precision_and_its_zone(sample):
    _, db = sample
    dated = rows(db, "select * from v_articles where published_at is not null")
    assert dated
    assert all(row["published_raw"] and row["published_precision"] and row["published_zone"] for row in dated)
    assert rows(db, "select * from v_articles where published_at is null")
    assert not rows(db, "select * from v_articles where published_at is null and published_raw is not null")


def test_11_signatures_name_their_scheme(sample):
    _, db = sample
    assert not rows(db, "select * from fingerprint f left join scheme s using (scheme_id) where s.name is null")
    (scheme,) = rows(db, "select * from scheme")
    sizes = rows(db, "select distinct length(signature) as n from fingerprint where signature is not null")
    assert [row["n"] for row in sizes] == [4 * scheme["permutations"]]


def test_12_short_texts_match_only_when_they_are_identical(database_url, tmp_path):
    for name, words in {
        "a": "Flood warning was lifted.",
        "b": "Flood warning was lifted!",
        "c": "The road is closed.",
        "d": "Rail strike is over.",
    }.items():
        (tmp_path / f"{name}.txt").write_text(words)
    report = run_ingest(database_url, [tmp_path])
    assert report.batches.loaded == 4, report.batches.reasons
    with create_engine(database_url).connect() as db:
        assert not rows(db, "select * from fingerprint where signature is not null")
        (copy,) = rows(db, "select relation from v_copies")
        assert copy["relation"] == "exact"
        assert len(rows(db, "select * from v_stories")) == 3
