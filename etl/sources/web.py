"""Addresses of the web among what the user named: given one by one, or in lists (`.urls`), one a line.

They are no kind of file: what they stand for is fetched where the batch is done, see `etl.download`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit

from etl.errors import InputError
from etl.sources.ref import File

LIST_SUFFIX = ".urls"
ADDRESSES_A_BATCH = 50  # at the usual 5 s that is four minutes for one host: what is fetched is stored soon
_WEB = ("http://", "https://")


def addresses(locators: Sequence[str | File]) -> tuple[tuple[str, ...], list[str | File]]:
    """Return the addresses among the locators, each once, and the other locators.

    raises  InputError for a list that cannot be read, or holds something else.
    """
    found, others = dict[str, None](), list[str | File]()
    for locator in locators:
        if isinstance(locator, str) and locator.lower().startswith(_WEB):
            found[_whole(locator, "")] = None
        elif isinstance(locator, str) and locator.lower().endswith(LIST_SUFFIX):
            found |= dict.fromkeys(_listed(Path(locator).expanduser()))
        else:
            others.append(locator)
    return tuple(found), others


def address_batches(urls: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Group addresses into batches that hold many hosts each, so that no worker waits for one host alone."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(_host(url), []).append(url)
    spread = [url for row in zip_longest(*hosts.values()) for url in row if url is not None]
    size = min(size, ADDRESSES_A_BATCH)
    for at in range(0, len(spread), size):
        yield tuple(spread[at : at + size])


def _listed(path: Path) -> Iterator[str]:
    """Yield the addresses of a list; empty lines and those that begin with # are passed over."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: {getattr(err, 'strerror', None) or 'is no list of addresses (not UTF-8)'}") from None
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text.lower().startswith(_WEB):
            yield _whole(text, f"{path}, line {number}: ")
        elif text and not text.startswith("#"):
            raise InputError(f"{path}, line {number}: {text[:80]!r} is no address; one a line, http:// or https://")


def _whole(url: str, where: str) -> str:
    """Return the address of the page that an address with a #fragment points into.

    raises  InputError where it holds a password: what is read is written down.
    """
    if "@" in _host(url):
        raise InputError(f"{where}an address with a user name or password is not read (the part before the @)")
    return url.partition("#")[0]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # is refused when it is fetched
        return ""
