"""Each item once: by its guid, its address or its text; its page where it can be had, else its own words."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from etl.db.connect import open_engine, reading
from etl.db.sources import NewsSource, put_sources, remove_source, set_enabled
from etl.errors import InputError
from etl.polling.poll import PAGES_A_SOURCE, poll
from etl.settings import read_settings
from etl.workers import local_pool
from tests.feeds.made import index, item, rss
from tests.newsroom import always, redirect, tagged
from tests.poll.feeds50 import page


@pytest.fixture
def engine(database_url):
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def source(engine):
    def put(name, url, kind="feed", **more):
        put_sources(engine, [NewsSource(name, kind, url, **more)])

    return put


@pytest.fixture
def query(engine):
    def run(sql):
        with reading(engine) as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    return run


def serve(room, *items):
    room.page("/rss", rss(*items))


def own_words(number):
    words = page("feed", number).partition("<p>")[2].partition("</article>")[0]
    return f"<description>{'<p>'.replace('<', '&lt;')}{words.replace('<', '&lt;')}</description>"


def test_an_item_is_read_once_and_again_when_it_says_something_else(room, look, clock, source, query):
    source("post", room.url("/rss"))
    room.page("/1.html", page("post", 1))
    serve(room, item(1, room.url("/1.html"), guid="n1"))
    assert look().batches.loaded == 1
    clock.forward(hours=1)
    serve(room, item(1, room.url("/1.html"), guid="n1"), item(2, room.url("/2.html"), guid="n2", more=own_words(2)))
    assert look().polled.items_new == 1
    clock.forward(hours=1)
    room.page("/1.html", page("post", 3))
    serve(room, item(1, room.url("/1.html"), guid="n1", more="<category>Update</category>"))
    report = look()
    assert (report.polled.items_changed, report.batches.loaded) == (1, 1)
    assert len(room.asked("/1.html")) == 2
    assert query("select versions from v_articles where url like '%/1.html'") == [(1,)]


def test_a_page_that_did_not_change_with_its_item_is_a_304(room, look, clock, source, query):
    source("post", room.url("/rss"))
    room.page("/1.html", page("post", 1))
    serve(room, item(1, room.url("/1.html")))
    look()
    clock.forward(hours=1)
    serve(room, item(1, room.url("/1.html"), more="<category>Corrected tags</category>"))
    report = look()
    assert (report.batches.read, report.batches.unchanged) == (1, 1)
    assert room.asked("/1.html")[1].headers["if-none-match"]
    assert query("select count(*), max(versions) from v_articles") == [(1, 0)]


def test_what_the_list_says_is_the_metadata_of_the_page(room, look, source, query):
    source("post", room.url("/rss"))
    room.page("/1.html", page("post", 1))
    more = "<pubDate>Sun, 01 Mar 2026 08:00:00 +0100</pubDate><dc:creator>Ada Quill</dc:creator>"
    serve(room, item(1, room.url("/1.html"), guid="77", more=more))
    look()
    [row] = query(
        "select v.headline, v.authors, v.published_raw, a.guid from v_articles v join article a using (article_id)"
    )
    assert row == ("Story 1", "Ada Quill", "Sun, 01 Mar 2026 08:00:00 +0100", "127.0.0.1#77")


def test_an_item_whose_page_is_gone_is_told_in_its_own_words(room, look, source, query):
    source("post", room.url("/rss"))
    serve(room, item(1, room.url("/gone.html"), guid="g", more=own_words(1)), item(2, room.url("/gone2.html")))
    report = look()
    assert (report.batches.loaded, report.batches.rejected) == (1, 1)
    [(uri, note)] = query("select a.uri, i.note from v_articles a, source_item i where i.note like '%/gone.html'")
    assert uri == f"{room.url('/rss')}#127.0.0.1#g"
    assert note.startswith("not-found: HTTP 404")
    assert query("select uri, reason from v_rejected") == [(room.url("/gone2.html"), "not-found")]
    assert query("select count(*) from source_item where state = 'done'") == [(2,)]


def test_the_record_of_such_a_document_says_where_its_text_is_from(room, look, source, query):
    import zstandard

    source("post", room.url("/rss"))
    serve(room, item(1, room.url("/gone.html"), more=own_words(1)))
    look()
    [(body,)] = query("select body from raw_body")
    record = json.loads(zstandard.decompress(bytes(body)))
    assert (record["text_from"], record["page"].partition(":")[0]) == ("feed", "not-found")


def test_a_page_that_cannot_be_had_now_is_tried_again_and_then_told_in_its_own_words(room, look, clock, source, query):
    source("post", room.url("/rss"))
    serve(room, item(1, room.url("/1.html"), more=own_words(1)))
    room.on("/1.html", always("busy", 503))
    for tries in (1, 2, 3):
        report = look()
        assert (report.batches.read, report.polled.items_waiting) == (0, 1)
        assert query("select state, tries from source_item") == [("pending", tries)]
        clock.forward(hours=4)
    assert look().batches.loaded == 1
    assert query("select state from source_item") == [("done",)]


def test_a_page_that_comes_back_is_read(room, look, clock, source, query):
    source("post", room.url("/rss"))
    serve(room, item(1, room.url("/1.html")))
    room.on("/1.html", always("busy", 503))
    look()
    clock.forward(minutes=5)
    assert look().batches.read == 0  # it is not its time yet
    room.page("/1.html", page("post", 1))
    clock.forward(hours=1)
    assert look().batches.loaded == 1


def test_a_page_that_two_sources_list_is_read_once(room, look, source, query):
    for name in ("world", "ports"):
        room.page(f"/{name}.xml", rss(item(1, room.url("/1.html?utm_source=" + name), guid=name)))
        source(name, room.url(f"/{name}.xml"))
    for name in ("world", "ports"):
        room.page("/1.html?utm_source=" + name, page("post", 1))
    report = look()
    assert (report.polled.items_new, report.batches.read) == (2, 1)
    assert sorted(query("select state from source_item")) == [("done",), ("elsewhere",)]


def test_two_sources_of_one_address_share_one_request(room, look, source, query):
    serve(room, item(1, room.url("/1.html"), more=own_words(1)))
    source("one", room.url("/rss"))
    source("two", room.url("/rss"))
    assert look().polled.changed == 2
    assert len(room.asked("/rss")) == 1


def test_bare_guids_of_two_sites_do_not_meet(room, look, source, query):
    for number, host in enumerate(("127.0.0.5", "127.0.0.6"), start=1):
        room.page(f"/{number}.xml", rss(item(number, room.url(f"/{number}.html", host), guid="1")))
        room.page(f"/{number}.html", page("post", number))
        source(f"site {number}", room.url(f"/{number}.xml", host))
    look()
    assert query("select count(*) from v_articles") == [(2,)]


def test_an_item_without_an_address_is_its_own_page(room, look, clock, source, query):
    words = own_words(1)
    room.page("/rss", rss(f"<item><title>Story 1</title>{words}</item>"))
    source("post", room.url("/rss"))
    assert look().batches.loaded == 1
    room.page("/rss", rss(f"<item><title>Story 1</title>{words}</item>", channel="<language>en</language>"))
    clock.forward(hours=1)
    look()
    assert query("select count(*) from v_articles") == [(1,)]


def test_only_pages_of_allowed_hosts_are_read(room, look, source, query):
    serve(room, item(1, room.url("/1.html", "127.0.0.9"), more=own_words(1)))
    room.page("/1.html", page("post", 1))
    source("post", room.url("/rss"), allow=("post.example",))
    assert look().batches.loaded == 1
    assert room.asked("/1.html") == []
    assert query("select note from source_item") == [
        ("not-allowed: only pages of post.example are read for this source",)
    ]


def test_a_pdf_behind_a_link_is_no_page(room, look, source, query):
    serve(room, item(1, room.url("/1.pdf")))
    room.on("/1.pdf", always(b"%PDF-1.7", 200, {"Content-Type": "application/pdf"}))
    source("post", room.url("/rss"))
    look()
    assert query("select reason from v_rejected") == [("media-type",)]


def test_a_page_in_another_charset_is_read_as_its_server_says(room, look, source, query):
    serve(room, item(1, room.url("/1.html")))
    text_ = page("post", 1).replace("members", "мэры города").replace("<title>", "<title>Город ")
    room.on("/1.html", always(text_.encode("cp1251"), 200, {"Content-Type": "text/html; charset=windows-1251"}))
    source("post", room.url("/rss"))
    look()
    assert query("select count(*) from v_articles where body like '%мэры города%'") == [(1,)]


def test_an_index_of_sitemaps_is_read_by_its_dates(room, look, clock, source, query):
    def part(number, *pages):
        urls = "".join(f"<url><loc>{room.url(f'/{p}.html')}</loc></url>" for p in pages)
        room.on(f"/s{number}.xml.gz", tagged(gzip.compress(f"<urlset>{urls}</urlset>".encode(), mtime=0)))

    for number in range(1, 5):
        room.page(f"/{number}.html", page("post", number))
    part(1, 1), part(2, 2, 3)
    room.page("/index.xml", index((room.url("/s1.xml.gz"), "2026-02-01"), (room.url("/s2.xml.gz"), "2026-02-02")))
    source("post", room.url("/index.xml"), "sitemap")
    assert look().batches.loaded == 3
    clock.forward(hours=2)
    assert look().polled.unchanged == 1
    part(2, 2, 3, 4)
    room.page("/index.xml", index((room.url("/s1.xml.gz"), "2026-02-01"), (room.url("/s2.xml.gz"), "2026-03-01")))
    clock.forward(hours=2)
    assert look().batches.loaded == 1
    assert [len(room.asked(f"/s{n}.xml.gz")) for n in (1, 2)] == [1, 2]
    assert query("select items_now, health from v_sources") == [(4, "ok")]


def test_a_page_and_a_folder_are_sources_too(room, look, clock, source, query, tmp_path):
    room.page("/live.html", page("live", 1))
    source("live", room.url("/live.html"), "page")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.html").write_text(page("file", 1))
    source("inbox", str(tmp_path / "inbox"), "folder")
    source("nowhere", str(tmp_path / "nowhere"), "folder")
    report = look()
    assert (report.batches.loaded, report.polled.failed) == (2, 1)
    clock.forward(hours=1)
    report = look("live", "inbox")
    assert (report.batches.unchanged, report.polled.unchanged) == (2, 2)
    assert query("select health, items_seen from v_sources order by name") == [("ok", 1), ("ok", 1), ("failing", 0)]


def test_a_feed_that_moved_for_good_is_asked_there_and_again_at_home_if_that_fails(room, look, clock, source, query):
    room.on("/old", redirect(room.url("/rss"), 301))
    serve(room)
    source("post", room.url("/old"))
    assert look().polled.moved == (("post", room.url("/rss")),)
    clock.forward(hours=1)
    look()
    assert len(room.asked("/old")) == 1
    room.on("/rss", always("gone", 410))
    room.page("/old", rss())
    for _ in range(2):
        clock.forward(days=1)
        look()
    assert query("select health, moved_to from v_sources") == [("ok", None)]


def test_what_a_source_says_of_itself_may_change_and_what_is_known_stays(engine, room, look, source, query):
    serve(room, item(1, room.url("/1.html"), more=own_words(1)))
    source("post", room.url("/rss"))
    look()
    assert put_sources(engine, [NewsSource("post", "feed", room.url("/rss"), 600)]) == ([], ["post"])
    assert query("select items_seen, wait_seconds is null from v_sources") == [(1, False)]
    put_sources(engine, [NewsSource("post", "feed", room.url("/other"))])
    assert query("select items_seen, health from v_sources") == [(0, "new")]


def test_a_source_that_is_switched_off_is_asked_only_by_name(engine, room, look, source):
    serve(room)
    source("post", room.url("/rss"))
    assert set_enabled(engine, "post", enabled=False)
    assert look(everything=True).polled.due == 0
    assert look("post").polled.due == 1
    with pytest.raises(InputError, match="no source is called 'pots'"):
        look("pots")


def test_a_source_that_is_removed_leaves_its_articles(engine, room, look, source, query):
    serve(room, item(1, room.url("/1.html"), more=own_words(1)))
    source("post", room.url("/rss"))
    source("empty", room.url("/none"))
    look()
    assert (remove_source(engine, "post"), remove_source(engine, "empty"), remove_source(engine, "x")) == (
        False,
        True,
        None,
    )
    assert query("select name, kind, documents from v_sources") == [("post", "adhoc", 1)]
    assert query("select count(*) from v_articles") == [(1,)]


def test_a_long_list_is_read_over_several_polls_its_beginning_first(room, look, source, query):
    pages = range(PAGES_A_SOURCE + 5)
    serve(room, *(item(n, room.url(f"/{n}.pdf"), guid=f"g{n}") for n in pages))
    source("post", room.url("/rss"))
    report = look()
    assert (report.batches.read, report.polled.items_new, report.polled.items_waiting) == (
        PAGES_A_SOURCE,
        len(pages),
        5,
    )
    assert look().batches.read == 5
    assert room.asked("/0.pdf")[0].at < room.asked(f"/{len(pages) - 1}.pdf")[0].at


def test_hosts_are_paced_and_robots_asked_as_by_any_run(room, clock, database_url, source, query):
    seen = []

    def timed(number):
        answer = tagged(page("post", number))

        def behave(asked):
            seen.append(clock.now())
            return answer(asked)

        return behave

    for number in range(3):
        room.on(f"/{number}.html", timed(number))
    room.robots("User-agent: newsfold\nDisallow: /2.html\n")
    serve(room, *(item(n, room.url(f"/{n}.html"), more=own_words(n)) for n in range(3)))
    source("post", room.url("/rss"))
    settings = read_settings(database_url=database_url, allow_private=True, host_interval_s=5)
    assert poll(settings, local_pool(1), clock=clock).batches.loaded == 3
    assert len(seen) == 2
    assert (seen[1] - seen[0]).total_seconds() >= 5
    assert query("select count(*) from source_item where note like 'robots:%'") == [(1,)]


KILLED = """
import sys
from etl.polling.poll import PAGES_A_SOURCE, poll
from etl.settings import read_settings
from etl.settings import read_settings
from etl.workers import local_pool
poll(read_settings(database_url=sys.argv[1], allow_private=True, host_interval_s=0, robots=False), local_pool(1))
"""
PAGES = 24
ROOT = Path(__file__).parents[2]


def test_a_poll_that_is_killed_loses_nothing_and_reads_nothing_again_that_was_stored(room, settings, source, query):
    def slow(number):
        answer = tagged(page("post", number))

        def behave(asked):
            time.sleep(0.1)
            return answer(asked)

        return behave

    for number in range(PAGES):
        room.on(f"/{number}.html", slow(number))
    serve(room, *(item(n, room.url(f"/{n}.html")) for n in range(PAGES)))
    source("post", room.url("/rss"))
    child = subprocess.Popen([sys.executable, "-c", KILLED, settings.database_url], cwd=ROOT)
    deadline = time.monotonic() + 60
    while query("select count(*) from v_articles") < [(5,)] and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    stored = {url.rpartition("/")[2] for (url,) in query("select url from v_articles")}
    assert 5 <= len(stored) < PAGES
    report = poll(settings, local_pool(1))
    assert report.polled.due == 0  # the list was read: what it named is pending
    assert query("select count(*) from v_articles") == [(PAGES,)]
    assert query("select count(*) from source_item where state <> 'done'") == [(0,)]
    assert len(room.asked("/rss")) == 1
    assert [name for name in stored if len(room.asked(f"/{name}")) > 1] == []
