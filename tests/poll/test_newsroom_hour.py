"""An hour in the life of 50 feeds, by an injected clock: the tables tell its story."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.sources import described_sources, put_sources
from etl.polling.poll import poll
from etl.polling.source_files import read_source_file
from etl.report.markdown import run_report
from etl.settings import read_settings
from etl.workers import local_pool
from tests.conftest import migrated
from tests.poll.feeds50 import LENGTH, Feeds

HOUR = 60


@pytest.fixture
def database_url(request, tmp_path):
    """One engine is enough for the hour; both have the same tests of rows in this folder."""
    with migrated(request, "sqlite", tmp_path / "news.db") as url:
        yield url


def test_the_tables_tell_the_story_of_an_hour(database_url, room, clock, tmp_path):
    feeds = Feeds(room)
    listed = tmp_path / "newsroom.toml"
    listed.write_text(feeds.toml(), "utf-8")
    engine = open_engine(database_url)
    assert len(put_sources(engine, read_source_file(listed))[0]) == 50
    settings = read_settings(database_url=database_url, allow_private=True, host_interval_s=0)
    reports = [poll(settings, local_pool(1), clock=clock)]
    for minute in range(5, HOUR + 1, 5):
        clock.forward(minutes=5)
        feeds.pass_minutes(minute)
        reports.append(poll(settings, local_pool(1), clock=clock))
    rows = {row["name"]: row for row in described_sources(engine)}

    for name in feeds.of("changing"):  # all news came, each once, soon
        assert rows[name]["health"] == "ok"
        assert rows[name]["items_seen"] == rows[name]["documents"] == feeds.stories[name]
    for name in feeds.of("silent"):
        row = rows[name]
        assert (row["health"], row["items_seen"], row["failures_in_a_row"]) == ("ok", LENGTH, 0)
        silence = (row["last_ok_at"] - row["last_new_at"]).total_seconds()
        assert HOUR * 60 - 300 <= silence <= HOUR * 60 + sum(clock.slept)  # waiting for failing feeds takes time too
        assert len(room.asked(f"/{name}/feed.xml")) == 13  # one whole answer and twelve times 304
    for name in feeds.of("failing"):  # slowed down, not dropped; the host is given its rest
        row = rows[name]
        assert (row["health"], row["documents"]) == ("failing", LENGTH)
        assert row["failures_in_a_row"] >= 3
        assert row["next_poll_at"] > clock.now()
        assert "try-later" in row["last_error"]
        assert row["enabled"]
    for name in feeds.of("moving"):
        row = rows[name]
        assert (row["health"], row["items_seen"]) == ("ok", LENGTH + 1)
        assert row["moved_to"].endswith("/new/feed.xml")
        assert len(room.asked(f"/{name}/feed.xml")) == 5  # minutes 0, 5, 10, 15 and 20, then at its new place
    for name in feeds.of("shrinking"):
        row = rows[name]
        assert (row["health"], row["items_now"], round(row["items_usual"])) == ("shrinking", 1, LENGTH)
    for name in feeds.of("robots"):
        row = rows[name]
        assert (row["health"], row["items_seen"]) == ("robots-refused", 0)
        assert room.asked(f"/{name}/feed.xml") == []
    for name in feeds.of("broken"):
        row = rows[name]
        assert (row["health"], row["items_seen"]) == ("ok", LENGTH)
        assert row["next_poll_at"] > clock.now()

    printed = sum(feeds.stories[n] for n in feeds.stories if not n.startswith("robots")) + len(feeds.of("moving"))
    with reading(engine) as conn:
        assert conn.scalar(text("select count(*) from v_articles")) == printed
        assert conn.scalar(text("select count(*) from source_item where state = 'pending'")) == 0
    pages = [entry.path for entry in room.log if entry.path.endswith(".html")]
    assert len(pages) == len(set(pages)) == printed
    last = run_report(reports[-1])
    assert "## Sources" in last
    for name in (*feeds.of("failing"), *feeds.of("robots"), *feeds.of("shrinking"), *feeds.of("broken")):
        assert f"| {name} | {rows[name]['health'] if name[0] != 'b' else 'faulty'} |" in last
    assert sum(report.polled.items_new for report in reports) == printed
    assert [name for name, _ in reports[4].polled.moved] == feeds.of("moving")
