"""When a page says it was published and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from etl.dates import moment
from etl.parse import address, json_ld
from etl.parse.page import Page, Time
from etl.records import Moment

_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "og:article:published_time", "parsely-pub-date",
    "sailthru.date",
    "publish-date", "publishdate", "publish_date", "pubdate", "published_time", "date.release", "dc.date.issued",
    "dcterms.created",
    "dc.date", "dcterms.date", "article.published", "cxenseparse:recs:publishtime", "date", "rnews:datepublished",
    "bt:pubdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "article:updated_time",
    "last-modified",
    "dcterms.modified", "dc.date.modified", "article.updated", "lastmod",
)  # fmt: skip
_MOST_NODES = 40  # each date that is written out costs a millisecond
_FINENESS = {"day": 0, "minute": 1, "second": 2}
_SAME_DAY = timedelta(hours=36)  # a day without a clock, and a clock of any zone

Reader = Callable[[str, str], Moment | None]


def dates(
    page: Page, article: json_ld.Node, url: str | None, languages: tuple[str, ...], fetched_at: datetime
) -> tuple[Moment | None, Moment | None]:
    """Return when the page was published and last changed."""

    def read(text: str, origin: str) -> Moment | None:
        return moment(text, origin, languages, fetched_at)

    published = _choose(list(_stated(page, article, ("datePublished", "dateCreated"), _PUBLISHED, read)))
    if published is None:
        published = _shown(page, read) or address.day_in(url, fetched_at)
    return published, _choose(list(_stated(page, article, ("dateModified",), _MODIFIED, read)))


def _stated(
    page: Page, article: json_ld.Node, keys: tuple[str, ...], names: tuple[str, ...], read: Reader
) -> Iterator[Moment]:
    """Yield the dates that JSON-LD, meta tags and itemprops state, the most trusted first."""
    for key in keys:
        for node in (article, *page.nodes[:_MOST_NODES]):
            if (value := json_ld.text(node.get(key))) and (found := read(value, "json-ld")):
                yield found
    for name in names:
        for content in page.meta.get(name, ()):
            if found := read(content, "meta"):
                yield found
    for time in page.times:
        if keys[0].lower() in time.names and (found := read(time.stamp or time.text, "time")):
            yield found


def _choose(found: list[Moment]) -> Moment | None:
    """Return the first date, in the finest form in which it is stated."""
    if not found:
        return None
    same = [each for each in found if abs(each.at - found[0].at) <= _SAME_DAY]
    if found[0].precision != "day":
        return found[0]
    return max(same, key=lambda m: (_FINENESS[m.precision], m.zone == "stated"))


def _shown(page: Page, read: Reader) -> Moment | None:
    """Return the date of the likeliest <time> element: called so, else in the article, else the first."""
    for time in sorted(page.times, key=_unlikeliness):
        if found := read(time.stamp, "time") or read(time.text, "time"):
            return found
    return None


def _unlikeliness(time: Time) -> int:
    called = any(name in time.names for name in ("publish", "pubdate", "posted", "created", "entry-date"))
    changed = any(name in time.names for name in ("modif", "update"))
    return 2 * (not called) + (not time.in_article) + 4 * changed
