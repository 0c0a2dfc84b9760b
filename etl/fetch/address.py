"""Which addresses may be read from: judged as a URL before, and as a number after the name was resolved."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from etl.fetch.exchange import Refusal

LONGEST_URL = 2000  # characters; what a database can index
WEB_PORTS = frozenset((80, 443, 8000, 8008, 8080, 8443, 8888))
DEFAULT_PORT = {"http": 80, "https": 443}
_MISLEADING = re.compile(r"[\x00-\x1f\x7f\\]|^https?://[^/?#]*\s", re.IGNORECASE)
# Browsers and resolvers read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses; people do not.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)\.?", re.IGNORECASE)

# https://www.iana.org/assignments/iana-ipv4-special-registry
_OWN_V4 = tuple(map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_NEVER_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "169.254.0.0/16",  # link-local, where clouds keep their metadata
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",  # benchmarks
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "100.100.100.200/32",  # metadata of a cloud, in the range of providers
        ),
    )
)  # fmt: skip
_OWN_V6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))
_NEVER_V6 = (IPv6Network("fd00:ec2::254/128"),)  # metadata of a cloud
_GLOBAL_V6 = IPv6Network("2000::/3")  # https://www.iana.org/assignments/ipv6-unicast-address-assignments
_NOT_GLOBAL_V6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20"))
)  # Teredo and others; documentation
# IPv4 inside IPv6: the network, and how far right the four bytes stand.
_EMBEDDING = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # translated
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)
_ISATAP = (0x00005EFE, 0x02005EFE)


def checked(url: str, allow_private: bool) -> httpx.URL:
    """Return the address in the one form that is judged, connected to and recorded.

    raises  Refusal "bad-url".
    """
    text = url.strip()
    if len(text) > LONGEST_URL:
        raise Refusal("bad-url", f"an address of {len(text)} characters: {text[:80]}...")
    if not text.lower().startswith(("http://", "https://")):
        raise Refusal("bad-url", f"only http and https are read, not {text[:80]!r}")
    if _MISLEADING.search(text):
        raise Refusal("bad-url", f"a control character, a backslash or a space in the host: {text[:80]!r}")
    try:
        parsed = httpx.URL(text).copy_with(fragment=None)
        host, port = parsed.host, parsed.port
    except (httpx.InvalidURL, ValueError) as err:
        raise Refusal("bad-url", f"{text[:80]!r}: {err}") from None
    _check_host(parsed, host)
    if not allow_private and (port or DEFAULT_PORT[parsed.scheme]) not in WEB_PORTS:
        raise Refusal("bad-url", f"port {port} is none of the web; --allow-private lets all ports")
    return parsed


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and port: what a robots.txt speaks for."""
    return f"{url.scheme}://{host_of(url)}"


def host_of(url: httpx.URL) -> str:
    """Return the host, and the port where it is not the usual one: what takes turns."""
    return url.netloc.decode("ascii")


def refuse_private(address: str, allow_private: bool) -> None:
    """See that an address, as resolved, belongs to the open internet, or to one's own network where that is allowed.

    raises  Refusal "private-address".
    """
    try:
        ip = _unwrapped(ip_address(address.partition("%")[0]))
    except ValueError:
        raise Refusal("private-address", f"{address!r} is no address") from None
    own, never = _judge(ip)
    if never or (own and not allow_private):
        hint = "" if never else "; --allow-private lets it"
        raise Refusal("private-address", f"{address} is {'never read from' if never else 'of a private network'}{hint}")


def _judge(ip: IPv4Address | IPv6Address) -> tuple[bool, bool]:
    """Return whether an address is of one's own network, and whether it is never one to read from."""
    if isinstance(ip, IPv4Address):
        return any(ip in net for net in _OWN_V4), any(ip in net for net in _NEVER_V4)
    own = any(ip in net for net in _OWN_V6)
    is_global = ip in _GLOBAL_V6 and not any(ip in net for net in _NOT_GLOBAL_V6)
    return own, any(ip in net for net in _NEVER_V6) or not (own or is_global)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(ip, IPv4Address):
        return ip
    number = int(ip)
    for network, shift in _EMBEDDING:
        if ip in network:
            return IPv4Address((number >> shift) & 0xFFFFFFFF)
    return IPv4Address(number & 0xFFFFFFFF) if (number >> 32) & 0xFFFFFFFF in _ISATAP else ip


def _check_host(url: httpx.URL, host: str) -> None:
    if not host:
        raise Refusal("bad-url", f"{url}: no host")
    if url.userinfo:
        raise Refusal("bad-url", f"{host}: an address with a user name or password is not read")
    last = host.rstrip(".").rpartition(".")[2]
    if ":" not in host and _NUMBER.fullmatch(last) and not _is_plain_v4(host):
        raise Refusal("bad-url", f"{host}: a number that only looks like an address")


def _is_plain_v4(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False
