"""Feeds and sitemaps made by hand, to be read, broken and served."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOME = "https://post.example/feed.xml"


def rss(*items: str, channel: str = "", version: str = "2.0") -> str:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="{version}" {spaces}><channel>'
        f"<title>The Harbour Post</title>{channel}{''.join(items)}</channel></rss>"
    )


def item(number: int = 1, url: str | None = None, more: str = "", guid: str | None = None) -> str:
    link = url or f"https://post.example/a/{number}"
    named = f"<guid isPermaLink='false'>{escape(guid)}</guid>" if guid else ""
    return f"<item><title>Story {number}</title><link>{escape(link)}</link>{named}{more}</item>"


def atom(*entries: str, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Harbour Post</title>{more}{"".join(entries)}</feed>'


def atom_entry(number: int = 1, more: str = "") -> str:
    return (
        f"<entry><id>tag:post.example,2026:{number}</id><title>Story {number}</title>"
        f'<link rel="alternate" href="https://post.example/a/{number}"/>{more}</entry>'
    )


def sitemap(*urls: str) -> str:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'


def loc(number: int = 1, more: str = "") -> str:
    return f"<url><loc>https://post.example/a/{number}</loc>{more}</url>"


def index(*children: tuple[str, str]) -> str:
    rows = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
