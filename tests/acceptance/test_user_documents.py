"""The five documents that the project was asked for, as its users sent them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import run_ingest, shared

HEADLINES = {
    "000": None,
    "001": "President of Ukraine Signs Decree on Deepening Integration with NATO",
    "002": None,
    "003": "All allies agree that Ukraine will become a member of NATO",
    "004": "Zelenskyy: We aren’t discussing possibility of obtaining NATO membership in exchange for occupied territories",
}
RELATED_001 = [
    "Dmytro Kuleba and Liz Truss: We Must Ignore Defeatist Voices Who Propose to Sell Out Ukraine",
    "Russian Invaders Attempting to Encircle Ukrainian Units near Lysychansk",
    "Ukraine Comes under Massive Missile Attack",
    "Courts Ban Pro-Russian Parties in Ukraine",
]


@pytest.fixture(scope="module")
def cleaned() -> dict[str, dict]:
    command = [Path(sys.executable).with_name("newsfold"), "clean", "--jsonl", shared("seeds")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {json.loads(line)["id"].rpartition("/")[2][:3]: json.loads(line) for line in lines}


def removed(row: dict, rule: str | None = None) -> list[str]:
    return [b["text"] for b in row["removed"] if rule in (None, b["rule"])]


def paragraphs(row: dict) -> list[str]:
    return row["text"].split("\n\n")


def source(name: str) -> str:
    return next(shared("seeds").glob(f"{name}*")).read_text("utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_headline(cleaned, name):
    assert cleaned[name]["headline"] == HEADLINES[name]
    assert not HEADLINES[name] or HEADLINES[name] not in cleaned[name]["text"]


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_every_word_of_the_input_is_in_the_body_or_among_the_removed(cleaned, name):
    row = cleaned[name]
    assert sorted(source(name).split()) == sorted(" ".join([row["text"], *removed(row)]).split())


def test_000_is_kept_whole_and_nothing_is_invented(cleaned):
    row = cleaned["000"]
    assert len(paragraphs(row)) == 9
    assert row["removed"] == []
    assert (row["published_at"], row["authors"], row["standfirst"]) == (None, [], None)


def test_001_loses_byline_follow_line_and_related_posts(cleaned):
    row = cleaned["001"]
    assert row["authors"] == ["Bohdan Marusyak"]
    assert set(removed(row)) == {
        HEADLINES["001"],
        "Bohdan Marusyak",
        "Follow us on Twitter",
        "Related posts",
        *RELATED_001,
    }
    assert sum(p.startswith("–") for p in paragraphs(row)) == 8
    assert "Bohdan" not in row["text"]


def test_002_loses_its_date_and_its_share_button(cleaned):
    row = cleaned["002"]
    assert (row["published_at"], row["published_precision"]) == ("2024-11-30", "day")
    assert sorted(removed(row)) == ["Share", "date 2024-11-30"]
    assert row["text"].startswith("The team of Ukrainian leader")
    assert "Ukraine continues its struggle to join NATO" in paragraphs(row)


def test_003_keeps_the_report_and_loses_what_stands_around_it(cleaned):
    row = cleaned["003"]
    assert row["standfirst"] == "NATO assures that they will be on Ukraine’s side as long as necessary."
    assert row["agency"] == "UNIAN"
    gone = removed(row)
    for junk in (
        "NATO has assured that it will support Ukraine / UNIAN collage, photo photo,",
        "Read also:",
        "Zelensky arrived at the NATO headquarters in Brussels Russia was not elected a permanent member of the UN "
        "Human Rights Council",
        "You may also be interested in news:",
        "Please enter your comment!",
        "Please enter your name here",
        "Share post:",
        "More like this",
    ):
        assert junk in gone
    body = paragraphs(row)
    assert sum(p.startswith("“") for p in body) == 3
    assert any(p.startswith("In addition, he reminded") for p in body)
    assert body[-1].startswith("The declaration can be joined by all countries")


def test_004_loses_the_repeats_and_the_ads(cleaned):
    row = cleaned["004"]
    assert (row["published_at"], row["published_precision"], row["published_zone"]) == (
        "2024-10-22T20:01:00",
        "minute",
        "unknown",
    )
    assert row["published_raw"] == "20:01 22.10.2024"
    assert len(paragraphs(row)) == 6
    assert removed(row).count("AD") == 5
    assert removed(row).count(HEADLINES["004"]) == 2
    assert "2 min read" in removed(row)
    (again,) = [t for t in removed(row, "repeat") if t != HEADLINES["004"]]
    assert again.startswith("The President stressed that Ukraine knows")


def test_five_stories_and_no_copies(database_url):
    report = run_ingest(database_url, [shared("seeds")])
    assert (report.batches.read, report.batches.loaded, report.batches.rejected) == (5, 5, 0)
    with create_engine(database_url).connect() as db:
        assert db.execute(text("select count(*) from v_stories")).scalar_one() == 5
        assert db.execute(text("select count(*) from v_copies")).scalar_one() == 0
        headings = db.execute(
            text(
                "select substr(a.body, p.char_start + 1, p.char_end - p.char_start) from paragraph p "
                "join article a using (article_id) where p.kind = 'heading' and a.identity like '%/002%' order by p.position"
            )
        ).scalars()
        assert list(headings) == [
            "Ukraine continues its struggle to join NATO",
            "Ukraine's entry into NATO. What is Zelensky saying now",
        ]
