"""What may not be read from, in every form it can be written in: one case a form."""

from __future__ import annotations

import pytest

from etl.fetch import Fetched, Refused, Request
from etl.fetch.address import checked, refuse_private
from etl.fetch.exchange import Refusal
from tests.newsroom import always, redirect

PRIVATE = {
    "loopback": "127.0.0.1",
    "loopback, elsewhere in its range": "127.8.9.10",
    "private class A": "10.1.2.3",
    "private class B": "172.31.255.255",
    "private class C": "192.168.0.1",
    "carrier's own": "100.64.0.1",
    "link-local": "169.254.1.1",
    "metadata of a cloud": "169.254.169.254",
    "metadata in the carrier's range": "100.100.100.200",
    "this host": "0.0.0.0",
    "this network": "0.1.2.3",
    "protocol assignments": "192.0.0.192",
    "documentation": "203.0.113.7",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 unique local": "fd12:3456::1",
    "IPv6 metadata": "fd00:ec2::254",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local with a zone": "fe80::1%eth0",
    "IPv6 site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "IPv6 documentation": "2001:db8::1",
    "IPv6 discard": "100::1",
    "IPv4 mapped": "::ffff:127.0.0.1",
    "IPv4 mapped, in hex": "::ffff:7f00:1",
    "IPv4 compatible": "::127.0.0.1",
    "IPv4 translated": "::ffff:0:10.0.0.1",
    "NAT64": "64:ff9b::10.0.0.1",
    "NAT64, local": "64:ff9b:1::10.0.0.1",
    "6to4": "2002:7f00:1::",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ISATAP": "2a00:1450::5efe:10.0.0.1",
    "no address at all": "intranet",
}
PUBLIC = ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34", "2002:5db8:d822::1")
MISLEADING = {
    "decimal": "http://2130706433/",
    "octal": "http://0177.0.0.1/",
    "hexadecimal": "http://0x7f000001/",
    "mixed": "http://0x7f.1/",
    "short": "http://127.1/",
    "padded": "http://127.000.000.001/",
    "with a final dot": "http://127.0.0.1./",
    "full-width digits": "http://１２７.0.0.1/",
    "user name before the host": "http://news.example@127.0.0.1/",
    "password": "http://user:secret@news.example/",
    "backslash": "http://news.example\\@127.0.0.1/",
    "line break": "http://news.example/\r\nHost: intranet",
    "white space": "http://news.example /",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:25/",
    "data": "data:text/html,hello",
    "no host": "http:///etc/passwd",
    "no scheme": "//news.example/",
    "odd port": "http://news.example:22/",
    "port of a database": "http://news.example:5432/",
    "port out of range": "http://news.example:99999/",
    "broken IPv6": "http://[::1/",
    "too long": "http://news.example/" + "a" * 3000,
}


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_a_private_address_is_refused_in_every_form(address):
    with pytest.raises(Refusal) as err:
        refuse_private(address, allow_private=False)
    assert err.value.reason == "private-address"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_in_every_form(address):
    refuse_private(address, allow_private=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"])
def test_ones_own_network_is_let_where_that_is_allowed(address):
    refuse_private(address, allow_private=True)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1", "fe80::1", "fd00:ec2::254", "ff02::1"]
)
def test_metadata_and_the_like_are_never_let(address):
    with pytest.raises(Refusal, match="never read from"):
        refuse_private(address, allow_private=True)


@pytest.mark.parametrize("url", MISLEADING.values(), ids=MISLEADING.keys())
def test_an_address_that_misleads_is_refused_without_a_question(fetch, url):
    async def resolve(host, port):
        raise AssertionError(f"{host} was looked up")

    outcome = fetch(url, resolve=resolve, allow_private=False)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.retry_at) == ("bad-url", None)
    assert "\n" not in outcome.detail


def test_the_form_that_is_judged_is_the_one_that_is_asked_for():
    assert (
        str(checked(" HTTP://News.Example:80/a b?q=ü#part ", allow_private=False))
        == "http://news.example/a%20b?q=%C3%BC"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.9", "[::1]", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_by_default(fetch, host):
    assert fetch(f"http://{host}/", allow_private=False).reason == "private-address"


def served_by(room, *addresses):
    """A resolver whose names all lead to these addresses, one after the other at each look-up."""
    seen = iter(addresses)
    return lambda host, port: answered(next(seen))


async def answered(addresses):
    return addresses if isinstance(addresses, list) else [addresses]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_a_name_that_leads_to_a_private_address_is_refused(fetch, room, address):
    outcome = fetch("http://news.example/", resolve=served_by(room, address), allow_private=False)
    assert outcome.reason == "private-address"
    assert address in outcome.detail


def test_a_name_with_one_private_address_among_public_ones_is_refused(fetch, room):
    mixed = served_by(room, ["93.184.216.34", "127.0.0.1"])
    assert fetch("http://news.example/", resolve=mixed, allow_private=False).reason == "private-address"


def test_a_name_is_looked_up_once_for_a_connection_and_that_address_is_used(fetch, room):
    """Rebinding: the second look-up would lead elsewhere, but there is none."""
    room.page("/a", "news")
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    outcome = fetch(f"http://paper.example:{room.port}/a", resolve=resolve)
    assert isinstance(outcome, Fetched)
    assert asked == ["paper.example"]
    assert room.log[0].headers["host"] == f"paper.example:{room.port}"


def test_a_name_that_turns_private_between_two_requests_is_refused_then(many, room):
    """Rebinding across connections: each one is checked."""
    room.on("/a", always("news", headers={"Connection": "close"}))
    room.on("/b", always("news", headers={"Connection": "close"}))
    turns = iter(["127.0.0.1", "169.254.169.254"])

    async def resolve(host, port):
        return [next(turns)]

    urls = [f"http://paper.example:{room.port}{path}" for path in ("/a", "/b")]
    found = many([Request(url) for url in urls], resolve=resolve)
    assert isinstance(found[urls[0]], Fetched)
    assert found[urls[1]].reason == "private-address"


@pytest.mark.parametrize(
    "url",
    [
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        "http://LOCALHOST./",
        "http://localhost%00.news.example/",
        "http://%31%32%37.0.0.1/",
        "http://news.example:80@127.0.0.1/",
        "http://127.0.0.1#@news.example/",
        "http://127.0.0.1?@news.example/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http:\\\\127.0.0.1/",
        "http:127.0.0.1/",
        "http:////127.0.0.1/",
        "https://127.0.0.1:80/",
    ],
)
def test_no_way_of_writing_leads_to_this_machine(fetch, url):
    outcome = fetch(url, allow_private=False)
    assert isinstance(outcome, Refused)
    assert outcome.reason in ("bad-url", "private-address", "no-host")


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "private-address"),
        ("http://[fe80::1]/", "private-address"),
        ("http://0.0.0.0/", "private-address"),
        ("http://2130706433/", "bad-url"),
        ("http://user@127.0.0.1/", "bad-url"),
        ("file:///etc/passwd", "bad-url"),
        ("gopher://127.0.0.1/", "bad-url"),
        ("javascript:alert(1)", "bad-url"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(fetch, room, to, reason):
    room.on("/a", redirect(to))
    outcome = fetch(room.url("/a"))
    assert outcome.reason == reason
    assert len(room.log) == 1


def test_proxies_of_the_environment_are_not_used(fetch, room, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://169.254.169.254:80")
    room.page("/a", "news")
    assert isinstance(fetch(room.url("/a")), Fetched)
