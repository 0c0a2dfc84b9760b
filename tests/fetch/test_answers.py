"""What servers do, and what newsfold makes of it."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
import tracemalloc
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.fetch import Fetched, MemoryGate, Refused, Request
from etl.fetch.address import checked
from etl.fetch.coding import decoded
from etl.fetch.exchange import REASONS, Refusal
from tests.newsroom import (
    always,
    bomb,
    compressed,
    cut_off,
    endless,
    in_turn,
    raw,
    redirect,
    silent,
    slow_drip,
    too_short,
)

NEWS = "<html><p>The ferry sails again.</p></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def header(line: bytes, body: bytes = NEWS.encode()):
    return raw([HEAD + line + b"\r\nConnection: close\r\n\r\n" + body])


def coded(data: bytes, coding: str):
    return always(data, headers={"Content-Encoding": coding})


GZIP = gzip.compress(NEWS.encode())
BROTLI = brotli.compress(NEWS.encode())
ZSTD = zstandard.compress(NEWS.encode())
REFUSED = {
    "200 that is cut off": (cut_off(NEWS), "broken-response"),
    "a body without end": (endless(), "too-large"),
    "a body that drips": (slow_drip(), "too-slow"),
    "headers that drip": (slow_drip(head=False), "too-slow"),
    "silence": (silent(), "too-slow"),
    "a length over the limit": (raw([HEAD + b"Content-Length: 99999999999\r\n\r\n"]), "too-large"),
    "a length below zero": (header(b"Content-Length: -1"), "broken-response"),
    "a length of letters": (header(b"Content-Length: many"), "broken-response"),
    "two lengths": (header(b"Content-Length: 5\r\nContent-Length: 9"), "broken-response"),
    "chunks of nonsense": (header(b"Transfer-Encoding: chunked", b"zz\r\nno\r\n"), "broken-response"),
    "chunks without an end": (header(b"Transfer-Encoding: chunked", b"5\r\nhello\r\n"), "broken-response"),
    "a chunk of 2^60 bytes": (header(b"Transfer-Encoding: chunked", b"fffffffffffffff\r\nabc"), "broken-response"),
    "no HTTP at all": (raw([b"220 mail.example ESMTP\r\n"]), "broken-response"),
    "an empty answer": (raw([]), "broken-response"),
    "a header of a megabyte": (header(b"X-Big: " + b"x" * (1 << 20)), "broken-response"),
    "a million headers": (header(b"\r\n".join(b"X-%d: y" % n for n in range(100_000))), "broken-response"),
    "a header with a NUL": (header(b"X-Odd: a\0b"), "broken-response"),
    "a bomb in gzip": (bomb("gzip", 64), "too-large"),
    "a bomb in brotli": (bomb("br", 64), "too-large"),
    "a bomb in zstd": (bomb("zstd", 64), "too-large"),
    "a bomb in deflate": (coded(zlib.compress(b"\0" * (64 << 20)), "deflate"), "too-large"),
    "a bomb in a bomb": (coded(gzip.compress(gzip.compress(b"\0" * (64 << 20))), "gzip, gzip"), "too-large"),
    "five codings": (coded(GZIP, "gzip, gzip, gzip, gzip, gzip"), "encoding"),
    "an unknown coding": (coded(b"?", "compress"), "encoding"),
    "half a gzip": (coded(GZIP[: len(GZIP) // 2], "gzip"), "encoding"),
    "half a brotli": (coded(BROTLI[: len(BROTLI) // 2], "br"), "encoding"),
    "half a zstd": (coded(ZSTD[: len(ZSTD) // 2], "zstd"), "encoding"),
    "a gzip with a wrong sum": (coded(GZIP[:-8] + b"\0" * 8, "gzip"), "encoding"),
    "nonsense as deflate": (coded(b"\xff" * 50, "deflate"), "encoding"),
    "nonsense as brotli": (coded(b"\xff" * 50, "br"), "encoding"),
    "nonsense as zstd": (coded(b"\xff" * 50, "zstd"), "encoding"),
    "a zstd with a window of 2 GB": (coded(b"\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", "zstd"), "encoding"),
    "an image": (always(b"\x89PNG", headers={"Content-Type": "image/png"}), "media-type"),
    "a film": (always(b"....", headers={"Content-Type": "video/mp4"}), "media-type"),
    "204": (always("", 204), "http-status"),
    "206 that nobody asked for": (always(NEWS, 206), "http-status"),
    "304 that nobody asked for": (always("", 304), "http-status"),
    "400": (always(NEWS, 400), "http-status"),
    "401": (always(NEWS, 401), "forbidden"),
    "403": (always(NEWS, 403), "forbidden"),
    "404": (always(NEWS, 404), "not-found"),
    "410": (always(NEWS, 410), "not-found"),
    "451": (always(NEWS, 451), "forbidden"),
    "500 for ever": (always(NEWS, 500), "try-later"),
    "599": (always(NEWS, 599), "try-later"),
    "999": (always(NEWS, 999), "try-later"),
    "a redirect to itself": (redirect("/a"), "redirects"),
    "a redirect to nowhere": (redirect(""), "redirects"),
    "a redirect to a broken address": (redirect("http://[::1"), "redirects"),
    "a redirect without an address": (always(NEWS, 302), "http-status"),
}


@pytest.mark.parametrize(("behaviour", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_is_refused_with_a_reason(fetch, room, behaviour, reason):
    room.on("/a", behaviour)
    outcome = fetch(room.url("/a"), tries=1)
    assert isinstance(outcome, Refused), outcome.body[:80]
    assert outcome.reason == reason, outcome
    assert outcome.reason in REASONS
    assert outcome.detail
    assert "\n" not in outcome.detail


USED = {
    "a length that is too short": (too_short(NEWS, 7), NEWS[:-7]),
    "no length, then the end": (header(b"X: y"), NEWS),
    "gzip": (compressed(NEWS, "gzip"), NEWS),
    "brotli": (compressed(NEWS, "br"), NEWS),
    "zstd": (compressed(NEWS, "zstd"), NEWS),
    "deflate": (coded(zlib.compress(NEWS.encode()), "deflate"), NEWS),
    "deflate without its header": (coded(zlib.compress(NEWS.encode())[2:-4], "deflate"), NEWS),
    "gzip in two members": (coded(GZIP + GZIP, "gzip"), NEWS + NEWS),
    "zstd in two frames": (coded(ZSTD + ZSTD, "zstd"), NEWS + NEWS),
    "gzip with a tail": (coded(GZIP + b"tail", "gzip"), NEWS),
    "called gzip, but is none": (coded(NEWS.encode(), "gzip"), NEWS),
    "gzip within brotli": (compressed(GZIP, "br", {"Content-Encoding": "gzip, br"}), NEWS),
    "called identity": (coded(NEWS.encode(), "identity"), NEWS),
    "nothing, called gzip": (coded(b"", "gzip"), ""),
    "203": (always(NEWS, 203), NEWS),
}


@pytest.mark.parametrize(("behaviour", "body"), USED.values(), ids=USED.keys())
def test_what_can_be_used_is_read_as_it_was_meant(fetch, room, behaviour, body):
    room.on("/a", behaviour)
    outcome = fetch(room.url("/a"), tries=1)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body.decode() == body


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_takes_no_memory(fetch, room, coding):
    room.on("/a", bomb(coding, 256))
    tracemalloc.start()
    fetch(room.url("/a"), max_body_bytes=1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


def test_a_page_is_told_apart_from_what_it_was_the_last_time(fetch, room):
    room.page("/a", NEWS, {"Content-Type": "Text/HTML; Charset='utf-8'"})
    first = fetch(room.url("/a"))
    assert (first.media_type, first.charset, first.unchanged) == ("text/html", "utf-8", False)
    again = fetch(Request(room.url("/a"), first.etag, first.last_modified))
    assert (again.status, again.body, again.unchanged) == (304, b"", True)
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)
    sent = room.log[1].headers
    assert sent["if-none-match"] == first.etag  # exactly, with its W/
    assert sent["if-modified-since"] == first.last_modified
    room.page("/a", NEWS + "More.")
    assert not fetch(Request(room.url("/a"), first.etag, first.last_modified)).unchanged


@pytest.mark.parametrize(
    ("declared", "media_type", "charset"),
    [
        ("", "", None),
        ("text/html", "text/html", None),
        ("TEXT/Plain ; Charset = UTF-8", "text/plain", "UTF-8"),
        ("text/html; a=b; charset='koi8-r'; charset=utf-8", "text/html", "koi8-r"),
        (";;;=;", "", None),
        ("x" * 5000 + ";charset=" + "y" * 5000, "x" * 100, "y" * 40),
    ],
)
def test_a_content_type_is_read_however_it_is_written(fetch, room, declared, media_type, charset):
    room.on("/a", always(NEWS, headers={"Content-Type": declared}))
    outcome = fetch(room.url("/a"))
    assert (outcome.media_type, outcome.charset) == (media_type, charset)


def test_an_etag_goes_back_byte_by_byte(fetch, room):
    etag = '"Ã¼-\xff"'  # UTF-8 and worse, as it stands in the header
    room.on("/a", always(NEWS, headers={"ETag": etag}))
    first = fetch(room.url("/a"))
    assert first.etag == etag
    fetch(Request(room.url("/a"), first.etag))
    assert room.log[1].headers["if-none-match"] == etag


@pytest.mark.parametrize("etag", ["x" * 10_000, ""])
def test_an_etag_that_is_no_use_is_not_kept(fetch, room, etag):
    room.on("/a", always(NEWS, headers={"ETag": etag}))
    assert fetch(room.url("/a")).etag is None


def test_a_mark_that_cannot_be_sent_is_a_refusal_not_a_crash(fetch, room):
    room.page("/a", NEWS)
    assert fetch(Request(room.url("/a"), "a\r\nHost: intranet"), tries=1).reason == "broken-response"
    assert not room.log


def test_a_redirect_in_another_script_is_followed(fetch, room):
    room.page("/%D0%BC%D0%B8%D1%80", NEWS)
    room.on("/a", redirect("/мир".encode().decode("latin-1")))
    assert fetch(room.url("/a")).final_url == room.url("/%D0%BC%D0%B8%D1%80")


def test_the_same_bytes_are_unchanged_where_the_server_does_not_know(fetch, room):
    room.on("/a", always(NEWS))
    sha256 = hashlib.sha256(NEWS.encode()).hexdigest()
    assert fetch(Request(room.url("/a"), '"old"', body_sha256=sha256)).unchanged
    room.on("/a", always(NEWS + "More."))
    assert not fetch(Request(room.url("/a"), '"old"', body_sha256=sha256)).unchanged


def test_the_server_is_told_who_asks_and_nothing_else(fetch, room):
    room.on("/a", always(NEWS, headers={"Set-Cookie": "who=you"}))
    fetch(room.url("/a"))
    fetch(room.url("/a"))
    for entry in room.log:
        assert set(entry.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert entry.headers["user-agent"] == "newsfold/0 (+mailto:desk@paper.example)"


def test_redirects_are_recorded_and_those_for_good_are_known(fetch, room):
    room.page("/c", NEWS)
    room.on("/a", redirect("/b", 301))
    room.on("/b", redirect(room.url("/c#part"), 302))
    outcome = fetch(room.url("/a"))
    assert outcome.url == room.url("/a")
    assert outcome.final_url == room.url("/c")
    assert [(hop.status, hop.to) for hop in outcome.redirects] == [(301, room.url("/b")), (302, room.url("/c"))]
    assert outcome.moved_to == room.url("/b")


def test_a_circle_of_redirects_is_seen_at_its_first_turn(fetch, room):
    room.on("/a", redirect("/b"))
    room.on("/b", redirect("/a"))
    outcome = fetch(room.url("/a"))
    assert (outcome.reason, len(room.log)) == ("redirects", 2)
    assert "circle" in outcome.detail


def test_a_chain_of_redirects_has_an_end(fetch, room):
    for number in range(50):
        room.on(f"/{number}", redirect(f"/{number + 1}"))
    outcome = fetch(room.url("/0"), max_redirects=4)
    assert (outcome.reason, len(room.log)) == ("redirects", 5)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_later_and_later(fetch, room, clock, status):
    room.on("/a", in_turn(always("", status), always("", status), always(NEWS)))
    start = clock.now()
    assert isinstance(fetch(room.url("/a")), Fetched)
    assert clock.now() - start == timedelta(seconds=5 + 10)


def test_a_server_that_leaves_in_the_middle_is_tried_again(fetch, room):
    room.on("/a", in_turn(cut_off(NEWS), raw([]), always(NEWS)))
    assert fetch(room.url("/a")).body.decode() == NEWS


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_in_seconds_and_as_a_date(fetch, room, clock, as_date):
    start = clock.now()
    until = format_datetime(start + timedelta(seconds=70), usegmt=True) if as_date else "70"
    room.on("/a", in_turn(always("", 429, {"Retry-After": until}), always(NEWS)))
    assert isinstance(fetch(room.url("/a")), Fetched)
    assert clock.now() - start == timedelta(seconds=70)


@pytest.mark.parametrize(
    ("said", "seconds"), [("86400000", 86400), ("soon", 5), ("-5", 5), ("Sun, 01 Mar 1970", 5), ("9" * 400, 5)]
)
def test_a_retry_after_that_is_odd_or_endless_is_bounded(fetch, room, clock, said, seconds):
    room.on("/a", always("", 503, {"Retry-After": said}))
    outcome = fetch(room.url("/a"), tries=1)
    assert outcome.reason == "try-later"
    assert outcome.retry_at - clock.now() <= timedelta(seconds=seconds)


def test_a_host_that_wants_an_hour_is_left_alone_for_an_hour(many, room, clock):
    gate = MemoryGate(clock)
    room.on("/a", always("", 503, {"Retry-After": "3600"}))
    room.page("/b", NEWS)
    found = many([Request(room.url("/a")), Request(room.url("/b"))], gate=gate)
    until = clock.now() + timedelta(hours=1)
    assert [(one.reason, one.retry_at) for one in found.values()] == [("try-later", until), ("held", until)]
    assert len(room.log) == 1
    clock.forward(hours=1)
    assert isinstance(many([Request(room.url("/b"))], gate=gate)[room.url("/b")], Fetched)


def test_a_host_that_is_dead_is_given_up_soon(many, clock):
    requests = [Request(f"http://127.0.0.1:9/{number}") for number in range(50)]
    start = clock.now()
    found = many(requests)
    assert {one.reason for one in found.values()} == {"unreachable", "held"}
    assert all(one.retry_at for one in found.values())
    assert clock.now() - start < timedelta(minutes=10)


def test_a_name_that_leads_nowhere_is_not_asked_twice(fetch):
    async def resolve(host, port):
        raise OSError("unknown")

    outcome = fetch("http://nowhere.example/", resolve=resolve)
    assert (outcome.reason, outcome.retry_at) == ("no-host", None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda tail: HEAD + tail)))
def test_whatever_comes_is_used_or_refused_with_a_reason(fetch, room, answer):
    room.on("/a", raw([answer]))
    outcome = fetch(room.url("/a"), tries=1, robots=False)
    assert isinstance(outcome, Fetched) or (outcome.reason in REASONS and outcome.reason != "fault")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    coding=st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "?", ",", "GZIP"]),
    body=st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(gzip.compress), st.just(ZSTD), st.just(BROTLI)),
    cut=st.integers(0, 60),
)
def test_whatever_is_compressed_is_undone_or_refused(coding, body, cut):
    with suppress(Refusal):
        assert len(decoded(body[: len(body) - cut], coding, 1000)) <= 1001


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(max_size=60).map(lambda rest: "http://" + rest)))
def test_whatever_is_written_is_an_address_or_none(text):
    with suppress(Refusal):
        url = checked(text, allow_private=False)
        assert url.host
        assert str(checked(str(url), allow_private=False)) == str(url)


def test_one_bad_request_does_not_stop_the_others(many, room):
    room.page("/a", NEWS)
    bad = ["ftp://x", "http://", "http://[", "http://127.0.0.1:9/"]
    found = many([Request(url) for url in (*bad, room.url("/a"))], tries=1)
    assert isinstance(found[room.url("/a")], Fetched)
    assert all(isinstance(found[url], Refused) for url in bad)


def test_hosts_are_read_from_at_the_same_time(many, room):
    """None of them answers before all have been asked."""
    everyone = threading.Barrier(20)
    room.on("/a", lambda asked: (everyone.wait(timeout=30), always(NEWS)(asked))[1])
    found = many([Request(room.url("/a", f"127.0.0.{n}")) for n in range(1, 21)], read_s=30.0, whole_s=30.0)
    assert all(isinstance(one, Fetched) for one in found.values())


def test_one_host_is_asked_one_thing_at_a_time(many, room):
    under_way, most = [], []

    def slowly(asked):
        under_way.append(asked)
        most.append(len(under_way))
        time.sleep(0.01)
        under_way.pop()  # before the answer goes out: the next may be asked for as soon as it is there
        return always(NEWS)(asked)

    paths = [f"/{n}" for n in range(10)]
    for path in paths:
        room.on(path, slowly)
    many([Request(room.url(path)) for path in paths])
    assert most == [1] * 10


def test_the_time_of_a_page_is_the_clock_s(fetch, room, clock):
    room.page("/a", NEWS)
    assert fetch(room.url("/a")).fetched_at == clock.now() == datetime(2026, 3, 1, 12, tzinfo=UTC)
