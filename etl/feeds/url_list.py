"""A sitemap as plain text: one address a line."""

from __future__ import annotations

from etl.feeds.item import FeedItem, Listing
from etl.feeds.limits import SITEMAP_ITEMS
from etl.feeds.words import address


def looks_like_one(text: str) -> bool:
    """Tell by the first line."""
    return text[:8].lower().startswith(("http://", "https://"))


def read(text: str, faults: tuple[str, ...]) -> Listing:
    """Return the addresses, each once; lines that are none are counted as a fault."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = dict.fromkeys(url for line in lines if (url := address(line)))
    broken = sum(address(line) is None for line in lines)
    if broken:
        faults = (*faults, f"{broken} lines that are no address")
    if len(found) > SITEMAP_ITEMS:
        faults = (*faults, f"{len(found) - SITEMAP_ITEMS} addresses over {SITEMAP_ITEMS} left out")
    return Listing("url-list", tuple(FeedItem(url=url) for url in list(found)[:SITEMAP_ITEMS]), faults=faults)
