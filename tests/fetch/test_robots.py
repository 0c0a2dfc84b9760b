"""robots.txt by RFC 9309."""

from __future__ import annotations

from datetime import timedelta

import pytest

from etl.fetch import Fetched, MemoryGate, Request
from tests.newsroom import always, cut_off, endless, in_turn, raw, redirect, silent

ALL = "User-agent: *\nDisallow: /"


@pytest.fixture
def ask(fetch, room):
    """Fetch a path by the rules of a robots.txt."""

    def one(path="/a", text=None, **options):
        room.page(path, "news")
        if text is not None:
            room.robots(text)
        return fetch(room.url(path), robots=True, **options)

    return one


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        (ALL, "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: newsfold\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: NewsFold\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        (f"{ALL}\n\nUser-agent: newsfold\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /private/", "/privately", True),
        ("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a%3Cd", "/a%3cd", False),
        ("User-agent: a\nUser-agent: newsfold\nDisallow: /", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("# nothing but a remark", "/a", True),
        ("<html>Not found</html>", "/a", True),
        ("\x00\xff nonsense \n" * 50, "/a", True),
        ("Disallow: /", "/a", True),  # belongs to nobody
    ],
)
def test_its_rules_are_read_as_the_standard_says(ask, text, path, allowed):
    outcome = ask(path, text)
    assert isinstance(outcome, Fetched) is allowed
    if allowed:
        assert outcome.robots == "allowed"
    else:
        assert (outcome.reason, outcome.retry_at) == ("robots", None)


def test_what_is_refused_is_not_asked_for(ask, room):
    ask(text=ALL)
    assert [entry.path for entry in room.log] == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_robots_txt_that_is_not_there_forbids_nothing(ask, room, status):
    room.robots(ALL, status)
    assert ask().robots == "allowed: no robots.txt"


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_a_server_that_fails_forbids_everything_for_a_while(ask, room, clock, status):
    room.robots("", status)
    outcome = ask()
    assert outcome.reason == "robots-unreachable"
    assert outcome.retry_at > clock.now()
    assert not room.asked("/a")


@pytest.mark.parametrize("behaviour", [cut_off(ALL), raw([]), raw([b"nonsense\r\n"])])
def test_an_answer_that_is_broken_forbids_everything(ask, room, behaviour):
    room.on("/robots.txt", behaviour)
    assert ask().reason == "robots-unreachable"
    assert not room.asked("/a")


def test_a_robots_txt_that_is_silent_is_too_slow(ask, room):
    room.on("/robots.txt", silent())
    assert ask().reason == "too-slow"


def test_it_may_be_elsewhere_but_not_for_ever(ask, room):
    room.on("/rules", always(ALL))
    room.on("/robots.txt", redirect("/rules", 301))
    assert ask().reason == "robots"
    room.on("/robots.txt", redirect("/robots.txt"))
    assert ask().robots == "allowed: no robots.txt"


def test_only_the_beginning_of_a_huge_one_is_read(ask, room):
    room.on("/robots.txt", endless(b"# and so on\n" * 4096, b""))
    assert ask(whole_s=5.0).robots == "allowed"
    room.on("/robots.txt", always(ALL + "\n" + "# more\n" * 200_000))
    assert ask(whole_s=5.0).reason == "robots"


def test_it_is_asked_for_once_a_day(fetch, room, clock):
    gate = MemoryGate(clock)
    room.page("/a", "news")
    room.robots("")
    for _ in range(3):
        fetch(room.url("/a"), robots=True, gate=gate)
    assert len(room.asked("/robots.txt")) == 1
    clock.forward(hours=23, minutes=59)
    fetch(room.url("/a"), robots=True, gate=gate)
    assert len(room.asked("/robots.txt")) == 1
    room.robots(ALL)
    clock.forward(minutes=2)
    assert fetch(room.url("/a"), robots=True, gate=gate).reason == "robots"


def test_yesterdays_holds_while_todays_cannot_be_had(fetch, room, clock):
    gate = MemoryGate(clock)
    room.page("/a", "news")
    room.page("/no", "news")
    room.on("/robots.txt", in_turn(always("User-agent: *\nDisallow: /no"), always("", 500)))
    fetch(room.url("/a"), robots=True, gate=gate)
    clock.forward(days=2)
    assert isinstance(fetch(room.url("/a"), robots=True, gate=gate), Fetched)
    assert fetch(room.url("/no"), robots=True, gate=gate).reason == "robots"


def test_each_hop_of_a_redirect_is_asked_about(many, room):
    room.on("/a", redirect(f"http://127.0.0.2:{room.port}/secret/b"))
    room.page("/secret/b", "news")
    room.robots("User-agent: *\nDisallow: /secret")
    [outcome] = many([Request(room.url("/a"))], robots=True).values()
    assert outcome.reason == "robots"
    assert [(e.host, e.path) for e in room.log] == [
        ("127.0.0.1", "/robots.txt"),
        ("127.0.0.1", "/a"),
        ("127.0.0.2", "/robots.txt"),
    ]


@pytest.mark.parametrize(("asked", "kept"), [("7.5", 7.5), ("100000", 60), ("-3", 0), ("soon", 0)])
def test_a_crawl_delay_is_kept_within_reason(many, room, clock, asked, kept):
    room.robots(f"User-agent: *\nCrawl-delay: {asked}")
    room.page("/a", "news")
    start = clock.now()
    many([Request(room.url("/a") + f"?{n}") for n in range(3)], robots=True)
    assert clock.now() - start == timedelta(seconds=2 * kept)


def test_without_robots_it_is_not_asked_for_and_that_is_said(fetch, room):
    room.page("/a", "news")
    room.robots(ALL)
    assert fetch(room.url("/a"), robots=False).robots == "not asked"
    assert not room.asked("/robots.txt")
