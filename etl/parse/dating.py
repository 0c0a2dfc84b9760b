"""When a page says it was published and changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from etl.dates import moment
from etl.parse import address, json_ld
from etl.parse.page import Page, Time
from etl.records import Moment

# Names of meta tags that are sure; then any other name that says what it dates.
_PUBLISHED = ("article:published_time", "og:published_time", "datepublished", "og:article:published_time")
_MODIFIED = ("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "article:updated_time")
_SAYS_PUBLISHED = re.compile(r"publish(?!er)|pub[-_]?date|publication|issued|release|creat(?!or)|sailthru\.date")
_SAYS_MODIFIED = re.compile(r"modif|updat|last|revis")
_SAYS_EITHER = re.compile(f"{_SAYS_PUBLISHED.pattern}|{_SAYS_MODIFIED.pattern}")
_SAYS_NEITHER = re.compile(r"video|image|music|book|expir|valid|available|event|start|end_|site")
_OTHER = re.compile(f"{_SAYS_MODIFIED.pattern}|{_SAYS_NEITHER.pattern}")
_VAGUE = re.compile(r"date(?!line)")  # of publication or of the last change: what readers see comes before
_MOST_NODES = 40  # each date that is written out costs a millisecond
_FINENESS = {"day": 0, "minute": 1, "second": 2}
_SAME_DAY = timedelta(hours=36)  # a day without a clock, and a clock of any zone

Reader = Callable[[str, str], Moment | None]


def dates(
    page: Page,
    article: json_ld.Node,
    url: str | None,
    languages: tuple[str, ...],
    fetched_at: datetime,
    shown: Callable[[Reader], Moment | None],
) -> tuple[Moment | None, Moment | None]:
    """Return when the page was published and last changed.

    shown  reads the date that the page shows its readers.
    """

    def read(text: str, origin: str) -> Moment | None:
        return moment(text, origin, languages, fetched_at)

    said = [name for name in page.meta if _SAYS_EITHER.search(name) and not _SAYS_NEITHER.search(name)]
    changed = [name for name in said if _SAYS_MODIFIED.search(name)]
    issued = [name for name in said if _SAYS_PUBLISHED.search(name) and name not in changed]
    published = _choose(_stated(page, article, ("datePublished", "dateCreated"), (_PUBLISHED, issued), read))
    if published is None:
        published = _choose(_unstated(page, url, fetched_at, read, shown))
    return published, _choose(_stated(page, article, ("dateModified",), (_MODIFIED, changed), read))


def _stated(
    page: Page, article: json_ld.Node, keys: tuple[str, ...], names: tuple[Sequence[str], Sequence[str]], read: Reader
) -> Iterator[Moment]:
    """Yield the dates that JSON-LD, meta tags and itemprops state, the most trusted first.

    names  of meta tags: those of standards, and those of this page that merely sound like it.
    """
    for key in keys:
        for node in (article, *page.nodes[:_MOST_NODES]):
            if (value := json_ld.text(node.get(key))) and (found := read(value, "json-ld")):
                yield found
    yield from _in_meta(page, names[0], read)
    for time in page.times:
        if keys[0].lower() in time.names and (found := read(time.stamp or time.text, "time")):
            yield found
    yield from _in_meta(page, names[1], read)


def _in_meta(page: Page, names: Sequence[str], read: Reader) -> Iterator[Moment]:
    for name in names:
        for content in page.meta.get(name, ()):
            if found := read(content, "meta"):
                yield found


def _unstated(
    page: Page, url: str | None, fetched_at: datetime, read: Reader, shown: Callable[[Reader], Moment | None]
) -> Iterator[Moment]:
    """Yield the dates that nothing calls that of publication, the most trusted first."""
    vague = _in_meta(page, [name for name in page.meta if _VAGUE.search(name) and not _OTHER.search(name)], read)
    times = sorted(page.times, key=_unlikeliness)
    called = [found for time in times if _is_called(time) and (found := _first([time], read))]
    one = called[0] if len({found.at.date() for found in called}) == 1 else None  # several are those of teasers, too
    if one:
        yield one
    if day := address.day_in(url, fetched_at):
        yield day
    if seen := shown(read):
        yield seen
    yield from vague
    if other := _first(times, read):
        yield other


def _choose(found: Iterator[Moment]) -> Moment | None:
    """Return the first date, in the finest form in which it is stated."""
    first = next(found, None)
    if first is None or first.precision != "day":
        return first
    same = [first, *(each for each in found if abs(each.at - first.at) <= _SAME_DAY)]
    return max(same, key=lambda m: (_FINENESS[m.precision], m.zone == "stated"))


def _first(times: Iterable[Time], read: Reader) -> Moment | None:
    """Return the date of the first of these elements that holds one."""
    return next((found for time in times if (found := read(time.stamp, "time") or read(time.text, "time"))), None)


def _unlikeliness(time: Time) -> int:
    changed = any(name in time.names for name in ("modif", "update"))
    return 2 * (not _is_called(time)) + (not time.in_article) + 4 * changed


def _is_called(time: Time) -> bool:
    return any(name in time.names for name in ("publish", "pubdate", "posted", "created", "entry-date"))
