"""The report of a run: everything that was counted is said, nothing that was read becomes markup."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.accounts import BatchFailure, BatchReport, BigStory, Regrouping, RunReport, Slow, StoryChange
from etl.report.markdown import balance, run_report

COUNTS = BatchReport(
    read=1234,
    loaded=1000,
    unchanged=200,
    rejected=34,
    reasons={"parse/empty": 4, "read/too_large": 30},
    rules={"related": 7, "caption": 70},
    seconds={"parse": 30.0, "strip": 10.0},
    slowest=(Slow(2.5, "file:///news/long.html"), Slow(0.04, "file:///news/short.html")),
)
REPORT = RunReport(
    run_id=7,
    flow="ingest",
    database="postgresql://news:***@db/news",
    started_at=datetime(2024, 5, 1, 5, 30, tzinfo=UTC),
    wall_seconds=75.4,
    batches=COUNTS,
    articles_matched=1000,
    pairs=12,
    known_learned=3,
    articles=5000,
    stories=4990,
    copies=10,
    largest=(BigStory(3, "Harbour bridge opens", 6), BigStory(9, None, 2), BigStory(11, "Read by one", 1)),
)


def cells(markdown: str, first: str) -> list[str]:
    """Return the cells of the table row that begins with a value."""
    row = next(line for line in markdown.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def test_the_counts_add_up_in_one_line():
    assert "**1,234 read = 1,000 loaded + 200 unchanged + 34 rejected**" in run_report(REPORT)
    assert balance(BatchReport()) == "0 read = 0 loaded + 0 unchanged + 0 rejected"


def test_run_status_start_and_database_are_said():
    text = run_report(REPORT)
    assert text.startswith("# ingest: run 7 done\n")
    assert "Started 2024-05-01 05:30:00 UTC, took 75.4 s." in text
    assert "Database: `postgresql://news:***@db/news`" in text


def test_rejections_stand_by_stage_and_reason_the_most_frequent_first():
    text = run_report(REPORT)
    assert cells(text, "read") == ["read", "too_large", "30"]
    assert cells(text, "parse")[:2] == ["parse", "empty"]
    assert text.index("too_large") < text.index("empty")


def test_a_reason_without_a_stage_is_still_counted():
    text = run_report(replace(REPORT, batches=replace(COUNTS, reasons={"known from an earlier run": 34})))
    assert "|  | known from an earlier run | 34 |" in text


def test_rules_stages_and_slow_documents_are_listed():
    text = run_report(REPORT)
    assert cells(text, "caption") == ["caption", "70"]
    assert text.index("| caption |") < text.index("| related |")
    assert "| strip | 10.0 s | 25.0% |" in text
    assert "| 2.5 s | file:///news/long.html |" in text
    assert "| 40 ms | file:///news/short.html |" in text


def test_stories_are_counted_and_the_largest_named():
    text = run_report(REPORT)
    assert "- 5,000 articles in the database: 4,990 stories, 10 copies" in text
    assert "- 3 paragraphs newly known to repeat across a site" in text
    assert "| 3 | Harbour bridge opens | 6 |" in text
    assert "| 9 | (no headline) | 2 |" in text
    assert "Read by one" not in text, "a story of one article is not a large one"


def test_every_failed_batch_is_named_and_the_reader_told_that_nothing_is_lost():
    failures = (BatchFailure("batch of 5 from file:///a: OSError: gone"), BatchFailure("batch of 2 from file:///b: x"))
    text = run_report(replace(REPORT, failed_batches=failures))
    assert text.startswith("# ingest: run 7 failed\n")
    assert "- batch of 5 from file:///a: OSError: gone" in text
    assert "- batch of 2 from file:///b: x" in text
    assert "the next run over the same input takes them up" in text


def test_an_empty_run_says_so_and_has_no_empty_tables():
    text = run_report(replace(REPORT, batches=BatchReport(), largest=(), known_learned=0))
    assert "No documents were read." in text
    assert "## Rejected" not in text
    assert "## Rules" not in text
    assert "| --- |" not in text


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.5, "500 ms"), (61, "61.0 s"), (130, "2 min 10 s"), (7260, "2 h 1 min")]
)
def test_durations_are_readable(seconds: float, said: str):
    assert f"took {said}." in run_report(replace(REPORT, wall_seconds=seconds))


def test_a_long_headline_is_cut_and_a_document_address_is_not():
    uri = "file:///" + "x" * 300
    long = replace(REPORT, largest=(BigStory(1, "y" * 300, 2),), batches=replace(COUNTS, slowest=(Slow(1.0, uri),)))
    text = run_report(long)
    assert uri in text
    assert "y" * 159 + "…" in text
    assert "y" * 160 not in text


@given(st.text(max_size=80))
def test_whatever_a_headline_holds_the_table_keeps_its_shape(headline: str):
    text = run_report(replace(REPORT, largest=(BigStory(1, headline, 2),)))
    plain = run_report(replace(REPORT, largest=(BigStory(1, "x", 2),)))
    assert len(text.split("\n")) == len(plain.split("\n"))
    row = next(line for line in text.split("\n") if line.startswith("| 1 | "))
    assert row.replace("\\\\", "").replace("\\|", "").count("|") == 4
    assert "<" not in row.replace("\\\\", "").replace("\\<", "")


def test_the_same_report_reads_the_same():
    again = replace(REPORT, batches=replace(COUNTS, rules=dict(reversed(COUNTS.rules.items()))))
    assert run_report(again) == run_report(REPORT)


def test_a_story_that_is_too_large_sets_off_the_alarm():
    assert "more than" not in run_report(replace(REPORT, story_size_alarm=5))
    assert "**1 story has more than 5 articles.**" in run_report(replace(REPORT, oversized=1, story_size_alarm=5))
    assert "**3 stories have more" in run_report(replace(REPORT, oversized=3, story_size_alarm=5))


def test_matching_again_is_told_by_its_stories():
    before, after = (BigStory(3, "Quay | closed", 6),), (BigStory(3, "Quay | closed", 5), BigStory(9, None, 1))
    done = Regrouping("words1", "match1", 7, 1, 0, 2, 4, (StoryChange("split", before, after),))
    text = run_report(replace(REPORT, flow="rematch", batches=BatchReport(), regrouping=done))
    assert "**1,000 articles compared again: 1 split, 0 merged, 2 led by another**" in text
    assert "7 fingerprints of another scheme made again" in text
    told = "- split: Quay \\| closed (3, 6 articles) → Quay \\| closed (3, 5 articles) + (no headline) (9, 1 article)"
    assert told in text
    assert "No documents were read" not in text
